"""Words without a root: those worth looking up, and none that only look like it."""

from __future__ import annotations

import pytest
from flask import Flask

from siapa import search
from siapa.search.roots import guesses_of, missing_roots
from tests.search.making import make_standard


def missing() -> dict[str, tuple[int, tuple[str, ...]]]:
    """What is missing, by the word."""
    return {one.word: (one.count, one.guesses) for one in missing_roots()}


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("penyalahgunaan", "salahguna"),
        ("ketenagalistrikan", "tenagalistrik"),
        ("menindaklanjuti", "tindaklanjut"),
        ("mengkarantina", "karantina"),
        ("pemberitahuan", "beritahu"),
        ("direspon", "respon"),
        ("perseroan", "sero"),
    ],
)
def test_the_root_is_among_the_guesses(word: str, root: str) -> None:
    assert root in guesses_of(word)


@pytest.mark.parametrize(
    "word", ["disdukcapil", "service", "permit", "dinsos", "ditjen", "kesbangpol", "meja"]
)
def test_what_leaves_nothing_that_can_be_spoken_is_not_affixed(word: str) -> None:
    assert guesses_of(word) == ()


def test_words_of_titles_and_of_long_texts_are_found_the_most_frequent_first(registry: Flask) -> None:
    make_standard(None, "dukcapil-kendari", None, title="Pengglorpengan alat", requirement="Bukti digrempol")
    make_standard(None, "dukcapil-konawe", None, title="Alat lain", requirement="Surat digrempol")
    search.follow()

    found = missing()

    assert found["digrempol"] == (2, ("grempol",))
    assert found["pengglorpengan"][0] == 1 and "glorpeng" in found["pengglorpengan"][1]
    assert list(found).index("digrempol") < list(found).index("pengglorpengan")


def test_places_small_words_and_known_roots_are_left_out(registry: Flask) -> None:
    text = "Bukti perpanjangan dengan kendari dibayar di selatan"
    make_standard(None, "dukcapil-kendari", None, title="Alat", requirement=text)
    search.follow()

    assert not {"perpanjangan", "dengan", "kendari", "dibayar", "selatan"} & missing().keys()


def test_the_list_is_as_long_as_asked_for(registry: Flask) -> None:
    text = "digrempol digrompol digrampol"
    make_standard(None, "dukcapil-kendari", None, title="Alat", requirement=text)
    search.follow()

    assert len(missing_roots(2)) == 2

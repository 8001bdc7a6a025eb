"""The small grammar: words, phrases, exclusions, and nothing that can be abused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siapa.errors import Rejected
from siapa.search.query import LONGEST_TEXT, MOST_TERMS, Query, parse, problems_of
from siapa.search.text import spellings, words


def test_words_phrases_and_exclusions_are_told_apart() -> None:
    parsed = parse('bikin "kartu keluarga" -hilang kendari')

    assert parsed.words == ("bikin", "kendari")
    assert parsed.phrases == (("kartu", "keluarga"),)
    assert parsed.excluded == ("hilang",)


def test_a_quote_that_never_closes_is_no_quote() -> None:
    parsed = parse('ktp "baru kendari')

    assert parsed.words == ("ktp", "baru", "kendari")
    assert parsed.phrases == ()


@pytest.mark.parametrize("text", ["*", "((( ", "?????*", "\x00\x07", "-", '"', "-- --", "🙂", "~^:[]{}", ""])
def test_signs_alone_ask_for_nothing(text: str) -> None:
    assert parse(text).is_empty


@pytest.mark.parametrize("text", ["NOT ktp", "ktp AND sim", "ktp OR sim", "title:ktp", "ktp~2", "[a TO z]"])
def test_operators_of_other_engines_are_only_words(text: str) -> None:
    parsed = parse(text)

    assert parsed.phrases == parsed.excluded == ()
    assert set(parsed.words) == set(words(text))


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    assert parse("e-ktp sim-c").excluded == ()


def test_too_many_characters_are_refused_with_the_limit() -> None:
    with pytest.raises(Rejected) as refused:
        parse("a" * (LONGEST_TEXT + 1))

    assert refused.value.problems[0].path == "q"
    assert str(LONGEST_TEXT) in str(refused.value)


def test_too_many_words_are_refused_with_the_limit() -> None:
    with pytest.raises(Rejected) as refused:
        parse("x " * (MOST_TERMS + 1))

    assert str(MOST_TERMS) in str(refused.value)


def test_a_question_in_a_whole_sentence_is_taken_however_many_small_words_it_has() -> None:
    parsed = parse(
        "saya mau bikin ktp baru karena ktp saya hilang di pasar kemarin "
        "apa saja syarat yang harus saya bawa dan berapa lama ya"
    )

    assert len(parsed.words) > MOST_TERMS


@pytest.mark.parametrize(
    "written",
    [
        "Ｋartu　１７",
        unicodedata.normalize("NFD", "kártu 17"),
        unicodedata.normalize("NFC", "kártu 17"),
        "kar\u200btu 17",
        "\u202ekartu\u202c 17",
        "KARTU\u00ad 17",
    ],
)
def test_ways_to_write_one_thing_give_the_same_words(written: str) -> None:
    assert words(written) == ["kartu", "17"]


@pytest.mark.parametrize(
    ("written", "together"),
    [
        ("KTP-el", "ktpel"),
        ("e-KTP", "ektp"),
        ("e ktp", "ektp"),
        ("SIM C", "simc"),
        ("SIM-C", "simc"),
        ("AK 1", "ak1"),
    ],
)
def test_short_forms_are_also_one_word(written: str, together: str) -> None:
    assert together in spellings(written)


def test_dotted_abbreviations_are_one_word() -> None:
    assert words("S.K.C.K. dan s.i.m") == ["skck", "dan", "sim"]


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parsed = parse(text)
    except Rejected:
        return

    assert all(word and word == word.strip() for word in parsed.words)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        (Query(page=0), "page"),
        (Query(page=10**30), "page"),
        (Query(per_page=101), "per_page"),
        (Query(max_days=-1), "max_days"),
        (Query(near=(91.0, 0.0)), "near"),
        (Query(near=(float("nan"), 0.0)), "near"),
        (Query(sort="fastest"), "sort"),
        (Query(sort="distance"), "sort"),
        (Query(group="agency"), "group"),
        (Query(facets=("colour",)), "facets"),
    ],
)
def test_figures_that_cannot_be_are_named(query: Query, path: str) -> None:
    assert [problem.path for problem in problems_of(query)] == [path]

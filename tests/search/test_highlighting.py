"""A highlight marks what was asked, not every word an abbreviation may be written out with."""

from __future__ import annotations

from siapa.search.highlighting import highlight
from siapa.search.stems import Stems

KTP = {("ktp",), ("kartu", "tanda", "penduduk"), ("hilang",)}


def marked(text: str) -> list[str]:
    return [run.text for run in highlight([text], KTP, Stems()) if run.is_match]


def test_words_of_an_expansion_are_not_marked_alone() -> None:
    assert marked("Kartu keluarga bertanda tangan dan KTP penduduk") == ["KTP"]


def test_a_whole_expansion_is_marked_as_one() -> None:
    assert marked("Membawa kartu tanda penduduk yang lama") == ["kartu tanda penduduk"]


def test_a_word_is_marked_in_its_affixed_form() -> None:
    assert marked("Surat kehilangan dari polisi") == ["kehilangan"]


def test_without_a_match_the_first_text_is_shown_plain() -> None:
    runs = highlight(["Paspor lama", "Foto"], KTP, Stems())

    assert [(run.text, run.is_match) for run in runs] == [("Paspor lama", False)]

"""Slips of the finger, and what is none."""

from __future__ import annotations

import pytest

from siapa.search.spelling import consonants, parted, slip, swapped


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("krja", "kerja"),
        ("kunning", "kuning"),
        ("niakh", "nikah"),
        ("nma", "nama"),
        ("sertipikat", "sertifikat"),
    ],
)
def test_letters_left_out_doubled_or_swapped_are_sure(typed: str, known: str) -> None:
    found = slip(typed, known)

    assert found is not None and found.is_sure


def test_an_abbreviation_may_have_one_letter_wrong_but_is_not_sure() -> None:
    found = slip("skcx", "skck")

    assert found is not None and not found.is_sure


def test_a_letter_for_another_in_a_long_word_is_doubtful() -> None:
    found = slip("sertifokat", "sertifikat")

    assert found is not None and not found.is_sure


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("kaki", "kali"),
        ("roda", "roya"),
        ("janda", "tanda"),
        ("sim", "sip"),
        ("kampung", "lampung"),
        ("abc", "xyz"),
        ("pip", "pipa"),
        ("siri", "seri"),
        ("skcx", "sawx"),
    ],
)
def test_another_word_is_no_slip(typed: str, known: str) -> None:
    assert slip(typed, known) is None


SAID = {
    "bikin",
    "ktp",
    "kk",
    "surat",
    "kehilangan",
    "hilang",
    "perpanjang",
    "sim",
    "motor",
    "ter",
    "lam",
    "bat",
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bikinktp", ("bikin", "ktp")),
        ("bikinkk", ("bikin", "kk")),
        ("suratkehilangan", ("surat", "kehilangan")),
        ("perpanjangsimmotor", ("perpanjang", "sim", "motor")),
    ],
)
def test_words_written_as_one_are_parted(typed: str, meant: tuple[str, ...]) -> None:
    assert parted(typed, SAID.__contains__) == meant


@pytest.mark.parametrize("typed", ["terlambat", "bikin", "bikinlah", "zzyyxx", ""])
def test_a_word_of_many_short_pieces_or_with_a_rest_is_not_parted(typed: str) -> None:
    assert parted(typed, SAID.__contains__) == ()


def test_the_fewest_and_longest_words_are_taken() -> None:
    assert parted("suratkehilangan", {*SAID, "ke", "hilangan"}.__contains__) == ("surat", "kehilangan")


def test_neighbouring_letters_are_changed_over() -> None:
    assert "kematian" in swapped("kematain")
    assert "aab" not in swapped("aab")


@pytest.mark.parametrize(
    ("short", "word"), [("dftr", "daftar"), ("pmbyrn", "pembayaran"), ("prpnjg", "perpanjang")]
)
def test_short_messages_leave_out_the_vowels(short: str, word: str) -> None:
    assert consonants(short) == consonants(word)


def test_a_letter_is_rather_left_out_than_put_in() -> None:
    left_out, put_in = slip("nikh", "nikah"), slip("nikh", "nik")

    assert left_out is not None and put_in is not None
    assert left_out.cost < put_in.cost

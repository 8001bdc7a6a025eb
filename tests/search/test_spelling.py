"""Slips of the finger, and what is none."""

from __future__ import annotations

import pytest

from siapa.search.spelling import slip


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

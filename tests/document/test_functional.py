"""What differs in substance between what was usual, what an agency says, and what is usual now."""

from __future__ import annotations

from typing import Any

import pytest

from siapa.document.functional import abolished_in, changes, same, same_text


def needs(*texts: str) -> dict[str, Any]:
    """A document that asks for these."""
    return {"requirements": [{"text": text, "kind": "document"} for text in texts]}


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("KTP-el asli", "ktp el  ASLI.", True),
        ("Foto kopi KK", "fotokopi KK", True),
        ("Surat keterangan", "Surat keterngan", True),
        ("Surat ahli", "Surat asli", False),
        ("2 lembar", "3 lembar", False),
        ("Akta kelahiran", "Akta kematian", False),
    ],
)
def test_spelling_is_no_difference_and_another_word_is(one: str, other: str, is_same: bool) -> None:
    assert same_text(one, other) is is_same


def test_order_is_a_difference_of_steps_alone_and_english_of_none() -> None:
    rows = [{"text": "Isi formulir"}, {"text": "Serahkan berkas", "text_en": "Hand it in"}]
    turned = [{"text": "serahkan berkas"}, {"text": "isi formulir"}]

    assert same("requirements", rows, turned) and not same("procedure", rows, turned)
    assert same("procedure", rows, turned[::-1])


def test_what_an_agency_left_as_it_was_may_be_taken_as_it_is() -> None:
    (change,) = changes(needs("KTP", "KK"), needs("kk", "ktp"), needs("KTP"))

    assert (change.component, change.is_untouched, change.merged) == ("requirements", True, None)


def test_where_both_changed_a_list_can_be_put_together() -> None:
    (change,) = changes(needs("KTP", "KK"), needs("KTP", "KK", "Surat RT"), needs("KTP", "Akta"))

    assert not change.is_untouched
    assert [row["text"] for row in change.merged] == ["KTP", "Surat RT", "Akta"]


def test_what_stands_there_already_or_never_changed_is_not_asked() -> None:
    assert changes(needs("KTP"), needs("KTP", "KK"), needs("ktp.")) == ()
    assert changes(needs("KTP"), needs("KTP", "Akta"), needs("Akta", "KTP")) == ()


def test_a_text_where_both_changed_has_nothing_to_put_together() -> None:
    base, own, new = (
        {"service_guarantee": text} for text in ("Sesuai janji.", "Uang kembali.", "Tepat waktu.")
    )

    (change,) = changes(base, own, new)

    assert (change.is_untouched, change.merged) == (False, None)


def test_abolished_requirements_are_known_however_they_are_written() -> None:
    assert abolished_in(needs("KTP", "surat pengantar  RT/RW"), ["Surat Pengantar RT RW"]) == [1]

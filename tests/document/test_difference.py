"""What changed between two documents: by part, by entry, by word."""

from __future__ import annotations

import dataclasses
import json
import time

from hypothesis import given
from hypothesis import strategies as st

from siapa.document.difference import changed, difference, difference_json
from siapa.document.standard_document import (
    COMPONENTS,
    HEAD_FIELDS,
    Fees,
    Requirement,
    StandardDocument,
    TimeLimit,
    from_stored,
    to_json,
)
from siapa.document.word_runs import Run, word_runs
from tests.document.documents import DOCUMENTS, whole


def part(old: StandardDocument, new: StandardDocument, component: str):
    [found] = [part for part in difference(old, new) if part.component == component]
    return found


def needing(*texts: str) -> StandardDocument:
    return StandardDocument("Izin", requirements=tuple(Requirement(text, "document") for text in texts))


def told(old: StandardDocument, new: StandardDocument) -> list[tuple[str, bool, int | None, int | None]]:
    items = part(old, new, "requirements").items
    return [(item.status, item.is_moved, item.before_place, item.after_place) for item in items]


@given(DOCUMENTS)
def test_a_document_does_not_differ_from_itself(document):
    found = difference(document, document)

    assert [part.component for part in found] == [*HEAD_FIELDS, *COMPONENTS]
    assert changed(found) == ()
    assert all(item.status == "same" and not item.is_moved for part in found for item in part.items)


@given(DOCUMENTS, DOCUMENTS)
def test_added_one_way_is_removed_the_other(old, new):
    turned = {"added": "removed", "removed": "added", "changed": "changed", "same": "same"}

    there, back = difference(old, new), difference(new, old)

    assert [turned[part.status] for part in there] == [part.status for part in back]
    assert [(part.before, part.after) for part in there] == [(part.after, part.before) for part in back]


@given(DOCUMENTS, DOCUMENTS)
def test_something_differs_exactly_when_the_documents_do(old, new):
    assert (changed(difference(old, new)) == ()) is (to_json(old) == to_json(new))


@given(DOCUMENTS, DOCUMENTS)
def test_every_entry_of_both_lists_is_told_once(old, new):
    for found in difference(old, new):
        if isinstance(found.before or found.after, list):
            before = sorted(item.before_place for item in found.items if item.before_place is not None)
            after = [item.after_place for item in found.items if item.after_place is not None]
            assert before == list(range(len(found.before or [])))
            assert after == list(range(len(found.after or [])))


@given(DOCUMENTS, DOCUMENTS)
def test_the_difference_is_plain_json(old, new):
    told_as_json = difference_json(difference(old, new))

    assert json.loads(json.dumps(told_as_json, allow_nan=False)) == told_as_json


WORDS = st.lists(st.sampled_from(["KTP", "asli", "dan", "fotokopi", " ", "\n", "2"]), max_size=30).map(
    " ".join
)


@given(WORDS | st.text(), WORDS | st.text())
def test_runs_put_together_are_both_texts(before, after):
    runs = word_runs(before, after)

    assert "".join(run.text for run in runs if run.operation != "insert") == before
    assert "".join(run.text for run in runs if run.operation != "delete") == after
    assert all(run.text for run in runs)


def test_runs_mark_the_words_that_changed():
    assert word_runs("KTP asli dan fotokopi 2 lembar", "KTP asli dan fotokopi 1 lembar") == (
        Run("equal", "KTP asli dan fotokopi "),
        Run("delete", "2"),
        Run("insert", "1"),
        Run("equal", " lembar"),
    )


def test_a_changed_phrase_is_one_run_and_not_one_per_word():
    assert word_runs("surat dari dokter umum", "surat dari rumah sakit") == (
        Run("equal", "surat dari "),
        Run("delete", "dokter umum"),
        Run("insert", "rumah sakit"),
    )


def test_a_corrected_entry_is_changed_and_not_replaced():
    old = needing("KTP-el", "Surat keterangan sehat dari dokter")
    new = needing("KTP-el", "Surat keterangan sehat dari puskesmas")

    assert told(old, new) == [("same", False, 0, 0), ("changed", False, 1, 1)]
    [text] = [field for field in part(old, new, "requirements").items[1].fields if field.status == "changed"]
    assert (text.field, text.runs[-2:]) == ("text", (Run("delete", "dokter"), Run("insert", "puskesmas")))


def test_an_entry_put_first_moves_none_of_the_others():
    assert told(needing("KTP", "KK"), needing("Pas foto", "KTP", "KK")) == [
        ("added", False, None, 0),
        ("same", False, 0, 1),
        ("same", False, 1, 2),
    ]


def test_an_entry_taken_elsewhere_is_moved():
    assert told(needing("KTP", "KK", "Pas foto"), needing("Pas foto", "KTP", "KK")) == [
        ("same", True, 2, 0),
        ("same", False, 0, 1),
        ("same", False, 1, 2),
    ]


def test_what_is_gone_is_told_where_it_stood():
    assert told(needing("KTP", "Ijazah", "KK"), needing("KTP", "KK")) == [
        ("same", False, 0, 0),
        ("removed", False, 1, None),
        ("same", False, 2, 1),
    ]


def test_entries_with_nothing_in_common_are_one_gone_and_one_come():
    assert told(needing("Ijazah"), needing("Pas foto")) == [
        ("added", False, None, 0),
        ("removed", False, 0, None),
    ]


def test_a_shorter_time_is_the_same_promise_changed():
    old = StandardDocument("Izin", processing_time=(TimeLimit(5, "working_day"),))
    new = StandardDocument("Izin", processing_time=(TimeLimit(3, "working_day"),))

    [item] = part(old, new, "processing_time").items

    assert item.status == "changed"
    assert [
        (field.field, field.before, field.after) for field in item.fields if field.status == "changed"
    ] == [("amount_max", 5, 3)]


def test_fees_that_became_free_are_told_with_the_lines_that_went():
    old = from_stored(whole())
    new = dataclasses.replace(old, fees=Fees("free"))

    found = part(old, new, "fees")

    assert found.status == "changed"
    assert [(field.field, field.before, field.after) for field in found.fields] == [
        ("fee_kind", "fixed", "free")
    ]
    assert [(item.field, item.status) for item in found.items] == [("lines", "removed")]


def test_a_new_english_rendering_changes_its_component():
    old = from_stored(whole())
    new = dataclasses.replace(old, service_guarantee_en="As the standard says.")

    [found] = changed(difference(old, new))

    assert (found.component, found.status) == ("service_guarantee", "changed")
    assert [(field.field, field.status) for field in found.fields] == [
        ("service_guarantee", "same"),
        ("service_guarantee_en", "added"),
    ]


def test_a_first_edition_is_all_new():
    found = difference(None, from_stored(whole()))

    assert {part.status for part in found if part.after is not None} == {"added"}
    assert {part.status for part in found if part.after is None} == {"same"}


def test_the_largest_documents_are_compared_in_little_time():
    def large(shift: int) -> StandardDocument:
        texts = (" ".join(f"kata{(n * shift + m) % 97}" for m in range(250)) for n in range(100))
        return dataclasses.replace(needing(*texts), staff_competence="a b " * 400 + str(shift))

    started = time.monotonic()
    difference(large(3), large(7))

    assert time.monotonic() - started < 5

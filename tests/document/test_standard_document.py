"""The document as a value: it survives storage, has one digest, and cannot change."""

from __future__ import annotations

import dataclasses
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from siapa.document.digest import canonical, digest
from siapa.document.standard_document import (
    COMPONENTS,
    DELIVERY_COMPONENTS,
    MANAGEMENT_COMPONENTS,
    ComplaintHandling,
    Fees,
    StandardDocument,
    from_stored,
    to_json,
)
from tests.document.documents import DOCUMENTS, whole

#: Whatever a value of JSON may be, with names, numbers and halves of characters that are odd.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=20,
)


def test_the_law_names_fourteen_components_of_which_six_are_delivery():
    assert len(COMPONENTS) == len(set(COMPONENTS)) == 14
    assert COMPONENTS == DELIVERY_COMPONENTS + MANAGEMENT_COMPONENTS
    assert len(DELIVERY_COMPONENTS) == 6


@given(DOCUMENTS)
def test_a_stored_document_comes_back_as_it_was(document):
    stored = json.loads(json.dumps(to_json(document)))

    assert from_stored(stored) == document
    assert to_json(from_stored(stored)) == stored


@given(DOCUMENTS)
def test_the_stored_form_holds_no_null(document):
    def nulls(value):
        if isinstance(value, dict):
            return sum(map(nulls, value.values()))
        return sum(map(nulls, value)) if isinstance(value, list) else value is None

    assert nulls(to_json(document)) == 0


def test_a_canonical_document_is_stored_unchanged():
    assert to_json(from_stored(whole())) == whole()


def test_free_and_unknown_are_stored_differently():
    free, unknown = StandardDocument("Cetak KK", fees=Fees("free")), StandardDocument("Cetak KK")

    assert to_json(free)["fees"] == {"fee_kind": "free", "lines": []}
    assert "fees" not in to_json(unknown)
    assert from_stored(to_json(free)).fees is not None


def test_a_document_cannot_be_changed():
    document = from_stored(whole())

    with pytest.raises(dataclasses.FrozenInstanceError):
        document.title = "Lain"  # type: ignore[misc]


def test_the_digest_does_not_depend_on_the_order_of_fields():
    turned = dict(reversed(whole().items()))

    assert digest(turned) == digest(whole())
    assert len(digest(turned)) == 64


def test_the_canonical_form_is_that_of_rfc_8785():
    # Members sorted by UTF-16 code units, no blanks, no escapes but the needed ones.
    assert canonical({"b": [1, True], "a": "Sénin\n", "\U0001f600": 0}) == (
        '{"a":"Sénin\\n","b":[1,true],"\U0001f600":0}'.encode()
    )
    # SHA-256 of the two bytes {}, as any tool computes it.
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@given(JSON)
def test_the_fast_way_to_the_canonical_form_writes_what_rfc_8785_does(value):
    try:
        expected = rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError) as refused:
        with pytest.raises(type(refused)):
            canonical(value)
    else:
        assert canonical(value) == expected


@given(DOCUMENTS, DOCUMENTS)
def test_two_documents_have_the_same_digest_only_when_they_are_equal(one, other):
    assert (digest(to_json(one)) == digest(to_json(other))) is (one == other)


def test_complaint_handling_says_that_it_has_no_channels():
    document = StandardDocument("Cetak KK", complaint_handling=ComplaintHandling("Lewat loket mana pun."))

    assert to_json(document)["complaint_handling"] == {"text": "Lewat loket mana pun.", "channels": []}

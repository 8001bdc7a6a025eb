"""A document that goes through the form and comes back is the same document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from siapa.config import ROOT
from siapa.document.intake import read_document
from siapa.document.standard_document import to_json
from siapa.web.desk import step_form
from siapa.web.desk.steps import STEPS, step_after, step_of
from tests.document.documents import whole

SEEDED = sorted((ROOT / "seed_data" / "standards").rglob("*.json"))


def fields_of(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The inputs of a page that shows ``value``, as a browser sends them."""
    if isinstance(value, Mapping):
        for name, held in value.items():
            yield from fields_of(held, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value and isinstance(value[0], str):
        yield path, ", ".join(value)
    elif isinstance(value, list):
        for place, held in enumerate(value):
            yield from fields_of(held, f"{path}[{place}]")
    elif isinstance(value, bool):
        yield path, "1" if value else "0"
    else:
        yield path, str(value).replace("\n", "\r\n")


def through_the_form(document: dict[str, Any]) -> dict[str, Any]:
    """``document`` after every step was sent as its page shows it."""
    sent = dict(fields_of(document))
    for step in STEPS.values():
        document = to_json(read_document(step_form.joined(document, step, step_form.read(step, sent))))
    return document


def test_every_seeded_document_comes_back_as_it_was() -> None:
    documents = [to_json(read_document(json.loads(file.read_text())["document"])) for file in SEEDED]

    changed = [one["title"] for one in documents if through_the_form(one) != one]

    assert len(documents) > 50
    assert changed == []


@pytest.mark.parametrize(
    "part",
    [
        {"requirements": [{"text": "KTP", "kind": "document", "original": False, "copies": 0}]},
        {"fees": {"fee_kind": "tariff_table", "lines": [{"amount_idr": 0}, {"note": "Menurut luas"}]}},
        {"facilities": [{"text": "Lift", "accessible": False}]},
        {"processing_time": [{"amount_min": 0, "amount_max": 3, "unit": "month"}]},
        {"staff_count": {"count": 0, "note": "Dua\nbaris"}},
        {"channels": [{"kind": "counter"}]},
        {"complaint_handling": {"text": "Di loket", "channels": []}},
        {"procedure": [{"text": "Datang"}, {"text": "Bayar", "duration": {"amount": 5, "unit": "minute"}}]},
    ],
)
def test_what_is_easily_lost_is_not(part: dict[str, Any]) -> None:
    document = to_json(read_document({**whole(), **part}))

    assert through_the_form(document) == document


def test_every_part_of_a_document_has_its_step() -> None:
    assert [name for name in to_json(read_document(whole())) if step_of(name) is None] == []
    assert step_after(list(STEPS.values())[-1]) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [("150.000", 150000), ("Rp 1.250.000", 1250000), ("Rp100.000,00", 100000), ("5000", 5000),
     ("1.50", "1.50"), ("gratis", "gratis"), ("1,5", "1,5")],
)  # fmt: skip
def test_rupiah_are_read_as_people_write_them(typed: str, read: int | str) -> None:
    form = {"fees.fee_kind": "fixed", "fees.lines[0].amount_idr": typed}

    tree = step_form.read(STEPS["waktu-biaya"], form)

    assert tree["fees"]["lines"] == [{"amount_idr": read}]

"""Out of one registry as HSDS and into an empty one: the same standards, but for what the format loses."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.document.referral.losing import ALWAYS, field_of, in_order, leaves, outcomes
from siapa.extensions import db
from siapa.publishing import spreadsheet
from siapa.publishing.verifying import verify
from siapa.records import Standard
from tests.publishing.cast import Cast

Documents = dict[str, dict[str, Any]]


@pytest.fixture
def documents(seeded_app: Flask) -> Documents:
    """What every standard in force of the seeded registry says, by its identifier."""
    answer = seeded_app.test_client().get("/data/editions.jsonl")
    rows = [json.loads(line) for line in answer.data.splitlines()]
    return {row["standard_id"]: row["document"] for row in rows if row["state"] == "published"}


@pytest.fixture
def content(seeded_app: Flask) -> bytes:
    """The tabular package of the seeded registry."""
    return seeded_app.test_client().get("/hsds/tabular.zip").data


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Where ``after`` is not what the format promises to bring back of ``before``."""
    said, back = dict(leaves(in_order(before))), dict(leaves(after))
    found = [path for path, value in back.items() if said.get(path) != value]
    for path in said.keys() - back.keys():
        if outcomes()[field_of(path)] == ALWAYS:
            found.append(path)
    return found


def test_the_same_standards_come_out_of_an_empty_registry(
    documents: Documents, content: bytes, cast: Cast
) -> None:
    first = spreadsheet.preview(cast.own.id, content, file_name="hsds.zip", by=cast.author)
    everybody = dict.fromkeys(first.mapping, "agency")

    batch = spreadsheet.preview(cast.own.id, content, file_name="hsds.zip", by=cast.author, mapping=everybody)
    spreadsheet.take_in(batch.id, by=cast.author)

    made = {str(one.id): one.open_edition.document for one in db.session.scalars(sa.select(Standard))}
    assert (batch.new_count, batch.error_count) == (len(documents), 0)
    assert made.keys() == documents.keys()
    for key, document in documents.items():
        assert differences(document, made[key]) == [], document["title"]
    assert verify() == []

    again = spreadsheet.preview(cast.own.id, content, file_name="hsds.zip", by=cast.author, mapping=everybody)
    assert (again.same_count, again.changed_count, again.new_count) == (len(documents), 0, 0)

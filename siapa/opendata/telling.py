"""The feed with its records: what each line of the log made of the tables, for who keeps a copy.

Who takes the lines from 0 on, in their order, and puts each record in the place of the one
with the same table and key (or takes that away), has the tables as they stand
(``replaying`` does just this).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from siapa.extensions import db
from siapa.opendata.history import with_documents
from siapa.opendata.recording import KEPT
from siapa.records import Counting, PublishedRecord

#: Records in one answer, unless a single line has more of them.
MOST_RECORDS = 1_000
_PLACES = {name: place for place, name in enumerate(KEPT)}


@dataclass(frozen=True, slots=True)
class Gone:
    """Why a record is no more."""

    #: ``withdrawn`` where its standard was taken down, ``gone`` otherwise.
    kind: str
    reason: str | None
    #: The standard that takes its place.
    replaced_by_id: str | None


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record of a table as it became by a line of the log."""

    table: str
    #: The values of its key, parted by "/"; whole numbers have ten digits.
    key: str
    #: The whole record; None where it is gone.
    record: dict[str, Any] | None
    #: Said of what is gone.
    gone: Gone | None


def with_records(numbers: Sequence[int]) -> dict[int, tuple[ChangedRecord, ...]]:
    """The records of the lines ``numbers``, which follow each other: of as many as fit into an answer.

    Lines whose records are not written down yet are not among them.
    """
    connection = db.session.connection()
    kept_to = connection.scalar(sa.select(Counting.last_number).where(Counting.log == "record")) or 0
    wanted = [number for number in numbers if number <= kept_to]
    if not wanted:
        return {}
    last = _last_that_fits(connection, wanted)
    found = connection.execute(
        sa.select(
            PublishedRecord.number, PublishedRecord.table_name, PublishedRecord.key, PublishedRecord.record
        ).where(PublishedRecord.number.between(wanted[0], last), PublishedRecord.table_name != "")
    ).all()
    documents = _whole_editions(connection, found)
    told: dict[int, list[ChangedRecord]] = defaultdict(list)
    reasons = _reasons(found)
    for number, table, key, text in sorted(found, key=lambda row: (row[0], _PLACES[row[1]], row[2])):
        record = documents.get((number, key)) if table == "editions" else _read(text)
        gone = None if record is not None else _gone(table, key, reasons.get(number, {}))
        told[number].append(ChangedRecord(table, key, record, gone))
    return {number: tuple(told[number]) for number in wanted if number <= last}


def _last_that_fits(connection: sa.Connection, wanted: Sequence[int]) -> int:
    counted = connection.execute(
        sa.select(PublishedRecord.number, sa.func.count())
        .where(PublishedRecord.number.between(wanted[0], wanted[-1]))
        .group_by(PublishedRecord.number)
        .order_by(PublishedRecord.number)
    ).all()
    total = 0
    for number, count in counted:
        total += count
        if total > MOST_RECORDS and number > wanted[0]:
            return int(number) - 1
    return wanted[-1]


def _whole_editions(
    connection: sa.Connection, found: Sequence[sa.Row[int, str, str, str | None]]
) -> dict[tuple[int, str], dict[str, Any]]:
    names = [(number, key) for number, table, key, text in found if table == "editions" and text]
    records = (orjson.loads(text) for _number, table, _key, text in found if table == "editions" and text)
    return dict(zip(names, with_documents(connection, records), strict=True))


def _reasons(
    found: Sequence[sa.Row[int, str, str, str | None]],
) -> dict[int, dict[str, Mapping[str, Any]]]:
    """By line and standard: how it was withdrawn there."""
    reasons: dict[int, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for number, table, key, text in found:
        if table == "withdrawals" and text:
            reasons[number][key] = orjson.loads(text)
    return reasons


def _gone(table: str, key: str, reasons: Mapping[str, Mapping[str, Any]]) -> Gone:
    """Lines of a withdrawal are about one standard: what goes by them went with it."""
    withdrawn = reasons.get(key) if table == "standards" else next(iter(reasons.values()), None)
    if withdrawn is None:
        return Gone("gone", None, None)
    replaced_by = withdrawn["replaced_by_id"] if table == "standards" else None
    return Gone("withdrawn", withdrawn["reason"], replaced_by)


def _read(text: str | None) -> dict[str, Any] | None:
    return None if text is None else orjson.loads(text)

"""All that was public at one moment, as it was said then: what ``known_at`` asks for.

``as_of`` asks what was in force on a day as it is known now; this asks what the registry said
at a moment, whatever has been corrected, moved or closed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice, zip_longest
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from siapa.errors import NotFound
from siapa.locales import lazy as _l
from siapa.opendata.package import Standing
from siapa.opendata.recording import BEGINS, KEPT, Kept
from siapa.opendata.table import PART, Part, Reads, Row, Table
from siapa.opendata.tables import TABLES
from siapa.records import AuditEvent, Change, Edition, PublishedRecord, State

#: The documents of so many standards are read at once.
_AT_ONCE = 500
_Later = aliased(PublishedRecord)


def standing_at(connection: sa.Connection, moment: datetime, public_url: str) -> Standing:
    """The state of the registry at ``moment``: as of the last change that stood then, whole commands only.

    A whole second is meant with all that happened in it, since manifests and files tell moments so.
    Raises ``NotFound`` for a moment before the registry kept its history, and before its first change.
    """
    until = moment if moment.microsecond else moment + timedelta(seconds=1, microseconds=-1)
    number, at = connection.execute(
        sa.select(Change.number, Change.at)
        .join(AuditEvent, AuditEvent.change_number == Change.number)
        .where(Change.at <= until)
        .order_by(Change.number.desc())
        .limit(1)
    ).one_or_none() or (0, None)
    if number == 0:
        raise NotFound(_l("Nothing was published at that moment yet."))
    begins = begins_at(connection)
    if begins is None or number < begins:
        raise NotFound(_l("What was published then is not kept: the history begins later."))
    return Standing(number, at, public_url)


def begins_at(connection: sa.Connection) -> int | None:
    """The number from which on every state can be told; None where none can yet."""
    return connection.scalar(
        sa.select(PublishedRecord.number).where(
            PublishedRecord.table_name == "", PublishedRecord.key == BEGINS
        )
    )


def tables_at(number: int) -> tuple[Table, ...]:
    """The tables as they were as of change ``number``."""
    return tuple(table_at(table, number) for table in TABLES)


def table_at(table: Table, number: int) -> Table:
    """``table`` as it was as of change ``number``."""
    return replace(table, reads=_reads_at(table, number))


def records_at(
    connection: sa.Connection, name: str, number: int, *conditions: sa.ColumnElement[bool]
) -> Iterator[dict[str, Any]]:
    """The records of a kept table as of change ``number``, in the order of their keys, as they were written.

    ``conditions`` are on ``PublishedRecord``.
    """
    for _key, record in connection.execute(_stood(name, number).where(*conditions)):
        if record is not None:
            yield orjson.loads(record)


def _stood(name: str, number: int) -> sa.Select[str, str | None]:
    """Key and record of all that table ``name`` ever had by change ``number``."""
    newest = (
        sa.select(sa.func.max(_Later.number))
        .where(
            _Later.table_name == PublishedRecord.table_name,
            _Later.key == PublishedRecord.key,
            _Later.number <= number,
        )
        .correlate(PublishedRecord)
        .scalar_subquery()
    )
    return (
        sa.select(PublishedRecord.key, PublishedRecord.record)
        .where(PublishedRecord.table_name == name, PublishedRecord.number == newest)
        .order_by(PublishedRecord.key)
    )


def _reads_at(table: Table, number: int) -> Reads:
    if table.name == "changes":
        return _changes_at(table, number)
    if table.name in KEPT:
        return _kept_at(KEPT[table.name], number)
    return _derived_at(table, number)


def _changes_at(table: Table, number: int) -> Reads:
    reads = table.reads

    def part(connection: sa.Connection, after: Any) -> Part:
        read = reads.part(connection, after)
        rows = [row for row in read.rows if row[0] <= number]
        return Part(rows, read.last if read.last and read.last <= number else None)

    return replace(reads, part=part)


def _kept_at(kept: Kept, number: int) -> Reads:
    def part(connection: sa.Connection, after: Any) -> Part:
        found, last = _part_of(connection, kept.table.name, number, after)
        records = [record for record in found if record is not None]
        if kept.left_out == "document":
            records = list(with_documents(connection, records))
        return Part([kept.table.row_of(record) for record in records], last)

    return replace(kept.table.reads, part=part)


def _derived_at(table: Table, number: int) -> Reads:
    """A table that follows from the documents in force."""
    expand = table.reads.expand
    assert expand is not None, "a table that is not kept is made of documents"

    def part(connection: sa.Connection, after: Any) -> Part:
        found, last = _part_of(connection, "editions", number, after)
        live = [one for one in found if one is not None and one["state"] == State.PUBLISHED]
        whole = with_documents(connection, live)
        return Part([row for one in whole for row in expand(live_document(one))], last)

    return replace(table.reads, part=part)


def live_document(edition: Mapping[str, Any]) -> Row:
    """What the tables of documents are made of: the standard, and what it says."""
    return edition["standard_id"], edition["document"]


def _part_of(
    connection: sa.Connection, name: str, number: int, after: Any
) -> tuple[list[dict[str, Any] | None], Any]:
    asked = _stood(name, number).limit(PART)
    if after is not None:
        asked = asked.where(PublishedRecord.key > after)
    found = connection.execute(asked).all()
    records = [None if record is None else orjson.loads(record) for _key, record in found]
    return records, found[-1][0] if len(found) == PART else None


def with_documents(connection: sa.Connection, editions: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Records of editions, whole: each with its document, which never changes."""
    walk = iter(editions)
    while part := list(islice(walk, _AT_ONCE)):
        ids = {UUID(one["standard_id"]) for one in part}
        found = connection.execute(
            sa.select(Edition.standard_id, Edition.number, Edition.document).where(
                Edition.standard_id.in_(ids)
            )
        )
        documents = {(str(standard_id), number): document for standard_id, number, document in found}
        for one in part:
            yield {**one, "document": documents[one["standard_id"], one["number"]]}


def faults(connection: sa.Connection) -> Iterator[str]:
    """Each table that is not what its history makes of it, by its first record that differs."""
    last = connection.scalar(sa.select(sa.func.max(Change.number)))
    if last is None or begins_at(connection) is None:
        return
    for table in TABLES:
        stands = table.read(lambda: nullcontext(connection))
        kept = table_at(table, last).read(lambda: nullcontext(connection))
        differs = next((pair for pair in zip_longest(stands, kept) if pair[0] != pair[1]), None)
        if differs is not None:
            row = differs[0] or differs[1]
            yield f"history: {table.name} {table.key_of(row)} is not what was kept of it"

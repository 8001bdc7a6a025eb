"""What a line of the log made of the tables: the records that became other by it.

Tables that follow from documents alone are not kept: they are made of the editions in
force (``history``). Everything else is read anew for what a line is about, and compared with
what was kept of it last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from siapa.opendata import of_places
from siapa.opendata.formats import line
from siapa.opendata.table import Column, Row, Table
from siapa.opendata.tables import table_named
from siapa.records import (
    Agency,
    AuditEvent,
    Category,
    Change,
    ChangeKind,
    Counter,
    Edition,
    LifeEvent,
    Location,
    Offering,
    PublishedRecord,
    Region,
    SatisfactionResult,
    Service,
    ServiceAlias,
    ServicePerformance,
    Standard,
    service_life_event,
)

#: The name under which it is kept from which line on states can be told.
BEGINS = "begins"
#: Subjects that are read at once.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose records are kept; each belongs to a subject of the log."""

    table: Table
    #: The column of the database, and the one of the table, that say to which.
    owner: Column
    owner_name: str
    #: A column that is left out: the document of an edition never changes and is kept there.
    left_out: str | None = None

    def subject_of(self, row: Row) -> str:
        """What ``row`` belongs to, as the log names it."""
        return str(row[self.table.names.index(self.owner_name)])

    def record_of(self, row: Row) -> str:
        """``row`` as it is kept."""
        if self.left_out is not None:
            place = self.table.names.index(self.left_out)
            row = (*row[:place], None, *row[place + 1 :])
        return line(self.table, row).decode().rstrip("\n")


def _kept(name: str, owner: Column, owner_name: str, left_out: str | None = None) -> Kept:
    return Kept(table_named(name), owner, owner_name, left_out)


#: In the order of the tables; agencies and places come before what their changes have a part in.
KEPT = {
    kept.table.name: kept
    for kept in (
        _kept("regions", Region.code, "code"),
        _kept("agencies", Agency.id, "id"),
        _kept("locations", Location.id, "id"),
        _kept("counters", Counter.location_id, "location_id"),
        _kept("hours", of_places.OF_HOURS, "location_id"),
        _kept("categories", Category.code, "code"),
        _kept("life_events", LifeEvent.code, "code"),
        _kept("services", Service.id, "id"),
        _kept("service_aliases", ServiceAlias.service_id, "service_id"),
        _kept("service_life_events", service_life_event.c.service_id, "service_id"),
        _kept("standards", Edition.standard_id, "id"),
        _kept("editions", Edition.standard_id, "standard_id", "document"),
        _kept("withdrawals", Edition.standard_id, "standard_id"),
        _kept("offerings", Offering.standard_id, "standard_id"),
        _kept("satisfaction", SatisfactionResult.agency_id, "agency_id"),
        _kept("performance", ServicePerformance.standard_id, "standard_id"),
    )
}
_OF_STANDARDS = ("standards", "editions", "withdrawals", "offerings", "performance")
#: What may become other by a line of each kind.
_TABLES: dict[ChangeKind, tuple[str, ...]] = {
    ChangeKind.STANDARD_PUBLISHED: _OF_STANDARDS,
    ChangeKind.STANDARD_SUPERSEDED: _OF_STANDARDS,
    ChangeKind.STANDARD_WITHDRAWN: _OF_STANDARDS,
    ChangeKind.STANDARD_MOVED: _OF_STANDARDS,
    ChangeKind.OFFERING_CHANGED: _OF_STANDARDS,
    ChangeKind.LOCATION_CHANGED: ("locations", "counters", "hours"),
    ChangeKind.AGENCY_CHANGED: ("agencies", "satisfaction"),
    ChangeKind.SERVICE_CHANGED: ("services", "service_aliases", "service_life_events"),
    ChangeKind.REGION_CHANGED: ("regions",),
    ChangeKind.VOCABULARY_CHANGED: ("categories", "life_events"),
}
#: A change of these columns is also one of the records of others: addresses begin with the agency's, and a
#: place that is closed for good offers nothing. By the table: the column, the other table, and its owners.
_REACHES: dict[str, tuple[str, str, Callable[[list[UUID]], sa.Select[UUID]]]] = {
    "agencies": ("slug", "standards", lambda ids: sa.select(Standard.id).where(Standard.agency_id.in_(ids))),
    "locations": (
        "closed_on", "offerings",
        lambda ids: sa.select(Offering.standard_id).where(Offering.location_id.in_(ids)).distinct(),
    ),
}  # fmt: skip


def records_after(connection: sa.Connection, kept_to: int | None) -> Iterator[dict[str, Any]]:
    """The rows of ``PublishedRecord`` for the lines after ``kept_to``; without it of all that stands."""
    if kept_to is None:
        yield from _beginning(connection)
        return
    lines = connection.execute(
        sa.select(Change.number, Change.kind, Change.subject_id)
        .where(Change.number > kept_to)
        .order_by(Change.number)
    ).all()
    if not lines:
        return
    owners: dict[str, set[str]] = defaultdict(set)
    for _number, kind, subject_id in lines:
        for name in _TABLES[kind]:
            owners[name].add(subject_id)
    numbers = {subject_id: number for number, _kind, subject_id in lines}
    for name, kept in KEPT.items():
        for some in _parts(sorted(owners[name])):
            for record in _different(connection, kept, some):
                record["number"] = numbers.get(record["subject_id"], lines[-1][0])
                was = record.pop("was")
                _reach(connection, name, was, record, owners)
                yield record


def _beginning(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """All that stands, under the last line about each subject, and from which line on that is the history."""
    numbers = dict(
        connection.execute(
            sa.select(Change.subject_id, sa.func.max(Change.number)).group_by(Change.subject_id)
        ).all()
    )
    last = max(numbers.values(), default=0)
    for kept in KEPT.values():
        # All within the transaction that begins it: what is read in parts is one state.
        for row in kept.table.read(lambda: nullcontext(connection)):
            subject_id = kept.subject_of(row)
            new = _new(kept, kept.table.key_of(row), subject_id, kept.record_of(row))
            yield {**new, "number": numbers.get(subject_id, last)}
    is_new = _is_one_command(connection, last)
    yield {
        "table_name": "", "key": BEGINS, "number": 0 if is_new else last, "subject_id": "", "record": None,
    }  # fmt: skip


def _is_one_command(connection: sa.Connection, last: int) -> bool:
    """Whether no line was written before this transaction: then nothing of the history is missing."""
    vouched = connection.scalar(sa.select(sa.func.count()).where(AuditEvent.change_number.is_not(None))) or 0
    return vouched <= 1 and last > 0


def _different(connection: sa.Connection, kept: Kept, owners: list[str]) -> Iterator[dict[str, Any]]:
    """The records of ``owners`` that are other than they were kept last, in the order of their keys."""
    was = _last_kept(connection, kept.table.name, owners)
    stands: dict[str, tuple[str, str]] = {}
    for row in kept.table.reads.where(connection, kept.owner.in_(_as_ids(kept.owner, owners))):
        stands[kept.table.key_of(row)] = (kept.subject_of(row), kept.record_of(row))
    for key in sorted(was.keys() | stands.keys()):
        subject_before, before = was.get(key, ("", None))
        subject_id, record = stands.get(key, (subject_before, None))
        if before != record:
            yield _new(kept, key, subject_id, record) | {"was": before}


def _last_kept(connection: sa.Connection, table: str, owners: list[str]) -> dict[str, tuple[str, str | None]]:
    # Put in order here: asked for in that order, SQLite walks through all that was ever kept of the table.
    rows = connection.execute(
        sa.select(
            PublishedRecord.number, PublishedRecord.key, PublishedRecord.subject_id, PublishedRecord.record
        ).where(PublishedRecord.subject_id.in_(owners), PublishedRecord.table_name == table)
    ).all()
    ordered = sorted(rows, key=lambda row: row.number)
    return {key: (subject_id, record) for _number, key, subject_id, record in ordered}


def _reach(
    connection: sa.Connection,
    name: str,
    was: str | None,
    record: Mapping[str, Any],
    owners: dict[str, set[str]],
) -> None:
    """Let the tables be looked through that the change of this record reaches too."""
    if name not in _REACHES or was is None or record["record"] is None:
        return
    column, reached, ids_of = _REACHES[name]
    if orjson.loads(was)[column] != orjson.loads(record["record"])[column]:
        found = connection.scalars(ids_of([UUID(record["subject_id"])]))
        owners[reached] |= {str(one) for one in found}


def _new(kept: Kept, key: str, subject_id: str, record: str | None) -> dict[str, Any]:
    return {"table_name": kept.table.name, "key": key, "subject_id": subject_id, "record": record}


def _as_ids(owner: Column, owners: Iterable[str]) -> list[Any]:
    """``owners`` as the column holds them; what is no identifier is the subject of no such record."""
    if not isinstance(owner.type, sa.Uuid):
        return list(owners)
    return [found for one in owners if (found := _uuid(one)) is not None]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _parts(subjects: list[str]) -> Iterator[list[str]]:
    walk = iter(subjects)
    while part := list(islice(walk, _AT_ONCE)):
        yield part

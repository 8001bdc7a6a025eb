"""What a row says, with the rows that belong to it, as one JSON value.

The audit keeps the digest of it before and after an act; an act after which it is the
same did nothing, and leaves no trace. ``verifying`` compares what stands with what the
last act left, so every column that matters is in here, and every row in the snapshot of
exactly one subject: the one whose trail tells of it (``trail_of``).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any

import sqlalchemy as sa

from siapa.document.digest import canonical
from siapa.extensions import db
from siapa.records import (
    Agency,
    Category,
    Closure,
    Counter,
    DismissedQuery,
    Edition,
    Feedback,
    FormerSlug,
    Hours,
    LifeEvent,
    Location,
    Membership,
    Offering,
    Officer,
    OutlineReaction,
    OutlineRevision,
    Region,
    Regulation,
    ReviewMark,
    SatisfactionResult,
    Service,
    ServiceAlias,
    ServicePerformance,
    Standard,
    Succession,
    SuccessionMove,
    SuccessionPart,
    Synonym,
    Token,
    Webhook,
    service_life_event,
)

#: Columns that tell of the writing and not of the thing, secrets that change outside of
#: commands, and the document, for which its digest stands.
LEFT_OUT = frozenset(
    {"modified_at", "revised_at", "last_used_at", "password_hash", "session_epoch", "document"}
)
#: The kinds of row that have a trail of their own.
AUDITED: tuple[type[Any], ...] = (
    Agency, Category, Counter, DismissedQuery, Feedback, LifeEvent, Location, Officer, Region, Regulation,
    SatisfactionResult, Service, ServicePerformance, Standard, Succession, Synonym, Token, Webhook,
)  # fmt: skip

Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """Rows that belong to a subject: those of ``table`` whose ``owner`` column is its id."""

    table: sa.Table
    owner: str
    left_out: frozenset[str] = frozenset()
    #: For former addresses, which all kinds share: only those of this kind.
    kind: str | None = None

    def rows(self, owner_id: object = None) -> sa.Select[Any]:
        """The rows of one owner, or of all."""
        query = sa.select(*(c for c in self.table.columns if c.name not in LEFT_OUT))
        if self.kind is not None:
            query = query.where(self.table.c.kind == self.kind)
        return query if owner_id is None else query.where(self.table.c[self.owner] == owner_id)

    def said(self, row: Mapping[str, Any] | sa.RowMapping) -> Snapshot:
        """What stands of ``row`` in a snapshot."""
        content = {name: _plain(value) for name, value in row.items() if name not in self.left_out}
        return {"part": self.table.name, **content}


def _part(kind: type[Any], owner: str, *left_out: str) -> Part:
    return Part(kind.__table__, owner, frozenset(left_out))


def _former(kind: str) -> Part:
    return Part(sa.inspect(FormerSlug).local_table, "subject_id", kind=kind)  # type: ignore[arg-type]


#: The numbers of hours, closures and aliases mean nothing: they are written anew as a whole.
PARTS: dict[type[Any], tuple[Part, ...]] = {
    Agency: (_former("agency"),),
    Counter: (_part(Hours, "counter_id", "id"),),
    Location: (_part(Hours, "location_id", "id"), _part(Closure, "location_id", "id"), _former("location")),
    Officer: (_part(Membership, "officer_id"),),
    Regulation: (_part(ReviewMark, "regulation_id"),),
    Service: (
        _part(ServiceAlias, "service_id", "id"),
        Part(service_life_event, "service_id"),
        _part(OutlineRevision, "service_id", "abolished"),
        _former("service"),
    ),
    Succession: (_part(SuccessionPart, "succession_id"), _part(SuccessionMove, "succession_id")),
    Standard: (
        _part(Edition, "standard_id"),
        _part(Offering, "standard_id"),
        _part(OutlineReaction, "standard_id"),
        _former("standard"),
    ),
}


def trail_of(subject: object) -> tuple[type[Any], Any]:
    """Kind and key of the row in whose trail an act on ``subject`` is written: a role is told of its
    officer, an offering of its standard, everything else of itself."""
    match subject:
        case Membership():
            return Officer, subject.officer_id
        case Offering():
            return Standard, subject.standard_id
        case _:
            mapper = sa.inspect(type(subject))
            return type(subject), mapper.primary_key_from_instance(subject)[0]


def snapshot(subject: object) -> Snapshot:
    """What ``subject`` says now, and under ``parts`` what belongs to it; it must be flushed."""
    kind = type(subject)
    mapper = sa.inspect(kind)
    columns = {c.key: getattr(subject, c.key) for c in mapper.column_attrs if c.key not in LEFT_OUT}
    owner_id = mapper.primary_key_from_instance(subject)[0]
    parts = [
        part.said(row)
        for part in PARTS.get(kind, ())
        for row in db.session.execute(part.rows(owner_id)).mappings()
    ]
    return _whole(columns, parts)


def all_snapshots(connection: sa.Connection, kind: type[Any]) -> Iterator[tuple[str, Snapshot]]:
    """The id and the snapshot of every row of ``kind``, as ``snapshot`` makes them."""
    parts: dict[object, list[Snapshot]] = {}
    for part in PARTS.get(kind, ()):
        for row in connection.execute(part.rows()).mappings():
            if row[part.owner] is not None:
                parts.setdefault(row[part.owner], []).append(part.said(row))
    table: sa.Table = sa.inspect(kind).local_table
    (key,) = table.primary_key.columns
    query = sa.select(*(c for c in table.columns if c.name not in LEFT_OUT))
    for row in connection.execute(query.execution_options(yield_per=500)).mappings():
        yield str(row[key.name]), _whole(row, parts.get(row[key.name], []))


def kind_of(kind: type[Any]) -> str:
    """The word by which the audit names ``kind``: its table."""
    return str(sa.inspect(kind).local_table.name)


def _whole(columns: Mapping[str, Any] | sa.RowMapping, parts: list[Snapshot]) -> Snapshot:
    content: Snapshot = {name: _plain(value) for name, value in columns.items()}
    if parts:
        content["parts"] = sorted(parts, key=canonical)
    return content


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return value

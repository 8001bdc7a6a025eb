"""What OAI-PMH harvests: every standard that was ever in force, and when its record last changed.

A record changes with its standard, its agency and its national service, for it names both. A
standard that is in force no more stays as a deleted record, for ever.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.sql.selectable import ScalarSelect

from siapa.extensions import db
from siapa.opendata.hsds import reading
from siapa.opendata.hsds.reading import Held
from siapa.records import Agency, Change, Standard, id_as_text

#: Records, or sets, in one answer.
PART = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One record: when it last changed, whose it is, and what it says; None for one that is deleted."""

    id: uuid.UUID
    changed_at: datetime
    set_spec: str
    held: Held | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are asked for: changed from one moment until another, both included; of an agency."""

    from_at: datetime | None = None
    until_at: datetime | None = None
    set_spec: str | None = None


def items(wanted: Wanted, after: uuid.UUID | None = None) -> tuple[list[Item], bool]:
    """The records after one in the order of their identifiers, and whether more follow."""
    known = _known().subquery()
    changed_at = _latest(_latest(known.c.own, known.c.agency), known.c.service)
    asked = sa.select(known.c.id, changed_at, known.c.slug).order_by(known.c.id).limit(PART + 1)
    if wanted.from_at is not None:
        asked = asked.where(changed_at >= wanted.from_at)
    if wanted.until_at is not None:
        asked = asked.where(changed_at <= wanted.until_at)
    if wanted.set_spec is not None:
        asked = asked.where(known.c.slug == wanted.set_spec)
    if after is not None:
        asked = asked.where(known.c.id > after)
    rows = db.session.execute(asked).all()
    return _told(rows[:PART]), len(rows) > PART


def item(standard_id: uuid.UUID) -> Item | None:
    """One record; None where there is none."""
    known = _known().where(Standard.id == standard_id).subquery()
    changed_at = _latest(_latest(known.c.own, known.c.agency), known.c.service)
    return next(iter(_told(db.session.execute(sa.select(known.c.id, changed_at, known.c.slug)).all())), None)


def sets(after: str = "") -> tuple[list[Agency], bool]:
    """The agencies with a record, after one by its slug, and whether more follow."""
    found = db.session.scalars(
        sa.select(Agency)
        .where(Agency.slug > after, sa.exists().where(Standard.agency_id == Agency.id, _own().is_not(None)))
        .order_by(Agency.slug)
        .limit(PART + 1)
    ).all()
    return list(found[:PART]), len(found) > PART


def earliest() -> datetime | None:
    """The moment before which no record changed; None while there is none."""
    return db.session.scalar(sa.select(sa.func.min(Change.at)))


def _own() -> ScalarSelect[datetime]:
    return _last_line(id_as_text(Standard.id))


def _last_line(subject: sa.ColumnElement[str]) -> ScalarSelect[datetime]:
    """When the log last told of a thing."""
    return (
        sa.select(sa.func.max(Change.at))
        .where(Change.subject_id == subject)
        .correlate(Standard)
        .scalar_subquery()
    )


def _known() -> sa.Select[*tuple[object, ...]]:
    """Each standard that was ever public, with the moments on which its record depends."""
    own = _own()
    found: sa.Select[*tuple[object, ...]] = (
        sa.select(
            Standard.id.label("id"),
            Agency.slug.label("slug"),
            own.label("own"),
            _last_line(id_as_text(Standard.agency_id)).label("agency"),
            _last_line(id_as_text(Standard.service_id)).label("service"),
        )
        .join(Agency, Agency.id == Standard.agency_id)
        .where(own.is_not(None))
    )
    return found


def _latest(one: sa.ColumnElement[datetime], other: sa.ColumnElement[datetime]) -> sa.ColumnElement[datetime]:
    return sa.case((other > one, other), else_=one)


def _told(rows: Sequence[sa.Row[uuid.UUID, datetime, str]]) -> list[Item]:
    live = {one.standard.id: one for one in reading.held([row[0] for row in rows])}
    return [Item(row[0], row[1], row[2], live.get(row[0])) for row in rows]

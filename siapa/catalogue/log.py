"""The numbered log as the public reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from siapa.extensions import db
from siapa.records import Change, ChangeKind

#: Asked by every reader, so as text: composing and adapting a statement would cost more than it does.
_LAST_NUMBER = "SELECT last_number FROM counting WHERE log = 'change'"


@dataclass(frozen=True, slots=True)
class LastChange:
    """Where the log stands; ``at`` is None while it is empty."""

    number: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One line of the log."""

    number: int
    at: datetime
    kind: ChangeKind
    subject_id: str
    edition_number: int | None


def last_number() -> int:
    """The number of the newest change, 0 for an empty log: what caches are keyed by."""
    found: int | None = db.session.connection().exec_driver_sql(_LAST_NUMBER).scalar()
    return found or 0


def last_change() -> LastChange:
    """The newest change."""
    row = db.session.execute(
        sa.select(Change.number, Change.at).order_by(Change.number.desc()).limit(1)
    ).one_or_none()
    return LastChange(row[0], row[1]) if row else LastChange(0, None)


def changes(since: int, limit: int) -> tuple[ChangeView, ...]:
    """The lines after number ``since``, oldest first."""
    rows = db.session.scalars(
        sa.select(Change).where(Change.number > since).order_by(Change.number).limit(limit)
    )
    return tuple(ChangeView(r.number, r.at, r.kind, r.subject_id, r.edition_number) for r in rows)

"""What the public sees of what citizens told: what is open, what was confirmed, and a report by its code."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from siapa.catalogue.live import WAS_PUBLIC
from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import (
    Agency,
    Confirmation,
    Edition,
    Feedback,
    FeedbackState,
    Location,
    Offering,
    Standard,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What citizens told of a standard or a place."""

    #: Pairs of a part (None for the whole) and how many reports on it wait for an answer.
    open_reports: tuple[tuple[str | None, int], ...]
    #: The last day on which somebody said that it is right, and how often that was said (13 months).
    confirmed_on: date | None
    confirmations: int

    @property
    def open_count(self) -> int:
        """How many reports wait for an answer."""
        return sum(count for _part, count in self.open_reports)


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report as whoever has its code sees it. ``standard`` is (agency slug, slug), ``place`` a slug."""

    code: str
    title: str
    standard: tuple[str, str] | None
    place: str | None
    part: str | None
    edition_number: int | None
    text: str
    state: FeedbackState
    received_at: datetime
    due_at: datetime
    answer: str | None
    answered_at: datetime | None

    def is_late(self, at: datetime) -> bool:
        """Whether an answer is owed since before ``at``."""
        return self.state is FeedbackState.OPEN and self.due_at < at


def told_of_standard(standard_id: uuid.UUID) -> Told:
    """What was told of a standard, also at single places."""
    return _told(standard_id, Feedback.standard_id == standard_id)


def told_of_place(location_id: uuid.UUID) -> Told:
    """What was told of a place, and of what is had there."""
    here = sa.select(Offering.id).where(Offering.location_id == location_id)
    return _told(location_id, sa.or_(Feedback.location_id == location_id, Feedback.offering_id.in_(here)))


def report_by_code(code: str) -> ReportView:
    """The report with ``code``, however it is typed; ``NotFound``."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    row = db.session.scalar(sa.select(Feedback).where(Feedback.code == plain)) if plain else None
    if row is None:
        raise NotFound(_l("There is no report with this code."))
    title, standard, place = _subject(row)
    return ReportView(
        row.code, title, standard, place, row.component, row.edition_number, row.text, row.state,
        row.received_at, row.due_at, row.answer, row.answered_at,
    )  # fmt: skip


def _told(subject_id: uuid.UUID, concerns: sa.ColumnElement[bool]) -> Told:
    columns: tuple[Any, ...] = (Feedback.component, sa.func.count())
    rows = db.session.execute(
        sa.select(*columns)
        .where(concerns, Feedback.state == FeedbackState.OPEN)
        .group_by(Feedback.component)
        .order_by(sa.func.count().desc(), Feedback.component)
    ).all()
    counted: tuple[Any, ...] = (sa.func.max(Confirmation.day), sa.func.sum(Confirmation.times))
    day, times = db.session.execute(sa.select(*counted).where(Confirmation.subject_id == subject_id)).one()
    return Told(tuple((part, count) for part, count in rows), day, times or 0)


def _subject(row: Feedback) -> tuple[str, tuple[str, str] | None, str | None]:
    """The title of what a report is about, its address as a standard, and that of its place."""
    place_id = row.location_id
    if row.offering_id is not None:
        place_id = db.session.scalar(sa.select(Offering.location_id).where(Offering.id == row.offering_id))
    names: tuple[Any, ...] = (Location.name, Location.slug)
    where = db.session.execute(sa.select(*names).where(Location.id == place_id)).one_or_none()
    columns: tuple[Any, ...] = (Edition.title, Agency.slug, Standard.slug, Agency.name)
    found = db.session.execute(
        sa.select(*columns)
        .join(Standard, Standard.id == Edition.standard_id)
        .join(Agency, Agency.id == Standard.agency_id)
        .where(Edition.standard_id == row.standard_id, WAS_PUBLIC)
        .order_by(Edition.number.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return (where[0] if where else "", None, where[1] if where else None)
    title, agency_slug, slug, agency = found
    parts = (title, agency, where[0]) if where else (title, agency)
    return ", ".join(parts), (agency_slug, slug), where[1] if where else None

"""What was measured, as the public reads it: promise beside result, and satisfaction surveys.

Every entry is handed out, the newest of a period first; the one that holds is said to be current.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from siapa.catalogue import making
from siapa.catalogue.live import LIVE
from siapa.catalogue.measures import Grade, grade_of, index_of, is_met, sample_needed, share_of
from siapa.catalogue.page import PER_PAGE, Page
from siapa.catalogue.views import AgencyRef, PlaceRef, Source
from siapa.extensions import db
from siapa.records import (
    Agency,
    Edition,
    Location,
    Region,
    SatisfactionResult,
    ServicePerformance,
    Standard,
    SurveyWay,
)

#: Periods that a page shows; the API has all of them.
MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class StandardRef:
    """A standard as it is named beside a result."""

    id: uuid.UUID
    slug: str
    title: str
    title_en: str | None


@dataclass(frozen=True, slots=True)
class PerformanceView:
    """What was measured of a standard in one period; None is not reported, and no result follows from it."""

    id: uuid.UUID
    standard: StandardRef
    agency: AgencyRef
    from_on: date
    until_on: date
    #: 1 for the first entry of the period, more for corrections.
    number: int
    is_current: bool
    applications: int | None
    within_promise: int | None
    target_percent: float | None
    median_days: float | None
    #: Within the promise, of all applications: in percent with two decimals.
    percent_within: float | None
    #: Whether the target was reached.
    is_met: bool | None
    note: str | None
    reported_at: datetime
    source: Source


@dataclass(frozen=True, slots=True)
class SatisfactionView:
    """The result of a survey (SKM) of an agency, maybe at one place or of one standard only."""

    id: uuid.UUID
    agency: AgencyRef
    place: PlaceRef | None
    standard: StandardRef | None
    way: SurveyWay
    from_on: date
    until_on: date
    number: int
    is_current: bool
    respondents: int
    population: int | None
    #: How many should have answered for so many served; for any number where that is not known.
    sample_needed: int
    element_means: tuple[float, ...]
    index: float
    grade: Grade
    note: str | None
    reported_at: datetime
    source: Source

    @property
    def is_sample_enough(self) -> bool:
        """Whether as many answered as the regulation wants."""
        return self.respondents >= self.sample_needed


def performance_of_standard(standard_id: uuid.UUID, *, most: int = MOST_SHOWN) -> tuple[PerformanceView, ...]:
    """What was reported of a standard, the newest period first, corrections before what they correct."""
    return tuple(_performances(_measured().where(ServicePerformance.standard_id == standard_id).limit(most)))


def performance_of_agency(agency_id: uuid.UUID) -> tuple[PerformanceView, ...]:
    """The newest period of each standard in force of an agency that reports, by title."""
    rows = _performances(_measured().where(Standard.agency_id == agency_id, _is_newest_measured()))
    newest: dict[uuid.UUID, PerformanceView] = {}
    for row in rows:
        newest.setdefault(row.standard.id, row)
    return tuple(sorted(newest.values(), key=lambda one: (one.standard.title, one.standard.id)))


def performances(
    *,
    standard_id: uuid.UUID | None = None,
    agency: str | None = None,
    is_current: bool = False,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Page[PerformanceView]:
    """What was reported: of a standard, of an agency by its slug, with or without what was corrected."""
    query = _measured()
    if standard_id:
        query = query.where(ServicePerformance.standard_id == standard_id)
    if agency:
        query = query.where(Agency.slug == agency)
    if is_current:
        query = query.where(_is_newest_measured())
    total = _count(query)
    part = query.limit(per_page).offset((page - 1) * per_page)
    return Page(total, page, per_page, tuple(_performances(part)))


def satisfaction_of(
    *,
    agency_id: uuid.UUID | None = None,
    location_id: uuid.UUID | None = None,
    standard_id: uuid.UUID | None = None,
    most: int = MOST_SHOWN,
) -> tuple[SatisfactionView, ...]:
    """The surveys of an agency as a whole or in its parts, at a place, or of a standard; newest first."""
    query = _surveyed()
    for column, value in (
        (SatisfactionResult.agency_id, agency_id),
        (SatisfactionResult.location_id, location_id),
        (SatisfactionResult.standard_id, standard_id),
    ):
        if value is not None:
            query = query.where(column == value)
    return tuple(_surveys(query.limit(most)))


def surveys(
    *,
    agency: str | None = None,
    mall: str | None = None,
    standard_id: uuid.UUID | None = None,
    is_current: bool = False,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Page[SatisfactionView]:
    """The surveys of an agency (its slug), at a place (its slug), of a standard."""
    query = _surveyed()
    if agency:
        query = query.where(Agency.slug == agency)
    if mall:
        query = query.join(Location, Location.id == SatisfactionResult.location_id).where(
            Location.slug == mall
        )
    if standard_id:
        query = query.where(SatisfactionResult.standard_id == standard_id)
    if is_current:
        query = query.where(SatisfactionResult.id.not_in(_superseded_surveys()))
    part = query.limit(per_page).offset((page - 1) * per_page)
    return Page(_count(query), page, per_page, tuple(_surveys(part)))


def _count(query: sa.Select[Any]) -> int:
    plain = query.options().order_by(None).with_only_columns(sa.literal(1))
    return db.session.scalar(sa.select(sa.func.count()).select_from(plain.subquery())) or 0


def _measured() -> sa.Select[Any]:
    """Entries of standards in force; of others the promise is no more."""
    in_force = sa.exists().where(Edition.standard_id == ServicePerformance.standard_id, LIVE)
    return (
        sa.select(ServicePerformance)
        .join(Standard, Standard.id == ServicePerformance.standard_id)
        .join(Agency, Agency.id == Standard.agency_id)
        .where(in_force)
        .options(
            joinedload(ServicePerformance.standard).joinedload(Standard.agency),
            joinedload(ServicePerformance.standard).selectinload(Standard.editions),
        )
        .order_by(
            ServicePerformance.until_on.desc(), ServicePerformance.from_on.desc(),
            ServicePerformance.standard_id, ServicePerformance.number.desc(),
        )
    )  # fmt: skip


def _surveyed() -> sa.Select[Any]:
    return (
        sa.select(SatisfactionResult)
        .join(Agency, Agency.id == SatisfactionResult.agency_id)
        .options(
            joinedload(SatisfactionResult.agency),
            joinedload(SatisfactionResult.location).joinedload(Location.region).joinedload(Region.parent),
            joinedload(SatisfactionResult.standard).selectinload(Standard.editions),
        )
        .order_by(
            SatisfactionResult.until_on.desc(), SatisfactionResult.from_on.desc(),
            SatisfactionResult.agency_id, SatisfactionResult.location_id, SatisfactionResult.standard_id,
            SatisfactionResult.way, SatisfactionResult.number.desc(),
        )
    )  # fmt: skip


def _is_newest_measured() -> sa.ColumnElement[bool]:
    later = sa.orm.aliased(ServicePerformance)
    return ~sa.exists().where(
        later.standard_id == ServicePerformance.standard_id,
        later.from_on == ServicePerformance.from_on,
        later.until_on == ServicePerformance.until_on,
        later.number > ServicePerformance.number,
    )


def _superseded_measured() -> sa.Select[uuid.UUID]:
    return sa.select(ServicePerformance.id).where(~_is_newest_measured())


def _superseded_surveys() -> sa.Select[uuid.UUID]:
    """The entries that a later one of the same unit, way and period corrects."""
    earlier, later = sa.orm.aliased(SatisfactionResult), sa.orm.aliased(SatisfactionResult)
    same = (
        getattr(later, name).is_not_distinct_from(getattr(earlier, name))
        for name in ("agency_id", "location_id", "standard_id", "way", "from_on", "until_on")
    )
    return sa.select(earlier.id).join(later, sa.and_(*same, later.number > earlier.number))


def _performances(query: sa.Select[Any]) -> Iterator[PerformanceView]:
    rows: list[ServicePerformance] = list(db.session.scalars(query).unique())
    corrected = _among(rows, _superseded_measured())
    for row in rows:
        share = share_of(row.within_promise, row.applications)
        yield PerformanceView(
            row.id, _standard_ref(row.standard), making.agency_ref(row.standard.agency), row.from_on,
            row.until_on, row.number, row.id not in corrected, row.applications, row.within_promise,
            row.target_percent, row.median_days, None if share is None else float(share * 100),
            is_met(share, row.target_percent), row.note, row.created_at, making.source_of(row),
        )  # fmt: skip


def _surveys(query: sa.Select[Any]) -> Iterator[SatisfactionView]:
    rows: list[SatisfactionResult] = list(db.session.scalars(query).unique())
    corrected = _among(rows, _superseded_surveys())
    for row in rows:
        index, place, standard = index_of(row.element_means), row.location, row.standard
        yield SatisfactionView(
            row.id, making.agency_ref(row.agency),
            making.place_ref(place, place.region) if place else None,
            _standard_ref(standard) if standard else None, row.way, row.from_on, row.until_on, row.number,
            row.id not in corrected, row.respondents, row.population, sample_needed(row.population),
            tuple(row.element_means), float(index), grade_of(index), row.note, row.created_at,
            making.source_of(row),
        )  # fmt: skip


def _among(rows: Iterable[Any], query: sa.Select[uuid.UUID]) -> set[uuid.UUID]:
    """Those of ``rows`` whose ids ``query`` finds."""
    ids = [row.id for row in rows]
    return set(db.session.scalars(query.where(query.selected_columns[0].in_(ids)))) if ids else set()


def _standard_ref(row: Standard) -> StandardRef:
    edition = row.live or row.editions[-1]
    return StandardRef(row.id, row.slug, edition.title, edition.title_en)

"""The kept figures as the public reads them: never counted while somebody waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from siapa.catalogue.figures import Figures
from siapa.catalogue.log import last_number
from siapa.catalogue.making import region_ref, service_ref
from siapa.catalogue.page import PER_PAGE, Page
from siapa.catalogue.views import RegionRef, ServiceRef
from siapa.document.standard_document import COMPONENTS
from siapa.errors import NotFound, Unavailable
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import (
    Change,
    Figure,
    FigureScope,
    FigureState,
    Movement,
    MovementKind,
    Region,
    RegionLevel,
    Service,
    ServiceStatus,
)

#: Seconds after which to ask again where nothing was made yet.
SOON = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """As of when figures are: nothing that became public later stands in them."""

    change_number: int
    #: When that change became public; null in an empty registry.
    changed_at: datetime | None
    #: The day as of which a review is overdue.
    day: date
    made_at: datetime


@dataclass(frozen=True, slots=True)
class OfProvince:
    """The figures of one province; ``region`` None for standards of which no province is known."""

    region: RegionRef | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class OfService:
    """The figures of one national service; ``service`` None for standards that are linked to none."""

    service: ServiceRef | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class Moved:
    """What began and ended in one year or month; ``standing``: how many there were at its end."""

    period: str
    begun: int
    ended: int
    new: int
    standing: int


@dataclass(frozen=True, slots=True)
class Movements:
    """Malls by year and standards by month; malls of which no day of opening is known stand in no year."""

    malls: tuple[Moved, ...]
    malls_of_unknown_opening: int
    standards: tuple[Moved, ...]


_TOTAL = sa.func.coalesce(Figure.standards, 0)


def _largest(column: Any) -> tuple[Any, ...]:
    return column.desc().nulls_last(), Service.code


def _share(count: Any) -> sa.ColumnElement[Any]:
    return sa.cast(count, sa.Float) / sa.func.nullif(Figure.standards, 0)


#: How the figures of services may be sorted.
SORTS: dict[str, tuple[Any, ...]] = {
    "-standards": (_TOTAL.desc(), Service.code),
    "name": (Service.name, Service.code),
    "completeness": (_share(Figure.components).nulls_last(), Service.code),
    "-completeness": _largest(_share(Figure.components)),
    "-overdue": _largest(_share(Figure.overdue)),
    "-free": _largest(_share(Figure.free)),
    "-online": _largest(_share(Figure.online)),
    "fee": (Figure.fee_median.nulls_last(), Service.code),
    "-fee": _largest(Figure.fee_median),
    "time": (Figure.days_median.nulls_last(), Service.code),
    "-time": _largest(Figure.days_median),
}


def standing() -> Standing:
    """As of when the figures are; ``Unavailable`` before they were first made."""
    state = db.session.get(FigureState, 1, populate_existing=True)
    if state is None or state.change_number is None or state.day is None or state.made_at is None:
        message = _l("The figures have not been made yet. They will be here in a moment.")
        raise Unavailable(message, retry_after_seconds=SOON)
    at = db.session.scalar(sa.select(Change.at).where(Change.number == state.change_number))
    return Standing(state.change_number, at, state.day, state.made_at)


def behind() -> int:
    """How many changes of the log stand in no figure yet."""
    return last_number() - standing().change_number


def national() -> Figures:
    """All standards in force."""
    row = db.session.get(Figure, (FigureScope.ALL, ""), populate_existing=True)
    return _figures(row)


def of_provinces() -> tuple[OfProvince, ...]:
    """Every province by its code, also those without a standard; last what is in none, if there is any."""
    rows = {row.key: row for row in db.session.scalars(_of(FigureScope.PROVINCE))}
    regions = db.session.scalars(
        sa.select(Region).where(Region.level == RegionLevel.PROVINCE).order_by(Region.code)
    )
    found = [OfProvince(region_ref(region), _figures(rows.get(region.code))) for region in regions]
    return (*found, *([OfProvince(None, _figures(rows[""]))] if "" in rows else []))


def of_province(code: str) -> OfProvince:
    """One province; ``NotFound`` for a code that is none of a province."""
    region = db.session.get(Region, code)
    if region is None or region.level is not RegionLevel.PROVINCE:
        raise NotFound(_l("There is no province with this code."))
    row = db.session.get(Figure, (FigureScope.PROVINCE, code), populate_existing=True)
    return OfProvince(region_ref(region), _figures(row))


def of_services(*, sort: str = "-standards", page: int = 1, per_page: int = PER_PAGE) -> Page[OfService]:
    """The active services and those with standards, also active ones without any.

    Last of all, with ``service`` None, stand the standards that are linked to no service.
    """
    stray = db.session.get(Figure, (FigureScope.SERVICE, ""), populate_existing=True)
    shown = (Service.status == ServiceStatus.ACTIVE) | Figure.key.is_not(None)
    joined = (Figure.scope == FigureScope.SERVICE) & (Figure.key == Service.code)
    query = sa.select(Service, Figure).outerjoin(Figure, joined).where(shown)
    held = db.session.scalar(query.with_only_columns(sa.func.count())) or 0
    rows = db.session.execute(
        query.order_by(*SORTS[sort]).limit(per_page).offset((page - 1) * per_page)
    ).all()
    found = [OfService(service_ref(service), _figures(row)) for service, row in rows]
    total = held + (stray is not None)
    if stray is not None and (page - 1) * per_page <= held < page * per_page:
        found.append(OfService(None, _figures(stray)))
    return Page(total, page, per_page, tuple(found))


def of_service(code: str) -> OfService:
    """One service; ``NotFound``."""
    service = db.session.scalar(sa.select(Service).where(Service.code == code))
    if service is None:
        raise NotFound(_l("There is no service with this code."))
    row = db.session.get(Figure, (FigureScope.SERVICE, code), populate_existing=True)
    return OfService(service_ref(service), _figures(row))


def through_time() -> Movements:
    """Malls by year and standards by month, from the first of which anything is known to the last."""
    rows = db.session.scalars(sa.select(Movement).order_by(Movement.period)).all()
    malls = [row for row in rows if row.kind is MovementKind.MALL]
    return Movements(
        _cumulated(malls),
        sum(row.begun for row in malls if not row.period),
        _cumulated([row for row in rows if row.kind is MovementKind.STANDARD]),
    )


def _cumulated(rows: list[Movement]) -> tuple[Moved, ...]:
    found = []
    held = 0
    for row in rows:
        if row.period:
            held += row.begun - row.ended
            found.append(Moved(row.period, row.begun, row.ended, row.new, held))
    return tuple(found)


def _of(scope: FigureScope) -> sa.Select[Figure]:
    return sa.select(Figure).where(Figure.scope == scope).execution_options(populate_existing=True)


def _figures(row: Figure | None) -> Figures:
    if row is None:
        return Figures()
    return Figures(
        standard_count=row.standards,
        completeness=round(row.components / (len(COMPONENTS) * row.standards), 4),
        complete_count=row.complete,
        overdue_count=row.overdue,
        free_count=row.free,
        online_count=row.online,
        fee_count=row.with_fee,
        fee_median_idr=row.fee_median,
        paid_count=row.paid,
        paid_fee_median_idr=row.paid_median,
        time_count=row.with_time,
        days_median=row.days_median,
    )

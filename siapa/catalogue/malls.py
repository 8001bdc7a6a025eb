"""Malls and other places as the public reads them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from siapa.catalogue import making, sums
from siapa.catalogue.cards import cards
from siapa.catalogue.closing import closed_days
from siapa.catalogue.counting import counts
from siapa.catalogue.distance import distance_km
from siapa.catalogue.keeping import look
from siapa.catalogue.live import LIVE, OPEN_PLACE, in_region
from siapa.catalogue.page import PER_PAGE, Page, slice_of
from siapa.catalogue.standards import SORTS as STANDARD_SORTS
from siapa.catalogue.standards import Order
from siapa.catalogue.views import (
    ClosureView,
    MallCard,
    MallOffering,
    MallsOfProvince,
    MallView,
    RegionRef,
)
from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import (
    HOME_ZONE,
    Closure,
    Counter,
    Edition,
    FormerSlug,
    Location,
    LocationKind,
    Offering,
    Region,
    now,
)

Point = tuple[float, float]

#: How lists of places may be sorted.
SORTS: dict[str, tuple[Order, ...]] = {
    "region": (Location.region_code, Location.name, Location.id),
    "name": (Location.name, Location.id),
    "-name": (Location.name.desc(), Location.id),
    "-opened_on": (Location.opened_on.is_(None), Location.opened_on.desc(), Location.name, Location.id),
    "-modified_at": (Location.modified_at.desc(), Location.id),
}


def malls(
    *,
    region: str | None = None,
    near: Point | None = None,
    modified_since: datetime | None = None,
    page: int = 1,
    per_page: int = PER_PAGE,
    at: datetime | None = None,
) -> Page[MallCard]:
    """The malls; see ``locations``."""
    return locations(
        kind=LocationKind.MALL,
        region=region,
        near=near,
        modified_since=modified_since,
        page=page,
        per_page=per_page,
        at=at,
    )


def malls_by_province() -> tuple[MallsOfProvince, ...]:
    """How many open malls each province has and about where they lie; those without any are left out."""
    code = sa.func.substr(Location.region_code, 1, 2)
    found = sa.select(
        code.label("code"), sa.func.count().label("malls"),
        sa.func.avg(Location.latitude).label("latitude"), sa.func.avg(Location.longitude).label("longitude"),
    ).where(OPEN_PLACE, Location.kind == LocationKind.MALL).group_by(code).subquery()  # fmt: skip
    rows = db.session.execute(
        sa.select(Region, found.c.malls, found.c.latitude, found.c.longitude)
        .join(found, found.c.code == Region.code)
        .order_by(Region.code)
    )
    return tuple(
        MallsOfProvince(making.region_ref(region), malls, latitude, longitude)
        for region, malls, latitude, longitude in rows
    )


def locations(
    *,
    kind: LocationKind | None = None,
    region: str | None = None,
    near: Point | None = None,
    modified_since: datetime | None = None,
    sort: str = "region",
    page: int = 1,
    per_page: int = PER_PAGE,
    at: datetime | None = None,
) -> Page[MallCard]:
    """Open places; the nearest first where ``near`` (degrees) is given, whatever ``sort`` says."""
    query = _whole().where(OPEN_PLACE)
    if kind:
        query = query.where(Location.kind == kind)
    if region:
        query = query.where(in_region(Location.region_code, region))
    if modified_since:
        query = query.where(Location.modified_at >= modified_since)
    if near is not None:
        # A place without a point has no distance and comes last.
        rows = sorted(db.session.scalars(query), key=lambda row: _nearness(row, near))
        part = slice_of(rows, page=page, per_page=per_page)
        return Page(part.total, page, per_page, tuple(_cards(part.results, near, at or now())))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.options().subquery())) or 0
    ordered = query.order_by(*SORTS[sort])
    found = db.session.scalars(ordered.limit(per_page).offset((page - 1) * per_page)).all()
    return Page(total, page, per_page, tuple(_cards(found, None, at or now())))


def mall_cards(
    ids: Sequence[uuid.UUID], *, near: Point | None = None, at: datetime | None = None
) -> dict[uuid.UUID, MallCard]:
    """The places by id; with their distance from ``near`` (degrees)."""
    rows = db.session.scalars(_whole().where(Location.id.in_(ids))).all()
    return {card.place.id: card for card in _cards(rows, near, at or now())}


def mall(slug: str, *, at: datetime | None = None) -> MallView:
    """The place at its address; ``NotFound`` with ``moved_to`` (the present slug) for a former one."""
    moment = at or now()
    row = db.session.scalar(
        _whole()
        .where(Location.slug == slug)
        .options(
            joinedload(Location.agency),
            selectinload(Location.counters).joinedload(Counter.agency),
            selectinload(Location.counters).selectinload(Counter.hours),
        )
    )
    if row is None:
        raise _absent(slug)
    today = moment.astimezone(ZoneInfo(row.region.timezone if row.region else HOME_ZONE)).date()
    closures = db.session.scalars(
        sa.select(Closure)
        .where(Closure.location_id == row.id, Closure.until_on >= today)
        .order_by(Closure.from_on, Closure.until_on, Closure.id)
    )
    names: dict[uuid.UUID | None, str] = {counter.id: counter.name for counter in row.counters}
    return MallView(
        card=_cards([row], None, moment)[0],
        agency=making.agency_ref(row.agency) if row.agency else None,
        website=row.website,
        phone=row.phone,
        facilities=tuple(row.facilities),
        counters=tuple(making.counter_view(counter, row, moment) for counter in row.counters),
        offerings=tuple(_offerings(_offered(row.id).order_by(*STANDARD_SORTS["name"]))),
        closures=tuple(
            ClosureView(c.from_on, c.until_on, c.reason, c.reason_en, c.counter_id, names.get(c.counter_id))
            for c in closures
        ),
        hours=making.week_of(row.hours),
        source=making.source_of(row),
        closed_on=row.closed_on,
    )


def mall_offerings(
    slug: str,
    *,
    modified_since: datetime | None = None,
    sort: str = "name",
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Page[MallOffering]:
    """What is had at a place; raises as ``mall`` does.

    ``modified_since`` takes in what is offered otherwise since, and what got another edition.
    """
    place_id = db.session.scalar(sa.select(Location.id).where(Location.slug == slug))
    if place_id is None:
        raise _absent(slug)
    rows = _offered(place_id)
    if modified_since:
        rows = rows.where(
            sa.or_(Offering.modified_at >= modified_since, Edition.published_at >= modified_since)
        )
    total = db.session.scalar(rows.with_only_columns(sa.func.count())) or 0
    ordered = rows.order_by(*STANDARD_SORTS[sort]).limit(per_page).offset((page - 1) * per_page)
    return Page(total, page, per_page, tuple(_offerings(ordered)))


def _absent(slug: str) -> NotFound:
    """That there is no such place, or where it stands now."""
    former = db.session.get(FormerSlug, ("location", slug))
    present = former and db.session.scalar(sa.select(Location.slug).where(Location.id == former.subject_id))
    return NotFound(_l("There is no such place."), moved_to=(present,) if present else None)


def _whole() -> sa.Select[Location]:
    return sa.select(Location).options(
        joinedload(Location.region).joinedload(Region.parent), selectinload(Location.hours)
    )


def _away(row: Location, near: Point) -> float | None:
    if row.latitude is None or row.longitude is None:
        return None
    return distance_km(*near, row.latitude, row.longitude)


def _nearness(row: Location, near: Point) -> tuple[bool, float, str]:
    away = _away(row, near)
    return away is None, away or 0.0, row.name


def _cards(rows: Sequence[Location], near: Point | None, at: datetime) -> list[MallCard]:
    ids = [row.id for row in rows]
    counters = counts(
        sa.select(Counter.location_id, sa.func.count())
        .where(Counter.location_id.in_(ids))
        .group_by(Counter.location_id)
    )
    services = sums.of_places(look(), ids)
    closed_days(ids)  # all at once: each card asks for its own
    return [
        MallCard(
            place=making.place_ref(row, row.region),
            province=_province(row.region),
            address=row.address,
            opened_on=row.opened_on,
            counters=counters.get(row.id, 0),
            services=services.get(row.id, 0),
            reported_agencies=row.reported_agencies,
            reported_services=row.reported_services,
            opening=making.opening_of(row, None, at),
            hours_note=row.hours_note,
            distance_km=_away(row, near) if near else None,
            confidence=row.confidence,
            modified_at=row.modified_at,
        )
        for row in rows
    ]


def _province(region: Region | None) -> RegionRef | None:
    if region is None:
        return None
    return making.region_ref(region.parent or region)


def _offered(location_id: uuid.UUID) -> sa.Select[Any, Any, Any, Any, Any]:
    """The live standards that are had at a place, with what holds only there."""
    columns: tuple[Any, ...] = (
        Offering.standard_id, Offering.counter_id, Offering.limits, Offering.limits_en, Offering.booking_url,
    )  # fmt: skip
    return (
        sa.select(*columns)
        .join(Edition, Edition.standard_id == Offering.standard_id)
        .where(LIVE, Offering.location_id == location_id)
    )


def _offerings(query: sa.Select[Any, Any, Any, Any, Any]) -> list[MallOffering]:
    rows = db.session.execute(query).all()
    known = cards(row[0] for row in rows)
    return [MallOffering(known[standard], *only_here) for standard, *only_here in rows if standard in known]

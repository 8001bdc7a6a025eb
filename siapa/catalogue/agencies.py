"""Agencies as the public reads them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from siapa.catalogue import making, sums
from siapa.catalogue.cards import cards_in_order
from siapa.catalogue.keeping import look
from siapa.catalogue.live import LIVE, OPEN_PLACE, in_region
from siapa.catalogue.page import PER_PAGE, Page
from siapa.catalogue.standards import SORTS as STANDARD_SORTS
from siapa.catalogue.standards import Order
from siapa.catalogue.succession import events_of
from siapa.catalogue.views import AgencyCard, AgencyRef, AgencyView, CounterView, PlaceRef, StandardCard
from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import Agency, Counter, Edition, FormerSlug, Location, Standard, now

#: How lists of agencies may be sorted.
SORTS: dict[str, tuple[Order, ...]] = {
    "name": (Agency.name, Agency.id),
    "-name": (Agency.name.desc(), Agency.id),
    "-modified_at": (Agency.modified_at.desc(), Agency.id),
}


def agencies(
    *,
    kind: str | None = None,
    region: str | None = None,
    initial: str | None = None,
    modified_since: datetime | None = None,
    sort: str = "name",
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Page[AgencyCard]:
    """Agencies; ``region`` takes in all below it, ``initial`` is the first letter of the name."""
    conditions: list[sa.ColumnElement[bool]] = []
    if kind:
        conditions.append(Agency.kind == kind)
    if region:
        conditions.append(in_region(Agency.region_code, region))
    if initial:
        conditions.append(sa.func.lower(Agency.name).startswith(initial.lower(), autoescape=True))
    if modified_since:
        conditions.append(Agency.modified_at >= modified_since)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Agency).where(*conditions)) or 0
    rows = db.session.scalars(
        _whole().where(*conditions).order_by(*SORTS[sort]).limit(per_page).offset((page - 1) * per_page)
    ).all()
    return Page(total, page, per_page, tuple(_cards(rows)))


def agency(slug: str, *, at: datetime | None = None) -> AgencyView:
    """The agency at its address; ``NotFound`` with ``moved_to`` (the present slug) for a former one."""
    row = db.session.scalar(_whole().where(Agency.slug == slug))
    if row is None:
        former = db.session.get(FormerSlug, ("agency", slug))
        present = former and db.session.scalar(sa.select(Agency.slug).where(Agency.id == former.subject_id))
        raise NotFound(_l("There is no such agency."), moved_to=(present,) if present else None)
    successor = db.session.get(Agency, row.succeeded_by_id) if row.succeeded_by_id else None
    units = db.session.scalars(_whole().where(Agency.parent_id == row.id).order_by(Agency.name)).all()
    return AgencyView(
        card=_cards([row])[0],
        address=row.address,
        website=row.website,
        phone=row.phone,
        email=row.email,
        succeeded_by=making.agency_ref(successor) if successor else None,
        events=events_of(row.id),
        ancestors=_ancestors(row),
        units=tuple(_cards(units)),
        standards=tuple(_standards_of(row.id)),
        counters=_counters(row.id, at or now()),
        source=making.source_of(row),
    )


def _whole() -> sa.Select[Agency]:
    return sa.select(Agency).options(joinedload(Agency.region), joinedload(Agency.parent))


def _cards(rows: Iterable[Agency]) -> list[AgencyCard]:
    known = list(rows)
    held = sums.of_agencies(look(), (row.id for row in known))
    return [
        AgencyCard(
            id=row.id,
            slug=row.slug,
            name=row.name,
            name_en=row.name_en,
            short_name=row.short_name,
            kind=row.kind,
            region=making.region_ref(row.region) if row.region else None,
            parent=making.agency_ref(row.parent) if row.parent else None,
            standards=held.get(row.id, 0),
            modified_at=row.modified_at,
        )
        for row in known
    ]


def _ancestors(row: Agency) -> tuple[AgencyRef, ...]:
    chain: list[AgencyRef] = []
    above = row.parent
    while above is not None:
        chain.append(making.agency_ref(above))
        above = above.parent
    return tuple(reversed(chain))


def _standards_of(agency_id: uuid.UUID) -> list[StandardCard]:
    ids = (
        sa.select(Edition.standard_id)
        .join(Standard, Standard.id == Edition.standard_id)
        .where(LIVE, Standard.agency_id == agency_id)
        .order_by(*STANDARD_SORTS["name"])
    )
    return cards_in_order(db.session.scalars(ids))


def _counters(agency_id: uuid.UUID, at: datetime) -> tuple[tuple[PlaceRef, CounterView], ...]:
    rows = db.session.scalars(
        sa.select(Counter)
        .join(Location, Location.id == Counter.location_id)
        .where(Counter.agency_id == agency_id, OPEN_PLACE)
        .options(
            joinedload(Counter.location).joinedload(Location.region),
            joinedload(Counter.location).selectinload(Location.hours),
            joinedload(Counter.agency),
            selectinload(Counter.hours),
        )
        .order_by(Location.region_code, Location.name)
    )
    return tuple(
        (making.place_ref(row.location, row.location.region), making.counter_view(row, row.location, at))
        for row in rows
    )

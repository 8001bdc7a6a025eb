"""The national services as the public reads them, with what their providers promise in sum."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from siapa.catalogue import making
from siapa.catalogue.counting import counts
from siapa.catalogue.live import ACTIVE, LIVE, OPEN_PLACE
from siapa.catalogue.page import PER_PAGE, Page
from siapa.catalogue.standards import SORTS as STANDARD_SORTS
from siapa.catalogue.standards import Order, cards_of, live_rows
from siapa.catalogue.views import CategoryRef, ServiceCard, ServiceView, StandardCard
from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.records import (
    Category,
    Edition,
    FormerSlug,
    LifeEvent,
    Location,
    Offering,
    Service,
    ServiceAlias,
    Standard,
    service_life_event,
)

#: How lists of services may be sorted.
SORTS: dict[str, tuple[Order, ...]] = {
    "name": (Service.name, Service.code),
    "-name": (Service.name.desc(), Service.code),
    "code": (Service.code,),
    "-modified_at": (Service.modified_at.desc(), Service.code),
}


@dataclass(frozen=True, slots=True)
class _Sum:
    """What the live standards of one service promise together."""

    standards: int = 0
    free_standards: int = 0
    fee_min_idr: int | None = None
    fee_max_idr: int | None = None
    days_min: int | None = None
    days_max: int | None = None


def categories() -> tuple[CategoryRef, ...]:
    """The subjects, in their order, with how many services each holds."""
    held = counts(
        sa.select(Service.category_code, sa.func.count()).where(ACTIVE).group_by(Service.category_code)
    )
    rows = db.session.scalars(sa.select(Category).order_by(Category.position, Category.code))
    return tuple(making.category_ref(row, held.get(row.code, 0)) for row in rows)


def life_events() -> tuple[CategoryRef, ...]:
    """The life events, in their order, with how many services each brings."""
    held = counts(
        sa.select(service_life_event.c.life_event_code, sa.func.count())
        .join(Service, Service.id == service_life_event.c.service_id)
        .where(ACTIVE)
        .group_by(service_life_event.c.life_event_code)
    )
    rows = db.session.scalars(sa.select(LifeEvent).order_by(LifeEvent.position, LifeEvent.code))
    return tuple(making.category_ref(row, held.get(row.code, 0)) for row in rows)


def services(
    *,
    category: str | None = None,
    life_event: str | None = None,
    modified_since: datetime | None = None,
    sort: str = "name",
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Page[ServiceCard]:
    """The services in use."""
    conditions: list[sa.ColumnElement[bool]] = [ACTIVE]
    if category:
        conditions.append(Service.category_code == category)
    if life_event:
        conditions.append(Service.life_events.any(LifeEvent.code == life_event))
    if modified_since:
        conditions.append(Service.modified_at >= modified_since)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Service).where(*conditions)) or 0
    rows = db.session.scalars(
        sa.select(Service)
        .where(*conditions)
        .options(joinedload(Service.category))
        .order_by(*SORTS[sort])
        .limit(per_page)
        .offset((page - 1) * per_page)
    ).all()
    return Page(total, page, per_page, tuple(_cards(rows)))


def service_cards(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, ServiceCard]:
    """The services in use among ``ids``."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    rows = db.session.scalars(
        sa.select(Service).where(ACTIVE, Service.id.in_(wanted)).options(joinedload(Service.category))
    ).all()
    return {card.id: card for card in _cards(rows)}


def popular_services(limit: int) -> tuple[ServiceCard, ...]:
    """A fair guess at what is wanted until visits are counted.

    Of each category in turn the service that most places offer; among equals the one
    that people have most words for.
    """
    places = sa.select(sa.func.count(sa.distinct(Offering.location_id))).select_from(Standard)
    places = places.join(Edition, Edition.standard_id == Standard.id).join(Offering)
    places = places.where(LIVE, Standard.service_id == Service.id)
    words = sa.select(sa.func.count()).where(ServiceAlias.service_id == Service.id)
    rank = sa.func.row_number().over(
        partition_by=Service.category_code,
        order_by=(places.scalar_subquery().desc(), words.scalar_subquery().desc(), Service.code),
    )
    ranked = sa.select(
        Service.id, rank.label("rank"), places.scalar_subquery().label("places"), Service.code
    ).where(ACTIVE)
    column = ranked.subquery().c
    ids = db.session.scalars(
        sa.select(column.id).order_by(column.rank, column.places.desc(), column.code).limit(limit)
    ).all()
    found = service_cards(ids)
    return tuple(found[i] for i in ids if i in found)


def service(code: str) -> ServiceView:
    """The service with ``code``; ``NotFound`` also for a retired one."""
    return _view(Service.code == code, _l("There is no service with this code."))


def service_by_slug(slug: str) -> ServiceView:
    """The service at its address; ``NotFound`` with ``moved_to`` (the present slug) for a former one."""
    former = db.session.get(FormerSlug, ("service", slug))
    if former is not None:
        present = db.session.scalar(sa.select(Service.slug).where(Service.id == former.subject_id))
        if present is not None and present != slug:
            raise NotFound(_l("There is no such service."), moved_to=(present,))
    return _view(Service.slug == slug, _l("There is no such service."))


def _view(condition: sa.ColumnElement[bool], absent: Words) -> ServiceView:
    row = db.session.scalar(
        sa.select(Service)
        .where(condition, ACTIVE)
        .options(
            joinedload(Service.category), selectinload(Service.aliases), selectinload(Service.life_events)
        )
    )
    if row is None:
        raise NotFound(absent)
    return ServiceView(
        card=_cards([row])[0],
        aliases=tuple(alias.text for alias in row.aliases if alias.locale == "id"),
        aliases_en=tuple(alias.text for alias in row.aliases if alias.locale == "en"),
        life_events=tuple(making.category_ref(event) for event in row.life_events),
        outline=row.outline,
        sourced_components=tuple(row.sourced_components),
        source=making.source_of(row),
        standards=tuple(_standards_of(row.id)),
    )


def _standards_of(service_id: uuid.UUID) -> list[StandardCard]:
    rows = live_rows().where(Standard.service_id == service_id).order_by(*STANDARD_SORTS["name"])
    return cards_of(db.session.execute(rows).all())


def _cards(rows: Iterable[Service]) -> list[ServiceCard]:
    known = list(rows)
    ids = [row.id for row in known]
    sums = _sums(ids)
    places = _places(ids)
    cards = []
    for row in known:
        together = sums.get(row.id, _Sum())
        cards.append(
            ServiceCard(
                id=row.id,
                code=row.code,
                slug=row.slug,
                name=row.name,
                name_en=row.name_en,
                summary=row.summary,
                summary_en=row.summary_en,
                category=making.category_ref(row.category),
                agency_kind=row.agency_kind,
                national_agency=row.national_agency,
                standards=together.standards,
                places=places.get(row.id, 0),
                fee_min_idr=together.fee_min_idr,
                fee_max_idr=together.fee_max_idr,
                days_min=together.days_min,
                days_max=together.days_max,
                free_standards=together.free_standards,
            )
        )
    return cards


def _sums(ids: list[uuid.UUID]) -> dict[uuid.UUID, _Sum]:
    is_open_ended = sa.case((Edition.fee_min_idr.isnot(None) & Edition.fee_max_idr.is_(None), 1), else_=0)
    rows = db.session.execute(
        sa.select(
            Standard.service_id,
            sa.func.count(),
            sa.func.sum(sa.case((Edition.is_free, 1), else_=0)),
            sa.func.min(Edition.fee_min_idr),
            # A fee with an open upper end leaves that of the whole open.
            sa.case((sa.func.sum(is_open_ended) == 0, sa.func.max(Edition.fee_max_idr))),
            sa.func.min(Edition.days_min),
            sa.func.max(Edition.days_max),
        )
        .join(Edition, Edition.standard_id == Standard.id)
        .where(LIVE, Standard.service_id.in_(ids))
        .group_by(Standard.service_id)
    )
    return {row[0]: _Sum(*row[1:]) for row in rows}


def _places(ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = db.session.execute(
        sa.select(Standard.service_id, sa.func.count(sa.distinct(Offering.location_id)))
        .join(Edition, Edition.standard_id == Standard.id)
        .join(Offering, Offering.standard_id == Standard.id)
        .join(Location, Location.id == Offering.location_id)
        .where(LIVE, OPEN_PLACE, Standard.service_id.in_(ids))
        .group_by(Standard.service_id)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}

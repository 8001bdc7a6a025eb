"""The national services as the public reads them, with what their providers promise in sum."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from siapa.catalogue import making, sums
from siapa.catalogue.cards import cards_in_order
from siapa.catalogue.counting import counts
from siapa.catalogue.keeping import Kept, Look, look
from siapa.catalogue.live import ACTIVE, LIVE
from siapa.catalogue.page import PER_PAGE, Page
from siapa.catalogue.refs import read_all
from siapa.catalogue.standards import SORTS as STANDARD_SORTS
from siapa.catalogue.standards import Order
from siapa.catalogue.touching import MOVED, NAMES, PLACES, of
from siapa.catalogue.views import CategoryRef, ServiceCard, ServiceView, StandardCard
from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.records import (
    Category,
    Confidence,
    Edition,
    FormerSlug,
    LifeEvent,
    Service,
    ServiceAlias,
    ServiceStatus,
    Standard,
    service_life_event,
)

#: A service that took the place of another may itself have been replaced; more steps are a ring.
MOST_SUCCESSIONS = 20
#: How lists of services may be sorted.
SORTS: dict[str, tuple[Order, ...]] = {
    "name": (Service.name, Service.code),
    "-name": (Service.name.desc(), Service.code),
    "code": (Service.code,),
    "-modified_at": (Service.modified_at.desc(), Service.code),
}


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
    ids = db.session.scalars(
        sa.select(Service.id)
        .where(*conditions)
        .order_by(*SORTS[sort])
        .limit(per_page)
        .offset((page - 1) * per_page)
    ).all()
    found = service_cards(ids)
    return Page(total, page, per_page, tuple(found[one] for one in ids if one in found))


def kept_service_cards(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Kept[ServiceCard]]:
    """The services in use among ``ids``, as they are kept: a door may hang on what it makes of one."""
    seen = look()
    return seen.all("service cards", ids, lambda missing: _read(seen, missing))


def service_cards(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, ServiceCard]:
    """The services in use among ``ids``."""
    return {one: kept.value for one, kept in kept_service_cards(ids).items()}


def load() -> None:
    """Read the names of everything and the cards of all services: a server does so before it forks."""
    read_all(look())
    service_cards(db.session.scalars(sa.select(Service.id).where(ACTIVE)).all())


def weakest_confidences(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Confidence | None]:
    """The weakest confidence among the live standards of each service that has any, by the service's id."""
    found = sums.of_services(look(), ids)
    return {one: each.confidence for one, each in found.items() if each.standards}


def popular_services(limit: int) -> tuple[ServiceCard, ...]:
    """A fair guess at what is wanted until visits are counted.

    Of each category in turn the service that most places offer; among equals the one
    that people have most words for.
    """
    columns: tuple[Any, ...] = (Service.id, Service.category_code, Service.code)
    rows = db.session.execute(sa.select(*columns).where(ACTIVE)).all()
    places = {one: each.places for one, each in sums.of_services(look(), (row.id for row in rows)).items()}
    words = counts(sa.select(ServiceAlias.service_id, sa.func.count()).group_by(ServiceAlias.service_id))
    of_category: Counter[str] = Counter()
    ranked = []
    for row in sorted(rows, key=lambda row: (-places[row.id], -words.get(row.id, 0), row.code)):
        of_category[row.category_code] += 1
        ranked.append((of_category[row.category_code], -places[row.id], row.code, row.id))
    ids = [one for *_rank, one in sorted(ranked)[:limit]]
    found = service_cards(ids)
    return tuple(found[one] for one in ids if one in found)


def service(code: str) -> ServiceView:
    """The service with ``code``; ``NotFound`` also for a retired one, with ``moved_to`` (the code of
    what took its place) where something did."""
    absent = _l("There is no service with this code.")
    successor = _successor(Service.code == code)
    if successor is not None:
        raise NotFound(absent, moved_to=(successor.code,))
    return _view(Service.code == code, absent)


def service_by_slug(slug: str) -> ServiceView:
    """The service at its address; ``NotFound`` with ``moved_to`` (the present slug) for a former one,
    and for that of a service whose place another one took."""
    former = db.session.get(FormerSlug, ("service", slug))
    stands = Service.slug == slug if former is None else Service.id == former.subject_id
    successor = _successor(stands)
    present = successor.slug if successor else db.session.scalar(sa.select(Service.slug).where(stands))
    if present is not None and present != slug:
        raise NotFound(_l("There is no such service."), moved_to=(present,))
    return _view(Service.slug == slug, _l("There is no such service."))


def _successor(condition: sa.ColumnElement[bool]) -> Service | None:
    """What took the place of a retired service, over as many steps as it took; None where nothing did."""
    row = db.session.scalar(sa.select(Service).where(condition))
    for _step in range(MOST_SUCCESSIONS):
        if row is None or row.status is ServiceStatus.ACTIVE or row.replaced_by_id is None:
            break
        row = db.session.get(Service, row.replaced_by_id)
        if row is not None and row.status is ServiceStatus.ACTIVE:
            return row
    return None


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
        card=service_cards([row.id])[row.id],
        aliases=tuple(alias.text for alias in row.aliases if alias.locale == "id"),
        aliases_en=tuple(alias.text for alias in row.aliases if alias.locale == "en"),
        life_events=tuple(making.category_ref(event) for event in row.life_events),
        outline=row.outline,
        sourced_components=tuple(row.sourced_components),
        source=making.source_of(row),
        standards=tuple(_standards_of(row.id)),
    )


def _standards_of(service_id: uuid.UUID) -> list[StandardCard]:
    ids = (
        sa.select(Edition.standard_id)
        .join(Standard, Standard.id == Edition.standard_id)
        .where(LIVE, Standard.service_id == service_id)
        .order_by(*STANDARD_SORTS["name"])
    )
    return cards_in_order(db.session.scalars(ids))


def _read(seen: Look, ids: list[uuid.UUID]) -> dict[uuid.UUID, Kept[ServiceCard]]:
    columns: tuple[Any, ...] = (
        Service.id, Service.code, Service.slug, Service.name, Service.name_en, Service.summary,
        Service.summary_en, Category.code, Category.name, Category.name_en, Service.agency_kind,
        Service.national_agency,
    )  # fmt: skip
    rows = db.session.execute(sa.select(*columns).join(Category).where(ACTIVE, Service.id.in_(ids))).all()
    together = sums.of_services(seen, (row[0] for row in rows))
    found = {}
    for one, code, slug, name, name_en, summary, summary_en, *category, agency_kind, national in rows:
        each = together[one]
        card = ServiceCard(
            id=one,
            code=code,
            slug=slug,
            name=name,
            name_en=name_en,
            summary=summary,
            summary_en=summary_en,
            category=CategoryRef(*category),
            agency_kind=agency_kind,
            national_agency=national,
            standards=each.standards,
            places=each.places,
            fee_min_idr=each.fee_min_idr,
            fee_max_idr=each.fee_max_idr,
            days_min=each.days_min,
            days_max=each.days_max,
            free_standards=each.free_standards,
        )
        found[one] = Kept(card, frozenset((str(one), of(one), MOVED, PLACES, NAMES)))
    return found

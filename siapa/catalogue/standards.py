"""Standards as the public reads them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from siapa.catalogue import making, sums
from siapa.catalogue.cards import cards_in_order
from siapa.catalogue.closing import closed_days
from siapa.catalogue.live import LIVE, OPEN_PLACE, WAS_PUBLIC, in_region
from siapa.catalogue.page import PER_PAGE, Page
from siapa.catalogue.views import OfferingView, PlaceRef, StandardCard, StandardView
from siapa.document.standard_document import COMPONENTS
from siapa.errors import Gone, NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import (
    Agency,
    Counter,
    Edition,
    FormerSlug,
    Location,
    Offering,
    Service,
    Standard,
    State,
    now,
)

#: A column, or an expression of columns, by which a list is sorted.
Order = InstrumentedAttribute[Any] | sa.ColumnElement[Any]

#: How lists of standards may be sorted.
SORTS: dict[str, tuple[Order, ...]] = {
    "name": (Edition.title, Edition.standard_id),
    "-name": (Edition.title.desc(), Edition.standard_id.desc()),
    "-published_at": (Edition.published_at.desc(), Edition.standard_id.desc()),
    "fee": (Edition.fee_min_idr.nulls_last(), Edition.title, Edition.standard_id),
    "time": (Edition.days_max.nulls_last(), Edition.title, Edition.standard_id),
}
#: A list of so many is walked in its order until the page is full; a shorter one is gathered and sorted.
_MANY = 5_000


# Put together once: with all that is loaded along, that takes a quarter of the time of an answer.
_WHOLE = (
    joinedload(Standard.agency).joinedload(Agency.region),
    joinedload(Standard.service),
    selectinload(Standard.editions),
)
_BY_ID = sa.select(Standard).where(Standard.id == sa.bindparam("standard")).options(*_WHOLE)
_BY_SLUG = (
    sa.select(Standard)
    .join(Agency)
    .where(Agency.slug == sa.bindparam("agency"), Standard.slug == sa.bindparam("slug"))
    .options(*_WHOLE)
)
_OFFERED = (
    sa.select(Offering)
    .join(Location, Location.id == Offering.location_id)
    .where(Offering.standard_id == sa.bindparam("standard"), OPEN_PLACE)
    .options(
        joinedload(Offering.location).joinedload(Location.region),
        joinedload(Offering.location).selectinload(Location.hours),
        joinedload(Offering.counter).joinedload(Counter.agency),
        joinedload(Offering.counter).selectinload(Counter.hours),
    )
    .order_by(Location.region_code, Location.name)
)


def standards(
    *,
    agency: str | None = None,
    service: str | None = None,
    region: str | None = None,
    mall: str | None = None,
    category: str | None = None,
    modified_since: datetime | None = None,
    sort: str = "name",
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Page[StandardCard]:
    """Live standards by agency slug, service and category code, mall slug, region code (and all below it)."""
    owned = _owned(agency=agency, service=service, category=category)
    offered = _offered_at(region=region, mall=mall)
    found = sa.select(Edition.standard_id).where(LIVE)
    if modified_since:
        found = found.where(Edition.published_at >= modified_since)

    def among(*, is_many: bool) -> sa.Select[uuid.UUID]:
        return found.where(*(_is_among(ids, is_many=is_many) for ids in (owned, offered) if ids is not None))

    def count() -> int:
        return db.session.scalar(among(is_many=False).with_only_columns(sa.func.count())) or 0

    filters = (agency, service, region, mall, category)
    total = count() if modified_since else sums.total(filters, count)
    ordered = among(is_many=total > _MANY).order_by(*SORTS[sort])
    ids = db.session.scalars(ordered.limit(per_page).offset((page - 1) * per_page))
    return Page(total, page, per_page, tuple(cards_in_order(ids)))


def _is_among(ids: sa.Select[uuid.UUID], *, is_many: bool) -> sa.ColumnElement[bool]:
    """Whether the edition's standard is one of ``ids``: looked up for each, or all of them gathered first."""
    if is_many:
        return sa.exists(ids.where(ids.selected_columns[0] == Edition.standard_id).correlate(Edition))
    return Edition.standard_id.in_(ids)


def _owned(*, agency: str | None, service: str | None, category: str | None) -> sa.Select[uuid.UUID] | None:
    """The ids of the standards of an agency, for a service, under a subject; None for all."""
    conditions: list[sa.ColumnElement[bool]] = []
    if agency:
        conditions.append(Standard.agency_id.in_(sa.select(Agency.id).where(Agency.slug == agency)))
    if service:
        conditions.append(Standard.service_id.in_(sa.select(Service.id).where(Service.code == service)))
    if category:
        of_subject = sa.select(Service.id).where(Service.category_code == category)
        conditions.append(Standard.service_id.in_(of_subject))
    return sa.select(Standard.id).where(*conditions) if conditions else None


def _offered_at(*, region: str | None, mall: str | None) -> sa.Select[uuid.UUID] | None:
    """The ids of standards offered at open places in ``region`` or below it, or in ``mall``; None for all."""
    if not region and not mall:
        return None
    found = (
        sa.select(Offering.standard_id).join(Location, Location.id == Offering.location_id).where(OPEN_PLACE)
    )
    if region:
        found = found.where(in_region(Location.region_code, region))
    if mall:
        found = found.where(Location.slug == mall)
    return found


def standard(standard_id: uuid.UUID, *, at: datetime | None = None) -> StandardView:
    """The standard as it stands, seen at the moment ``at`` (now) for what is open.

    Raises ``NotFound``; its ``gone`` tells of a withdrawn one.
    """
    row = db.session.scalar(_BY_ID, {"standard": standard_id})
    if row is None:
        raise NotFound(_l("There is no such service standard."))
    return view_of(row, row.live or _ended(row), at=at)


def standard_by_slug(agency_slug: str, slug: str, *, at: datetime | None = None) -> StandardView:
    """The standard at its address; ``NotFound`` with ``moved_to`` for a former address."""
    row = db.session.scalar(_BY_SLUG, {"agency": agency_slug, "slug": slug})
    if row is None:
        raise NotFound(_l("There is no such service standard."), moved_to=_present_address(agency_slug, slug))
    return view_of(row, row.live or _ended(row), at=at)


def id_at(agency_slug: str, slug: str) -> uuid.UUID:
    """Which standard stands, or once stood, at this address, in force or not; ``NotFound`` for none."""
    address = _present_address(agency_slug, slug) or (agency_slug, slug)
    found = db.session.scalar(
        sa.select(Standard.id).join(Agency).where(Agency.slug == address[0], Standard.slug == address[1])
    )
    if found is None:
        raise NotFound(_l("There is no such service standard."))
    return found


def view_of(row: Standard, edition: Edition, *, at: datetime | None = None) -> StandardView:
    """``edition`` of ``row`` with everything around it."""
    newest = max(e.number for e in row.editions if e.state.was_public)
    return view_with(row, edition, _offerings(row.id, at or now()), newest)


def view_with(
    row: Standard, edition: Edition, offerings: tuple[OfferingView, ...], newest_edition: int
) -> StandardView:
    """``edition`` of ``row`` as a view, with what is given of its surroundings."""
    given = set(edition.document)
    return StandardView(
        card=_card(edition, row, tuple(offering.place for offering in offerings)),
        state=edition.state,
        document=edition.document,
        missing=tuple(key for key in COMPONENTS if key not in given),
        sourced_components=tuple(edition.sourced_components),
        offerings=offerings,
        source=making.source_of(edition),
        ended_at=edition.ended_at,
        newest_edition=newest_edition,
        region=making.region_ref(row.agency.region) if row.agency.region else None,
    )


def _card(edition: Edition, standard: Standard, places: tuple[PlaceRef, ...]) -> StandardCard:
    assert edition.published_at is not None, "only what was public is shown"
    return StandardCard(
        id=standard.id,
        slug=standard.slug,
        title=edition.title,
        title_en=edition.title_en,
        summary=edition.document.get("summary"),
        summary_en=edition.document.get("summary_en"),
        agency=making.agency_ref(standard.agency),
        service=making.service_ref(standard.service) if standard.service else None,
        edition_number=edition.number,
        digest=edition.digest,
        is_free=edition.is_free,
        fee_min_idr=edition.fee_min_idr,
        fee_max_idr=edition.fee_max_idr,
        days_min=edition.days_min,
        days_max=edition.days_max,
        has_online=edition.has_online,
        components_given=edition.components_given,
        published_at=edition.published_at,
        effective_from=edition.effective_from,
        review_due_on=edition.review_due_on,
        confidence=edition.confidence,
        places=places,
    )


def _offerings(standard_id: uuid.UUID, at: datetime) -> tuple[OfferingView, ...]:
    rows = db.session.scalars(_OFFERED, {"standard": standard_id}).all()
    closed_days({row.location_id for row in rows})  # read at once, not place after place below
    return tuple(offering_view(row, at) for row in rows)


def offering_view(row: Offering, at: datetime) -> OfferingView:
    """``row`` with its place and counter, as they are at ``at``."""
    return OfferingView(
        id=row.id,
        place=making.place_ref(row.location, row.location.region),
        counter=making.counter_view(row.counter, row.location, at) if row.counter else None,
        limits=row.limits,
        limits_en=row.limits_en,
        booking_url=row.booking_url,
        checked_on=row.checked_on,
        opening=making.opening_of(row.location, row.counter, at),
        source=making.source_of(row),
    )


def _ended(row: Standard) -> NoReturn:
    """Never returns: says that ``row`` was withdrawn, or that nothing of it was ever public."""
    last = next((e for e in reversed(row.editions) if e.state is State.WITHDRAWN), None)
    if last is None:
        raise NotFound(_l("There is no such service standard."))
    raise NotFound(
        _l("This service standard was withdrawn."),
        gone=Gone(last.title, last.withdrawal_reason or "", last.ended_at, _replacement(row)),
    )


def _replacement(row: Standard) -> tuple[str, str, str] | None:
    if row.replaced_by_id is None:
        return None
    found = db.session.execute(
        sa.select(Agency.slug, Standard.slug, Edition.title)
        .join(Standard, Standard.agency_id == Agency.id)
        .join(Edition, Edition.standard_id == Standard.id)
        .where(Standard.id == row.replaced_by_id, LIVE)
    ).one_or_none()
    return (found[0], found[1], found[2]) if found else None


def _present_address(agency_slug: str, slug: str) -> tuple[str, str] | None:
    """Where a standard that once stood at this address stands now."""
    former = db.session.get(FormerSlug, ("standard", f"{agency_slug}/{slug}"))
    condition: sa.ColumnElement[bool]
    if former is not None:
        condition = Standard.id == former.subject_id
    else:
        agency = db.session.get(FormerSlug, ("agency", agency_slug))
        if agency is None:
            return None
        condition = sa.and_(Standard.agency_id == agency.subject_id, Standard.slug == slug)
    found = db.session.execute(
        sa.select(Agency.slug, Standard.slug).join(Standard).where(condition)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def public_standard(standard_id: uuid.UUID) -> Standard:
    """The row of a standard of which anything was ever public; ``NotFound`` otherwise."""
    row = db.session.scalar(
        sa.select(Standard)
        .where(Standard.id == standard_id, sa.exists().where(Edition.standard_id == Standard.id, WAS_PUBLIC))
        .options(*_WHOLE)
    )
    if row is None:
        raise NotFound(_l("There is no such service standard."))
    return row

"""What live standards come to together: of a service, of an agency, at a place, in a region, in a list.

Summing reads thousands of rows, so the sums are kept (``keeping``) until a standard or an
offering that stands in them changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from siapa.catalogue.counting import counts
from siapa.catalogue.keeping import Kept, Look, look
from siapa.catalogue.live import LIVE, OPEN_PLACE, in_region
from siapa.catalogue.touching import MOVED, OFFERINGS, PLACES, SERVICES, STANDARDS, of
from siapa.extensions import db
from siapa.records import Confidence, Edition, Location, Offering, Standard

#: From the surest to the least sure; None is the agency's own word.
_CONFIDENCES: tuple[Confidence | None, ...] = (
    None, Confidence.SOURCED, Confidence.IMPLIED, Confidence.GENERAL,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ServiceSum:
    """What the live standards of one service promise together. ``confidence``: the weakest behind it."""

    standards: int = 0
    free_standards: int = 0
    fee_min_idr: int | None = None
    fee_max_idr: int | None = None
    #: Working days.
    days_min: int | None = None
    days_max: int | None = None
    confidence: Confidence | None = None
    places: int = 0


def of_services(seen: Look, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, ServiceSum]:
    """For each service the sum of its live standards, also where it has none."""
    found = seen.all("of services", ids, _of_services)
    return {one: kept.value for one, kept in found.items()}


def of_agencies(seen: Look, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many live standards each agency has."""
    return _numbers(seen.all("of agencies", ids, _of_agencies))


def of_places(seen: Look, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many live standards are offered at each place."""
    return _numbers(seen.all("of places", ids, _of_places))


def in_region_of(seen: Look, code: str) -> int:
    """How many live standards are offered at open places in the region ``code`` or below it."""
    return seen.one("in regions", code, lambda: _in_region(code), (STANDARDS, OFFERINGS, PLACES))


def total(key: Hashable, count: Callable[[], int]) -> int:
    """How many rows a list of standards with the filters ``key`` has; ``count`` asks for it."""
    tags = (STANDARDS, OFFERINGS, PLACES, SERVICES)
    return look().one("totals", key, count, tags)


def _numbers(found: dict[uuid.UUID, Kept[int]]) -> dict[uuid.UUID, int]:
    return {one: kept.value for one, kept in found.items()}


def _of_services(ids: list[uuid.UUID]) -> dict[uuid.UUID, Kept[ServiceSum]]:
    is_open_ended = sa.case((Edition.fee_min_idr.isnot(None) & Edition.fee_max_idr.is_(None), 1), else_=0)
    surety = sa.case(
        *((Edition.confidence == one, place) for place, one in enumerate(_CONFIDENCES) if one), else_=0
    )
    columns: tuple[Any, ...] = (
        Standard.service_id,
        sa.func.count(),
        sa.func.sum(sa.case((Edition.is_free, 1), else_=0)),
        sa.func.min(Edition.fee_min_idr),
        # A fee with an open upper end leaves that of the whole open.
        sa.case((sa.func.sum(is_open_ended) == 0, sa.func.max(Edition.fee_max_idr))),
        sa.func.min(Edition.days_min),
        sa.func.max(Edition.days_max),
        sa.func.max(surety),
    )
    rows = db.session.execute(
        sa.select(*columns)
        .join(Edition, Edition.standard_id == Standard.id)
        .where(LIVE, Standard.service_id.in_(ids))
        .group_by(Standard.service_id)
    ).all()
    at_places = _places_of_services(ids)
    sums: dict[uuid.UUID, ServiceSum] = {}
    for service, standards, free, fee_min, fee_max, days_min, days_max, surest in rows:
        sums[service] = ServiceSum(
            standards, free, fee_min, fee_max, days_min, days_max, _CONFIDENCES[surest],
            at_places.get(service, 0),
        )  # fmt: skip
    return {one: Kept(sums.get(one, ServiceSum()), frozenset((of(one), MOVED, PLACES))) for one in ids}


def _places_of_services(ids: list[uuid.UUID]) -> dict[uuid.UUID | None, int]:
    return counts(
        sa.select(Standard.service_id, sa.func.count(sa.distinct(Offering.location_id)))
        .join(Edition, Edition.standard_id == Standard.id)
        .join(Offering, Offering.standard_id == Standard.id)
        .join(Location, Location.id == Offering.location_id)
        .where(LIVE, OPEN_PLACE, Standard.service_id.in_(ids))
        .group_by(Standard.service_id)
    )


def _of_agencies(ids: list[uuid.UUID]) -> dict[uuid.UUID, Kept[int]]:
    held = counts(
        sa.select(Standard.agency_id, sa.func.count())
        .join(Edition, Edition.standard_id == Standard.id)
        .where(LIVE, Standard.agency_id.in_(ids))
        .group_by(Standard.agency_id)
    )
    return {one: Kept(held.get(one, 0), frozenset((of(one), MOVED))) for one in ids}


def _of_places(ids: list[uuid.UUID]) -> dict[uuid.UUID, Kept[int]]:
    held = counts(
        sa.select(Offering.location_id, sa.func.count())
        .join(Edition, Edition.standard_id == Offering.standard_id)
        .where(LIVE, Offering.location_id.in_(ids))
        .group_by(Offering.location_id)
    )
    return {one: Kept(held.get(one, 0), frozenset((of(one), OFFERINGS))) for one in ids}


def _in_region(code: str) -> int:
    return (
        db.session.scalar(
            sa.select(sa.func.count(sa.distinct(Offering.standard_id)))
            .join(Location, Location.id == Offering.location_id)
            .join(Edition, Edition.standard_id == Offering.standard_id)
            .where(LIVE, OPEN_PLACE, in_region(Location.region_code, code))
        )
        or 0
    )

"""At which malls a service is had, and by which standard: one entry a mall, kept until it changes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from siapa.catalogue.keeping import Kept, Look
from siapa.catalogue.live import LIVE, OPEN_PLACE
from siapa.catalogue.touching import MOVED, PLACES, of
from siapa.extensions import db
from siapa.records import Counter, CounterStatus, Edition, Location, LocationKind, Offering, Standard


@dataclass(frozen=True, slots=True)
class Covered:
    """That a service is had at a mall. ``is_certain``: its counter is more than an agreement."""

    location_id: uuid.UUID
    standard_id: uuid.UUID
    counter_id: uuid.UUID | None
    is_certain: bool
    limits: str | None
    limits_en: str | None
    booking_url: str | None


def covered_by(seen: Look, service_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[Covered, ...]]:
    """For each service the open malls where it is had, each with the offering that suits most people.

    Surely there before perhaps there, without limits before with, then the cheaper and the quicker.
    """
    found = seen.all("covered", service_ids, _read)
    return {one: kept.value for one, kept in found.items()}


def _read(service_ids: list[uuid.UUID]) -> dict[uuid.UUID, Kept[tuple[Covered, ...]]]:
    is_agreed = sa.case((Counter.status == CounterStatus.AGREEMENT_ONLY, 1), else_=0)
    best = sa.func.row_number().over(
        partition_by=(Standard.service_id, Offering.location_id),
        order_by=(
            is_agreed, Offering.limits.isnot(None), Edition.fee_min_idr.nulls_last(),
            Edition.days_max.nulls_last(), Edition.title, Standard.id,
        ),
    )  # fmt: skip
    columns: tuple[Any, ...] = (
        Standard.service_id, Offering.location_id, Standard.id.label("standard_id"), Offering.counter_id,
        is_agreed.label("is_agreed"), Offering.limits, Offering.limits_en, Offering.booking_url,
        best.label("place"),
    )  # fmt: skip
    inner = (
        sa.select(*columns)
        .join(Edition, Edition.standard_id == Standard.id)
        .join(Offering, Offering.standard_id == Standard.id)
        .join(Location, Location.id == Offering.location_id)
        .outerjoin(Counter, Counter.id == Offering.counter_id)
        .where(
            LIVE,
            OPEN_PLACE,
            Location.kind == LocationKind.MALL,
            sa.or_(Counter.id.is_(None), Counter.status != CounterStatus.CLOSED),
            Standard.service_id.in_(service_ids),
        )
        .subquery()
    )
    held: dict[uuid.UUID, list[Covered]] = defaultdict(list)
    for service, location, standard, counter, is_agreement, *only_here, _place in db.session.execute(
        sa.select(inner).where(inner.c.place == 1)
    ):
        held[service].append(Covered(location, standard, counter, not is_agreement, *only_here))
    return {
        one: Kept(
            tuple(held[one]),
            frozenset((of(one), MOVED, PLACES, *(str(each.location_id) for each in held[one]))),
        )
        for one in service_ids
    }

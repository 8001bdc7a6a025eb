"""The same service at several agencies, part by part, and what all agencies of the country promise."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from siapa.catalogue.cards import cards_in_order
from siapa.catalogue.keeping import look
from siapa.catalogue.live import ACTIVE, LIVE
from siapa.catalogue.services import service_cards
from siapa.catalogue.standards import SORTS
from siapa.catalogue.touching import MOVED, of
from siapa.catalogue.views import ServiceCard, StandardCard
from siapa.document.standard_document import COMPONENTS
from siapa.errors import NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import Edition, Service, Standard

#: More columns than these nobody reads.
MOST_COMPARED = 4
#: Compared when nothing is chosen.
USUAL = 3


@dataclass(frozen=True, slots=True)
class FeeShare:
    """How many standards of a service have one range of fees, whole rupiah."""

    fee_min_idr: int | None
    fee_max_idr: int | None
    is_free: bool
    standard_count: int


@dataclass(frozen=True, slots=True)
class TimeShare:
    """How many standards of a service promise one longest time, in working days."""

    days_max: int | None
    standard_count: int


@dataclass(frozen=True, slots=True)
class Spread:
    """What all live standards of a service promise; the commonest first."""

    standard_count: int
    fees: tuple[FeeShare, ...]
    times: tuple[TimeShare, ...]

    def fee_like(self, card: StandardCard) -> int:
        """How many standards have the fees of ``card``, itself among them."""
        asked = (card.fee_min_idr, card.fee_max_idr, card.is_free)
        return sum(
            one.standard_count
            for one in self.fees
            if (one.fee_min_idr, one.fee_max_idr, one.is_free) == asked
        )

    def time_like(self, card: StandardCard) -> int:
        """How many standards promise the longest time of ``card``, itself among them."""
        return sum(one.standard_count for one in self.times if one.days_max == card.days_max)


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """One component; ``values`` in the order of the standards, null where it is not given."""

    component: str
    is_same: bool
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same service at several agencies."""

    service: ServiceCard
    spread: Spread
    standards: tuple[StandardCard, ...]
    parts: tuple[ComparedPart, ...]
    #: The whole documents as JSON, in the order of the standards.
    documents: tuple[dict[str, Any], ...]


def comparison(code: str, standard_ids: Sequence[uuid.UUID] = ()) -> Comparison:
    """The chosen standards of the service ``code`` beside each other; the first few, if none is chosen.

    Raises ``NotFound`` for a service that is not there, ``Rejected`` for too many standards or
    one that is no live standard of this service.
    """
    found = db.session.scalar(sa.select(Service.id).where(Service.code == code, ACTIVE))
    if found is None:
        raise NotFound(_l("There is no service with this code."))
    chosen = list(dict.fromkeys(standard_ids))
    if len(chosen) > MOST_COMPARED:
        message = _l("Choose at most %(most)s standards.", most=MOST_COMPARED)
        raise Rejected([Problem("standards", message)])
    held = _documents(found, chosen)
    absent = [one for one in chosen if one not in held]
    if absent:
        message = _l("This is no standard of this service in force.")
        raise Rejected(Problem("standards", message, str(one)) for one in absent)
    cards = tuple(cards_in_order(chosen or held))
    documents = tuple(held[card.id] for card in cards)
    return Comparison(
        service=service_cards([found])[found],
        spread=spread(found),
        standards=cards,
        parts=tuple(_part(name, documents) for name in COMPONENTS if any(name in one for one in documents)),
        documents=documents,
    )


def spread(service_id: uuid.UUID) -> Spread:
    """How fees and times of the live standards of a service are spread."""
    return look().one("spread", service_id, lambda: _spread(service_id), (of(service_id), MOVED))


def _spread(service_id: uuid.UUID) -> Spread:
    count = sa.func.count()
    fees: tuple[Any, ...] = (Edition.fee_min_idr, Edition.fee_max_idr, Edition.is_free)
    times: tuple[Any, ...] = (Edition.days_max,)

    def shares(columns: tuple[Any, ...]) -> Sequence[Any]:
        order = (count.desc(), *(column.nulls_last() for column in columns))
        query = sa.select(*columns, count).join(Standard, Standard.id == Edition.standard_id)
        grouped = query.where(LIVE, Standard.service_id == service_id).group_by(*columns)
        return db.session.execute(grouped.order_by(*order)).all()

    by_fee, by_time = shares(fees), shares(times)
    return Spread(
        sum(row[-1] for row in by_time),
        tuple(FeeShare(*row) for row in by_fee),
        tuple(TimeShare(*row) for row in by_time),
    )


def _documents(service_id: uuid.UUID, chosen: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """The live documents of the chosen standards of a service, or of the first few."""
    columns: tuple[Any, ...] = (Edition.standard_id, Edition.document)
    query = (
        sa.select(*columns)
        .join(Standard, Standard.id == Edition.standard_id)
        .where(LIVE, Standard.service_id == service_id)
        .order_by(*SORTS["name"])
    )
    query = query.where(Edition.standard_id.in_(chosen)) if chosen else query.limit(USUAL)
    return {one: document for one, document in db.session.execute(query)}  # noqa: C416  (no pair list)


def _part(name: str, documents: Sequence[dict[str, Any]]) -> ComparedPart:
    values = tuple(one.get(name) for one in documents)
    return ComparedPart(name, all(value == values[0] for value in values), values)

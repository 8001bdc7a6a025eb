"""How sure lists are of what they say: the weakest confidence behind a service, places of known hours.

Lists show figures summed over many rows; what one row is unsure of, the sum is too.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from siapa.catalogue.live import LIVE
from siapa.extensions import db
from siapa.records import Confidence, Counter, Edition, Hours, Standard

#: From the surest to the least sure; None is the agency's own word.
_ORDER: tuple[Confidence | None, ...] = (
    None, Confidence.SOURCED, Confidence.IMPLIED, Confidence.GENERAL,
)  # fmt: skip


def weakest_confidences(service_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Confidence | None]:
    """The weakest confidence among the live standards of each service that has any, by the service's id."""
    wanted = list(dict.fromkeys(service_ids))
    rows = db.session.execute(
        sa.select(Standard.service_id, Edition.confidence)
        .join(Edition, Edition.standard_id == Standard.id)
        .where(LIVE, Standard.service_id.in_(wanted))
        .distinct()
    ).all()
    weakest: dict[uuid.UUID, Confidence | None] = {}
    for service_id, confidence in rows:
        if service_id is not None:
            known = weakest.get(service_id)
            weakest[service_id] = max(known, confidence, key=_ORDER.index)
    return weakest


def have_known_hours(location_ids: Iterable[uuid.UUID]) -> bool:
    """Whether the opening hours of any of the places, or of a counter in one, are known."""
    wanted = list(dict.fromkeys(location_ids))
    counters = sa.select(Counter.id).where(Counter.location_id.in_(wanted))
    known = sa.exists().where(Hours.location_id.in_(wanted) | Hours.counter_id.in_(counters))
    return bool(db.session.scalar(sa.select(known)))

"""How much lists know: at which of their places opening hours are known."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from siapa.extensions import db
from siapa.records import Counter, Hours


def have_known_hours(location_ids: Iterable[uuid.UUID]) -> bool:
    """Whether the opening hours of any of the places, or of a counter in one, are known."""
    wanted = list(dict.fromkeys(location_ids))
    counters = sa.select(Counter.id).where(Counter.location_id.in_(wanted))
    known = sa.exists().where(Hours.location_id.in_(wanted) | Hours.counter_id.in_(counters))
    return bool(db.session.scalar(sa.select(known)))

"""Days on which a place, or one of its counters, is closed besides public holidays, as its agency tells."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from siapa.catalogue.keeping import Kept, look
from siapa.extensions import db
from siapa.records import Closure


class Days(NamedTuple):
    """Days from the first to the last, of the whole place (no counter) or of one counter."""

    from_on: date
    until_on: date
    counter_id: uuid.UUID | None = None


def closed_days(places: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[Days, ...]]:
    """All closed days that these places tell, of the whole place and of its counters."""
    found = look().all("closures", places, _read)
    return {place: kept.value for place, kept in found.items()}


def days_of(place_id: uuid.UUID, counter_id: uuid.UUID | None) -> tuple[Days, ...]:
    """The closed days that hold for a place, or for one counter in it."""
    told = closed_days([place_id])[place_id]
    return tuple(days for days in told if days.counter_id in (None, counter_id))


def is_among(day: date, closed: Collection[Days]) -> bool:
    """Whether ``day`` is one of the ``closed`` days."""
    return any(days.from_on <= day <= days.until_on for days in closed)


def _read(places: list[uuid.UUID]) -> dict[uuid.UUID, Kept[tuple[Days, ...]]]:
    columns: tuple[Any, ...] = (Closure.location_id, Closure.from_on, Closure.until_on, Closure.counter_id)
    told: dict[uuid.UUID, list[Days]] = {place: [] for place in places}
    for place, *days in db.session.execute(sa.select(*columns).where(Closure.location_id.in_(places))):
        told[place].append(Days(*days))
    return {place: Kept(tuple(held), frozenset((str(place),))) for place, held in told.items()}

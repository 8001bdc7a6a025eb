"""The places that an officer tends: those they run, and those where a counter is theirs.

It only reads. Whether a single act is allowed is asked of ``permissions`` all the same,
by pages for what to offer and in every command for what is done.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.workflow import Action
from siapa.publishing.worklist import agencies_for
from siapa.records import Counter, CounterStatus, Location, Officer, Role

PLACES_A_PAGE = 25


@dataclass(frozen=True)
class Tended:
    """A place in the list, with what is to be seen of it at once."""

    place: Location
    #: Without those that are closed.
    counters: int
    #: Of these the day that lies longest ago; None where one was never checked, or there is none.
    checked_on: date | None

    @property
    def has_hours(self) -> bool:
        """Whether its hours are said."""
        return bool(self.place.hours)


@dataclass(frozen=True)
class TendedPage:
    """One page of them, open ones first, by name, and how many there are."""

    places: tuple[Tended, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PLACES_A_PAGE))


def places_tended_by(officer: Officer, *, words: str = "", page: int = 1) -> TendedPage:
    """The places that ``officer`` tends; ``words`` must all stand in the name or the address."""
    query = sa.select(Location).where(*_within_reach(officer))
    for word in words.split()[:8]:
        query = query.where(
            sa.or_(
                Location.name.icontains(word, autoescape=True),
                Location.address.icontains(word, autoescape=True),
            )
        )
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    page = min(max(1, page), max(1, -(-total // PLACES_A_PAGE)))
    shown = (
        query.order_by(Location.closed_on.is_not(None), Location.name, Location.id)
        .options(joinedload(Location.region), joinedload(Location.agency), selectinload(Location.hours))
        .limit(PLACES_A_PAGE)
        .offset((page - 1) * PLACES_A_PAGE)
    )
    found = db.session.scalars(shown).all()
    counters = _counters([place.id for place in found])
    return TendedPage(
        tuple(Tended(place, *counters.get(place.id, (0, None))) for place in found), total, page
    )


def place_tended_by(officer: Officer, location_id: uuid.UUID) -> Location:
    """One of them; ``NotFound`` for any other, whether there is such a place or not."""
    query = sa.select(Location).where(Location.id == location_id, *_within_reach(officer))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(_l("There is no such entry."))
    return found


def counter_tended_by(officer: Officer, location_id: uuid.UUID, counter_id: uuid.UUID) -> Counter:
    """A counter of such a place; raises as ``place_tended_by``."""
    place = place_tended_by(officer, location_id)
    found = db.session.get(Counter, counter_id)
    if found is None or found.location_id != place.id:
        raise NotFound(_l("There is no such entry."))
    return found


def _within_reach(officer: Officer) -> Iterator[sa.ColumnElement[bool]]:
    """What a place that ``officer`` tends satisfies; nothing is asked of a national admin."""
    run_by = agencies_for(officer, Action.SET_LOCATION)
    with_counter = agencies_for(officer, Action.SET_COUNTERS)
    if run_by is None or with_counter is None:
        return
    malls = [held.location_id for held in officer.memberships if held.role is Role.MALL_MANAGER]
    own_counter = sa.select(Counter.location_id).where(Counter.agency_id.in_(with_counter))
    yield sa.or_(
        Location.id.in_([one for one in malls if one is not None]),
        Location.agency_id.in_(run_by),
        Location.agency_id.in_(with_counter),
        Location.id.in_(own_counter),
    )


def _counters(places: list[uuid.UUID]) -> dict[uuid.UUID, tuple[int, date | None]]:
    """Of each place how many counters are not closed, and the day since when all of them are checked."""
    columns: tuple[Any, ...] = (
        Counter.location_id,
        sa.func.count(),
        sa.func.count(Counter.checked_on),
        sa.func.min(Counter.checked_on),
    )
    rows = db.session.execute(
        sa.select(*columns)
        .where(Counter.location_id.in_(places), Counter.status != CounterStatus.CLOSED)
        .group_by(Counter.location_id)
    )
    return {place: (number, oldest if checked == number else None) for place, number, checked, oldest in rows}

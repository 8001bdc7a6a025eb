"""What the races have in common: who acts, and how a round is made ready."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from siapa.extensions import db
from siapa.records import Officer, State, now
from tests.publishing.arena import Arena
from tests.publishing.racing import somebody

#: How many of two may have their way, where it is not one alone.
BOTH, SOME = (2,), (1, 2)
#: A day that has come everywhere.
TODAY = now().date() - timedelta(days=1)


def at_state(state: State | None) -> Callable[[Arena, int], object]:
    """Begin the round with a draft in this state; None is no draft."""
    return lambda a, n: a.bring(state)


def officer_id(name: str) -> uuid.UUID:
    """Who is called so in the cast."""
    return somebody(name).id


def counted(kind: Any, *conditions: Any) -> int:
    """How many rows there are of a kind."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(kind).where(*conditions)) or 0


def kept(make: Callable[[Arena, int], Any]) -> Callable[[Arena, int], object]:
    """Let ``make`` make what this round is about."""

    def before(arena: Arena, number: int) -> None:
        arena.kept = make(arena, number)

    return before


def author() -> Officer:
    """Who writes, as this thread sees them."""
    return somebody("author")


def publisher() -> Officer:
    """Who publishes."""
    return somebody("publisher")


def national() -> Officer:
    """Who may everything."""
    return somebody("national")


def curator() -> Officer:
    """Who keeps the catalogue."""
    return somebody("curator")

"""A state of the index in the making: which parts it will name, and what of them will be dead."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from siapa.search.engine import Part
from siapa.search.state import PartState


@dataclass
class Draft:
    """The parts, opened, and where those stand that have no name yet (``aside``, by their names)."""

    position: int
    line: str
    parts: list[tuple[PartState, Part]] = field(default_factory=list)
    aside: dict[str, Path] = field(default_factory=dict)

    def without(self, standards: Collection[str], services: Collection[str]) -> None:
        """These are dead in every part; a part of which nothing is left is left out, but the first."""
        first, *small = [(_without(state, part, standards, services), part) for state, part in self.parts]
        self.parts = [first, *(pair for pair in small if _lives(*pair))]

    def set_on(self, state: PartState, part: Part) -> None:
        """Make this the first part; was it so before, what was dead of it then is dead still."""
        if self.parts:
            before = self.parts[0][0]
            assert before.name == state.name, "the part it was set on"
            state = _dying(state, before.dead, before.dead_services)
        self.parts[:1] = [(state, part)]


def standards_in(state: PartState, part: Part) -> Iterator[str]:
    """The ids of the standards of a part that are not dead, 32 hexadecimal digits each."""
    dead = frozenset(state.dead)
    return (part.id_of(place) for place in range(part.count) if place not in dead)


def services_in(state: PartState, part: Part) -> Iterator[str]:
    """The ids of the services of a part that are not dead."""
    dead = frozenset(state.dead_services)
    return (one["row"]["id"] for one in part.services if one["row"]["id"] not in dead)


def _without(
    state: PartState, part: Part, standards: Collection[str], services: Collection[str]
) -> PartState:
    """``state`` with these standards and services dead."""
    found = {place for one in standards if (place := part.place_of(one)) is not None}
    gone = {one["row"]["id"] for one in part.services} & set(services) if services else set()
    return _dying(state, found, gone)


def _dying(state: PartState, places: Collection[int], services: Collection[str]) -> PartState:
    if not places and not services:
        return state
    dead, dead_services = {*state.dead, *places}, {*state.dead_services, *services}
    return replace(state, dead=sorted(dead), dead_services=sorted(dead_services))


def _lives(state: PartState, part: Part) -> bool:
    return len(state.dead) < part.count or len(state.dead_services) < len(part.services)

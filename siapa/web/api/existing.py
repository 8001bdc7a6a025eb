"""Filters that name something: what they name must be there.

An empty list for a misspelt slug would look like an answer. Regions are asked for
first, the others only where nothing was found, so that a good request costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from siapa import catalogue
from siapa.errors import NotFound, Problem, Rejected
from siapa.locales import Words
from siapa.locales import lazy as _l


def demand_region(asked: Mapping[str, Any], name: str = "region") -> None:
    """``Rejected`` where the region asked for does not exist."""
    code = asked.get(name)
    if code is not None and catalogue.region_named(code) is None:
        raise Rejected([Problem(name, _l("There is no region with this code."), code)])


def demand_existing(asked: Mapping[str, Any], found: int) -> None:
    """``Rejected`` where nothing was found because what a filter names does not exist."""
    if found:
        return
    problems = []
    for name, look in _LOOKS.items():
        value = asked.get(name)
        message = look(value) if value is not None else None
        if message is not None:
            problems.append(Problem(name, message, value))
    if problems:
        raise Rejected(problems)


def _by(read: Callable[[str], object]) -> Callable[[str], Words | None]:
    def look(value: str) -> Words | None:
        try:
            read(value)
        except NotFound as absent:
            if absent.moved_to:
                return _l("It has another name now: %(name)s.", name="/".join(absent.moved_to))
            return absent.message
        return None

    return look


def _among(read: Callable[[], tuple[Any, ...]]) -> Callable[[str], Words | None]:
    def look(value: str) -> Words | None:
        codes = [entry.code for entry in read()]
        if value in codes:
            return None
        return _l("Choose one of: %(allowed)s.", allowed=", ".join(codes))

    return look


_LOOKS: Mapping[str, Callable[[str], Words | None]] = {
    "agency": _by(catalogue.agency),
    "mall": _by(catalogue.mall),
    "service": _by(catalogue.service),
    "category": _among(catalogue.categories),
    "life_event": _among(catalogue.life_events),
}

"""Filters, which hold exactly: on arrays for standards, by the row for services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siapa.search.engine.offers import IsMeant, at_places, has_places, offered
from siapa.search.engine.shelf import Shelf
from siapa.search.engine.writing import FREE, ONLINE, PRICED
from siapa.search.own import Ids
from siapa.search.query import Query

Flags = NDArray[np.bool_]


def is_within(code: str | None, region: str) -> bool:
    """Whether the region ``code`` is ``region`` or lies in it."""
    return code is not None and (code == region or code.startswith(region + "."))


def asks_for_standards(query: Query) -> bool:
    """Whether a filter is about something only a standard has, so that bare services do not pass."""
    given = (query.mall, query.agency, query.free, query.online, query.max_days)
    return query.open_now or any(value is not None for value in given)


def is_about(row: Mapping[str, Any], query: Query) -> bool:
    """Whether a service has the subject that is asked for."""
    return (query.category is None or row["category"] == query.category) and (
        query.life_event is None or query.life_event in row["life_events"]
    )


def passing(shelf: Shelf, standards: Ids, query: Query, region: str | None, opened: Openings) -> Ids:
    """Those of ``standards`` that pass every filter. ``opened`` tells whose doors are open now."""
    tests: list[Callable[[Ids], Flags]] = []
    flags = shelf.column("flags")
    if query.category is not None or query.life_event is not None:
        is_meant = _of_rows(shelf, "services", lambda row: _has_subject(row, query))
        tests.append(lambda some: is_meant[shelf.column("service")[some]])
    if query.agency is not None:
        is_below = _of_rows(shelf, "agencies", lambda row: query.agency in row[0])
        tests.append(lambda some: is_below[shelf.column("agency")[some]])
    if query.free is not None:
        bit, other = (FREE, 0) if query.free else (PRICED, FREE)
        tests.append(lambda some: (flags[some] & (bit | other)) == bit)
    if query.online is not None:
        tests.append(lambda some: ((flags[some] & ONLINE) > 0) == query.online)
    if query.max_days is not None:
        days = shelf.column("days")
        tests.append(lambda some: (days[some] >= 0) & (days[some] <= query.max_days))
    if region is not None or query.mall is not None or query.open_now:
        tests.append(lambda some: _is_offered(shelf, some, query, region, opened))
    for test in tests:
        if len(standards):
            standards = standards[test(standards)]
    return standards


#: Gives the ids (of places and counters) that have hours, each with whether it is open at this moment.
Openings = Callable[[], Mapping[str, bool]]


def _is_offered(shelf: Shelf, standards: Ids, query: Query, region: str | None, opened: Openings) -> Flags:
    """Which standards are had where it is asked, or by their agency there when no place is known."""
    is_here = meant_places(shelf, region, query.mall)
    if query.open_now:
        is_open, is_at = _is_open(shelf, opened()), at_places(shelf, is_here)
        return offered(shelf, standards, lambda offers: is_at(offers) & is_open(offers))
    found = offered(shelf, standards, at_places(shelf, is_here))
    if region is not None and query.mall is None:
        owned = agencies_within(shelf, region)
        found |= ~has_places(shelf, standards) & owned[shelf.column("agency")[standards]]
    return found


def meant_places(shelf: Shelf, region: str | None, mall: str | None) -> Flags:
    """For each place whether it is in ``region`` and is ``mall``, where these are given."""

    def make() -> Flags:
        return _of_rows(shelf, "places", lambda row: is_meant_place(row, region, mall))

    made: Flags = shelf.made(("meant", region, mall), make)
    return made


def agencies_within(shelf: Shelf, region: str) -> Flags:
    """For each agency whether it is an agency of ``region``."""

    def make() -> Flags:
        return _of_rows(shelf, "agencies", lambda row: is_within(row[1], region))

    made: Flags = shelf.made(("agencies", region), make)
    return made


def is_meant_place(row: list[Any], region: str | None, mall: str | None) -> bool:
    """Whether the place of this row of ``places`` is in ``region`` and is ``mall``, where these are given."""
    return (region is None or is_within(row[1], region)) and (mall is None or row[4] == mall)


def _is_open(shelf: Shelf, opened: Mapping[str, bool]) -> IsMeant:
    """Whether offerings have an open counter, or an open place when the counter tells no hours."""
    places = _of_rows(shelf, "places", lambda row: opened.get(row[0], False))
    counters = np.array([_COUNTER[opened.get(row)] for row in shelf.table("counters")] + [2], np.uint8)
    is_at = at_places(shelf, places)

    def is_open(offers: Any) -> Flags:
        by_counter = counters[shelf.column("offer_counter")[offers]]
        return np.where(by_counter == 2, is_at(offers), by_counter == 1)

    return is_open


_COUNTER = {True: 1, False: 0, None: 2}


def _has_subject(row: list[Any], query: Query) -> bool:
    return (query.category is None or row[1] == query.category) and (
        query.life_event is None or query.life_event in row[2]
    )


def _of_rows(shelf: Shelf, table: str, test: Callable[[Any], bool]) -> Flags:
    """``test`` of every row of a table, and a last value, false, for the number -1: none."""
    return np.array([*map(test, shelf.table(table)), False], bool)

"""A place that lacks a service: the nearest one that has it, and what makes it the nearest."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from siapa.catalogue.distance import distance_km
from siapa.search.engine.offers import places_of
from siapa.search.engine.shelf import Shelf
from siapa.search.filtering import is_within
from siapa.search.found import Nearest
from siapa.search.tables import Tables
from siapa.search.understanding import Asked

Point = tuple[float, float]


def nearest(shelf: Shelf, service: str, asked: Asked, tables: Tables) -> Nearest | None:
    """The nearest place where ``service`` (its id) is had, when it is not had where it is asked for.

    Measured from where the citizen is, else from the mall or the middle of the region asked
    for; where neither is known, a place of the same province comes first.
    """
    if asked.region is None and asked.query.mall is None:
        return None
    numbers = [number for number, row in enumerate(shelf.table("services")) if row[0] == service]
    start, by_position = _start(shelf, asked, tables)
    province = (asked.region_code or "").partition(".")[0]
    best: tuple[tuple[Any, ...], Nearest] | None = None
    rows = shelf.table("places")
    seen: set[int] = set()
    for standard in _all_of(shelf, numbers):
        for number in places_of(shelf, standard).tolist():
            if number in seen:
                continue
            seen.add(number)
            place, region, latitude, longitude, _mall = rows[number]
            away = None
            if start is not None and latitude is not None and longitude is not None:
                away = distance_km(*start, latitude, longitude)
            in_province = is_within(region, province) if province else False
            rank = (away is None, away or 0.0, not in_province, place)
            if best is None or rank < best[0]:
                reason = "position" if by_position else "region"
                if away is None:
                    reason = "province" if in_province else "elsewhere"
                standard_id = uuid.UUID(shelf.id_of(standard))
                best = (rank, Nearest(standard_id, uuid.UUID(place), away, reason))
    return best[1] if best else None


def _all_of(shelf: Shelf, numbers: Iterable[int]) -> Iterable[int]:
    for number in numbers:
        yield from shelf.of_service(number).tolist()


def _start(shelf: Shelf, asked: Asked, tables: Tables) -> tuple[Point | None, bool]:
    """Where the way begins, and whether that is where the citizen is."""
    if asked.query.near is not None:
        return asked.query.near, True
    mall = tables.malls.get(asked.query.mall or "")
    if mall is not None and mall.point is not None:
        return mall.point, False
    region = tables.regions.get(asked.region_code or "")
    return (region.point if region else None), False

"""A place that lacks a service: the nearest one that has it, and what makes it the nearest."""

from __future__ import annotations

import uuid

import numpy as np

from siapa.search.engine.offers import spread
from siapa.search.engine.shelf import Shelf
from siapa.search.filtering import meant_places
from siapa.search.found import Nearest
from siapa.search.tables import Tables
from siapa.search.understanding import Asked
from siapa.search.ways import ways

Point = tuple[float, float]
_NONE = np.zeros(0, np.uint32)


def nearest(shelf: Shelf, service: str, asked: Asked, tables: Tables) -> Nearest | None:
    """The nearest place where ``service`` (its id) is had, when it is not had where it is asked for.

    Measured from where the citizen is, else from the mall or the middle of the region asked
    for; where neither is known, a place of the same province comes first.
    """
    if asked.region is None and asked.query.mall is None:
        return None
    standards = np.concatenate([_NONE, *(shelf.of_service(number) for number in _numbers(shelf, service))])
    owners, offers = spread(shelf, standards)
    if not len(offers):
        return None
    at, first = np.unique(shelf.column("offer_place")[offers], return_index=True)
    start, by_position = _start(shelf, asked, tables)
    away = ways(shelf, *start)[at] if start is not None else np.full(len(at), np.inf)
    province = (asked.region_code or "").partition(".")[0]
    is_far = ~meant_places(shelf, province, None)[at] if province else np.ones(len(at), bool)
    best = np.flatnonzero((away == away.min()) & (is_far == is_far[away == away.min()].min()))
    rows = shelf.table("places")
    chosen = min(best.tolist(), key=lambda one: rows[at[one]][0])
    reason = "position" if by_position else "region"
    if not np.isfinite(away[chosen]):
        reason = "elsewhere" if is_far[chosen] else "province"
    return Nearest(
        standard_id=uuid.UUID(shelf.id_of(int(standards[owners[first[chosen]]]))),
        location_id=uuid.UUID(rows[at[chosen]][0]),
        distance_km=float(away[chosen]) if np.isfinite(away[chosen]) else None,
        reason=reason,
    )


def _numbers(shelf: Shelf, service: str) -> list[int]:
    return [number for number, row in enumerate(shelf.table("services")) if row[0] == service]


def _start(shelf: Shelf, asked: Asked, tables: Tables) -> tuple[Point | None, bool]:
    """Where the way begins, and whether that is where the citizen is."""
    if asked.query.near is not None:
        return asked.query.near, True
    mall = tables.malls.get(asked.query.mall or "")
    if mall is not None and mall.point is not None:
        return mall.point, False
    region = tables.regions.get(asked.region_code or "")
    return (region.point if region else None), False

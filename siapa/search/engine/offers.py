"""The offerings: a standard at a place. Filters and distances hold for one place at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siapa.search.engine.codec import Ids
from siapa.search.engine.shelf import Shelf

#: From numbers of offerings to whether each is meant.
IsMeant = Callable[[Any], NDArray[np.bool_]]
#: When more than one in so many standards is asked for, all offerings are read in one sweep.
_MANY = 3


def places_of(shelf: Shelf, standard: int) -> NDArray[np.int32]:
    """The numbers of the places of one standard, in ``shelf.table("places")``."""
    ends = shelf.column("offer_ends")
    start = int(ends[standard - 1]) if standard else 0
    places: NDArray[np.int32] = shelf.column("offer_place")[start : int(ends[standard])]
    return places


def spread(shelf: Shelf, standards: Ids) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every offering of ``standards``: the place of its standard in ``standards``, and its own number."""
    ends = shelf.column("offer_ends")
    stops = ends[standards]
    starts = np.where(standards > 0, ends[np.maximum(standards.astype(np.int64) - 1, 0)], 0)
    counts = stops - starts
    owners = np.repeat(np.arange(len(standards)), counts)
    first = np.cumsum(counts) - counts
    return owners, np.arange(len(owners)) - first[owners] + starts[owners]


def offered(shelf: Shelf, standards: Ids, is_meant: IsMeant) -> NDArray[np.bool_]:
    """Which of ``standards`` have an offering that ``is_meant``."""
    if len(standards) * _MANY > shelf.count:
        whole = np.zeros(shelf.count, bool)
        whole[_owners(shelf)[is_meant(slice(None))]] = True
        return whole[standards]
    owners, numbers = spread(shelf, standards)
    found = np.zeros(len(standards), bool)
    found[owners[is_meant(numbers)]] = True
    return found


def at_places(shelf: Shelf, is_meant: NDArray[np.bool_]) -> IsMeant:
    """Whether offerings are at a place that ``is_meant``: one value a place, and a last one for none."""
    return lambda offers: is_meant[shelf.column("offer_place")[offers]]


def least(
    shelf: Shelf, standards: Ids, value_of: Callable[[NDArray[Any]], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """For each of ``standards`` the least value of its offerings' places, infinite without any.

    ``value_of`` gives the value for numbers of offerings.
    """
    owners, numbers = spread(shelf, standards)
    found = np.full(len(standards), np.inf)
    np.minimum.at(found, owners, value_of(numbers))
    return found


def has_places(shelf: Shelf, standards: Ids) -> NDArray[np.bool_]:
    """Which of ``standards`` are offered anywhere."""
    ends = shelf.column("offer_ends")
    starts = np.where(standards > 0, ends[np.maximum(standards.astype(np.int64) - 1, 0)], 0)
    return np.asarray(ends[standards] > starts)


def _owners(shelf: Shelf) -> NDArray[np.uint32]:
    """For each offering the number of its standard."""

    def make() -> NDArray[np.uint32]:
        return np.repeat(
            np.arange(shelf.count, dtype=np.uint32), np.diff(shelf.column("offer_ends"), prepend=0)
        )

    made: NDArray[np.uint32] = shelf.made("owners", make)
    return made

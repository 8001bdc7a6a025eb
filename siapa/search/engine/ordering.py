"""A page out of an order of many keys, without sorting what is before or after it.

Each key is asked only for what the keys before it leave undecided, so a deep page costs
what the first one costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: From places to what orders them, the smallest first.
Key = Callable[[NDArray[Any]], NDArray[Any]]
#: So few are sorted by a key as a whole instead of parted.
FEW = 1_000


def window(places: NDArray[Any], keys: Sequence[Key], start: int, stop: int) -> NDArray[Any]:
    """``places`` from ``start`` to ``stop`` in the order of ``keys``; equals keep the order they come in."""
    start, stop = max(start, 0), min(stop, len(places))
    if start >= stop:
        return places[:0]
    if not keys or len(places) == 1:
        return places[start:stop]
    values = keys[0](places)
    if len(places) <= FEW:
        order = np.argsort(values, kind="stable")
        low, high = values[order[start]], values[order[stop - 1]]
    else:
        ends = np.partition(values, [start, stop - 1])
        low, high = ends[start], ends[stop - 1]
    before = int(np.count_nonzero(values < low))
    if low == high:
        return window(places[values == low], keys[1:], start - before, stop - before)
    between = (values >= low) & (values <= high)
    places, values = places[between], values[between]
    pieces = []
    for value in np.unique(values):
        same = places[values == value]
        pieces.append(window(same, keys[1:], start - before, stop - before))
        before += len(same)
    return np.concatenate(pieces)


def first(places: NDArray[Any], keys: Sequence[Key]) -> NDArray[Any]:
    """Those of ``places``, at least one, that are first by every one of ``keys``, as they come in."""
    for key in keys:
        if len(places) == 1:
            break
        values = key(places)
        places = places[values == values.min()]
    return places

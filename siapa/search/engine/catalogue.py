"""The national services: a small index of its own, in memory, that says which service is meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siapa.search.engine.schema import SERVICE_FIELDS

Row = dict[str, Any]
_NOTHING = (np.zeros(0, np.int64), np.zeros(0))


class Catalogue:
    """The active services, named by their place in ``rows``."""

    def __init__(self, entries: Iterable[dict[str, Any]]) -> None:
        ordered = sorted(entries, key=lambda entry: entry["row"]["code"])
        self.marks = tuple(entry["mark"] for entry in ordered)
        self.rows: list[Row] = [entry["row"] for entry in ordered]
        self.place_of = {row["id"]: place for place, row in enumerate(self.rows)}
        strengths: dict[str, dict[int, float]] = {}
        for place, entry in enumerate(ordered):
            for field, worth in SERVICE_FIELDS.items():
                for term in entry["terms"][field]:
                    held = strengths.setdefault(term, {})
                    held[place] = max(held.get(place, 0.0), worth)
        self._strengths = {
            term: (np.fromiter(held, np.int64), np.fromiter(held.values(), np.float64))
            for term, held in strengths.items()
        }

    def strengths(self, term: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The services that have ``term``, in order, with the worth of the best field."""
        return self._strengths.get(term, _NOTHING)

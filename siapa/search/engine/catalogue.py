"""The national services: a small index of its own, in memory, that says which service is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from siapa.search.engine.schema import SERVICE_FIELDS

Row = dict[str, Any]


class Catalogue:
    """The active services, named by their place in ``rows``."""

    def __init__(self, entries: Iterable[dict[str, Any]]) -> None:
        ordered = sorted(entries, key=lambda entry: entry["row"]["code"])
        self.marks = tuple(entry["mark"] for entry in ordered)
        self.rows: list[Row] = [entry["row"] for entry in ordered]
        self.place_of = {row["id"]: place for place, row in enumerate(self.rows)}
        self._strengths: dict[str, dict[int, float]] = {}
        for place, entry in enumerate(ordered):
            for field, worth in SERVICE_FIELDS.items():
                for term in entry["terms"][field]:
                    held = self._strengths.setdefault(term, {})
                    held[place] = max(held.get(place, 0.0), worth)

    def strengths(self, term: str) -> Mapping[int, float]:
        """The services that have ``term``, with the worth of the best field."""
        return self._strengths.get(term, {})

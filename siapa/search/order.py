"""The order of results: which service is meant, then who gives it; or a figure, or the name."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from siapa.catalogue.distance import distance_km
from siapa.search.engine.bm25 import Word, scores_of
from siapa.search.engine.offers import has_places, least, offered
from siapa.search.engine.ordering import Key, first, window
from siapa.search.engine.schema import STANDARD_FIELDS
from siapa.search.engine.shelf import Shelf
from siapa.search.filtering import is_within
from siapa.search.gathering import Gathered, Numbers
from siapa.search.own import Ids, Weights
from siapa.search.understanding import Asked


class Order:
    """The order of what was gathered for ``asked``."""

    def __init__(self, asked: Asked, shelf: Shelf, gathered: Gathered) -> None:
        self._asked = asked
        self._shelf = shelf
        self._gathered = gathered

    def page(self, start: int, stop: int) -> Numbers:
        """The numbers of the results from ``start`` to ``stop``.

        Grouped: numbers of groups. Else places in ``gathered.standards`` and, counted on behind
        them, places among the bare services.
        """
        gathered = self._gathered
        keys = self._keys_of_groups() if self._asked.is_grouped else self._keys_of_items()
        return window(np.arange(gathered.total), keys, start, stop)

    def first_of(self, standards: Ids) -> int:
        """Who of those that give one service is shown for all of them."""
        keys = self.by_provider()
        if self._sort in ("fee", "time", "distance"):
            keys = [self._figures, *keys]
        return first(standards, keys)

    @property
    def _sort(self) -> str:
        sort = self._asked.query.sort
        return "name" if sort == "relevance" and not self._asked.has_words else sort

    def _keys_of_groups(self) -> list[Key]:
        groups = self._gathered.groups
        by_relevance: list[Key] = [
            lambda some: -np.round(groups.scores[some], 4),
            lambda some: -groups.counts[some],
            lambda some: groups.names[some],
        ]
        if self._sort == "relevance":
            return by_relevance
        if self._sort == "name":
            return [lambda some: groups.names[some], *by_relevance]
        figures = np.full(len(groups.scores), np.inf)
        if len(self._gathered.standards):
            np.minimum.at(figures, groups.of, self._figures(self._gathered.standards))
        return [lambda some: figures[some], *by_relevance]

    def _keys_of_items(self) -> list[Key]:
        """Of standards (their place among the results) and, behind them, bare services."""
        groups, count = self._gathered.groups, len(self._gathered.standards)
        bare = len(groups.scores) - len(self._gathered.bare)

        def group(items: Numbers) -> Numbers:
            if not count:
                return items + bare
            return np.where(items < count, groups.of[np.minimum(items, count - 1)], items - count + bare)

        by_relevance: list[Key] = [
            lambda some: -np.round(groups.scores[group(some)], 4),
            lambda some: -groups.counts[group(some)],
            lambda some: groups.names[group(some)],
            *(self._of_items(key) for key in self.by_provider()),
        ]
        if self._sort == "relevance":
            return by_relevance
        if self._sort == "name":

            def named(items: Numbers) -> Numbers:
                names = self._of_items(lambda some: self._shelf.titles_in_order[some])(items)
                return np.where(items < count, names, groups.names[group(items)])

            return [named, *by_relevance]
        return [self._of_items(self._figures), *by_relevance]

    def _of_items(self, key: Key) -> Key:
        """A key of standards (by their place on the shelf) as a key of items; bare services come last."""

        def keyed(items: Numbers) -> Numbers:
            found = np.full(len(items), np.inf)
            is_standard = items < len(self._gathered.standards)
            found[is_standard] = key(self._gathered.standards[items[is_standard]])
            return found

        return keyed

    def _figures(self, standards: Ids) -> Weights:
        """What the results are sorted by: rupiah, working days or kilometres; unknown is infinite."""
        match self._sort:
            case "fee":
                fees = self._shelf.column("fee")[standards].astype(np.float64)
                free = (self._shelf.column("flags")[standards] & 1) > 0
                return np.where(free, 0.0, np.where(fees < 0, np.inf, fees))
            case "time":
                days = self._shelf.column("days")[standards].astype(np.float64)
                return np.where(days < 0, np.inf, days)
            case _:
                return self.distances(standards)

    @cached_property
    def _value_by_place(self) -> Weights:
        whole = np.zeros(self._shelf.count)
        whole[self._gathered.standards] = self._gathered.values
        return whole

    def by_provider(self) -> list[Key]:
        """Who comes first among those that give one service."""
        shelf = self._shelf
        today = datetime.now(UTC).date().toordinal()
        due, given = shelf.column("due"), shelf.column("given")
        keys: list[Key] = [lambda some: -np.round(self._value_by_place[some], 2)]
        if self._asked.query.near is not None:
            keys.append(self.distances)
        return [
            *keys,
            lambda some: (due[some] > 0) & (due[some] < today),
            lambda some: ~has_places(shelf, some),
            lambda some: -given[some].astype(np.int64),
            lambda some: ~offered(shelf, some, self._is_at_mall),
            lambda some: -np.round(scores_of(shelf, some, self._words), 3),
            lambda some: shelf.titles_in_order[some],
        ]

    @property
    def _is_at_mall(self) -> NDArray[np.bool_]:
        """For each offering whether its place is a mall."""
        shelf = self._shelf

        def make() -> NDArray[np.bool_]:
            malls = np.array([*(row[4] is not None for row in shelf.table("places")), False])
            found: NDArray[np.bool_] = malls[shelf.column("offer_place")]
            return found

        made: NDArray[np.bool_] = shelf.made("is_at_mall", make)
        return made

    @cached_property
    def _words(self) -> list[Word]:
        """The words as the engine scores them: every term that answers one, in every field."""
        reading = self._asked.reading
        return [
            [
                (name, term, worth * one.weight)
                for one in reading.alternatives
                if one.first == unit
                for term in one.terms
                for name, worth in STANDARD_FIELDS.items()
            ]
            for unit in range(len(reading.units))
        ]

    def distances(self, standards: Ids) -> Weights:
        """The way to the nearest place of each standard that the asked place allows, in kilometres."""
        ways = self.ways
        return least(self._shelf, standards, lambda offers: ways[self._shelf.column("offer_place")[offers]])

    @cached_property
    def ways(self) -> Weights:
        """The way to each place of the table, infinite where it is unknown or outside the asked place."""
        near, code = self._asked.query.near, self._asked.region_code
        ways = [
            distance_km(*near, row[2], row[3])
            if near is not None
            and row[2] is not None
            and row[3] is not None
            and (code is None or is_within(row[1], code))
            else np.inf
            for row in self._shelf.table("places")
        ]
        return np.array([*ways, np.inf])

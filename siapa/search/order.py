"""The order of results: which service is meant, then who gives it; or a figure, or the name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property

import numpy as np

from siapa.search.engine.bm25 import Word, scores_of
from siapa.search.engine.offers import at_places, has_places, least, offered
from siapa.search.engine.ordering import Key, first, window
from siapa.search.engine.schema import STANDARD_FIELDS
from siapa.search.engine.shelf import Shelf
from siapa.search.filtering import meant_places
from siapa.search.gathering import Gathered, Numbers
from siapa.search.own import Ids, Weights
from siapa.search.understanding import Asked
from siapa.search.ways import ways

_NONE = np.zeros(0, np.uint32)
#: More than any figure of what stands for a standard (there are fourteen components).
_APART = 64


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

    def first_of_each(self, groups: Sequence[Ids]) -> list[int]:
        """For each of ``groups``, standards that give one service, who is shown for all of them."""
        keys = self._by_standing()
        if self._sort in ("fee", "time", "distance"):
            keys = [self._figures, *keys]
        best = [first(standards, keys) for standards in groups]
        # The rest is asked for all groups at once: looking up words costs by the look, not by the standard.
        equal = np.unique(np.concatenate([some for some in best if len(some) > 1] or [_NONE]))
        by_rest = [_kept(key, equal) for key in self._by_words()]
        return [int(first(standards, by_rest)[0]) for standards in best]

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
        return [*self._by_standing(), *self._by_words()]

    def _by_standing(self) -> list[Key]:
        keys: list[Key] = [lambda some: -np.round(self._value_by_place[some], 2)]
        if self._asked.query.near is not None:
            keys.append(self.distances)
        standing = _standing(self._shelf)
        return [*keys, lambda some: standing[some]]

    def _by_words(self) -> list[Key]:
        shelf = self._shelf
        return [
            lambda some: -np.round(scores_of(shelf, some, self._words), 3),
            lambda some: shelf.titles_in_order[some],
        ]

    def told_of(self, standard: int) -> dict[str, float]:
        """What put a standard in its place among those that give one service; finite figures only."""
        shelf, one = self._shelf, np.array([standard], np.uint32)
        told = {name: value[0] for name, value in _of_standing(shelf, one).items()}
        told["own_text"] = -np.round(scores_of(shelf, one, self._words), 3)[0]
        if self._asked.query.near is not None:
            told["distance_km"] = self.distances(one)[0]
        return {name: float(value) for name, value in told.items() if np.isfinite(value)}

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
        shelf, near, code = self._shelf, self._asked.query.near, self._asked.region_code
        if near is None:
            return np.full(len(shelf.table("places")) + 1, np.inf)
        away = ways(shelf, *near)
        return away if code is None else np.where(meant_places(shelf, code, None), away, np.inf)


def _kept(key: Key, places: Ids) -> Key:
    """``key`` for any of ``places``, which are in order, asked once for all of them."""
    values = key(places) if len(places) else _NONE
    return lambda some: values[np.searchsorted(places, some)]


def _standing(shelf: Shelf) -> Numbers:
    """What stands for a standard whatever is asked, as one number, the smallest first; made anew each day."""
    today = datetime.now(UTC).date().toordinal()

    def make() -> Numbers:
        whole = np.zeros(shelf.count, np.int32)
        for values in _of_standing(shelf, np.arange(shelf.count, dtype=np.uint32), today).values():
            whole = whole * _APART + values.astype(np.int32)
        return whole

    made: Numbers = shelf.made(("standing", today), make)
    return made


def _of_standing(shelf: Shelf, some: Ids, today: int | None = None) -> dict[str, Numbers]:
    """Live before due for review, placed before placeless, complete before the rest, malls before offices."""
    today = today or datetime.now(UTC).date().toordinal()
    due = shelf.column("due")[some]
    is_mall = np.array([*(row[4] is not None for row in shelf.table("places")), False])
    return {
        "due_for_review": (due > 0) & (due < today),
        "without_place": ~has_places(shelf, some),
        "components": -shelf.column("given")[some].astype(np.int64),
        "not_at_a_mall": ~offered(shelf, some, at_places(shelf, is_mall)),
    }

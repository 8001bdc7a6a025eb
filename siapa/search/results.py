"""The results of a query: what passes its filters, in its order, as single standards or by service.

A result is a standard, a service with the standards that give it, or a bare service that
nobody in the asked place has published. All of it are numbers in arrays; only those of
one page become hits.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siapa.catalogue.distance import distance_km
from siapa.search.allowing import Allowed, allowed
from siapa.search.engine.bm25 import Word, scores_of
from siapa.search.engine.offers import has_places, least, offered, places_of, spread
from siapa.search.engine.ordering import Key, window
from siapa.search.engine.schema import STANDARD_FIELDS
from siapa.search.engine.shelf import Shelf
from siapa.search.filtering import asks_for_standards, is_about, is_meant_place, is_within, passing
from siapa.search.found import Hit
from siapa.search.nearest import nearest
from siapa.search.own import Ids, Weights
from siapa.search.ranking import Ranking
from siapa.search.room import Sight
from siapa.search.stems import Stems
from siapa.search.understanding import Asked
from siapa.search.verifying import openings

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Groups:
    """What stands together: the standards of one service, a standard of none, or a bare service.

    For each group its best score, how many standards it has, and where its name stands among
    the names. ``of`` gives the group of each standard.
    """

    of: Numbers
    scores: Weights
    counts: Numbers
    names: Weights


class Results:
    """What answers ``asked``. ``gone``: ids that the database no longer has."""

    def __init__(
        self, asked: Asked, sight: Sight, ranking: Ranking | None, stems: Stems, gone: set[str]
    ) -> None:
        self._asked = asked
        self._sight = sight
        self._shelf = sight.shelf
        self._ranking = ranking
        query, shelf = asked.query, sight.shelf
        some = allowed(shelf, asked.parsed, stems) if asked.parsed.phrases or asked.parsed.excluded else None
        standards, values = self._candidates()
        chosen = _without(shelf, standards, values, some, gone)
        standards, values = standards[chosen], values[chosen]
        kept = passing(shelf, standards, query, asked.region_code, openings)
        if len(kept) < len(standards):
            is_kept = np.zeros(shelf.count, bool)
            is_kept[kept] = True
            values = values[is_kept[standards]]
        #: The standards among the results, and their scores.
        self.standards: Ids = kept
        self._values: Weights = values
        self._bare = self._bare_services(some, gone)

    def _candidates(self) -> tuple[Ids, Weights]:
        if self._ranking is not None:
            return self._ranking.standards, self._ranking.values
        every = self._shelf.living(np.arange(self._shelf.count, dtype=np.uint32))
        return every, np.zeros(len(every))

    def _bare_services(self, some: Allowed | None, gone: set[str]) -> list[tuple[int, float]]:
        """The services that are results and of which no standard is one: their places, with their scores."""
        if not self._admits_bare:
            return []
        catalogue = self._shelf.catalogue
        ranking = self._ranking
        scores = (
            {place: score.value for place, score in ranking.services.items()}
            if ranking
            else dict.fromkeys(range(len(catalogue.rows)), 0.0)
        )
        numbers = np.unique(self._shelf.column("service")[self.standards]).tolist()
        given = {self._shelf.service_places[number] for number in numbers if number >= 0}
        return [
            (place, score)
            for place, score in scores.items()
            if place not in given
            and (some is None or place in some.services)
            and (row := catalogue.rows[place])["id"] not in gone
            and is_about(row, self._asked.query)
        ]

    @property
    def _admits_bare(self) -> bool:
        """Whether a service that nobody (there) has published is a result too.

        It is when a service is meant, by words or by subject. A filter on what only a
        standard has, or a place alone, leaves it out.
        """
        query = self._asked.query
        if asks_for_standards(query):
            return False
        by_subject = query.category is not None or query.life_event is not None
        return self._asked.has_words or by_subject or self._asked.region is None

    @property
    def bare_rows(self) -> list[dict[str, Any]]:
        """The rows of the services that are results without a standard."""
        return [self._shelf.catalogue.rows[place] for place, _score in self._bare]

    # ---------------------------------------------------------------- groups

    @cached_property
    def _groups(self) -> Groups:
        """The groups of the standards first, then the bare services."""
        shelf, services = self._shelf, len(self._shelf.table("services"))
        numbers = shelf.column("service")[self.standards].astype(np.int64)
        strays = np.flatnonzero(numbers < 0)
        numbers[strays] = services + np.arange(len(strays))
        counts = np.bincount(numbers, minlength=services)
        held = np.flatnonzero(counts)
        renumbered = np.cumsum(counts > 0) - 1
        of = renumbered[numbers] if len(numbers) else numbers
        scores = np.zeros(len(held))
        np.maximum.at(scores, of, self._values)
        ranks = self._service_ranks
        names = np.empty(len(held))
        is_service = held < services
        names[is_service] = ranks[held[is_service]]
        names[~is_service] = len(ranks) + shelf.titles_in_order[self.standards[strays]]
        bare = np.array([score for _place, score in self._bare])
        places = np.array([place for place, _score in self._bare], np.int64)
        return Groups(
            of,
            np.concatenate([scores, bare]),
            np.concatenate([counts[held], np.zeros(len(bare), np.int64)]),
            np.concatenate([names, self._catalogue_ranks[places]]),
        )

    @cached_property
    def _catalogue_ranks(self) -> Weights:
        """For each active service where its name stands among their names."""
        rows = self._shelf.catalogue.rows
        order = sorted(range(len(rows)), key=lambda place: rows[place]["name"])
        ranks = np.zeros(len(rows))
        ranks[order] = np.arange(len(rows))
        return ranks

    @cached_property
    def _service_ranks(self) -> Weights:
        """The same for each row of the table of services; those that are not active come last."""
        ranks = np.append(self._catalogue_ranks, len(self._catalogue_ranks))
        return ranks[np.array(self._shelf.service_places, np.int64)]

    @property
    def groups(self) -> Numbers | None:
        """For each standard the number of its result, None when each is a result itself."""
        return self._groups.of if self._asked.is_grouped else None

    @property
    def total(self) -> int:
        """How many results there are."""
        return len(self._groups.scores) if self._asked.is_grouped else len(self.standards) + len(self._bare)

    # ---------------------------------------------------------------- order

    def page(self) -> list[Hit]:
        """The hits of the page that is asked for."""
        query = self._asked.query
        start = (query.page - 1) * query.per_page
        stop = start + query.per_page
        if self._asked.is_grouped:
            chosen = window(np.arange(self.total), self._keys_of_groups(), start, stop)
            return [self._hit_of_group(int(group)) for group in chosen]
        # A bare service stands behind the standards, by its place among the bare ones.
        chosen = window(np.arange(self.total), self._keys_of_items(), start, stop)
        return [self._hit_of_item(int(item)) for item in chosen]

    @property
    def _sort(self) -> str:
        sort = self._asked.query.sort
        return "name" if sort == "relevance" and not self._asked.has_words else sort

    def _keys_of_groups(self) -> list[Key]:
        groups = self._groups
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
        if len(self.standards):
            np.minimum.at(figures, groups.of, self._figures(self.standards))
        return [lambda some: figures[some], *by_relevance]

    def _keys_of_items(self) -> list[Key]:
        """Of standards (their place among the results) and, behind them, bare services."""
        groups, count = self._groups, len(self.standards)
        bare = len(groups.scores) - len(self._bare)

        def group(items: Numbers) -> Numbers:
            if not count:
                return items + bare
            return np.where(items < count, groups.of[np.minimum(items, count - 1)], items - count + bare)

        by_relevance: list[Key] = [
            lambda some: -np.round(groups.scores[group(some)], 4),
            lambda some: -groups.counts[group(some)],
            lambda some: groups.names[group(some)],
            *(self._of_items(key) for key in self._by_provider(self._value_of)),
        ]
        if self._sort == "relevance":
            return by_relevance
        if self._sort == "name":
            return [self._of_items(lambda some: self._shelf.titles_in_order[some]), *by_relevance]
        return [self._of_items(self._figures), *by_relevance]

    def _of_items(self, key: Key) -> Key:
        """A key of standards (by their place on the shelf) as a key of items; bare services come last."""

        def keyed(items: Numbers) -> Numbers:
            found = np.full(len(items), np.inf)
            is_standard = items < len(self.standards)
            found[is_standard] = key(self.standards[items[is_standard]])
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
                return self._distances(standards)

    @cached_property
    def _value_by_place(self) -> Weights:
        whole = np.zeros(self._shelf.count)
        whole[self.standards] = self._values
        return whole

    def _value_of(self, standards: Ids) -> Weights:
        return self._value_by_place[standards]

    def _by_provider(self, value_of: Key) -> list[Key]:
        """Who comes first among those that give one service."""
        shelf = self._shelf
        today = datetime.now(UTC).date().toordinal()
        due, given = shelf.column("due"), shelf.column("given")
        keys: list[Key] = [lambda some: -np.round(value_of(some), 2)]
        if self._asked.query.near is not None:
            keys.append(self._distances)
        return [
            *keys,
            lambda some: (due[some] > 0) & (due[some] < today),
            lambda some: ~has_places(shelf, some),
            lambda some: -given[some].astype(np.int64),
            lambda some: ~offered(shelf, some, self._is_at_mall),
            lambda some: -np.round(scores_of(shelf, some, self._words), 3),
            lambda some: shelf.titles_in_order[some],
        ]

    @cached_property
    def _is_at_mall(self) -> NDArray[np.bool_]:
        malls = np.array([*(row[4] is not None for row in self._shelf.table("places")), False])
        found: NDArray[np.bool_] = malls[self._shelf.column("offer_place")]
        return found

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

    def _distances(self, standards: Ids) -> Weights:
        """The way to the nearest place of each standard that the asked place allows, in kilometres."""
        ways = self._ways
        return least(self._shelf, standards, lambda offers: ways[self._shelf.column("offer_place")[offers]])

    @cached_property
    def _ways(self) -> Weights:
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

    # ---------------------------------------------------------------- hits

    def _hit_of_group(self, group: int) -> Hit:
        bare = len(self._groups.scores) - len(self._bare)
        if group >= bare:
            return self._bare_hit(*self._bare[group - bare])
        members = self.standards[self._groups.of == group]
        keys = self._by_provider(self._value_of)
        if self._sort in ("fee", "time", "distance"):
            keys = [self._figures, *keys]
        first = int(window(members, keys, 0, 1)[0])
        places = _different_places(self._shelf, members)
        score = float(self._groups.scores[group])
        return self._hit(first, score, standards=len(members), places=places)

    def _hit_of_item(self, item: int) -> Hit:
        if item >= len(self.standards):
            return self._bare_hit(*self._bare[item - len(self.standards)])
        standard = int(self.standards[item])
        return self._hit(standard, float(self._values[item]), standards=1, places=None)

    def _bare_hit(self, place: int, score: float) -> Hit:
        row = self._shelf.catalogue.rows[place]
        return Hit(
            uuid.UUID(row["id"]),
            row["code"],
            None,
            score=round(score, 4),
            available_elsewhere=self._shelf.live_of_service.get(row["id"], 0),
            nearest=nearest(self._shelf, row["id"], self._asked, self._sight.tables),
        )

    def _hit(self, standard: int, score: float, *, standards: int, places: int | None) -> Hit:
        shelf, asked = self._shelf, self._asked
        number = int(shelf.column("service")[standard])
        service = shelf.table("services")[number][0] if number >= 0 else None
        place = shelf.catalogue.place_of.get(service) if service else None
        offered_at = [int(one) for one in places_of(shelf, standard)]
        rows = shelf.table("places")
        offered_at.sort(key=lambda one: _by_place(rows[one], asked, float(self._ways[one])))
        away = float(self._distances(np.array([standard], np.uint32))[0])
        return Hit(
            service_id=uuid.UUID(service) if service else None,
            service_code=shelf.catalogue.rows[place]["code"] if place is not None else None,
            standard_id=uuid.UUID(shelf.id_of(standard)),
            edition=int(shelf.column("edition")[standard]),
            location_ids=tuple(uuid.UUID(rows[one][0]) for one in offered_at),
            distance_km=away if np.isfinite(away) else None,
            score=round(score, 4),
            standards=standards,
            places=len(offered_at) if places is None else places,
        )

    def explain(self, hit: Hit) -> dict[str, Any]:
        """The parts of a hit's score, and what put it in its place among those that give one service."""
        shelf = self._shelf
        service = shelf.catalogue.place_of.get(str(hit.service_id)) if hit.service_id else None
        parts = self._ranking.explain(service, self._place_of(hit)) if self._ranking else {}
        standard = self._place_of(hit)
        if standard is None:
            return parts
        one = np.array([standard], np.uint32)
        names = ["value", *(["distance_km"] if self._asked.query.near else []), "due_for_review",
                 "without_place", "components", "not_at_a_mall", "own_text", "title"]  # fmt: skip
        order = {
            name: float(key(one)[0])
            for name, key in zip(names, self._by_provider(self._value_of), strict=True)
            if name not in ("value", "title")
        }
        return {**parts, "order": {name: value for name, value in order.items() if np.isfinite(value)}}

    def _place_of(self, hit: Hit) -> int | None:
        if hit.standard_id is None:
            return None
        for part, start in zip(self._shelf.parts, self._shelf.starts, strict=False):
            at = part.place_of(hit.standard_id.hex)
            if at is not None and (self._shelf.alive is None or self._shelf.alive[at + start]):
                return int(at + start)
        return None


def _without(
    shelf: Shelf, standards: Ids, values: Weights, some: Allowed | None, gone: set[str]
) -> NDArray[np.bool_]:
    """Which of ``standards`` are allowed and not gone."""
    kept = np.ones(len(standards), bool)
    if some is not None:
        kept &= some.standards(standards, values)
    for one in gone:
        for part, start in zip(shelf.parts, shelf.starts, strict=False):
            at = part.place_of(one.replace("-", ""))
            if at is not None:
                kept &= standards != at + start
    return kept


def _different_places(shelf: Shelf, standards: Ids) -> int:
    """At how many places any of ``standards`` is offered."""

    _owners, numbers = spread(shelf, standards)
    return len(np.unique(shelf.column("offer_place")[numbers]))


def _by_place(row: Sequence[Any], asked: Asked, away: float) -> tuple[Any, ...]:
    """The places of one standard: the asked one, then the near ones, then the rest."""
    is_meant = is_meant_place(list(row), asked.region_code, asked.query.mall)
    return not is_meant, away

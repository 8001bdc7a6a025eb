"""What answers a query: the standards that pass its filters, by the service they give.

Also the services that nobody in the asked place has published. All of it are numbers in arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siapa.search.allowing import Allowed, allowed
from siapa.search.engine.shelf import Shelf
from siapa.search.filtering import asks_for_standards, is_about, passing
from siapa.search.own import Ids, Weights
from siapa.search.ranking import Ranking
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


@dataclass(frozen=True)
class Many:
    """The results of several standards: ``of`` gives the number of each standard's, from 0, and
    ``count``, how many there are, for a standard that is its result's only one."""

    of: Numbers
    count: int


class Gathered:
    """What answers ``asked``. ``gone``: ids that the database no longer has."""

    def __init__(
        self, asked: Asked, shelf: Shelf, ranking: Ranking | None, stems: Stems, gone: set[str]
    ) -> None:
        self._asked = asked
        self._shelf = shelf
        self._ranking = ranking
        some = allowed(shelf, asked.parsed, stems) if asked.parsed.phrases or asked.parsed.excluded else None
        standards, values = self._candidates()
        chosen = _without(shelf, standards, values, some, gone)
        standards, values = standards[chosen], values[chosen]
        kept = passing(shelf, standards, asked.query, asked.region_code, openings)
        if len(kept) < len(standards):
            is_kept = np.zeros(shelf.count, bool)
            is_kept[kept] = True
            values = values[is_kept[standards]]
        #: The standards among the results, and their scores.
        self.standards: Ids = kept
        self.values: Weights = values
        #: The services that are results and of which no standard is one: their places, with their scores.
        self.bare = self._bare_services(some, gone)

    def _candidates(self) -> tuple[Ids, Weights]:
        if self._ranking is not None:
            return self._ranking.standards, self._ranking.values
        every = self._shelf.living(np.arange(self._shelf.count, dtype=np.uint32))
        return every, np.zeros(len(every))

    def _bare_services(self, some: Allowed | None, gone: set[str]) -> list[tuple[int, float]]:
        if not self._admits_bare:
            return []
        catalogue = self._shelf.catalogue
        ranking = self._ranking
        scores = ranking.services if ranking else dict.fromkeys(range(len(catalogue.rows)), 0.0)
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
        return [self._shelf.catalogue.rows[place] for place, _score in self.bare]

    @cached_property
    def groups(self) -> Groups:
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
        np.maximum.at(scores, of, self.values)
        ranks = np.append(shelf.service_names_in_order, np.inf)
        names = np.empty(len(held))
        is_service = held < services
        names[is_service] = ranks[np.array(shelf.service_places, np.int64)[held[is_service]]]
        names[~is_service] = shelf.titles_in_order[self.standards[strays]]
        bare = np.array([score for _place, score in self.bare])
        places = np.array([place for place, _score in self.bare], np.int64)
        return Groups(
            of,
            np.concatenate([scores, bare]),
            np.concatenate([counts[held], np.zeros(len(bare), np.int64)]),
            np.concatenate([names, ranks[places]]),
        )

    @property
    def many(self) -> Many | None:
        """The results of several standards; None when each standard is a result itself."""
        if not self._asked.is_grouped:
            return None
        is_many = self.groups.counts > 1
        count = int(np.count_nonzero(is_many))
        return Many(np.where(is_many, np.cumsum(is_many) - 1, count).astype(np.int32)[self.groups.of], count)

    @property
    def total(self) -> int:
        """How many results there are."""
        return len(self.groups.scores) if self._asked.is_grouped else len(self.standards) + len(self.bare)


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

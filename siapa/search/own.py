"""What standards answer by their own words, beyond what their services answer: on arrays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from siapa.search.engine.answers import DENSE, Answers, all_of, best_of
from siapa.search.engine.schema import STANDARD_FIELDS, TITLES
from siapa.search.engine.shelf import Shelf
from siapa.search.reading import Reading
from siapa.search.scoring import FAMILIAR, Measured, Weighing, measure, rarity

Ids = NDArray[np.uint32]
Weights = NDArray[np.float64]
#: What a word in the small print of a standard is worth; more is a title, an agency or a place.
SMALL_PRINT = STANDARD_FIELDS["t_rest"]


class Own:
    """A reading laid over the standards: ``standards`` are those that are weighed one by one, in order."""

    def __init__(self, shelf: Shelf, reading: Reading) -> None:
        self._shelf = shelf
        self._reading = reading
        #: For each unit how well the standards answer it, None when none does.
        self._units = [self._answers(unit) for unit in range(len(reading.units))]
        self.take(np.zeros(0, np.uint32))

    def take(self, standards: Ids) -> None:
        """Weigh ``standards``, in order, from here on."""
        self.standards = standards
        self._likeness = none = np.zeros(len(standards))
        self.measured = Measured(none, none, none, none.astype(bool))

    def _answers(self, unit: int) -> Answers | None:
        """Kept, as people ask in the same words."""
        terms: dict[tuple[str, ...], float] = {}
        for one in self._reading.alternatives:
            if one.first <= unit < one.after:
                terms[one.terms] = max(terms.get(one.terms, 0.0), one.weight)
        shelf = self._shelf

        def make() -> Answers:
            return best_of(shelf.count, [(_together(shelf, some), weight) for some, weight in terms.items()])

        answers = Answers(*shelf.kept(frozenset(terms.items()), make))
        return None if answers.is_empty else answers

    def answering(self, worth: float) -> Ids:
        """The living standards that answer any unit better than ``worth``, in order."""
        held = [answers for answers in self._units if answers is not None]
        if all(answers.ids is not None for answers in held):
            return self._shelf.living(_union(self._shelf, [answers.above(worth) for answers in held]))
        marked = np.zeros(self._shelf.count, bool)
        for answers in held:
            answers.mark_above(worth, marked)
        return self._shelf.living(np.flatnonzero(marked).astype(np.uint32))

    def union(self, found: list[Ids]) -> Ids:
        """All of ``found``, each once and in order."""
        return _union(self._shelf, found)

    def has(self, unit: int) -> bool:
        """Whether any standard answers the unit."""
        return self._units[unit] is not None

    def rarities(self) -> list[float]:
        """How rare each unit is among the standards, 0 when none has it."""
        return [
            rarity(self._shelf.count, float(answers.worths.sum(dtype=np.float64)))
            * self._reading.units[unit].telling
            if answers is not None
            else 0.0
            for unit, answers in enumerate(self._units)
        ]

    @property
    def services(self) -> NDArray[np.int32]:
        """For each standard its service's place in the catalogue, -1 without an active one."""
        places = np.array([*self._shelf.service_places, -1], np.int32)
        found: NDArray[np.int32] = places[self._shelf.column("service")[self.standards]]
        return found

    def weigh(self, weighing: Weighing, like: Weights, telling: Mapping[int, float]) -> None:
        """Score the standards: each unit by the better of what the service and the standard answer.

        ``like``: how alike the names of each service are, and a last value for none.
        """
        inherited = weighing.answers.astype(np.float32)
        own_services = self.services
        self._likeness = like[own_services]
        strays = np.flatnonzero(own_services < 0)
        if len(strays):
            self._likeness[strays] = self._title_likeness(strays, weighing)
        matches = (
            np.maximum(inherited[unit][own_services], answers.of(self.standards))
            if answers is not None
            else inherited[unit][own_services]
            for unit, answers in enumerate(self._units)
        )
        self.measured = measure(weighing.rarities, matches, self._likeness, telling)

    def _title_likeness(self, strays: NDArray[np.int64], weighing: Weighing) -> Weights:
        """How alike (0..1) the title of a standard without a service and the query are."""
        best = np.zeros(len(strays))
        standards = self.standards[strays]
        for field in TITLES:
            answers = np.zeros((len(self._units), len(strays)))
            used = np.zeros((len(self._units), len(strays)))
            for one in self._reading.alternatives:
                has_it = np.ones(len(strays), bool)
                for term in one.terms:
                    has_it &= _stand_in(standards, self._shelf.postings(field, term)[0])
                for unit in range(one.first, one.after):
                    answers[unit] = np.maximum(answers[unit], one.weight * has_it)
                    used[unit] = np.maximum(used[unit], len(one.terms) / (one.after - one.first) * has_it)
            told = np.maximum(self._shelf.column(f"told_{field}")[standards], 1)
            precision = np.minimum(used.sum(axis=0) / told, 1.0)
            weighted = [rare * held for rare, held in zip(weighing.rarities, answers, strict=True)]
            recall = np.sum(weighted, axis=0) / (sum(weighing.rarities) or 1.0)
            both = precision + recall
            alike = np.divide(2 * precision * recall, both, out=np.zeros(len(strays)), where=both > 0)
            alike += FAMILIAR * np.log1p((answers > 0).all(axis=0))
            best = np.maximum(best, alike)
        return best

    def is_answered_by(self, least: float) -> NDArray[np.bool_]:
        """Which standards answer every unit at least so well by their own words."""
        if not self._units or any(answers is None for answers in self._units):
            return np.zeros(len(self.standards), bool)
        held = [answers.of(self.standards) for answers in self._units if answers is not None]
        found: NDArray[np.bool_] = np.logical_and.reduce([answers >= least for answers in held])
        return found

    def units_of(self, standard: int) -> dict[int, float]:
        """How well one standard answers each unit by its own words."""
        one = np.array([standard], np.uint32)
        matches = {unit: float(held.of(one)[0]) for unit, held in enumerate(self._units) if held is not None}
        return {unit: match for unit, match in matches.items() if match}

    def likeness_of(self, standard: int | None) -> float:
        """How alike a standard's names and the query are."""
        at = int(np.searchsorted(self.standards, standard)) if standard is not None else len(self.standards)
        return float(self._likeness[at]) if at < len(self.standards) else 0.0


def _together(shelf: Shelf, terms: tuple[str, ...]) -> Answers:
    """The standards with all of ``terms``: as strong as the mean of them."""
    if len(terms) == 1:
        return shelf.strengths(terms[0])
    return Answers(*shelf.kept(("together", *terms), lambda: all_of([*map(shelf.strengths, terms)])))


def _union(shelf: Shelf, found: list[Ids]) -> Ids:
    if len(found) <= 1 or sum(map(len, found)) * DENSE < shelf.count:
        return _different(found)
    whole = np.zeros(shelf.count, bool)
    for ids in found:
        whole[ids] = True
    return np.flatnonzero(whole).astype(np.uint32)


def _different(found: list[Ids]) -> Ids:
    """All of ``found``, each once and in order; the parts are so already."""
    if len(found) == 1:
        return found[0]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint32)


def _stand_in(standards: Ids, ids: Ids) -> NDArray[np.bool_]:
    """Which of ``standards`` are among ``ids``."""
    if not len(ids):
        return np.zeros(len(standards), bool)
    at = np.minimum(np.searchsorted(ids, standards), len(ids) - 1)
    return np.asarray(ids[at] == standards)

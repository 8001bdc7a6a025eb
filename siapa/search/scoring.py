"""How well a document answers a reading: coverage of the words, and likeness to a label.

Coverage: each unit counts with its rarity; it is met by the best field and the best
alternative that answer it. Likeness: how much of the query stands in one label (a name
or an alias) and how much of that label in the query, so "bikin paspor" beats "bikin
paspor bayi" for "bikin paspor", and the other way round for the longer question.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from siapa.search.mending import Unit
from siapa.search.reading import Reading

#: What the likeness to the best label counts beside coverage (which is at most 1).
LIKENESS = 0.9
#: How many names of one service say it: what most people mean.
FAMILIAR = 0.08
#: A match so strong stands in a name or an alias.
IN_A_NAME = 0.7
#: More documents than this, and more than one in so many, have a frequent word in a name.
FREQUENT = 12


@dataclass(frozen=True)
class Measured:
    """What some documents are worth, each an array of one value a document.

    ``values`` for ordering; ``coverage`` (0..1) of the words asked for; ``shares``: the same with
    each word counting by its weight; ``has_subject``: whether more than words said of any
    service are answered.
    """

    values: NDArray[np.float64]
    coverage: NDArray[np.floating]
    shares: NDArray[np.floating]
    has_subject: NDArray[np.bool_]


def measure(
    rarities: Sequence[float],
    matches: Iterable[NDArray[np.float32]],
    like: NDArray[np.float64],
    telling: Mapping[int, float],
) -> Measured:
    """Score documents by how well they answer each unit (``matches``) and how alike a name is (``like``).

    ``telling``: what the units that name a subject count for it; together they must reach 1.
    """
    worth, share, told = (np.zeros(len(like), np.float32) for _ in range(3))
    answered = np.zeros(len(like), np.uint8)
    for unit, match in enumerate(matches):
        rare = np.float32(rarities[unit])
        has_it = match > 0
        worth += rare * match
        share += rare * has_it
        answered += has_it
        if telling.get(unit):
            told += np.float32(telling[unit]) * has_it
    total = sum(rarities) or 1.0
    coverage = answered / max(len(rarities), 1)
    return Measured(worth.astype(np.float64) / total + LIKENESS * like, coverage, share / total, told >= 1)


class Names:
    """Names and aliases, each of one document, looked up by the terms that stand in them.

    A name is a row of words, each a set of terms that stand for it (written, stem, joined).
    """

    def __init__(self, named: Iterable[tuple[int, Sequence[frozenset[str]]]]) -> None:
        #: For each name: its document, and how telling each of its words is.
        self.documents: list[int] = []
        self.weights: list[list[float]] = []
        #: term -> name -> the places in it where the term stands
        self.places: dict[str, dict[int, tuple[int, ...]]] = {}
        rows: list[Sequence[frozenset[str]]] = []
        for document, row in named:
            for place, terms in enumerate(row):
                for term in terms:
                    held = self.places.setdefault(term, {})
                    held[len(rows)] = (*held.get(len(rows), ()), place)
            self.documents.append(document)
            rows.append(row)
        rarities = {term: rarity(len(rows), len(held)) for term, held in self.places.items()}
        self.weights = [[max(rarities[term] for term in terms) for terms in row] for row in rows]

    def with_all(self, terms: Sequence[str]) -> dict[int, tuple[int, ...]]:
        """The names in which every term stands, with their places."""
        found = self.places.get(terms[0], {})
        for term in terms[1:]:
            others = self.places.get(term, {})
            found = {name: found[name] + others[name] for name in found.keys() & others.keys()}
        return found


#: From a term to the documents that have it and how strongly (0..1).
Strengths = Callable[[str], Mapping[int, float]]


def rarity(documents: int, with_it: float) -> float:
    """The inverse document frequency of BM25, never negative."""
    return math.log(max(1.0, 1 + (documents - with_it + 0.5) / (with_it + 0.5)))


class Weighing:
    """A reading laid over a set of documents: which units each answers, and how well."""

    def __init__(self, reading: Reading, strengths: Strengths, documents: int) -> None:
        self._reading = reading
        self._strengths = strengths
        self._documents = documents
        #: document -> unit -> how well it is answered
        self.matches: dict[int, dict[int, float]] = {}
        self.rarities = [0.0] * len(reading.units)
        self._weigh()

    def _weigh(self) -> None:
        for alternative in self._reading.alternatives:
            together = self._together(alternative.terms)
            for document, strength in together.items():
                units = self.matches.setdefault(document, {})
                for unit in range(alternative.first, alternative.after):
                    units[unit] = max(units.get(unit, 0.0), strength * alternative.weight)
        for unit in range(len(self.rarities)):
            # A document that has the word only in its small print counts as less than one.
            having = sum(units.get(unit, 0.0) for units in self.matches.values())
            if having:
                self.rarities[unit] = rarity(self._documents, having) * self._reading.units[unit].telling
        self.settle(self.rarities)

    def _together(self, terms: tuple[str, ...]) -> dict[int, float]:
        """The documents with all of ``terms``: as strong as the mean of them."""
        found = dict(self._strengths(terms[0]))
        for term in terms[1:]:
            others = self._strengths(term)
            found = {one: found[one] + others[one] for one in found.keys() & others.keys()}
        return {one: strength / len(terms) for one, strength in found.items()}

    def settle(self, rarities: Sequence[float]) -> None:
        """Weigh by ``rarities`` from here on: those of another level join in."""
        self.rarities = list(rarities)
        self._total = sum(rarities)

    @property
    def units(self) -> tuple[Unit, ...]:
        """The words asked for."""
        return self._reading.units

    def of_units(self, documents: int) -> NDArray[np.float32]:
        """For each unit how well each document answers it, and a last column of nothing."""
        answers = np.zeros((len(self.rarities), documents + 1), np.float32)
        for document, units in self.matches.items():
            for unit, match in units.items():
                answers[unit, document] = match
        return answers

    def unanswered(self, unit: int) -> float:
        """What a unit that nothing answers counts: it tells no documents apart, but how much is missing."""
        return rarity(self._documents, 0) * self._reading.units[unit].strange

    def is_frequent(self, unit: int) -> bool:
        """Whether so many documents have a unit in a name that it alone picks none of them out."""
        having = sum(units.get(unit, 0.0) >= IN_A_NAME for units in self.matches.values())
        return having > max(FREQUENT, self._documents / FREQUENT)

    def coverage(self, units: Mapping[int, float]) -> float:
        """The share of the words (0..1) that is answered, each counting the same."""
        return len(units) / len(self._reading.units)

    def worth(self, units: Mapping[int, float]) -> float:
        """The share of the query (0..1) that matches of this strength answer."""
        if not self._total:
            return 0.0
        return sum(self.rarities[unit] * match for unit, match in units.items()) / self._total


def likeness(weighing: Weighing, reading: Reading, names: Names) -> dict[int, float]:
    """Document -> how alike (0..1) its best name and the query are."""
    answered: dict[int, dict[int, float]] = {}
    used: dict[int, set[int]] = {}
    for alternative in reading.alternatives:
        for name, places in names.with_all(alternative.terms).items():
            used.setdefault(name, set()).update(places)
            units = answered.setdefault(name, {})
            for unit in range(alternative.first, alternative.after):
                units[unit] = max(units.get(unit, 0.0), alternative.weight)
    best: dict[int, float] = {}
    saying: dict[int, int] = {}
    for name, units in answered.items():
        weights = names.weights[name]
        precision = sum(weights[place] for place in used[name]) / (sum(weights) or 1.0)
        recall = weighing.worth(units)
        if precision + recall:
            value = precision * recall * 2 / (precision + recall)
            document = names.documents[name]
            best[document] = max(best.get(document, 0.0), value)
            if len(units) == len(reading.units):
                saying[document] = saying.get(document, 0) + 1
    return {one: value + FAMILIAR * math.log1p(saying.get(one, 0)) for one, value in best.items()}

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
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siapa.search.mending import Unit
from siapa.search.reading import Reading

#: What the likeness to the best label counts beside coverage (which is at most 1).
LIKENESS = 0.9
#: How many names of one service say it: what most people mean.
FAMILIAR = 0.08
#: Keeps a division of nothing by nothing at nothing.
TINY = 1e-12
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
    Where a term stands in a name is a bit for each place; those from the last bit on share it.
    """

    def __init__(self, named: Iterable[tuple[int, Sequence[frozenset[str]]]]) -> None:
        held: dict[str, dict[int, int]] = {}
        documents: list[int] = []
        rows: list[Sequence[frozenset[str]]] = []
        for document, row in named:
            for place, terms in enumerate(row):
                for term in terms:
                    bits = held.setdefault(term, {})
                    bits[len(rows)] = bits.get(len(rows), 0) | 1 << min(place, _PLACES - 1)
            documents.append(document)
            rows.append(row)
        #: For each name its document.
        self.documents = np.array(documents, np.int64)
        rarities = {term: rarity(len(rows), len(names)) for term, names in held.items()}
        #: For each name how telling each of its words is.
        self.weights = np.zeros((len(rows), min(max(map(len, rows), default=1), _PLACES)))
        for name, row in enumerate(rows):
            for place, terms in enumerate(row):
                self.weights[name, min(place, _PLACES - 1)] += max(rarities[term] for term in terms)
        self._places = {
            term: (np.fromiter(names, np.int64), np.fromiter(names.values(), np.uint64))
            for term, names in held.items()
        }

    def with_all(self, terms: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """The names in which every term stands, in order, with the bits of their places."""
        return together([self._places.get(term, _IN_NO_NAME) for term in terms], np.bitwise_or)


Row = tuple[NDArray[Any], NDArray[Any]]
#: From a term to the documents that have it, in order, and how strongly (0..1).
Strengths = Callable[[str], Row]
#: How many places of a name are told apart.
_PLACES = 64
_IN_NO_NAME = (np.zeros(0, np.int64), np.zeros(0, np.uint64))


def together(held: Sequence[Row], join: np.ufunc = np.add) -> Row:
    """Those that are in every one of ``held``, in order, with their values joined."""
    ids, values = held[0]
    for other, its_values in held[1:]:
        ids, mine, others = np.intersect1d(ids, other, assume_unique=True, return_indices=True)
        values = join(values[mine], its_values[others])
    return ids, values


def rarity(documents: int, with_it: float) -> float:
    """The inverse document frequency of BM25, never negative."""
    return math.log(max(1.0, 1 + (documents - with_it + 0.5) / (with_it + 0.5)))


class Weighing:
    """A reading laid over a set of documents: which units each answers, and how well."""

    def __init__(self, reading: Reading, strengths: Strengths, documents: int) -> None:
        self._reading = reading
        self._documents = documents
        #: For each unit how well each document answers it, and a last column of nothing.
        self.answers = np.zeros((len(reading.units), documents + 1))
        for one in reading.alternatives:
            found, worths = together([strengths(term) for term in one.terms])
            worth = worths / len(one.terms) * one.weight
            for unit in range(one.first, one.after):
                self.answers[unit, found] = np.maximum(self.answers[unit, found], worth)
        # A document that has the word only in its small print counts as less than one.
        having = self.answers.sum(axis=1).tolist()
        self.rarities = [
            rarity(documents, some) * unit.telling if some else 0.0
            for some, unit in zip(having, reading.units, strict=True)
        ]

    def settle(self, rarities: Sequence[float]) -> None:
        """Weigh by ``rarities`` from here on: those of another level join in."""
        self.rarities = list(rarities)

    @property
    def units(self) -> tuple[Unit, ...]:
        """The words asked for."""
        return self._reading.units

    def units_of(self, document: int) -> dict[int, float]:
        """How well one document answers each unit."""
        return {unit: match for unit, match in enumerate(self.answers[:, document].tolist()) if match}

    def unanswered(self, unit: int) -> float:
        """What a unit that nothing answers counts: it tells no documents apart, but how much is missing."""
        return rarity(self._documents, 0) * self._reading.units[unit].strange

    def is_frequent(self, unit: int) -> bool:
        """Whether so many documents have a unit in a name that it alone picks none of them out."""
        having = np.count_nonzero(self.answers[unit] >= IN_A_NAME)
        return bool(having > max(FREQUENT, self._documents / FREQUENT))

    def coverage(self, units: Mapping[int, float]) -> float:
        """The share of the words (0..1) that is answered, each counting the same."""
        return len(units) / len(self._reading.units)

    def worth(self, units: Mapping[int, float]) -> float:
        """The share of the query (0..1) that matches of this strength answer."""
        total = sum(self.rarities)
        return sum(self.rarities[unit] * match for unit, match in units.items()) / total if total else 0.0


def likeness(weighing: Weighing, reading: Reading, names: Names) -> NDArray[np.float64]:
    """How alike (0..1) the best name of each document and the query are, and a last value of nothing."""
    answered = np.zeros((len(reading.units), len(names.documents)))
    used = np.zeros(len(names.documents), np.uint64)
    for one in reading.alternatives:
        found, places = names.with_all(one.terms)
        used[found] |= places
        for unit in range(one.first, one.after):
            answered[unit, found] = np.maximum(answered[unit, found], one.weight)
    named = np.flatnonzero(used)
    weights = names.weights[named]
    is_used = (used[named, None] >> np.arange(weights.shape[1], dtype=np.uint64)) & np.uint64(1)
    precision = (weights * is_used).sum(axis=1) / np.maximum(weights.sum(axis=1), TINY)
    recall = np.array(weighing.rarities) @ answered[:, named] / max(sum(weighing.rarities), TINY)
    values = 2 * precision * recall / np.maximum(precision + recall, TINY)
    best, saying = np.zeros((2, weighing.answers.shape[1]))
    np.maximum.at(best, names.documents[named], values)
    np.add.at(saying, names.documents[named], (answered[:, named] > 0).all(axis=0))
    return best + FAMILIAR * np.log1p(saying)

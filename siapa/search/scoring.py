"""How well a document answers a reading: coverage of the words, and likeness to a label.

Coverage: each unit counts with its rarity; it is met by the best field and the best
alternative that answer it. Likeness: how much of the query stands in one label (a name
or an alias) and how much of that label in the query, so "bikin paspor" beats "bikin
paspor bayi" for "bikin paspor", and the other way round for the longer question.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from siapa.search.reading import Reading

#: What the likeness to the best label counts beside coverage (which is at most 1).
LIKENESS = 0.9
#: A unit no document knows counts this little: it cannot tell documents apart.
UNKNOWN = 0.0


@dataclass(frozen=True)
class Score:
    """The worth of one document: ``value`` for ordering, ``coverage`` (0..1) of the words asked for."""

    value: float
    coverage: float


@dataclass(frozen=True)
class Label:
    """A name or alias as the terms of its words: each word a set of terms that stand for it."""

    document: int
    words: tuple[frozenset[str], ...]


#: From a term to the documents that have it and how strongly (0..1).
Strengths = Callable[[str], Mapping[int, float]]


def rarity(documents: int, with_it: float) -> float:
    """The inverse document frequency of BM25, never negative."""
    return math.log(1 + (documents - with_it + 0.5) / (with_it + 0.5))


class Weighing:
    """A reading laid over a set of documents: which units each answers, and how well."""

    def __init__(self, reading: Reading, strengths: Strengths, documents: int) -> None:
        self._reading = reading
        self._strengths = strengths
        self._documents = documents
        #: document -> unit -> how well it is answered
        self.matches: dict[int, dict[int, float]] = {}
        self.rarities = [UNKNOWN] * len(reading.units)
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
                self.rarities[unit] = rarity(self._documents, having)

    def _together(self, terms: tuple[str, ...]) -> dict[int, float]:
        """The documents with all of ``terms``: as strong as the mean of them."""
        found = dict(self._strengths(terms[0]))
        for term in terms[1:]:
            others = self._strengths(term)
            found = {one: found[one] + others[one] for one in found.keys() & others.keys()}
        return {one: strength / len(terms) for one, strength in found.items()}

    @property
    def total(self) -> float:
        """The rarity of all units together."""
        return sum(self.rarities)

    def worth(self, units: Mapping[int, float]) -> float:
        """The share of the query (0..1) that matches of this strength answer."""
        total = self.total
        return sum(self.rarities[unit] * match for unit, match in units.items()) / total if total else 0.0

    def coverage(self, units: Iterable[int]) -> float:
        """The share of the query (0..1) that is answered at all."""
        total = self.total
        return sum(self.rarities[unit] for unit in units) / total if total else 0.0


def likeness(
    weighing: Weighing, reading: Reading, labels: Iterable[Label], rarity_of: Callable[[str], float]
) -> dict[int, float]:
    """Document -> how alike (0..1) its best label and the query are."""
    best: dict[int, float] = {}
    for label in labels:
        if label.document not in weighing.matches:
            continue
        answered: dict[int, float] = {}
        used: set[int] = set()
        for alternative in reading.alternatives:
            places = _places_in(label, alternative.terms)
            if places is None:
                continue
            used |= places
            for unit in range(alternative.first, alternative.after):
                answered[unit] = max(answered.get(unit, 0.0), alternative.weight)
        if not answered:
            continue
        weights = [max(rarity_of(term) for term in word) for word in label.words]
        precision = sum(weights[place] for place in used) / (sum(weights) or 1.0)
        recall = weighing.worth(answered)
        value = precision * recall * 2 / (precision + recall) if precision + recall else 0.0
        if value > best.get(label.document, 0.0):
            best[label.document] = value
    return best


def _places_in(label: Label, terms: tuple[str, ...]) -> set[int] | None:
    """Where in ``label`` the terms stand, or None when one is missing."""
    places = set()
    for term in terms:
        found = [place for place, word in enumerate(label.words) if term in word]
        if not found:
            return None
        places.update(found)
    return places

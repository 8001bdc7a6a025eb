"""Which service is meant, and how well each standard answers: both levels under one measure.

A standard inherits what its national service answers (names, aliases) and adds what only
it says: its title, its agency, its places, its text. One that belongs to no service yet
stands on its own title. Services are weighed one by one, standards as arrays; a standard
that adds nothing of its own has the score of its service and is never looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siapa.search.engine.catalogue import Catalogue
from siapa.search.engine.shelf import Shelf
from siapa.search.own import SMALL_PRINT, Ids, Own, Weights
from siapa.search.reading import GENERAL, Reading
from siapa.search.scoring import LIKENESS, Measured, Names, Weighing, likeness, measure
from siapa.search.stems import Stems
from siapa.search.text import joined

#: What is worth less than this share of the best answer is left out.
WORTH_SHOWING = 0.55
#: What answers less of the words, by weight, answers another question.
LEAST_SHARE = 0.25
#: A word found so strongly names the office of a service; a mention in its small print does not.
OF_ITS_OFFICE = 0.22


@dataclass
class Ranking:
    """What answers: services by their place in the catalogue, standards by their place on the shelf.

    ``is_partial`` when nothing has all the words; ``explain`` tells how a service or a
    standard (one of the two is None) came to its score.
    """

    services: dict[int, float] = field(default_factory=dict)
    standards: Ids = field(default_factory=lambda: np.zeros(0, np.uint32))
    values: Weights = field(default_factory=lambda: np.zeros(0))
    is_partial: bool = False
    explain: Callable[[int | None, int | None], dict[str, Any]] = lambda _service, _standard: {}


class Labels:
    """The names and aliases of the services, made once per catalogue."""

    def __init__(self, catalogue: Catalogue, stems: Stems) -> None:
        self._stems = stems
        rows = catalogue.rows
        self.services = Names(
            (place, self._terms(line.split())) for place, row in enumerate(rows) for line in row["labels"]
        )
        most = max((len(row["labels"]) for row in rows), default=1)
        #: How much each service is talked of (0..1), by the number of its names.
        self.usual = {place: len(row["labels"]) / most for place, row in enumerate(rows)}
        self.said_alone = {(place, line) for place, row in enumerate(rows) for line in row["labels"]}
        self._said_with: dict[str, list[frozenset[str]]] = {}
        for row in rows:
            for line in row["labels"]:
                said = frozenset(line.split())
                for word in said:
                    self._said_with.setdefault(word, []).append(said)

    def has_name_in(self, word: str, spoken: frozenset[str]) -> bool:
        """Whether a service's name or alias has ``word`` and is said whole by the words ``spoken``."""
        return any(spoken >= said for said in self._said_with.get(word, ()))

    def without_stems(self, reading: Reading) -> Reading:
        """``reading`` without what is only a stem of it: *pertanahan* is an office, *tanah* is not."""
        stemmed = {
            (one.first, one.after, tuple(map(self._stems.stem, one.terms))): one.terms
            for one in reading.alternatives
            if tuple(map(self._stems.stem, one.terms)) != one.terms
        }
        kept = [one for one in reading.alternatives if (one.first, one.after, one.terms) not in stemmed]
        return replace(reading, alternatives=tuple(kept))

    def _terms(self, parts: list[str]) -> list[frozenset[str]]:
        """For each telling word of a name the terms that stand for it."""
        forms = [{word, self._stems.stem(word)} for word in parts]
        for first, together in joined(parts):
            forms[first].add(together)
            forms[first + 1].add(together)
        telling = [form for form, word in zip(forms, parts, strict=True) if not self._stems.is_small(word)]
        return [frozenset(form) for form in telling or forms]


def rank(shelf: Shelf, labels: Labels, reading: Reading) -> Ranking:
    """Score every document that answers ``reading``; what is far from the best is left out."""
    weighing = Weighing(reading, shelf.catalogue.strengths, len(shelf.catalogue.rows))
    own = Own(shelf, reading)
    # A word that only standards know (an agency, a street) counts with its rarity among them.
    known = [mine or other for mine, other in zip(weighing.rarities, own.rarities(), strict=True)]
    weighing.settle([rarity or weighing.unanswered(unit) for unit, rarity in enumerate(known)])
    is_missing = any(
        not rarity and unit.is_unknown for unit, rarity in zip(reading.units, known, strict=True)
    )
    telling = {
        unit: 0.5 if is_missing and weighing.is_frequent(unit) else 1.0
        for unit, one in enumerate(reading.units)
        if one.telling > GENERAL
    }
    like = likeness(weighing, reading, labels.services)
    of_units = weighing.answers[:, :-1]
    services = measure(weighing.rarities, of_units, like[:-1], telling)
    own.take(_worth_weighing(shelf, weighing, own, services, of_units, like[:-1]))
    own.weigh(weighing, like, telling)
    # Where words ask for a subject, what answers only the words beside it answers another question.
    has_subject = is_missing or any(known[unit] for unit in telling)
    ranking = _best(shelf, services, own, has_subject)
    ranking.explain = lambda service, standard: _explained(weighing, own, like, service, standard)
    return ranking


def _worth_weighing(
    shelf: Shelf,
    weighing: Weighing,
    own: Own,
    services: Measured,
    of_units: Weights,
    like: Weights,
) -> Ids:
    """The standards whose own words may bring them among the results.

    Where a service answers by its name, words in the small print alone are far from enough: then
    only standards count that have a word in a title, an agency or a place, or that give a service
    which the small print could lift over the line.
    """
    least = WORTH_SHOWING * services.values.max(initial=0.0)
    if least <= SMALL_PRINT:
        return own.answering(0.0)
    lift = np.array([SMALL_PRINT if own.has(unit) else 0.0 for unit in range(len(of_units))])
    most = measure(weighing.rarities, np.maximum(of_units, lift[:, None]), like, {})
    lifted = set(np.flatnonzero((most.values >= least) & (services.coverage > 0)).tolist())
    numbers = [number for number, place in enumerate(shelf.service_places) if place in lifted]
    return own.union([own.answering(SMALL_PRINT), *(np.sort(shelf.of_service(number)) for number in numbers)])


def rank_office(shelf: Shelf, labels: Labels, reading: Reading) -> Ranking:
    """What an office does, the most usual first: the words name the office, so all of it is meant."""
    as_written = labels.without_stems(reading)
    weighing = Weighing(as_written, shelf.catalogue.strengths, len(shelf.catalogue.rows))
    services = {}
    for place in np.flatnonzero((weighing.answers >= OF_ITS_OFFICE).all(axis=0)).tolist():
        is_said = (place, reading.understood) in labels.said_alone
        services[place] = 1 + is_said + labels.usual[place]
    own = Own(shelf, as_written)
    own.take(own.answering(0.0))
    is_its = own.is_answered_by(OF_ITS_OFFICE)
    standards = own.standards[is_its]
    worths = [services[place] if place in services else 1 + usual for place, usual in labels.usual.items()]
    values = np.array([*worths, 1.0])[own.services[is_its]]
    rest = _inherited(shelf, services, standards)
    return _gathered(Ranking(services), [(standards, values), *rest])


def _best(shelf: Shelf, services: Measured, own: Own, has_subject: bool) -> Ranking:
    """What is worth showing of services and standards."""
    standards = own.measured
    best = max(services.values.max(initial=0.0), standards.values.max(initial=0.0))
    if not best:
        return Ranking()
    covered = max(services.coverage.max(initial=0.0), standards.coverage.max(initial=0.0))

    def is_worth(some: Measured) -> NDArray[np.bool_]:
        worth: NDArray[np.bool_] = (some.shares >= LEAST_SHARE) & (some.values >= WORTH_SHOWING * best)
        return worth & some.has_subject if has_subject else worth

    kept = {int(place): float(services.values[place]) for place in np.flatnonzero(is_worth(services))}
    chosen = is_worth(standards)
    rest = _inherited(shelf, kept, own.standards)
    ranking = Ranking(kept, is_partial=bool(covered < 1))
    return _gathered(ranking, [(own.standards[chosen], standards.values[chosen]), *rest])


def _inherited(shelf: Shelf, services: Mapping[int, float], but: Ids) -> list[tuple[Ids, Weights]]:
    """The standards of ``services`` with the scores of these, without those of ``but``."""
    found = []
    for number, place in enumerate(shelf.service_places):
        if place in services:
            standards = shelf.of_service(number)
            if len(but) and len(standards):
                at = np.minimum(np.searchsorted(but, standards), len(but) - 1)
                standards = standards[but[at] != standards]
            found.append((standards, np.full(len(standards), services[place])))
    return found


def _gathered(ranking: Ranking, found: list[tuple[Ids, Weights]]) -> Ranking:
    found = [(standards, values) for standards, values in found if len(standards)]
    if found:
        ranking.standards = np.concatenate([standards for standards, _values in found])
        ranking.values = np.concatenate([values for _standards, values in found])
    return ranking


def _explained(
    weighing: Weighing, own: Own, alike: Weights, service: int | None, standard: int | None
) -> dict[str, Any]:
    """The parts of a score: what of each word the service and the standard answer, and the likeness."""
    inherited = weighing.units_of(service) if service is not None else {}
    added = own.units_of(standard) if standard is not None else {}
    words = [
        {
            "word": unit.mended or unit.written,
            "weight": round(weighing.rarities[at], 4),
            "service": round(inherited.get(at, 0.0), 4),
            "standard": round(added.get(at, 0.0), 4),
        }
        for at, unit in enumerate(weighing.units)
    ]
    units = {at: max(inherited.get(at, 0.0), added.get(at, 0.0)) for at in {*inherited, *added}}
    like = float(alike[service]) if service is not None else own.likeness_of(standard)
    return {
        "words": words,
        "worth": round(weighing.worth(units), 4),
        "likeness": round(like, 4),
        "coverage": round(weighing.coverage(units), 4),
        "score": round(weighing.worth(units) + LIKENESS * like, 4),
    }

"""Which service is meant, and how well each standard answers: both levels under one measure.

A standard inherits what its national service answers (names, aliases) and adds what only
it says: its title, its agency, its places, its text. One that belongs to no service yet
stands on its own title.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from siapa.search.engine import Shelf
from siapa.search.query import Parsed
from siapa.search.reading import Reading
from siapa.search.scoring import LIKENESS, Names, Score, Weighing, likeness
from siapa.search.stems import Stems
from siapa.search.text import holds_phrase, joined

#: What is worth less than this share of the best answer is left out.
WORTH_SHOWING = 0.45
#: What answers less of the words, by weight, answers another question.
LEAST_SHARE = 0.25
#: A word found so strongly names the office of a service; a mention in its small print does not.
OF_ITS_OFFICE = 0.22
#: A word found so strongly stands in a name, an alias or a title.
IN_A_NAME = 0.9


@dataclass
class Ranking:
    """The scores by place in the shelf's lists; ``is_partial`` when nothing has all the words."""

    services: dict[int, Score] = field(default_factory=dict)
    standards: dict[int, Score] = field(default_factory=dict)
    is_partial: bool = False


class Labels:
    """The names and aliases of a shelf's documents, made once per shelf."""

    def __init__(self, shelf: Shelf, stems: Stems) -> None:
        self._stems = stems
        self.services = Names(
            (place, self._terms(line.split()))
            for place, row in enumerate(shelf.services)
            for line in row["labels"]
        )
        self.strays = Names(
            (place, self._terms(line.split()))
            for place, row in enumerate(shelf.standards)
            if not row["service"]
            for line in row["labels"]
        )
        most = max((len(row["labels"]) for row in shelf.services), default=1)
        #: How much each service is talked of (0..1), by the number of its names.
        self.usual = {place: len(row["labels"]) / most for place, row in enumerate(shelf.services)}
        self.said_alone = {
            (place, line) for place, row in enumerate(shelf.services) for line in row["labels"]
        }
        self._said_with: dict[str, list[frozenset[str]]] = {}
        for row in shelf.services:
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
    of_services = Weighing(reading, shelf.of_services, len(shelf.services))
    of_standards = Weighing(reading, shelf.of_standards, len(shelf.standards))
    # A word that only standards know (an agency, a street) counts with its rarity among them.
    known = (of_services.rarities, of_standards.rarities)
    both = [
        mine or other or of_services.unanswered(unit)
        for unit, (mine, other) in enumerate(zip(*known, strict=True))
    ]
    of_services.settle(both)
    of_standards.settle(both)
    is_missing = any(
        not (mine or other) and unit.is_unknown
        for unit, mine, other in zip(reading.units, *known, strict=True)
    )
    telling = {
        unit: 0.5 if is_missing and of_services.is_frequent(unit) else 1.0
        for unit, one in enumerate(reading.units)
        if one.telling >= 1
    }
    alike = likeness(of_services, reading, labels.services)
    stray = likeness(of_standards, reading, labels.strays)
    ranking = Ranking()
    for place, units in of_services.matches.items():
        ranking.services[place] = _score(of_services, units, alike.get(place, 0.0), telling)
    service_place = {row["id"]: place for place, row in enumerate(shelf.services)}
    for place, row in enumerate(shelf.standards):
        service = service_place.get(row["service"])
        inherited = of_services.matches.get(service, {}) if service is not None else {}
        own = of_standards.matches.get(place, {})
        if inherited or own:
            units = {
                **inherited,
                **{unit: max(inherited.get(unit, 0.0), match) for unit, match in own.items()},
            }
            like = alike.get(service, 0.0) if service is not None else stray.get(place, 0.0)
            ranking.standards[place] = _score(of_standards, units, like, telling)
    return _best(ranking, is_missing)


def rank_office(shelf: Shelf, labels: Labels, reading: Reading) -> Ranking:
    """What an office does, the most usual first: the words name the office, so all of it is meant."""
    as_written = labels.without_stems(reading)
    of_services = Weighing(as_written, shelf.of_services, len(shelf.services))
    of_standards = Weighing(as_written, shelf.of_standards, len(shelf.standards))
    every = len(reading.units)
    ranking = Ranking()
    for place, units in of_services.matches.items():
        if len(units) == every and min(units.values()) >= OF_ITS_OFFICE:
            is_said = (place, reading.understood) in labels.said_alone
            ranking.services[place] = Score(1 + is_said + labels.usual[place], 1.0)
    service_place = {row["id"]: place for place, row in enumerate(shelf.services)}
    for place, row in enumerate(shelf.standards):
        service = service_place.get(row["service"])
        own = of_standards.matches.get(place, {})
        if service in ranking.services:
            ranking.standards[place] = ranking.services[service]
        elif len(own) == every and min(own.values()) >= OF_ITS_OFFICE:
            ranking.standards[place] = Score(1 + (labels.usual[service] if service is not None else 0.0), 1.0)
    return ranking


def _score(
    weighing: Weighing, units: Mapping[int, float], like: float, telling: Mapping[int, float]
) -> Score:
    return Score(
        weighing.worth(units) + LIKENESS * like,
        coverage=weighing.coverage(units),
        share=weighing.share(units),
        has_subject=sum(telling.get(unit, 0.0) for unit in units) >= 1,
    )


def _best(ranking: Ranking, is_missing: bool) -> Ranking:
    scores = [*ranking.services.values(), *ranking.standards.values()]
    if not scores:
        return ranking
    least = WORTH_SHOWING * max(score.value for score in scores)
    # Where words ask for a subject, what answers only the words beside it answers another question.
    has_subject = is_missing or any(score.has_subject for score in scores)

    def is_worth(score: Score) -> bool:
        answers = score.share >= LEAST_SHARE and (score.has_subject or not has_subject)
        return answers and score.value >= least

    return Ranking(
        {place: score for place, score in ranking.services.items() if is_worth(score)},
        {place: score for place, score in ranking.standards.items() if is_worth(score)},
        is_partial=max(score.coverage for score in scores) < 1,
    )


def allowed(shelf: Shelf, parsed: Parsed, stems: Stems) -> tuple[set[int], set[int]]:
    """The services and the standards that hold every phrase and no excluded word in a name."""
    services = {place for place, row in enumerate(shelf.services) if _holds_all(row["lines"], parsed.phrases)}
    holding = {shelf.services[place]["id"] for place in services}
    standards = {
        place
        for place, row in enumerate(shelf.standards)
        if not parsed.phrases or row["service"] in holding or _holds_all(row["lines"], parsed.phrases)
    }
    barred: set[str] = set()
    for word in parsed.excluded:
        for term in {word, stems.stem(word)}:
            for place, strength in shelf.of_services(term).items():
                if strength >= IN_A_NAME:
                    services.discard(place)
                    barred.add(shelf.services[place]["id"])
            standards -= {place for place, worth in shelf.of_standards(term).items() if worth >= IN_A_NAME}
    return services, {place for place in standards if shelf.standards[place]["service"] not in barred}


def _holds_all(lines: list[str], phrases: tuple[tuple[str, ...], ...]) -> bool:
    return all(holds_phrase(lines, phrase) for phrase in phrases)

"""How the words of a query are understood: stems, synonyms, joined and mended forms.

The outcome is a ``Reading``: the units asked for (one a word that carries meaning) and,
for each stretch of them, the terms of the index that would answer it. All of it is
looked up, nothing is guessed at while the index is searched.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from siapa.search.mending import Lexicon, Mender, Unit
from siapa.search.stems import Stems
from siapa.search.text import words

#: What a match by other means than the written word is worth.
STEM, SYNONYM, JOINED, SPOKEN, KIN = 0.94, 0.92, 0.96, 0.85, 0.7
#: What a word that stands in a fixed phrase is worth by itself: *rumah sakit* is no *rumah*.
BOUND = 0.6
_LONGEST_TERM = 5
_SHORTEST_WORD = 3
#: So many words of a query are weighed: in a long one the rarest say what is meant.
MOST_WEIGHED = 10
#: Single letters that are English words before another word, and letters after one: "sim a".
_ARTICLES = ("a", "i")
#: How much a word said of any service tells beside one that names a subject.
GENERAL = 0.5
#: What a programme that nothing here answers counts, against the rarest word there is.
ELSEWHERE = 2.5


#: What a word of a circumstance tells beside one of what is wanted.
CIRCUMSTANCE = 0.75
#: What is wanted is said after these (*sudah cerai mau bikin kk*), and before those (*skck untuk kerja*).
_WANTED_AFTER = frozenset("mau ingin pengen pengin kepengen hendak mw".split())
_WANTED_BEFORE = frozenset(
    "untuk utk buat karena krn krna karna gara setelah sebelum supaya agar biar after because".split()
)


@dataclass(frozen=True)
class Alternative:
    """Terms that, found together, answer the units from ``first`` up to ``after``."""

    first: int
    after: int
    terms: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Reading:
    """A query's words, understood."""

    units: tuple[Unit, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    @property
    def understood(self) -> str:
        """The words that were searched for."""
        return " ".join(unit.mended or unit.written for unit in self.units)

    @property
    def was_mended(self) -> bool:
        """Whether a spelling was changed."""
        return any(unit.mended for unit in self.units)

    def marks(self) -> frozenset[tuple[str, ...]]:
        """What a highlighter marks: words, and expansions of several words only as a whole."""
        return frozenset(alternative.terms for alternative in self.alternatives)


@dataclass
class Synonyms:
    """What a word, or several, may stand for: the curators' table, by plain words."""

    table: dict[tuple[str, ...], list[tuple[str, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> Synonyms:
        """From rows of (term, replacement)."""
        synonyms = cls()
        for term, replacement in rows:
            key, value = tuple(words(term)), tuple(words(replacement))
            if key and value and key != value:
                synonyms.table.setdefault(key, []).append(value)
        return synonyms

    @cached_property
    def phrases(self) -> frozenset[tuple[str, ...]]:
        """Every term and replacement of several words: they mean something together."""
        replacements = (value for values in self.table.values() for value in values)
        return frozenset(phrase for phrase in (*self.table, *replacements) if len(phrase) > 1)


class Reader:
    """Understands words with the help of the index's lexicon, the synonyms and the stems."""

    def __init__(
        self,
        lexicon: Lexicon,
        synonyms: Synonyms,
        stems: Stems,
        places: Collection[str] = (),
        place_words: Collection[str] = (),
        names: Iterable[str] = (),
    ) -> None:
        """``names``: of services; two words beside each other in one may also be written as one."""
        self._lexicon = lexicon
        self._synonyms = synonyms
        self._stems = stems
        self._mender = Mender(lexicon, synonyms.table, stems, places, place_words, names)

    def mend(self, parts: Sequence[str]) -> list[Unit]:
        """The words, each unknown one with the known word it was most likely meant to be."""
        return self._mender.mend(parts)

    def read(self, units: Sequence[Unit]) -> Reading:
        """The units that carry meaning, with all that would answer them."""
        telling = [unit for unit in units if not self._is_small(unit)]
        telling = telling or [unit for unit in units if unit.written not in self._stems.stop_words]
        telling = self._most_telling(self._without_lone_letters(telling))
        kept = set(map(id, telling))
        places = [place for place, unit in enumerate(units) if id(unit) in kept]
        phrases = self._of_phrases(units, places)
        telling = self._with_circumstances(units, places, [self._weighed(unit) for unit in telling])
        parts = [unit.mended or unit.written for unit in telling]
        found: list[Alternative] = []
        for place, word in enumerate(parts):
            found.extend(self._of_word(place, word, telling[place].weight))
        found.extend(self._of_synonyms(parts))
        found.extend(self._of_joined(parts))
        found.extend(phrases)
        return Reading(tuple(telling), tuple(dict.fromkeys(self._bound(parts, found))))

    def _most_telling(self, units: list[Unit]) -> list[Unit]:
        """The units, of many the rarest that are known at all."""
        if len(units) <= MOST_WEIGHED:
            return units

        def said(place: int) -> float:
            return self._lexicon.count(units[place].mended or units[place].written) or math.inf

        kept = sorted(range(len(units)), key=said)[:MOST_WEIGHED]
        return [units[place] for place in sorted(kept)]

    def _bound(self, parts: list[str], found: list[Alternative]) -> list[Alternative]:
        """The alternatives, less worth for a single word of a fixed phrase, and the phrases as a whole."""
        spans = [
            (first, after)
            for first in range(len(parts) - 1)
            for after in range(first + 2, min(first + _LONGEST_TERM, len(parts)) + 1)
            if tuple(parts[first:after]) in self._synonyms.phrases
        ]
        bound = {place for span in spans for place in range(*span)}
        kept = [
            replace(one, weight=one.weight * BOUND)
            if one.first in bound and one.after == one.first + 1
            else one
            for one in found
        ]
        for first, after in spans:
            phrase = tuple(parts[first:after])
            kept.append(Alternative(first, after, phrase, 1.0))
            kept.append(Alternative(first, after, tuple(map(self._stems.stem, phrase)), STEM))
        return kept

    @staticmethod
    def _with_circumstances(units: Sequence[Unit], places: list[int], telling: list[Unit]) -> list[Unit]:
        """``telling`` (at ``places``) with less weight for words that say why or when something is wanted."""
        wanted = set(range(len(telling)))
        for place, unit in enumerate(units):
            here = bisect_left(places, place)
            if unit.written in _WANTED_AFTER:
                rest = range(here, len(telling))
            elif unit.written in _WANTED_BEFORE and place - 1 in places:
                rest = range(here)
            else:
                continue
            if any(telling[one].telling > GENERAL for one in wanted.intersection(rest)):
                wanted.intersection_update(rest)
        return [
            unit if place in wanted else replace(unit, telling=unit.telling * CIRCUMSTANCE)
            for place, unit in enumerate(telling)
        ]

    def _without_lone_letters(self, units: list[Unit]) -> list[Unit]:
        """The units without letters that join no neighbour: *a* in "a driving licence", not in "sim a"."""
        parts = [unit.mended or unit.written for unit in units]
        joins = [
            first not in _ARTICLES and self._lexicon.count(first + second) > 0
            for first, second in pairwise(parts)
        ]
        kept = [
            unit
            for place, unit in enumerate(units)
            if len(parts[place]) > 1 or any(joins[max(place - 1, 0) : place + 1])
        ]
        return kept or units

    def _weighed(self, unit: Unit) -> Unit:
        """``unit`` with how much its word tells of the subject."""
        word = unit.mended or unit.written
        if self._stems.is_general(word) or (
            not self._mender.knows(word) and any(map(self._stems.is_general, self._mender.spoken(word)))
        ):
            return replace(unit, telling=GENERAL)
        if word in self._stems.known_words:
            return replace(unit, strange=ELSEWHERE, is_unknown=True)
        if word.isdigit():
            return replace(unit, telling=GENERAL)  # an age, a count, a sum: rare, but no subject
        if len(word) < _SHORTEST_WORD or not word.isalpha():
            return unit
        return replace(unit, is_unknown=not self._stems.is_root(word))

    def _is_small(self, unit: Unit) -> bool:
        word = unit.mended or unit.written
        if self._stems.is_small(word):
            return True
        if len(word) == 1 and word.isalpha():
            return False  # "sim c": dropped later unless it joins a neighbour
        return not self._mender.knows(word) and any(
            self._stems.is_small(root) for root in self._mender.spoken(word)
        )

    def _of_word(self, place: int, word: str, scale: float) -> list[Alternative]:
        found = []
        if len(word) > 1:
            found.append(Alternative(place, place + 1, (word,), scale))
            stem = self._stems.stem(word)
            if stem != word:
                found.append(Alternative(place, place + 1, (stem,), scale * STEM))
            if word in self._mender.beside:
                found.append(Alternative(place, place + 1, self._mender.beside[word], scale * JOINED))
        found.extend(Alternative(place, place + 1, (kin,), scale * KIN) for kin in self._mender.kin(word))
        if not self._mender.knows(word):
            for term in self._mender.spoken(word):
                found.append(Alternative(place, place + 1, (term,), SPOKEN))
                found.extend(self._replacements((term,), place, place + 1, SPOKEN))
        return found

    def _of_synonyms(self, parts: list[str]) -> list[Alternative]:
        found = []
        for first in range(len(parts)):
            for after in range(first + 1, min(first + _LONGEST_TERM, len(parts)) + 1):
                key = tuple(parts[first:after])
                stemmed = tuple(map(self._stems.stem, key))
                for form in dict.fromkeys((key, stemmed)):
                    found.extend(self._replacements(form, first, after, SYNONYM))
        return found

    def _of_phrases(self, units: Sequence[Unit], places: list[int]) -> list[Alternative]:
        """Synonyms with small words in them, which tell a way: *dari luar kota* is not *ke luar kota*."""
        if len(units) == len(places):
            return []
        spoken = [unit.mended or unit.written for unit in units]
        found = []
        for start in range(len(spoken)):
            for stop in range(start + 2, min(start + _LONGEST_TERM, len(spoken)) + 1):
                first, after = bisect_left(places, start), bisect_left(places, stop)
                if 0 < after - first < stop - start:
                    key = tuple(spoken[start:stop])
                    found.extend(self._replacements(key, first, after, SYNONYM))
        return found

    def _replacements(self, key: tuple[str, ...], first: int, after: int, weight: float) -> list[Alternative]:
        found = []
        for replacement in self._synonyms.table.get(key, ()):
            telling = tuple(word for word in replacement if not self._stems.is_small(word)) or replacement
            for form in dict.fromkeys((telling, tuple(map(self._stems.stem, telling)))):
                found.append(Alternative(first, after, form, weight))
        return found

    def _of_joined(self, parts: list[str]) -> list[Alternative]:
        """Two words that the index knows as one: ``sim c``, ``ktp el``, ``pas por``."""
        found = []
        for first in range(len(parts) - 1):
            together = parts[first] + parts[first + 1]
            if self._lexicon.count(together):
                single = len(parts[first]) == 1 or len(parts[first + 1]) == 1
                lone = first if len(parts[first]) == 1 else first + 1
                found.append(Alternative(first, first + 2, (together,), JOINED))
                found.extend(self._replacements((together,), first, first + 2, SYNONYM))
                if single:
                    found.append(Alternative(lone, lone + 1, (together,), 1.0))
        return found

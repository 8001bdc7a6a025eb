"""How the words of a query are understood: stems, synonyms, joined and mended forms.

The outcome is a ``Reading``: the units asked for (one a word that carries meaning) and,
for each stretch of them, the terms of the index that would answer it. All of it is
looked up, nothing is guessed at while the index is searched.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from siapa.search.spelling import MENDED, REACH, Slip, slip, within_reach
from siapa.search.stems import Stems, sounds_like
from siapa.search.text import words

#: What a match by other means than the written word is worth.
STEM, SYNONYM, JOINED, SPOKEN, KIN = 0.94, 0.92, 0.96, 0.85, 0.7
_LONGEST_TERM = 5
_MOST_KEPT = 10_000
_SHORTEST_MENDED = 3
_SHORTEST_PLACE = 6
_SHORTEST_KIN = 6
#: Single letters that are English words before another word, and letters after one: "sim a".
_ARTICLES = ("a", "i")
#: How much a word said of any service tells beside one that names a subject.
GENERAL = 0.5
#: What a programme that nothing here answers counts, against the rarest word there is.
ELSEWHERE = 2.5


@dataclass(frozen=True)
class Unit:
    """One word asked for, as written and as mended; ``weight`` is how sure the mending is."""

    written: str
    mended: str | None = None
    weight: float = 1.0
    #: How much the word says of the subject, beside how rare it is.
    telling: float = 1.0
    #: The same, should nothing in the index answer it.
    strange: float = 0.0
    #: Whether the word is one that nobody here knows, and so may have been the subject.
    is_unknown: bool = False


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


class Lexicon(Protocol):
    """What the index knows of words."""

    def count(self, term: str) -> int:
        """In how many documents ``term`` is found, 0 for an unknown one."""

    def written(self) -> Mapping[str, int]:
        """The words a spelling may be mended to, with how often they occur."""


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
    def single_words(self) -> list[str]:
        """The terms of one word."""
        return [key[0] for key in self.table if len(key) == 1]


class Reader:
    """Understands words with the help of the index's lexicon, the synonyms and the stems."""

    def __init__(
        self,
        lexicon: Lexicon,
        synonyms: Synonyms,
        stems: Stems,
        places: Collection[str] = (),
        place_words: Collection[str] = (),
    ) -> None:
        self._lexicon = lexicon
        self._synonyms = synonyms
        self._stems = stems
        self._places = frozenset(places)
        self._place_words = self._places | frozenset(place_words)
        self._nearest_to: dict[str, Slip | None] = {}

    @cached_property
    def _candidates(self) -> dict[str, float]:
        """Words a spelling may be mended to -> how welcome each is."""
        pool = dict.fromkeys((word for word in self._places if len(word) >= _SHORTEST_PLACE), 0.0)
        pool.update(dict.fromkeys(self._synonyms.single_words, 1.0))
        pool.update(dict.fromkeys((word for word in self._stems.roots if len(word) > 3), 1.0))
        for word, count in self._lexicon.written().items():
            pool[word] = max(pool.get(word, 0.0), 2.0 + math.log1p(count))
        return {word: worth for word, worth in pool.items() if len(word) > 2 and not word.isdigit()}

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        lengths: dict[int, list[str]] = {}
        for word in self._candidates:
            lengths.setdefault(len(word), []).append(word)
        return lengths

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        """The words of the index that sound alike."""
        sounds: dict[str, list[str]] = {}
        for word in self._lexicon.written():
            if len(word) >= _SHORTEST_KIN:
                sounds.setdefault(sounds_like(word), []).append(word)
        return sounds

    # ------------------------------------------------------------- spelling

    def knows(self, word: str) -> bool:
        """Whether ``word`` is a word, of the index or of the language."""
        return (
            len(word) < _SHORTEST_MENDED
            or not word.isalpha()
            or word in self._place_words
            or (word,) in self._synonyms.table
            or self._lexicon.count(word) > 0
            or self._lexicon.count(self._stems.stem(word)) > 0
            or self._stems.is_small(word)
            or self._stems.is_root(word)
            or word in self._stems.known_words
        )

    def mend(self, parts: Sequence[str]) -> list[Unit]:
        """The words, each unknown one with the known word it was most likely meant to be."""
        units: list[Unit] = []
        for word in parts:
            if self.knows(word) or self._spoken(word):
                units.append(Unit(word))
                continue
            halves = self._halves(word)
            if halves:
                units.extend(Unit(half, half, MENDED) for half in halves)
                continue
            meant = self.nearest(word)
            units.append(Unit(word, meant.word, meant.weight) if meant else Unit(word))
        return units

    def nearest(self, word: str) -> Slip | None:
        """The known word ``word`` is a slip of the finger away from, or None."""
        if word not in self._nearest_to:
            if len(self._nearest_to) >= _MOST_KEPT:
                self._nearest_to.clear()
            self._nearest_to[word] = self._nearest(word)
        return self._nearest_to[word]

    def _nearest(self, word: str) -> Slip | None:
        best: Slip | None = None
        for length in range(len(word) - REACH, len(word) + REACH + 1):
            for candidate in within_reach(word, self._by_length.get(length, ())):
                found = slip(word, candidate)
                if found is None:
                    continue
                worth = self._candidates[candidate]
                if not worth and not found.is_sure:
                    continue  # a place would become a filter: only where hardly anything else can be meant
                found = replace(found, cost=found.cost - 0.08 * worth)
                if best is None or (found.cost, found.word) < (best.cost, best.word):
                    best = found
        # A real word that nothing here has is a likelier reading than a farther one, but mends nothing.
        return best if best is not None and self._leads_somewhere(best.word) else None

    def _leads_somewhere(self, word: str) -> bool:
        known = (word, self._stems.stem(word))
        return (
            word in self._place_words
            or self._stems.is_small(word)
            or any(form in self._lexicon.written() or (form,) in self._synonyms.table for form in known)
        )

    def _halves(self, word: str) -> tuple[str, str] | None:
        """Two known words written as one: ``bikinktp``."""
        for cut in range(3, len(word) - 2):
            first, second = word[:cut], word[cut:]
            if self._lexicon.count(first) and self._lexicon.count(second):
                return first, second
        return None

    def _spoken(self, word: str) -> list[str]:
        """Terms of the index that ``word`` is an everyday form of."""
        guesses = []
        for guess in self._stems.spoken_roots(word):
            for term in dict.fromkeys((guess, self._stems.stem(guess))):
                if self._lexicon.count(term) or (term,) in self._synonyms.table or self._stems.is_small(term):
                    guesses.append(term)
        return list(dict.fromkeys(guesses))

    # ----------------------------------------------------------- understanding

    def read(self, units: Sequence[Unit]) -> Reading:
        """The units that carry meaning, with all that would answer them."""
        telling = [unit for unit in units if not self._is_small(unit)]
        telling = telling or [unit for unit in units if unit.written not in self._stems.stop_words]
        telling = [self._weighed(unit) for unit in self._without_lone_letters(telling)]
        parts = [unit.mended or unit.written for unit in telling]
        found: list[Alternative] = []
        for place, word in enumerate(parts):
            found.extend(self._of_word(place, word, telling[place].weight))
        found.extend(self._of_synonyms(parts))
        found.extend(self._of_joined(parts))
        return Reading(tuple(telling), tuple(dict.fromkeys(found)))

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
            not self.knows(word) and any(map(self._stems.is_general, self._spoken(word)))
        ):
            return replace(unit, telling=GENERAL)
        if word in self._stems.known_words:
            return replace(unit, strange=ELSEWHERE, is_unknown=True)
        if len(word) < _SHORTEST_MENDED or not word.isalpha():
            return unit
        return replace(unit, is_unknown=not self._stems.is_root(word))

    def _is_small(self, unit: Unit) -> bool:
        word = unit.mended or unit.written
        if self._stems.is_small(word):
            return True
        if len(word) == 1 and word.isalpha():
            return False  # "sim c": dropped later unless it joins a neighbour
        return not self.knows(word) and any(self._stems.is_small(root) for root in self._spoken(word))

    def _of_word(self, place: int, word: str, scale: float) -> list[Alternative]:
        found = []
        if len(word) > 1:
            found.append(Alternative(place, place + 1, (word,), scale))
            stem = self._stems.stem(word)
            if stem != word:
                found.append(Alternative(place, place + 1, (stem,), scale * STEM))
        found.extend(Alternative(place, place + 1, (kin,), scale * KIN) for kin in self._kin(word))
        if not self.knows(word):
            for term in self._spoken(word):
                found.append(Alternative(place, place + 1, (term,), SPOKEN))
                found.extend(self._replacements((term,), place, place + 1, SPOKEN))
        return found

    def _kin(self, word: str) -> tuple[str, ...]:
        """Words of the index that are other spellings of ``word``: *pasport* and *paspor* are both in use."""
        if len(word) < _SHORTEST_KIN:
            return ()
        longer = (
            other for other in self._by_length.get(len(word) + 1, ()) if other.startswith(word)
        )  # pasport for paspor
        near = dict.fromkeys((*self._by_sound.get(sounds_like(word), ()), word[:-1], *longer))
        written = self._lexicon.written()
        return tuple(other for other in near if other != word and other in written)

    def _of_synonyms(self, parts: list[str]) -> list[Alternative]:
        found = []
        for first in range(len(parts)):
            for after in range(first + 1, min(first + _LONGEST_TERM, len(parts)) + 1):
                key = tuple(parts[first:after])
                stemmed = tuple(map(self._stems.stem, key))
                for form in dict.fromkeys((key, stemmed)):
                    found.extend(self._replacements(form, first, after, SYNONYM))
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

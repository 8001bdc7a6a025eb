"""Which word was meant: slips mended, words written together parted, everyday forms understood.

A word that is known, in the index or in the language, is never mended.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, takewhile
from typing import Protocol

from siapa.search.spelling import (
    MENDED,
    REACH,
    Slip,
    consonants,
    has_vowels,
    parted,
    slip,
    swapped,
    within_reach,
)
from siapa.search.stems import Stems, sounds_like
from siapa.search.text import words

_MOST_KEPT = 10_000
_SHORTEST_MENDED = 3
_SHORTEST_PLACE = 6
_SHORTEST_KIN = 6
#: So many letters has a word written together with others, if it is no term of the index.
_SHORTEST_PART = 4
#: And so many one that is written without its vowels, or not to its end.
_SHORTEST_UNVOICED, _SHORTEST_UNFINISHED = 4, 6
_MOST_ENDINGS = 100
#: Where people leave no space before a place: *dibogor*, *kesolo*.
_LEADING_IN = ("di", "ke")


class Lexicon(Protocol):
    """What the index knows of words."""

    def count(self, term: str) -> int:
        """In how many documents ``term`` is found, 0 for an unknown one."""

    def written(self) -> Mapping[str, int]:
        """The words a spelling may be mended to, with how often they occur."""


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


class Mender:
    """Knows the words of the index, of the synonyms, of the places and of the language.

    ``names``: of services; two words beside each other in one may also be written as one.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        synonyms: Collection[tuple[str, ...]],
        stems: Stems,
        places: Collection[str] = (),
        place_words: Collection[str] = (),
        names: Iterable[str] = (),
    ) -> None:
        self._lexicon = lexicon
        self._synonyms = synonyms
        self._stems = stems
        self._places = frozenset(places)
        self._place_words = self._places | frozenset(place_words)
        self._nearest_to: dict[str, Slip | None] = {}
        self._parts_of: dict[str, tuple[str, ...]] = {}
        #: Two neighbours of a name written as one -> the two.
        self.beside = {
            first + second: (first, second)
            for name in names
            for first, second in pairwise(words(name))
            if min(len(first), len(second)) > 1
        }

    @cached_property
    def _candidates(self) -> dict[str, float]:
        """Words a spelling may be mended to -> how welcome each is."""
        pool = dict.fromkeys((word for word in self._places if len(word) >= _SHORTEST_PLACE), 0.0)
        pool.update(dict.fromkeys((key[0] for key in self._synonyms if len(key) == 1), 1.0))
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
    def _by_consonants(self) -> dict[str, list[str]]:
        """The words of the index, and those without a subject, by what they are without vowels."""
        found: dict[str, list[str]] = {}
        for word in dict.fromkeys((*self._in_order, *self._stems.words_without_subject)):
            found.setdefault(consonants(word), []).append(word)
        return found

    @cached_property
    def _in_order(self) -> list[str]:
        """The words a spelling may be mended to that stand in the index, in order."""
        return sorted(word for word in self._lexicon.written() if word in self._candidates and word.isalpha())

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        """The words of the index that sound alike."""
        sounds: dict[str, list[str]] = {}
        for word in self._lexicon.written():
            if len(word) >= _SHORTEST_KIN:
                sounds.setdefault(sounds_like(word), []).append(word)
        return sounds

    def knows(self, word: str) -> bool:
        """Whether ``word`` is a word, of the index or of the language."""
        return (
            len(word) < _SHORTEST_MENDED
            or not word.isalpha()
            or word in self._place_words
            or (word,) in self._synonyms
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
            led = self._led_to(word)  # before all else: *dibekasi* looks like a form of *bekas*
            if self.knows(word) and not (led and not self._lexicon.count(word)):
                units.append(Unit(word))
                continue
            pieces = led or self._parts(word)
            if pieces:
                units.extend(Unit(piece, piece, MENDED) for piece in pieces)
            elif self.spoken(word):
                meant = self._turned(word)
                units.append(Unit(word, meant, MENDED if meant else 1.0))
            else:
                slipped = self.nearest(word)
                units.append(Unit(word, slipped.word, slipped.weight) if slipped else Unit(word))
        return units

    def nearest(self, word: str) -> Slip | None:
        """The known word ``word`` is a slip of the finger away from, or is short for; or None."""
        if word not in self._nearest_to:
            if len(self._nearest_to) >= _MOST_KEPT:
                self._nearest_to.clear()
            self._nearest_to[word] = self._unvoiced(word) or self._nearest(word) or self._unfinished(word)
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

    def _unvoiced(self, word: str) -> Slip | None:
        """The word that ``word`` is without its vowels, as in short messages: *dftr*, *pmbyrn*."""
        if has_vowels(word) or len(word) < _SHORTEST_UNVOICED:
            return None
        meant = self._by_consonants.get(consonants(word), ())
        return self._likeliest(meant)

    def _unfinished(self, word: str) -> Slip | None:
        """The word that ``word`` is the beginning of: *maladmin*."""
        if len(word) < _SHORTEST_UNFINISHED:
            return None
        first = bisect_left(self._in_order, word)
        meant = takewhile(lambda one: one.startswith(word), self._in_order[first : first + _MOST_ENDINGS])
        return self._likeliest(one for one in meant if len(one) > len(word) + REACH)

    def _likeliest(self, meant: Iterable[str]) -> Slip | None:
        best = max(meant, key=lambda one: (self._candidates.get(one, 1.0), -len(one), one), default=None)
        return Slip(best, 1.0, is_sure=True) if best else None

    def _leads_somewhere(self, word: str) -> bool:
        known = (word, self._stems.stem(word))
        return (
            word in self._place_words
            or self._stems.is_small(word)
            or any(form in self._lexicon.written() or (form,) in self._synonyms for form in known)
        )

    def _parts(self, word: str) -> tuple[str, ...]:
        """The words that ``word`` is written from: ``bikinktp``, ``dikendari``; nothing when it is none."""
        if word not in self._parts_of:
            if len(self._parts_of) >= _MOST_KEPT:
                self._parts_of.clear()
            self._parts_of[word] = self._taken_apart(word)
        return self._parts_of[word]

    def _taken_apart(self, word: str) -> tuple[str, ...]:
        if self.spoken(word):
            return ()
        pieces = self.beside.get(word) or parted(word, self._is_said)
        return tuple(one for piece in pieces for one in (self._led_to(piece) or (piece,)))

    def _led_to(self, word: str) -> tuple[str, ...]:
        """What leads to a place, and the place, when ``word`` is both: ``dikendari``."""
        lead, place = word[:2], word[2:]
        return (lead, place) if lead in _LEADING_IN and place in self._places and len(place) > 3 else ()

    def _is_said(self, piece: str) -> bool:
        """Whether ``piece`` may be a word written together with others."""
        if len(piece) < _SHORTEST_MENDED:
            return not has_vowels(piece) and piece in self._lexicon.written()  # kk, pt
        if self._lexicon.count(piece):
            return True
        if len(piece) < _SHORTEST_PART:
            return False
        is_other = self._stems.is_small(piece) or piece in self._places or (piece,) in self._synonyms
        return is_other or bool(self._led_to(piece))

    def _turned(self, word: str) -> str | None:
        """The word of the index that ``word`` is with two letters changed over: *kematain*."""
        written = self._lexicon.written()
        turned = [one for one in swapped(word) if one in written] if len(word) > _SHORTEST_PART else []
        return max(turned, key=lambda one: written[one], default=None)

    def spoken(self, word: str) -> list[str]:
        """Terms of the index that ``word`` is an everyday form of."""
        guesses = []
        for guess in self._stems.spoken_roots(word):
            for term in dict.fromkeys((guess, self._stems.stem(guess))):
                if self._lexicon.count(term) or (term,) in self._synonyms or self._stems.is_small(term):
                    guesses.append(term)
        return list(dict.fromkeys(guesses))

    def kin(self, word: str) -> tuple[str, ...]:
        """Words of the index that are other spellings of ``word``: *pasport* and *paspor* are both in use."""
        if len(word) < _SHORTEST_KIN:
            return ()
        longer = (
            other for other in self._by_length.get(len(word) + 1, ()) if other.startswith(word)
        )  # pasport for paspor
        near = dict.fromkeys((*self._by_sound.get(sounds_like(word), ()), word[:-1], *longer))
        written = self._lexicon.written()
        return tuple(other for other in near if other != word and other in written)

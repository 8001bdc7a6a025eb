"""Services whose names mean nearly the same as some words: before a second entry is made for one thing,
and to say which service a standard without one may be for.

Words are compared as the search compares them: by their stems, with slips of the finger
forgiven and with abbreviations spelled out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from siapa.search.found import Suggestion
from siapa.search.naming import suggestion
from siapa.search.reading import Reader
from siapa.search.room import room
from siapa.search.stems import Stems
from siapa.search.tables import Tables
from siapa.search.text import words

#: From this share of common words on two names are taken for one service.
SAME = 0.75
#: From this on a service is worth to be suggested.
NEAR = 0.5
#: What a word said of any service counts (*baru*, *penerbitan*) beside one that names a subject.
_GENERAL = 0.35
#: What is looked at of a text: letters, words.
LONGEST, MOST_WORDS = 300, 24
#: Longest phrase that is looked up as an abbreviation or what it stands for.
_LONGEST_PHRASE = 5
_BRACKETS = re.compile(r"\([^)]*\)")

Meaning = frozenset[str]


@dataclass(frozen=True)
class Alike:
    """A service, how near (0 to 1) one of its names comes to what was said, and that name."""

    service: Suggestion
    likeness: float
    name: str


class Names:
    """The names of all services in use, ready to be compared."""

    def __init__(self, tables: Tables, stems: Stems, reader: Reader) -> None:
        self._stems, self._reader, self._synonyms = stems, reader, tables.synonyms
        self._known = [
            (named, name, meaning)
            for named in tables.services.values()
            for name in dict.fromkeys((named.label, named.label_en, *named.names))
            for meaning in self._meanings(tuple(words(name)))
        ]
        self._holding: dict[str, set[int]] = {}
        for place, (_named, _name, meaning) in enumerate(self._known):
            for word in meaning:
                self._holding.setdefault(word, set()).add(place)

    def alike(
        self, texts: Iterable[str], *, least: float, most: int, but: Collection[str] = ()
    ) -> list[Alike]:
        """Up to ``most`` services that are at least so much like one of ``texts``, the nearest first.

        Those whose codes are in ``but`` are passed over.
        """
        best: dict[str, Alike] = {}
        for meaning in {meaning for text in texts for meaning in self._said(text)}:
            for place in set().union(*(self._holding.get(word, ()) for word in meaning)):
                named, name, other = self._known[place]
                likeness = self._likeness(meaning, other)
                held = best.get(named.key)
                if likeness >= least and named.key not in but and (not held or likeness > held.likeness):
                    best[named.key] = Alike(suggestion(named), likeness, name)
        return sorted(best.values(), key=lambda one: (-one.likeness, one.service.key))[:most]

    def _said(self, text: str) -> Iterator[Meaning]:
        """What ``text`` may mean, with what looks like slips mended, and without what stands in brackets."""
        for written in {text[:LONGEST], _BRACKETS.sub(" ", text[:LONGEST])}:
            spoken = words(written)[:MOST_WORDS]
            yield from self._meanings(tuple(spoken))
            mended = (unit.mended or unit.written for unit in self._reader.mend(spoken))
            yield from self._meanings(tuple(word for part in mended for word in part.split()))

    def _meanings(self, spoken: tuple[str, ...]) -> Iterator[Meaning]:
        """The stems of the words, as they stand and with each abbreviation in them spelled out."""
        yield self._stemmed(spoken)
        for first in range(len(spoken)):
            for after in range(first + 1, min(first + _LONGEST_PHRASE, len(spoken)) + 1):
                for instead in self._synonyms.table.get(spoken[first:after], ()):
                    yield self._stemmed((*spoken[:first], *instead, *spoken[after:]))

    def _stemmed(self, spoken: Iterable[str]) -> Meaning:
        telling = [word for word in spoken if not self._stems.is_small(word)]
        return frozenset(self._stems.stem(word) for word in telling)

    def _likeness(self, one: Meaning, other: Meaning) -> float:
        """The share of the words that both have, those of a subject counting most; 0 where none names one."""
        shared = 2 * sum(map(self._weight, one & other))
        whole = sum(map(self._weight, one)) + sum(map(self._weight, other))
        return shared / whole if whole else 0.0

    def _weight(self, word: str) -> float:
        return _GENERAL if self._stems.is_general(word) else 1.0


def names() -> Names:
    """The names of the services as they stand now."""
    here = room()
    sight = here.sight()
    made: Names = sight.tables.made("alike", lambda: Names(sight.tables, here.stems, sight.reader))
    return made

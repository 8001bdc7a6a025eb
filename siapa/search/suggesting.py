"""Completions while somebody types: services, agencies, malls and places, from memory.

Every word typed must begin a word of one of the names (the last one may be unfinished);
where nothing does, a slip of one letter is forgiven.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from siapa.search.found import Suggestion
from siapa.search.naming import suggestion
from siapa.search.room import room
from siapa.search.tables import Named, Tables
from siapa.search.text import plain, words

SHORTEST = 2
LONGEST = 100
#: Among equals services come first: most people look for one.
_KINDS = {"service": 0.3, "mall": 0.15, "agency": 0.1, "region": 0.05}
#: No kind fills the list alone while others have something to offer.
_MOST_OF_A_KIND = 5
_SHORTEST_FORGIVEN = 4
#: By so many letters of a word the names that have it are found at once.
_LETTERS = 5
#: Where more have such a word, only those that begin with it are looked at, if they are enough.
_MANY, _ENOUGH = 300, 20


@dataclass(frozen=True)
class _Entry:
    named: Named
    #: Each name as its words; the first is the label.
    names: tuple[tuple[str, ...], ...]


class _Completer:
    """The names of some tables, ready to be compared, and where each word's beginning leads."""

    def __init__(self, tables: Tables) -> None:
        self._entries: list[_Entry] = []
        self._beginning: dict[str, set[int]] = {}
        self._first: dict[str, set[int]] = {}
        for table in (tables.services, tables.malls, tables.agencies, tables.regions):
            for named in table.values():
                if named.is_offered:
                    self._add(named)
        self._words = {word for entry in self._entries for name in entry.names for word in name}

    def _add(self, named: Named) -> None:
        texts = dict.fromkeys((named.label, named.label_en, *named.names))
        names = tuple(dict.fromkeys(tuple(words(text)) for text in texts))
        place = len(self._entries)
        self._entries.append(_Entry(named, names))
        for word in {word for name in names for word in name}:
            for letters in range(SHORTEST, _LETTERS + 1):
                self._beginning.setdefault(word[:letters], set()).add(place)
        for word in {name[0] for name in names if name}:
            for letters in range(1, _LETTERS + 1):
                self._first.setdefault(word[:letters], set()).add(place)

    def complete(self, typed: tuple[str, ...]) -> list[tuple[float, Named]]:
        """What ``typed`` may become, the likeliest first."""
        places = self._beginning.get(max(typed, key=len)[:_LETTERS], set())
        if len(places) > _MANY:
            beginning = places & self._first.get(typed[0][:_LETTERS], set())
            places = beginning if len(beginning) >= _ENOUGH else places
        found = []
        for place in places:
            entry = self._entries[place]
            fits = [fit for name in entry.names if (fit := _likeness(typed, name))]
            if fits:
                # Many names that begin so, and many who give it: it is what most people mean.
                known = 0.15 * math.log1p(len(fits)) + 0.1 * math.log1p(entry.named.weight)
                found.append((max(fits) + known + _KINDS[entry.named.kind], entry.named))
        return sorted(found, key=lambda pair: (-pair[0], pair[1].label, pair[1].key))

    def mended(self, typed: tuple[str, ...]) -> tuple[str, ...]:
        """``typed`` with each word that begins nothing replaced by the nearest beginning."""
        return tuple(self._nearest(word) for word in typed)

    def _nearest(self, word: str) -> str:
        if len(word) < _SHORTEST_FORGIVEN or any(known.startswith(word) for known in self._words):
            return word
        best: tuple[float, str] = (2.0, word)
        for known in self._words:
            for length in (len(word) - 1, len(word), len(word) + 1):
                start = known[:length]
                distance = OSA.distance(word, start, score_cutoff=1) + 0.5 * (start[:1] != word[:1])
                best = min(best, (distance + 0.01 * abs(len(known) - len(word)), start))
        return best[1]


def _likeness(typed: tuple[str, ...], name: tuple[str, ...]) -> float:
    """How well ``name`` begins with what is typed: whole words and the first place count more."""
    worth = 0.0
    left = list(enumerate(name))
    for place, word in enumerate(typed):
        last = place == len(typed) - 1
        match = next(((at, known) for at, known in left if known == word), None)
        if match is None and (last or len(word) > 1):
            match = next(((at, known) for at, known in left if known.startswith(word)), None)
        if match is None:
            return 0.0
        left.remove(match)
        worth += (1.0 if match[1] == word else 0.7) + 0.4 * (match[0] == place)
    return worth / len(typed) + len(typed) / (len(name) + len(typed))


def _completer(tables: Tables) -> _Completer:
    made: _Completer = tables.made("completer", lambda: _Completer(tables))
    return made


def suggest(text: str, locale: str = "id", limit: int = 8) -> tuple[Suggestion, ...]:
    """Up to ``limit`` completions of ``text``, none for fewer than two letters; ``locale`` orders equals."""
    typed = tuple(words(plain(text[:LONGEST])))[:6]
    if sum(map(len, typed)) < SHORTEST:
        return ()
    completer = _completer(room().tables())
    found = completer.complete(typed)
    if not found:
        mended = completer.mended(typed)
        found = completer.complete(mended) if mended != typed else []
    if locale == "en":
        found.sort(key=lambda pair: (-pair[0], pair[1].label_en, pair[1].key))
    return tuple(suggestion(named) for named in _mixed([named for _worth, named in found], limit))


def _mixed(found: list[Named], limit: int) -> Iterable[Named]:
    """The first ``limit`` of ``found``, at most a few of one kind while other kinds wait."""
    chosen: list[Named] = []
    waiting: list[Named] = []
    given: Counter[str] = Counter()
    for named in found:
        (chosen if given[named.kind] < _MOST_OF_A_KIND else waiting).append(named)
        given[named.kind] += 1
        if len(chosen) == limit:
            break
    return (chosen + waiting)[:limit]

"""The stretch of a text that shows why it was found, with the words that answer marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from siapa.search.found import Run
from siapa.search.stems import Stems
from siapa.search.text import words

#: How many characters a highlight may have, about two lines.
LENGTH = 180
_WORD = re.compile(r"[^\W_]+")


def highlight(texts: Iterable[str], marks: Collection[tuple[str, ...]], stems: Stems) -> tuple[Run, ...]:
    """The text with the most different matches, cut around the first; else the first text.

    Each of ``marks`` is a word, or several that are marked only where they stand together.
    """
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for mark in marks:
        by_first.setdefault(mark[0], []).append(mark)
    first: str | None = None
    best: tuple[int, list[Run]] = (0, [])
    for text in texts:
        if not text:
            continue
        first = first or text
        matches = _matches(text, by_first, stems)
        different = len({text[start:end].casefold() for start, end in matches})
        if different > best[0]:
            best = (different, _runs(text, matches))
    if best[0]:
        return tuple(best[1])
    return (Run(_cut(first, 0)),) if first else ()


def _matches(text: str, marks: Mapping[str, list[tuple[str, ...]]], stems: Stems) -> list[tuple[int, int]]:
    """Where the marks, by their first words, stand in ``text``, in order, none over another."""
    found, forms_of_all = _taken_apart(text, stems.stem)
    if marks.keys().isdisjoint(forms_of_all):
        return []
    matches: list[tuple[int, int]] = []
    after = 0
    for position, (start, _end, forms) in enumerate(found):
        if position < after:
            continue
        here = [mark for form in forms for mark in marks.get(form, ())]
        length = max((len(mark) for mark in here if _stands_at(mark, found, position)), default=0)
        if length:
            matches.append((start, found[position + length - 1][1]))
            after = position + length
    return matches


#: A word of a text: where it begins and ends, and the forms that stand for it.
_Word = tuple[int, int, tuple[str, ...]]


@lru_cache(maxsize=20_000)
def _taken_apart(text: str, stem: Callable[[str], str]) -> tuple[tuple[_Word, ...], frozenset[str]]:
    """The words of ``text``, and all their forms. Kept, as providers copy each other's sentences."""
    found = []
    for one in _WORD.finditer(text):
        word = _plain(one.group())
        found.append((one.start(), one.end(), tuple(dict.fromkeys((word, stem(word))))))
    return tuple(found), frozenset(form for word in found for form in word[2])


def _stands_at(mark: tuple[str, ...], found: Sequence[_Word], position: int) -> bool:
    here = found[position : position + len(mark)]
    return len(here) == len(mark) and all(word in one[2] for word, one in zip(mark, here, strict=True))


@lru_cache(maxsize=100_000)
def _plain(word: str) -> str:
    return next(iter(words(word)), "")


def _runs(text: str, matches: list[tuple[int, int]]) -> list[Run]:
    start = _start(text, matches[0][0])
    end = min(len(text), start + LENGTH)
    runs = [Run("… ")] if start else []
    position = start
    for first, after in matches:
        if after > end:
            break
        runs += [Run(text[position:first])] if first > position else []
        runs.append(Run(text[first:after], is_match=True))
        position = after
    tail = text[position:end]
    if end < len(text):
        tail = tail.rsplit(" ", 1)[0] + " …"
    return runs + ([Run(tail)] if tail else [])


def _start(text: str, match: int) -> int:
    """Where to begin so that the match is seen: at the text's start, or at a word a little before it."""
    if match <= LENGTH * 2 // 3:
        return 0
    space = text.rfind(" ", 0, match - 40)
    return space + 1 if space >= 0 else match


def _cut(text: str, start: int) -> str:
    if len(text) <= LENGTH:
        return text
    return text[start : start + LENGTH].rsplit(" ", 1)[0] + " …"

"""Two texts, told as runs of words that stayed, went and came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

#: Words and blanks apart; put together they give the text back exactly.
_TOKEN = re.compile(r"\S+|\s+")
#: Above this many pairs of tokens the comparison takes too long for a page.
_MOST_PAIRS = 4_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text: in both (``equal``), only in the new (``insert``), only in the old (``delete``)."""

    operation: Literal["equal", "insert", "delete"]
    text: str


def _steps(old: list[str], new: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """Stretches of both lists in order, each the same in both or not."""
    if old == new:
        return [(True, 0, len(old), 0, len(new))]
    if len(old) * len(new) > _MOST_PAIRS:
        return [(False, 0, len(old), 0, len(new))]
    steps: list[tuple[bool, int, int, int, int]] = []
    for operation, *places in SequenceMatcher(str.isspace, old, new).get_opcodes():
        old_from, old_to, new_from, new_to = places
        # A lone blank between two changes is no common ground: it would cut a phrase into words.
        is_same = operation == "equal" and not (steps and "".join(old[old_from:old_to]).isspace())
        if not is_same and steps and not steps[-1][0]:
            _, old_from, _, new_from, _ = steps.pop()
        steps.append((is_same, old_from, old_to, new_from, new_to))
    return steps


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """The runs from ``before`` to ``after``.

    Equal and deleted runs, joined, are ``before``; equal and inserted ones are ``after``.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    runs: list[Run] = []
    for is_same, old_from, old_to, new_from, new_to in _steps(old, new):
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if is_same:
            runs.append(Run("equal", gone))
        else:
            runs += [Run("delete", gone), Run("insert", come)]
    return tuple(run for run in runs if run.text)


def words_of(text: str) -> list[str]:
    """The words of ``text`` without case and punctuation, to see how near two texts are."""
    return re.findall(r"\w+", text.casefold())

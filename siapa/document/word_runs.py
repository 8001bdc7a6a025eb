"""Two texts, told as runs of words that stayed, went and came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

#: A word with the blanks behind it, so that runs put together give the text back exactly.
_WORD = re.compile(r"\S+\s*|\s+")
#: Above this many pairs of words the comparison takes too long for a page.
_MOST_PAIRS = 1_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text: in both (``equal``), only in the new (``insert``), only in the old (``delete``)."""

    operation: Literal["equal", "insert", "delete"]
    text: str


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """The runs from ``before`` to ``after``.

    Equal and deleted runs, joined, are ``before``; equal and inserted ones are ``after``.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    if old == new or len(old) * len(new) > _MOST_PAIRS:
        steps = [("equal" if old == new else "replace", 0, len(old), 0, len(new))]
    else:
        steps = list(SequenceMatcher(None, old, new).get_opcodes())
    runs: list[Run] = []
    for step, old_from, old_to, new_from, new_to in steps:
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if step == "equal":
            runs.append(Run("equal", gone))
            continue
        if gone:
            runs.append(Run("delete", gone))
        if come:
            runs.append(Run("insert", come))
    return tuple(run for run in runs if run.text)


def words_of(text: str) -> list[str]:
    """The words of ``text`` without case and punctuation, to see how near two texts are."""
    return re.findall(r"\w+", text.casefold())

"""What two documents say otherwise in substance: not case, blanks, signs, slips or the order of a list.

A national service is the template of many standards. When its usual content changes, only
what makes a difference to a citizen is worth an agency's time; three versions are then
compared part by part: what it started from, what it says itself, and what is usual now.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import OSA

from siapa.document.standard_document import COMPONENTS

#: From this length on one letter of a word may differ: shorter ones are other words (*asli*, *ahli*).
_LONG = 6
#: Of a list whose order is the matter itself: the steps one takes.
_ORDERED = frozenset({"procedure"})

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A part of which the usual content changed in substance, as JSON values (None where absent).

    ``is_untouched``: the agency says in substance what was usual, so the new content may be taken
    as it is. ``merged``: both together, for lists where both changed; else None.
    """

    component: str
    base: Any
    theirs: Any
    new: Any
    is_untouched: bool
    merged: Any


def changes(base: Content | None, theirs: Content, new: Content | None) -> tuple[Change, ...]:
    """The parts in which ``new`` differs in substance from both ``base`` and ``theirs``, in order."""
    found = []
    for component in COMPONENTS:
        was, own, usual = ((one or {}).get(component) for one in (base, theirs, new))
        if same(component, was, usual) or same(component, own, usual):
            continue
        is_untouched = same(component, was, own)
        merged = None if is_untouched else _merged(component, was, own, usual)
        found.append(Change(component, was, own, usual, is_untouched, merged))
    return tuple(found)


def same(component: str, one: Any, other: Any) -> bool:
    """Whether two values of ``component`` say the same in substance."""
    if component in _ORDERED and isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return _alike(one, other)


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for case, blanks, signs and single letters of long words."""
    words, others = _words(one), _words(other)
    if "".join(words) == "".join(others):
        return True
    return len(words) == len(others) and all(map(_is_slip, words, others))


def abolished_in(document: Content, abolished: Sequence[str]) -> list[int]:
    """The places of the requirements of ``document`` that are among those ``abolished``."""
    rows = document.get("requirements") or []
    return [
        place for place, row in enumerate(rows) if any(same_text(row["text"], text) for text in abolished)
    ]


def _merged(component: str, base: Any, theirs: Any, new: Any) -> Any:
    """The agency's list with what came to the usual one, less what was taken out of it; None for no lists."""
    if not all(one is None or isinstance(one, list) for one in (base, theirs, new)):
        return None
    was, own, usual = (one or [] for one in (base, theirs, new))
    gone = [row for row in was if not _has(usual, row)]
    come = [row for row in usual if not _has(was, row) and not _has(own, row)]
    merged = [row for row in own if not _has(gone, row)] + come
    return merged if merged and not same(component, merged, theirs) and merged != new else None


def _has(rows: Sequence[Any], row: Any) -> bool:
    return any(_alike(one, row) for one in rows)


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return same_text(one, other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and _pair_up(one, other)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        names = {name for name in (*one, *other) if not name.endswith("_en")}
        return all(_alike(one.get(name), other.get(name)) for name in names)
    return bool(one == other)


def _pair_up(one: Sequence[Any], other: Sequence[Any]) -> bool:
    left = list(other)
    for row in one:
        place = next((place for place, held in enumerate(left) if _alike(row, held)), None)
        if place is None:
            return False
        del left[place]
    return True


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign if sign.isalnum() else " " for sign in plain).split()


def _is_slip(word: str, other: str) -> bool:
    if word == other:
        return True
    if min(len(word), len(other)) < _LONG or not (word.isalpha() and other.isalpha()):
        return False
    return OSA.distance(word, other, score_cutoff=1) <= 1

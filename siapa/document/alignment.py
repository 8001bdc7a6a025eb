"""Which entry of an old list became which entry of the new one.

Equal entries are paired first; of the rest those that share most of their words,
so that a corrected requirement shows as changed and not as one gone and one come.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from siapa.document.digest import canonical
from siapa.document.word_runs import words_of

#: From this share on two entries are taken for the same one, changed.
_NEAR = 0.4

#: Old place and new place; ``None`` where there is none.
Pair = tuple[int | None, int | None]


def _key(item: Any) -> bytes:
    return canonical({"": item})


def _words(item: Any) -> Counter[str]:
    """The words of what people wrote in ``item``; codes (kind, unit, …) say little about identity."""
    if isinstance(item, str):
        return Counter(words_of(item))
    written = (
        value
        for name, value in item.items()
        if isinstance(value, str) and name not in ("kind", "unit", "actor", "form_url")
    )
    return Counter(word for text in written for word in words_of(text))


def _share_of_equal_fields(old: Any, new: Any) -> float:
    if isinstance(old, str) or isinstance(new, str):
        return 0.0
    names = set(old) | set(new)
    return sum(old.get(name) == new.get(name) for name in names) / len(names) if names else 1.0


def _nearness(old: Any, new: Any, old_words: Counter[str], new_words: Counter[str]) -> float:
    """0 for nothing in common, 1 for the same words; by fields where there are no words."""
    if old_words and new_words:
        shared = (old_words & new_words).total()
        return 2 * shared / (old_words.total() + new_words.total())
    share = _share_of_equal_fields(old, new)
    # Without words on both sides there is little else it could be than the same entry, changed.
    return share if old_words or new_words else (1 + share) / 2


def _pair_equals(old: Sequence[Any], new: Sequence[Any]) -> dict[int, int]:
    waiting: defaultdict[bytes, list[int]] = defaultdict(list)
    for place, item in enumerate(old):
        waiting[_key(item)].append(place)
    for places in waiting.values():
        places.reverse()
    pairs: dict[int, int] = {}
    for place, item in enumerate(new):
        places = waiting[_key(item)]
        if places:
            pairs[place] = places.pop()
    return pairs


def _pair_near(old: Sequence[Any], new: Sequence[Any], pairs: dict[int, int]) -> None:
    taken = set(pairs.values())
    old_left = [(place, _words(old[place])) for place in range(len(old)) if place not in taken]
    new_left = [(place, _words(new[place])) for place in range(len(new)) if place not in pairs]
    candidates = []
    for old_place, old_words in old_left:
        for new_place, new_words in new_left:
            nearness = _nearness(old[old_place], new[new_place], old_words, new_words)
            if nearness >= _NEAR:
                candidates.append((-nearness, abs(old_place - new_place), old_place, new_place))
    for _, _, old_place, new_place in sorted(candidates):
        if old_place not in taken and new_place not in pairs:
            pairs[new_place] = old_place
            taken.add(old_place)


def _kept_in_order(places: Sequence[int]) -> set[int]:
    """A longest rising part of ``places``: what did not move. The rest was moved past it."""
    ends: list[int] = []
    ends_at: list[int] = []
    before: list[int | None] = []
    for index, place in enumerate(places):
        length = bisect_left(ends, place)
        before.append(ends_at[length - 1] if length else None)
        ends[length:] = [place, *ends[length + 1 :]]
        ends_at[length:] = [index, *ends_at[length + 1 :]]
    kept: set[int] = set()
    step = ends_at[-1] if ends_at else None
    while step is not None:
        kept.add(places[step])
        step = before[step]
    return kept


def align(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[Pair], set[int]]:
    """Pairs of places in reading order, and the old places whose entries were moved.

    Each place of either list is in exactly one pair. Entries are JSON values: texts or
    objects. What is gone stands where it stood.
    """
    pairs = _pair_equals(old, new)
    _pair_near(old, new, pairs)
    came_from = [pairs[place] for place in sorted(pairs)]
    kept = _kept_in_order(came_from)
    gone = [place for place in range(len(old)) if place not in set(came_from)]
    ordered: list[Pair] = []
    for place in range(len(new)):
        origin = pairs.get(place)
        while origin in kept and gone and gone[0] < origin:
            ordered.append((gone.pop(0), None))
        ordered.append((origin, place))
    ordered.extend((place, None) for place in gone)
    return ordered, set(came_from) - kept

"""Chance that is the same every time: drawn from a name, on every machine and in every process.

Only ``random()`` of the standard generator is used, whose results Python promises to
keep between versions; how it chooses from a list it does not.
"""

from __future__ import annotations

import uuid
from bisect import bisect
from collections.abc import Sequence
from hashlib import sha256
from itertools import accumulate
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Draws that follow from ``name`` alone."""

    __slots__ = ("next",)

    def __init__(self, name: str) -> None:
        self.next = Random(name).random

    def below(self, count: int) -> int:
        """A whole number from 0 to ``count`` - 1."""
        return int(self.next() * count)

    def between(self, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        return least + int(self.next() * (most - least + 1))

    def one(self, things: Sequence[T]) -> T:
        """One of ``things``."""
        return things[int(self.next() * len(things))]

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """``count`` different ones of ``things`` (all of them, if there are fewer), in the order drawn."""
        left = list(things)
        count = min(count, len(left))
        for place in range(count):
            other = place + int(self.next() * (len(left) - place))
            left[place], left[other] = left[other], left[place]
        return left[:count]

    def happens(self, share: float) -> bool:
        """True in ``share`` of all cases."""
        return self.next() < share


class Weighted:
    """Draws of a place in a list, each as often as its weight says."""

    __slots__ = ("_sums",)

    def __init__(self, weights: Sequence[float]) -> None:
        self._sums = list(accumulate(weights))

    def place(self, chance: Chance) -> int:
        """The place drawn."""
        return min(bisect(self._sums, chance.next() * self._sums[-1]), len(self._sums) - 1)


def made_id(kind: str, seed: int, number: int) -> uuid.UUID:
    """The id of the ``number``-th made row of ``kind``: version 8 (RFC 9562), growing with ``number``.

    Neighbours stand side by side in every index, which is what makes a bulk load fast.
    """
    tail = int.from_bytes(sha256(f"{kind}/{seed}/{number}".encode()).digest()[:10], "big")
    variant = 0b10 << 62
    return uuid.UUID(
        int=(number + 1) << 80 | 8 << 76 | (tail >> 64 & 0xFFF) << 64 | variant | tail & (1 << 62) - 1
    )


def number_in(made: uuid.UUID) -> int:
    """The number from which ``made_id`` made this id, if it did."""
    return (made.int >> 80) - 1

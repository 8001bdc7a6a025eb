"""Merkle trees as RFC 9162 (2.1) has them, over SHA-256: roots, and proofs that a record is in.

The tree of n records splits at the greatest power of two below n. Nothing is held but one
hash for each level.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

#: The root of no records.
EMPTY = hashlib.sha256(b"").digest()


def leaf(record: bytes) -> bytes:
    """The hash of one record."""
    return hashlib.sha256(b"\x00" + record).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Takes records one after the other and knows the root of all so far."""

    def __init__(self) -> None:
        self.size = 0
        #: The roots of the full subtrees, from the greatest to the smallest.
        self._full: list[bytes] = []

    def add(self, record: bytes) -> None:
        """Take the next record."""
        self.add_leaf(leaf(record))

    def add_leaf(self, hashed: bytes) -> None:
        """Take the next record by its hash."""
        self.size += 1
        count = self.size
        while count % 2 == 0:  # two full subtrees of one size become one
            hashed = _node(self._full.pop(), hashed)
            count //= 2
        self._full.append(hashed)

    @property
    def root(self) -> bytes:
        """The root over all records so far."""
        if not self._full:
            return EMPTY
        *earlier, root = self._full
        for hashed in reversed(earlier):
            root = _node(hashed, root)
        return root


def _siblings(index: int, size: int) -> Iterator[tuple[int, int]]:
    """The stretches (from, until) whose roots prove record ``index`` of ``size``: the nearest last."""
    start, end = 0, size
    while end - start > 1:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if index < middle:
            yield middle, end
            end = middle
        else:
            yield start, middle
            start = middle


def path(leaves: Iterable[bytes], index: int, size: int) -> list[bytes]:
    """What proves that record ``index`` is among the ``size`` with these ``leaves``; the nearest first."""
    stretches = sorted(_siblings(index, size))
    trees = [Tree() for _ in stretches]
    current = 0
    for place, hashed in enumerate(leaves):
        while current < len(stretches) and place >= stretches[current][1]:
            current += 1
        if current < len(stretches) and place >= stretches[current][0]:
            trees[current].add_leaf(hashed)
    roots = {stretch: tree.root for stretch, tree in zip(stretches, trees, strict=True)}
    return [roots[stretch] for stretch in reversed(list(_siblings(index, size)))]


def root_from(record: bytes, index: int, size: int, proof: Iterable[bytes]) -> bytes | None:
    """The root that ``proof`` leads to for ``record`` at ``index`` of ``size``; None if it cannot be one."""
    steps = list(proof)
    if not 0 <= index < size or len(steps) != sum(1 for _ in _siblings(index, size)):
        return None
    root = leaf(record)
    sides = [start > index for start, _ in _siblings(index, size)]
    for sibling, is_right in zip(steps, reversed(sides), strict=True):
        root = _node(root, sibling) if is_right else _node(sibling, root)
    return root

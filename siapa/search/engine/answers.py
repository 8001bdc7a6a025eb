"""How well standards answer something: the few that do, or one value for each that there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from siapa.search.engine.codec import Ids

Worths = NDArray[np.float32]
#: Above one answer in so many standards, whole arrays are quicker than look-ups.
DENSE = 32


class Answers(NamedTuple):
    """``worths`` (more than 0) of ``ids``, which are in order; without ids one for every standard."""

    ids: Ids | None
    worths: Worths

    @property
    def is_empty(self) -> bool:
        """Whether no standard answers."""
        return not len(self.worths)

    @property
    def least_count(self) -> int:
        """How many answer; of a whole array, how many at least do for it to be one."""
        return len(self.worths) if self.ids is not None else len(self.worths) // DENSE + 1

    def above(self, worth: float) -> Ids:
        """The standards that answer better than ``worth``, in order."""
        if self.ids is not None:
            return self.ids[self.worths > worth]
        return np.flatnonzero(self.worths > np.float32(worth)).astype(np.uint32)

    def mark_above(self, worth: float, marked: NDArray[np.bool_]) -> None:
        """Set in ``marked``, one value a standard, those that answer better than ``worth``."""
        if self.ids is None:
            marked |= self.worths > np.float32(worth)
        else:
            marked[self.ids[self.worths > worth]] = True

    def of(self, standards: Ids) -> Worths:
        """How well each of ``standards`` answers, 0 for not at all."""
        if self.ids is None:
            return self.worths[standards]
        if not len(self.ids):
            return np.zeros(len(standards), np.float32)
        at = np.minimum(np.searchsorted(self.ids, standards), len(self.ids) - 1)
        return np.where(self.ids[at] == standards, self.worths[at], np.float32(0))


#: What nobody answers.
NONE = Answers(np.zeros(0, np.uint32), np.zeros(0, np.float32))


def best_of(count: int, held: Sequence[tuple[Answers, float]]) -> Answers:
    """The best that any of ``held`` answers, each times its weight; ``count`` standards there are."""
    held = [(one, weight) for one, weight in held if not one.is_empty]
    if not held:
        return NONE
    if len(held) == 1 and held[0][1] == 1:
        return held[0][0]
    if sum(one.least_count for one, _weight in held) * DENSE < count:
        few = np.unique(np.concatenate([one.ids for one, _weight in held if one.ids is not None]))
        of_few = np.zeros(len(few), np.float32)
        for one, weight in held:
            at = np.searchsorted(few, one.ids)  # type: ignore[arg-type]
            of_few[at] = np.maximum(of_few[at], one.worths * np.float32(weight))
        return Answers(few, of_few)
    whole = np.zeros(count, np.float32)
    for one, weight in held:
        scaled = one.worths if weight == 1 else one.worths * np.float32(weight)
        if one.ids is None:
            np.maximum(whole, scaled, out=whole)
        else:
            whole[one.ids] = np.maximum(whole[one.ids], scaled)
    return Answers(None, whole)


def all_of(held: Sequence[Answers]) -> Answers:
    """Who answers all of ``held``: as well as the mean of them."""
    rarest, *others = sorted(held, key=lambda one: (one.ids is None, len(one.worths)))
    ids, worths = rarest.above(0), rarest.worths[rarest.worths > 0]
    for other in others:
        its = other.of(ids)
        both = its > 0
        ids, worths = ids[both], worths[both] + its[both]
    return Answers(ids, worths / np.float32(len(held)))

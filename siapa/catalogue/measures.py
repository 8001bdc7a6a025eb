"""The rules by which what was measured becomes a result: shares kept, index and grade of a survey.

Pure arithmetic, in decimals: a result is never off by what a binary fraction cannot hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Grade = Literal["A", "B", "C", "D"]
#: PermenPANRB 14/2017: the least index of each grade, from the best.
GRADES: tuple[tuple[Decimal, Grade], ...] = (
    (Decimal("88.31"), "A"), (Decimal("76.61"), "B"), (Decimal("65.00"), "C"), (Decimal("25.00"), "D"),
)  # fmt: skip

#: Krejcie and Morgan (1970), the table that the regulation names: chi square for one degree of
#: freedom, the share that needs most answers, and the margin of error.
_CHI_SQUARE, _SHARE, _MARGIN = Decimal("3.841"), Decimal("0.5"), Decimal("0.05")
#: What is enough for any number of people served.
LARGEST_SAMPLE = 384

_PLACES = Decimal("0.0001")


def index_of(element_means: Sequence[float]) -> Decimal:
    """The index of nine means between 1 and 4, from 25.00 to 100.00: each has the weight 1/9 exactly."""
    total = sum((Decimal(str(mean)) for mean in element_means), Decimal())
    return (total / len(element_means) * 25).quantize(Decimal("0.01"), ROUND_HALF_UP)


def grade_of(index: Decimal) -> Grade:
    """The grade of an index that is rounded to two decimals."""
    return next((grade for least, grade in GRADES if index >= least), "D")


def sample_needed(population: int | None) -> int:
    """How many of so many served must answer; the most there can be where that is not known."""
    if population is None:
        return LARGEST_SAMPLE
    spread = _CHI_SQUARE * _SHARE * (1 - _SHARE)
    needed = spread * population / (_MARGIN**2 * (population - 1) + spread)
    return min(int(needed.quantize(Decimal(1), ROUND_HALF_UP)), population, LARGEST_SAMPLE)


def share_of(within: int | None, applications: int | None) -> Decimal | None:
    """What share was done within the promise, from 0 to 1 in four decimals; None is not applicable."""
    if within is None or not applications:
        return None
    return (Decimal(within) / applications).quantize(_PLACES, ROUND_HALF_UP)


def is_met(share: Decimal | None, target_percent: float | None) -> bool | None:
    """Whether a share of four decimals reaches the target; None, not applicable, without one or with 0."""
    if share is None or not target_percent:
        return None
    return share >= (Decimal(str(target_percent)) / 100).quantize(_PLACES, ROUND_HALF_UP)

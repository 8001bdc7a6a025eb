"""What all standards for one service have in common, whoever gives it: core papers, fee, time, products."""

from __future__ import annotations

from dataclasses import dataclass

from siapa.publishing.generating.chance import Chance, Weighted
from siapa.publishing.generating.phrases import PAPERS_OF, PRODUCTS
from siapa.publishing.generating.services import Kind

#: How services are paid for, and how often each way.
FEE_KINDS = ("free", "fixed", "tariff_table", "formula")
FEE_SHARES = Weighted((55, 25, 15, 5))
#: Promised limits: unit, least and most of the usual amount, and how often.
LIMITS = (("minute", 10, 90), ("hour", 1, 6), ("working_day", 1, 5), ("working_day", 5, 20), ("day", 7, 45),
          ("month", 1, 3))  # fmt: skip
LIMIT_SHARES = Weighted((12, 8, 40, 28, 9, 3))


@dataclass(frozen=True)
class Profile:
    """What follows from the service."""

    papers: tuple[str, ...]
    fee_kind: str
    #: Rupiah, about which the amounts of the agencies lie.
    usual_fee: int
    unit: str
    usual_amount: int
    products: tuple[str, ...]


def profile_of(seed: int, kind: Kind) -> Profile:
    """The profile of ``kind``; the same for every standard."""
    chance = Chance(f"profile/{seed}/{kind.code}")
    unit, least, most = LIMITS[LIMIT_SHARES.place(chance)]
    return Profile(
        papers=tuple(chance.some(PAPERS_OF.get(kind.category, ()), chance.between(2, 3))),
        fee_kind=FEE_KINDS[FEE_SHARES.place(chance)],
        # From five thousand to two and a half million, the small ones more often.
        usual_fee=rounded(5_000 * 500 ** (chance.next() ** 1.6)),
        unit=unit,
        usual_amount=chance.between(least, most),
        products=tuple(chance.some(PRODUCTS, 2)),
    )


def rounded(amount: float) -> int:
    """``amount`` as tariffs name it: in thousands, above a hundred thousand in fives of them."""
    step = 1_000 if amount < 100_000 else 5_000
    return max(step, round(amount / step) * step)

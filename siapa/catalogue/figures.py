"""What some standards in force come to together: the figures, whoever counts them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """What some standards in force come to together; a median is null where none states the value."""

    standard_count: int = 0
    #: Components given of all that the law asks for, 0 to 1; null without a standard.
    completeness: float | None = None
    complete_count: int = 0
    overdue_count: int = 0
    free_count: int = 0
    online_count: int = 0
    fee_count: int = 0
    fee_median_idr: float | None = None
    paid_count: int = 0
    paid_fee_median_idr: float | None = None
    time_count: int = 0
    days_median: float | None = None

    def share(self, count: int) -> float | None:
        """``count`` of all the standards, 0 to 1; None without a standard."""
        return count / self.standard_count if self.standard_count else None

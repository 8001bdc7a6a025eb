"""What search and statistics need to know of a document, derived in one place.

A working day has 7.5 office hours (Perpres 21/2023: 37.5 hours a week over five
days). All conversions round up, so that nobody is promised less than stands in
the standard.
"""

from __future__ import annotations

from dataclasses import dataclass

from siapa.document.standard_document import Fees, StandardDocument, TimeLimit, Unit

_MINUTES_IN_A_WORKING_DAY = 450


@dataclass(frozen=True, slots=True)
class Facts:
    """Amounts in whole rupiah, days in working days; ``None`` is not known.

    ``fee_max_idr`` is ``None`` beside a known ``fee_min_idr`` where some line states
    no amount: it costs at least that.
    """

    is_free: bool
    fee_min_idr: int | None
    fee_max_idr: int | None
    days_min: int | None
    days_max: int | None
    has_online: bool


def _ceiling(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def working_days(amount: int, unit: Unit) -> int:
    """``amount`` of ``unit`` in whole working days, rounded up, at least 1."""
    match unit:
        case "minute":
            days = _ceiling(amount, _MINUTES_IN_A_WORKING_DAY)
        case "hour":
            days = _ceiling(amount * 60, _MINUTES_IN_A_WORKING_DAY)
        case "day":
            days = _ceiling(amount * 5, 7)
        case "working_day":
            days = amount
        case "month":
            days = _ceiling(amount * 365 * 5, 12 * 7)
    return max(1, days)


def _fee_range(fees: Fees | None) -> tuple[int | None, int | None]:
    if fees is None or fees.fee_kind == "formula":
        # The amounts of a formula are rates (per square metre), not what one pays.
        return None, None
    if fees.fee_kind == "free":
        return 0, 0
    amounts = [line.amount_idr for line in fees.lines if line.amount_idr is not None]
    if not amounts:
        return None, None
    every_amount_known = len(amounts) == len(fees.lines)
    return min(amounts), max(amounts) if every_amount_known else None


def _shortest(limit: TimeLimit) -> int:
    return working_days(limit.amount_max if limit.amount_min is None else limit.amount_min, limit.unit)


def facts(document: StandardDocument) -> Facts:
    """The facts of ``document``; over all its cases, from the least to the most."""
    fee_min, fee_max = _fee_range(document.fees)
    limits = document.processing_time
    return Facts(
        is_free=document.fees is not None and document.fees.fee_kind == "free",
        fee_min_idr=fee_min,
        fee_max_idr=fee_max,
        days_min=min((_shortest(limit) for limit in limits), default=None),
        days_max=max((working_days(limit.amount_max, limit.unit) for limit in limits), default=None),
        has_online=any(channel.kind == "online" for channel in document.channels),
    )

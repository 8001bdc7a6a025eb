"""By when a promise is due: counted from the day on which the papers are complete, and by which calendar.

A working day is Monday to Friday without national holidays and collective leave (cuti bersama),
as the ``holidays`` package knows them from the yearly joint decree (SKB Tiga Menteri); days it
only estimates are called so by their names. The day of filing itself is not counted, and what is
filed on a day off counts as filed on the next working day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version

import holidays

from siapa.document.facts import working_days
from siapa.document.standard_document import TimeLimit

#: A promise further away than this is not counted out.
LONGEST_DAYS = 2_000
#: What the days off are read from.
CALENDAR = f"holidays {version('holidays')}"

_LANGUAGES = {"id": "id", "en": "en_US"}


@dataclass(frozen=True, slots=True)
class DayOff:
    """A holiday or a day of collective leave that was not counted."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when a promise is due."""

    limit: TimeLimit
    #: The working day from which it counts.
    filed_on: date
    due_on: date
    #: Holidays and collective leave on the way; weekends are passed over too.
    days_off: tuple[DayOff, ...]
    #: Whether calendar days were counted, so that days off make no difference.
    is_by_calendar: bool


def deadline(limit: TimeLimit, complete_on: date, locale: str = "id") -> Deadline | None:
    """When ``limit`` is due for papers that are complete on a day; None for a promise of many years."""
    if working_days(limit.amount_max, limit.unit) > LONGEST_DAYS:
        return None
    filed = _next_working(complete_on)
    match limit.unit:
        case "day":
            due = filed + timedelta(days=limit.amount_max)
        case "month":
            due = _months_on(filed, limit.amount_max)
        case "working_day":
            due = _worked(filed, limit.amount_max)
        case _:  # minutes and hours: on the day itself, or as many working days as they take
            due = _worked(filed, working_days(limit.amount_max, limit.unit) - 1)
    is_by_calendar = limit.unit in ("day", "month")
    off = () if is_by_calendar else tuple(_days_off(complete_on, due, locale))
    return Deadline(limit, filed, due, off, is_by_calendar)


def is_working(day: date) -> bool:
    """Whether offices work on ``day``."""
    return day.weekday() < 5 and day not in _calendar(day.year, "id")


@lru_cache(maxsize=32)
def _calendar(year: int, locale: str) -> dict[date, str]:
    """The holidays and the collective leave of a year, with their names."""
    language = _LANGUAGES[locale]
    return dict(
        holidays.country_holidays("ID", years=year, categories=("public", "government"), language=language)
    )


def _next_working(day: date) -> date:
    while not is_working(day):
        day += timedelta(days=1)
    return day


def _worked(day: date, amount: int) -> date:
    """The day after ``amount`` working days."""
    while amount > 0:
        day = _next_working(day + timedelta(days=1))
        amount -= 1
    return day


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _days_off(start: date, end: date, locale: str) -> Iterator[DayOff]:
    """The weekdays from ``start`` to ``end`` on which offices do not work."""
    day = start
    while day <= end:
        name = _calendar(day.year, locale).get(day)
        if name is not None and day.weekday() < 5:
            yield DayOff(day, name)
        day += timedelta(days=1)

"""Opening hours: the OpenStreetMap string we make from rows, and whether a place is open.

Public holidays close a place (``PH off``). Collective leave (cuti bersama) is no
public holiday in the law's sense but closes offices all the same, so it is asked first,
with the days on which the place itself says it is closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from opening_hours import OpeningHours

from siapa.catalogue.closing import Days, is_among
from siapa.catalogue.views import OpeningState
from siapa.records import Hours

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
UNKNOWN = OpeningState(hours=None, is_open=None, changes_at=None)
#: How far ahead the next opening is looked for.
HORIZON = timedelta(days=30)


def opening_hours(rows: Iterable[Hours]) -> str | None:
    """The OSM ``opening_hours`` of ``rows``; None for no rows. Equal neighbouring days are joined."""
    spans: dict[int, list[str]] = {}
    for row in sorted(rows, key=lambda r: (r.weekday, r.opens_at)):
        spans.setdefault(row.weekday, []).append(f"{row.opens_at:%H:%M}-{row.closes_at:%H:%M}")
    if not spans:
        return None
    runs: list[tuple[int, int, str]] = []
    for day in sorted(spans):
        text = ",".join(spans[day])
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == text:
            runs[-1] = (runs[-1][0], day, text)
        else:
            runs.append((day, day, text))
    named = [
        f"{DAYS[first - 1]}{'' if first == last else '-' + DAYS[last - 1]} {text}"
        for first, last, text in runs
    ]
    return "; ".join([*named, "PH off"])


@lru_cache(maxsize=2048)
def _parsed(hours: str, timezone: str) -> OpeningHours:
    return OpeningHours(hours, country="ID", timezone=ZoneInfo(timezone))


@lru_cache(maxsize=8)
def collective_leave(year: int) -> frozenset[date]:
    """The days of collective leave of ``year`` as the ``holidays`` package knows them."""
    return frozenset(holidays.country_holidays("ID", years=year, categories=("government",)))


def opening_state(
    hours: str | None, timezone: str, at: datetime, closed: Collection[Days] = ()
) -> OpeningState:
    """Whether a place with ``hours`` is open at the moment ``at``, and when that changes.

    ``closed`` are the days on which it is closed besides holidays and collective leave.
    """
    if hours is None:
        return UNKNOWN
    here = at.astimezone(ZoneInfo(timezone))
    parsed = _parsed(hours, timezone)
    if _is_shut(here.date(), closed):
        midnight = datetime.combine(here.date() + timedelta(days=1), datetime.min.time(), here.tzinfo)
        return OpeningState(hours, False, _next_opening(parsed, midnight, closed))
    is_open = bool(parsed.is_open(here))
    change = parsed.next_change(here)
    if change is not None and not is_open:
        change = _next_opening(parsed, here, closed)
    return OpeningState(hours, is_open, change)


def _is_shut(day: date, closed: Collection[Days]) -> bool:
    return day in collective_leave(day.year) or is_among(day, closed)


def _next_opening(parsed: OpeningHours, start: datetime, closed: Collection[Days]) -> datetime | None:
    """The first moment from ``start`` on at which it is open and the day is not a closed one."""
    moment = start
    while moment - start < HORIZON:
        if parsed.is_open(moment) and not _is_shut(moment.date(), closed):
            return moment
        if parsed.is_open(moment):
            moment = datetime.combine(moment.date() + timedelta(days=1), datetime.min.time(), moment.tzinfo)
            continue
        following = parsed.next_change(moment)
        if following is None:
            return None
        moment = following
    return None

"""``known_at``: a moment of the past at which what was public is asked for, by pages, API, files
and commands alike."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from siapa.errors import Problem, Rejected
from siapa.locales import lazy as _l
from siapa.records import HOME_ZONE, now

NAME = "known_at"
#: How its parameter is described to programs.
TOLD = (
    "As it was published at this moment, whatever has been corrected since: ISO 8601, a moment without a zone"
    " is in UTC, and a day alone is its end in the capital's time zone."
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}"
    r"(:[0-9]{2}(\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


def moment_of(text: str) -> datetime:
    """The moment in ``text``; ``Rejected`` where it is none, or lies ahead. Today is as of now."""
    present = now()
    try:
        if _DAY.fullmatch(text):
            begins = datetime.combine(date.fromisoformat(text), time.min, ZoneInfo(HOME_ZONE))
            moment = begins + timedelta(days=1) - timedelta(microseconds=1)
            if begins <= present:
                return min(moment.astimezone(UTC), present)
        else:
            # A plus sign that was not escaped has become a blank on its way.
            text = re.sub(r" (?=[0-9]{2}:[0-9]{2}$)", "+", text) if text.count(":") > 1 else text
            if not _MOMENT.fullmatch(text):
                raise ValueError
            moment = datetime.fromisoformat(text.upper())
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
            if moment <= present:
                return moment
    except (ValueError, OverflowError):
        wrong = _l("Give a moment such as 2026-01-31 or 2026-01-31T08:00:00Z.")
        raise Rejected([Problem(NAME, wrong, text[:40])]) from None
    raise Rejected([Problem(NAME, _l("This moment has not come yet."), text)])

"""What a visitor asks of a page, read from the address and checked.

Parameters nobody knows are left alone; a known one with a value that cannot be is
``Rejected`` with a sentence that says what it may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from siapa import catalogue
from siapa.catalogue import LAST_PAGE
from siapa.catalogue.views import RegionRef
from siapa.errors import Problem, Rejected
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.search.query import SORTS, Query

Arguments = Mapping[str, str]

_LONGEST_SHOWN = 40
#: No code is longer.
LONGEST_CODE = 120


def page_of(arguments: Arguments) -> int:
    """The asked page, 1 when none is; ``Rejected`` beyond the last that lists have."""
    return whole_number(arguments, "page", 1, LAST_PAGE) or 1


def region_of(arguments: Arguments, name: str = "region") -> RegionRef | None:
    """The asked region; ``Rejected`` for a code that no region has."""
    code = given(arguments, name)
    if code is None:
        return None
    region = catalogue.region_named(code)
    if region is None:
        reject(name, _l("No region has this code. A code looks like 74 or 74.71."), code)
    return region


def given(arguments: Arguments, name: str) -> str | None:
    """The value of ``name`` without blanks around it; None when it is empty or absent."""
    return arguments.get(name, "").strip() or None


def short_text(arguments: Arguments, name: str) -> str | None:
    """A code or a slug; ``Rejected`` for what is too long to be one."""
    text = given(arguments, name)
    if text is not None and len(text) > LONGEST_CODE:
        reject(name, _l("This is not one of the choices."), text)
    return text


def whole_number(arguments: Arguments, name: str, low: int, high: int) -> int | None:
    """The number ``name``; ``Rejected`` for anything but a whole number from ``low`` to ``high``."""
    text = given(arguments, name)
    if text is None:
        return None
    # Nine digits at most are read at all: a number of a million digits takes its time.
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and low <= int(text) <= high):
        reject(name, _l("Give a whole number from %(low)s to %(high)s.", low=low, high=high), text)
    return int(text)


def one_of(arguments: Arguments, name: str, allowed: tuple[str, ...]) -> str | None:
    """The value of ``name``; ``Rejected`` when it is none of ``allowed``."""
    text = given(arguments, name)
    if text is not None and text not in allowed:
        reject(name, _l("This is not one of the choices."), text)
    return text


def point_of(arguments: Arguments) -> tuple[float, float] | None:
    """``near=LAT,LON`` in degrees; ``Rejected`` for anything else."""
    text = given(arguments, "near")
    if text is None:
        return None
    try:
        latitude, longitude = (float(part) for part in text[:_LONGEST_SHOWN].split(","))
    except ValueError:
        latitude, longitude = 91.0, 181.0
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        message = _l("Give a point as latitude and longitude in degrees, such as -3.97,122.51.")
        reject("near", message, text)
    return latitude, longitude


def query_of(arguments: Arguments) -> Query:
    """The search that is asked for; ``Rejected`` for values that cannot be."""
    near = point_of(arguments)
    return Query(
        text=arguments.get("q", ""),
        region=given(arguments, "region"),
        mall=given(arguments, "mall"),
        agency=given(arguments, "agency"),
        category=given(arguments, "category"),
        life_event=given(arguments, "life_event"),
        free=flag(arguments, "free"),
        online=flag(arguments, "online"),
        max_days=whole_number(arguments, "max_days", 1, 3650),
        open_now=bool(flag(arguments, "open_now")),
        near=near,
        group=one_of(arguments, "group", ("service", "standard")) or "auto",
        sort=one_of(arguments, "sort", SORTS) or "relevance",
        page=whole_number(arguments, "page", 1, 10_000 // 20) or 1,
        exact=bool(flag(arguments, "exact")),
    )


def flag(arguments: Arguments, name: str) -> bool | None:
    """Whether ``name`` is asked for, 1 or 0; None when it is not given, ``Rejected`` for anything else."""
    text = one_of(arguments, name, ("1", "0", "true", "false"))
    return None if text is None else text in ("1", "true")


def reject(path: str, message: Words, value: str) -> NoReturn:
    """Refuse the value of the parameter ``path``."""
    raise Rejected([Problem(path, message, value[:_LONGEST_SHOWN])])

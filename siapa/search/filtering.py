"""Filters, which hold exactly, and the counts by which results may be narrowed further."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from siapa.locales import LOCALES, gettext, lazy, using
from siapa.search.found import FacetValue
from siapa.search.query import Query
from siapa.search.tables import KNOWN, Tables

#: Working days by which results are narrowed.
DAYS = (1, 3, 7, 14, 30)

Row = dict[str, Any]

_FEE = {"free": lazy("Free of charge"), "paid": lazy("With a fee")}
_CHANNEL = {"online": lazy("Online"), "counter": lazy("At a counter")}


def is_within(code: str | None, region: str) -> bool:
    """Whether the region ``code`` is ``region`` or lies in it."""
    return code is not None and (code == region or code.startswith(region + "."))


def is_offered_in(row: Row, region: str) -> bool:
    """Whether a standard is had in ``region``: at a place there, or by its agency when no place is known."""
    if row["places"]:
        return any(is_within(place[1], region) for place in row["places"])
    return is_within(row["region"], region)


def holds(row: Row, query: Query, region: str | None) -> bool:
    """Whether a standard's row passes every filter but ``open_now``."""
    return (
        (region is None or is_offered_in(row, region))
        and (query.mall is None or any(place[4] == query.mall for place in row["places"]))
        and (query.agency is None or query.agency in row["agencies"])
        and is_about(row, query)
        and (query.free is None or _fee_of(row) == ("free" if query.free else "paid"))
        and (query.online is None or row["online"] is query.online)
        and (query.max_days is None or (row["days"] is not None and row["days"] <= query.max_days))
    )


def is_about(row: Row, query: Query) -> bool:
    """Whether a service or a standard has the subject that is asked for."""
    return (query.category is None or row["category"] == query.category) and (
        query.life_event is None or query.life_event in row["life_events"]
    )


def asks_for_standards(query: Query) -> bool:
    """Whether a filter is about something only a standard has, so that bare services do not pass."""
    given = (query.mall, query.agency, query.free, query.online, query.max_days)
    return query.open_now or any(value is not None for value in given)


def _fee_of(row: Row) -> str | None:
    if row["free"]:
        return "free"
    return "paid" if row["priced"] else None


def facets(
    groups: Iterable[tuple[list[Row], Row | None]], wanted: Iterable[str], tables: Tables, region: str | None
) -> dict[str, tuple[FacetValue, ...]]:
    """Counts over all results; each is given as its standards' rows, or as the row of a bare service.

    A result counts once for every value that one of its standards has.
    """
    values_of = {name: _VALUES[name] for name in dict.fromkeys(wanted)}
    counts: dict[str, dict[str, int]] = {name: {} for name in values_of}
    for rows, service in groups:
        for name, values in values_of.items():
            seen = {value for row in rows for value in values(row, region)}
            if service is not None and name == "category":
                seen.add(service["category"])
            for value in seen:
                counts[name][value] = counts[name].get(value, 0) + 1
    return {name: _named(name, found, tables) for name, found in counts.items()}


def _regions(row: Row, region: str | None) -> set[str]:
    """Provinces, or the regencies and cities of the province that is asked for."""
    codes = [place[1] for place in row["places"]] or [row["region"]]
    if region is None:
        return {code.split(".")[0] for code in codes if code}
    return {code for code in codes if is_within(code, region)}


_VALUES: dict[str, Callable[[Row, str | None], Iterable[str]]] = {
    "region": _regions,
    "category": lambda row, _region: [row["category"]] if row["category"] else [],
    "agency": lambda row, _region: row["agencies"][:1],
    "fee": lambda row, _region: [fee] if (fee := _fee_of(row)) else [],
    "channel": lambda row, _region: ["online"] * row["online"] + ["counter"] * bool(row["places"]),
    "time": lambda row, _region: [
        str(most) for most in DAYS if row["days"] is not None and row["days"] <= most
    ],
    "mall": lambda row, _region: [place[4] for place in row["places"] if place[4]],
}


def _named(name: str, counts: dict[str, int], tables: Tables) -> tuple[FacetValue, ...]:
    values = [FacetValue(value, *_labels(name, value, tables), count) for value, count in counts.items()]
    if name == "time":
        return tuple(sorted(values, key=lambda one: int(one.value)))
    return tuple(sorted(values, key=lambda one: (-one.count, one.label)))


def _labels(name: str, value: str, tables: Tables) -> tuple[str, str]:
    """The label in Indonesian and in English."""
    if name == "fee":
        return _said(lambda: str(_FEE[value]))
    if name == "channel":
        return _said(lambda: str(_CHANNEL[value]))
    if name == "time":
        return _said(lambda: gettext("At most %(days)s working days", days=value))
    named = KNOWN[name](tables).get(value)
    return (named.label, named.label_en) if named else (value, value)


def _said(say: Callable[[], str]) -> tuple[str, str]:
    both = []
    for locale in LOCALES:
        with using(locale):
            both.append(say())
    return both[0], both[1]

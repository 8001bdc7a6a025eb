"""Facets: the counts by which results may be narrowed further, on arrays.

A result counts once for every value that one of its standards has; a value is multiple
where a standard is: at several malls, in several regions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siapa.locales import LOCALES, gettext, lazy, using
from siapa.search.engine.offers import has_places, spread
from siapa.search.engine.shelf import Shelf
from siapa.search.engine.writing import FREE, ONLINE, PRICED
from siapa.search.filtering import is_within
from siapa.search.found import FacetValue
from siapa.search.gathering import Gathered, Many
from siapa.search.own import Ids
from siapa.search.tables import KNOWN, Tables

#: Working days by which results are narrowed.
DAYS = (1, 3, 7, 14, 30)
#: So many values of a facet are given, the most frequent: nobody reads a thousand agencies.
MOST_VALUES = 100
#: Up to so many pairs of result and value are marked in a table; more are sorted.
_MOST_MARKED = 1 << 24

_FEE = {"free": lazy("Free of charge"), "paid": lazy("With a fee")}
_CHANNEL = {"online": lazy("Online"), "counter": lazy("At a counter")}

Numbers = NDArray[Any]
#: The values, and pairs of (place in ``standards``, number of the value); -1 is no value. Without
#: places there is one number for each standard.
Pairs = tuple[list[str], Numbers | None, Numbers]


class _Some:
    """Standards whose values are counted. ``region``: the one that is asked for."""

    def __init__(self, shelf: Shelf, standards: Ids, region: str | None) -> None:
        self.shelf = shelf
        self.standards = standards
        self.region = region

    @cached_property
    def offers(self) -> tuple[Numbers, Numbers]:
        """Every offering: the place of its standard in ``standards``, and the number of its place."""
        owners, offers = spread(self.shelf, self.standards)
        return owners, self.shelf.column("offer_place")[offers]

    @cached_property
    def has_places(self) -> Numbers:
        """Which standards are offered anywhere."""
        return has_places(self.shelf, self.standards)

    def column(self, name: str) -> Numbers:
        """Their values of a column."""
        found: Numbers = self.shelf.column(name)[self.standards]
        return found


def facets(
    shelf: Shelf, gathered: Gathered, wanted: Iterable[str], tables: Tables, region: str | None
) -> dict[str, tuple[FacetValue, ...]]:
    """The counts over all results."""
    standards, bare = gathered.standards, gathered.bare_rows
    groups = gathered.many
    some = _Some(shelf, standards, region)
    found = {}
    for name in dict.fromkeys(wanted):

        def count(name: str = name) -> tuple[list[str], Numbers]:
            if name == "time":
                return _times(some, groups)
            values, owners, numbers = _PAIRS[name](some)
            return values, _counted(owners, numbers, groups, len(values))

        # Whoever looks at everything there is sees the same counts.
        is_all = groups is None and len(standards) == shelf.live_count
        values, numbers = shelf.made(("counts", name, region), count) if is_all else count()
        counts = {values[at]: int(numbers[at]) for at in _most_frequent(numbers)}
        if name == "category":
            for row in bare:
                counts[row["category"]] = counts.get(row["category"], 0) + 1
        found[name] = _named(name, counts, tables)
    return found


def _most_frequent(numbers: Numbers) -> list[int]:
    """Where ``numbers`` are not 0; of many the largest."""
    given = np.flatnonzero(numbers)
    if len(given) > MOST_VALUES:
        given = given[np.argsort(-numbers[given], kind="stable")[:MOST_VALUES]]
    places: list[int] = given.tolist()
    return places


def _counted(owners: Numbers | None, numbers: Numbers, groups: Many | None, values: int) -> Numbers:
    """How many different results each value has."""
    if numbers.min(initial=0) < 0:
        given = numbers >= 0
        owners = np.flatnonzero(given) if owners is None else owners[given]
        numbers = numbers[given]
    new: Any = slice(None)
    if owners is not None:  # a standard's equal values stand side by side
        new = np.ones(len(numbers), bool)
        new[1:] = (numbers[1:] != numbers[:-1]) | (owners[1:] != owners[:-1])
    if groups is None:
        return np.bincount(numbers[new], minlength=values)
    results = groups.of if owners is None else groups.of[owners]
    is_alone = results == groups.count
    counts = np.bincount(numbers[is_alone if owners is None else new & is_alone], minlength=values)
    pairs = results.astype(np.int64) * values + numbers
    if groups.count * values <= _MOST_MARKED:
        marked = np.zeros((groups.count + 1) * values, bool)
        marked[pairs] = True
        counts += np.count_nonzero(marked.reshape(groups.count + 1, values)[:-1], axis=0)
        return counts
    return counts + np.bincount(np.unique(pairs[~is_alone]) % values, minlength=values)


def _regions(some: _Some) -> Pairs:
    """Provinces, or the regencies and cities of the province that is asked for."""
    shelf, region = some.shelf, some.region
    values, of_place, of_agency = shelf.made(("regions", region), lambda: _region_numbers(shelf, region))
    owners, places = some.offers
    without = np.flatnonzero(~some.has_places)
    more = of_agency[shelf.column("agency")[some.standards[without]]]
    return values, np.concatenate([owners, without]), np.concatenate([of_place[places], more])


def _region_numbers(shelf: Shelf, region: str | None) -> tuple[list[str], Numbers, Numbers]:
    """The regions that are counted, and the number of the one in which each place and each agency is."""
    values: dict[str, int] = {}

    def number(code: str | None) -> int:
        if code is None or (region is not None and not is_within(code, region)):
            return -1
        return values.setdefault(code if region is not None else code.partition(".")[0], len(values))

    of_place = np.array([*(number(row[1]) for row in shelf.table("places")), -1], np.int32)
    of_agency = np.array([*(number(row[1]) for row in shelf.table("agencies")), -1], np.int32)
    return list(values), of_place, of_agency


def _malls(some: _Some) -> Pairs:
    values, of_place = some.shelf.made("malls", lambda: _numbers(some.shelf, "places", lambda row: row[4]))
    owners, places = some.offers
    return values, owners, of_place[places]


def _numbers(shelf: Shelf, table: str, value: Callable[[Any], str | None]) -> tuple[list[str], Numbers]:
    """The different values of the rows of a table, and the number of each row's."""
    values: dict[str, int] = {}
    numbers = [
        values.setdefault(one, len(values)) if (one := value(row)) else -1 for row in shelf.table(table)
    ]
    return list(values), np.array([*numbers, -1], np.int32)


def _of_table(table: str, column: str, value: Callable[[Any], str | None]) -> Callable[..., Pairs]:
    def pairs(some: _Some) -> Pairs:
        values, of_row = some.shelf.made(("counted", table), lambda: _numbers(some.shelf, table, value))
        return values, None, of_row[some.column(column)]

    return pairs


def _fees(some: _Some) -> Pairs:
    flags = some.column("flags")
    return ["free", "paid"], None, np.where(flags & FREE, 0, np.where(flags & PRICED, 1, -1))


def _channels(some: _Some) -> Pairs:
    online, counter = np.flatnonzero(some.column("flags") & ONLINE), np.flatnonzero(some.has_places)
    numbers = np.repeat([0, 1], [len(online), len(counter)])
    return ["online", "counter"], np.concatenate([online, counter]), numbers


def _times(some: _Some, groups: Many | None) -> tuple[list[str], Numbers]:
    """How many results have a standard that takes at most so many days."""
    days = some.column("days")
    span = np.where(days < 0, len(DAYS), np.searchsorted(DAYS, days))
    if groups is not None:
        shortest = np.full(groups.count + 1, len(DAYS))
        np.minimum.at(shortest, groups.of, span)
        span = np.concatenate([shortest[:-1], span[groups.of == groups.count]])
    return [str(most) for most in DAYS], np.cumsum(np.bincount(span, minlength=len(DAYS))[: len(DAYS)])


_PAIRS: dict[str, Callable[[_Some], Pairs]] = {
    "region": _regions,
    "category": _of_table("services", "service", lambda row: row[1]),
    "agency": _of_table("agencies", "agency", lambda row: row[0][0] if row[0] else None),
    "fee": _fees,
    "channel": _channels,
    "mall": _malls,
}


def _named(name: str, counts: dict[str, int], tables: Tables) -> tuple[FacetValue, ...]:
    values = [FacetValue(value, *_labels(name, value, tables), count) for value, count in counts.items()]
    if name == "time":
        return tuple(sorted(values, key=lambda one: int(one.value)))
    return tuple(sorted(values, key=lambda one: (-one.count, one.label)))


def _labels(name: str, value: str, tables: Tables) -> tuple[str, str]:
    """The label in Indonesian and in English."""
    if name in ("fee", "channel", "time"):
        return _own_labels(name, value)
    named = KNOWN[name](tables).get(value)
    return (named.label, named.label_en) if named else (value, value)


@cache
def _own_labels(name: str, value: str) -> tuple[str, str]:
    """The labels of values that are not in the database."""
    if name == "fee":
        return _said(lambda: str(_FEE[value]))
    if name == "channel":
        return _said(lambda: str(_CHANNEL[value]))
    return _said(lambda: gettext("At most %(days)s working days", days=value))


def _said(say: Callable[[], str]) -> tuple[str, str]:
    both = []
    for locale in LOCALES:
        with using(locale):
            both.append(say())
    return both[0], both[1]

"""Exploring: all standards that pass the filters of the search and some more, grouped and summed up.

The same standards as a search finds, on the same arrays; but every one of them, in an order of figures
or titles, and by what they have in common. It is as of where the index stands (``Explored.position``).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from siapa.catalogue.figures import Figures
from siapa.document.standard_document import COMPONENTS
from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import HOME_ZONE, Agency, Service
from siapa.search.engine.offers import has_places, spread
from siapa.search.engine.shelf import Shelf
from siapa.search.engine.writing import FREE, ONLINE
from siapa.search.filtering import is_within, meant_places
from siapa.search.finding import gather
from siapa.search.own import Ids
from siapa.search.query import Query
from siapa.search.room import room

Numbers = NDArray[Any]

#: What standards may be grouped by.
GROUPINGS = ("service", "category", "agency", "kind", "province", "regency", "mall", "fee", "channel")
#: The orders of the standards; a minus turns one round. Unknown values come last.
ORDERS = ("title", "fee", "-fee", "time", "-time", "completeness", "-completeness", "review")
#: Stands for the standards that are linked to no national service.
OF_NONE = "-"
#: What fits a signed number of 64 bits.
_ONE_KEY = 1 << 62


@dataclass(frozen=True)
class Narrower:
    """Filters beside those of the search; None passes everything.

    ``service``: the code of a national service, or ``OF_NONE``; ``kind``: that of the agency.
    ``states_fee``: whether an amount is stated, ``states_time`` a time; ``has_fee``: whether it costs
    more than nothing.
    """

    service: str | None = None
    kind: str | None = None
    is_complete: bool | None = None
    is_overdue: bool | None = None
    states_fee: bool | None = None
    has_fee: bool | None = None
    states_time: bool | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What stands together under one ``key``: a code, a slug, the id of a service; and what it comes to."""

    key: str
    figures: Figures


class Explored:
    """What passed, as numbers; pages, groups and sums are made when asked for."""

    def __init__(self, shelf: Shelf, standards: Ids, query: Query, region: str | None, position: int) -> None:
        self._shelf = shelf
        self._standards = standards
        self._query = query
        self.region = region
        #: The newest change that the index had read.
        self.position = position

    @property
    def total(self) -> int:
        """How many standards there are."""
        return len(self._standards)

    def ids(self, order: str = "title", start: int = 0, stop: int | None = None) -> list[uuid.UUID]:
        """The standards from ``start`` to ``stop`` in an ``order`` of ``ORDERS``, equal ones by title."""
        ordered = self._standards[_in_order(self._shelf, self._standards, order)][start:stop]
        return [uuid.UUID(self._shelf.id_of(int(one))) for one in ordered]

    def figures(self) -> Figures:
        """What all of them come to."""
        everything = np.arange(self.total)
        found = _summed(self._shelf, self._standards, everything, np.zeros(self.total, np.int64), 1)
        return found[0]

    def groups(self, by: str) -> list[Group]:
        """Them by one of ``GROUPINGS``; a standard stands in every group that it belongs to."""
        values, owners, numbers = _GROUPED[by](self)
        known = numbers >= 0
        owners, numbers = owners[known], numbers[known]
        sums = _summed(self._shelf, self._standards, owners, numbers, len(values))
        return [
            Group(value, found) for value, found in zip(values, sums, strict=True) if found.standard_count
        ]

    # ------------------------------------------------------ who stands together

    def _of_table(self, column: str, values: list[str | None]) -> tuple[list[str], Numbers, Numbers]:
        """By the value of each row of the table that ``column`` refers to."""
        different = dict.fromkeys(value for value in values if value)
        numbers = {value: number for number, value in enumerate(different)}
        of_row = np.array([*(numbers[one] if one else -1 for one in values), -1], np.int64)
        return list(different), np.arange(self.total), of_row[self._shelf.column(column)[self._standards]]

    def _services(self) -> tuple[list[str], Numbers, Numbers]:
        return self._of_table("service", [row[0] for row in self._shelf.table("services")])

    def _categories(self) -> tuple[list[str], Numbers, Numbers]:
        return self._of_table("service", [row[1] for row in self._shelf.table("services")])

    def _agencies(self) -> tuple[list[str], Numbers, Numbers]:
        return self._of_table("agency", [_slug_of(row) for row in self._shelf.table("agencies")])

    def _kinds(self) -> tuple[list[str], Numbers, Numbers]:
        kinds = dict(db.session.execute(sa.select(Agency.slug, Agency.kind)).all())
        rows = self._shelf.table("agencies")
        return self._of_table("agency", [kinds.get(_slug_of(row) or "") for row in rows])

    def _places(
        self, value_of: Callable[[Any], str | None], value_of_agency: Callable[[Any], str | None]
    ) -> tuple[list[str], Numbers, Numbers]:
        """By what their places are, within the asked region and mall; without a place by their agency."""
        shelf = self._shelf
        values: dict[str, int] = {}

        def number(value: str | None) -> int:
            return -1 if value is None else values.setdefault(value, len(values))

        meant = meant_places(shelf, self.region, self._query.mall)
        rows = shelf.table("places")
        numbered = (number(value_of(row)) if meant[at] else -1 for at, row in enumerate(rows))
        of_place = np.array([*numbered, -1], np.int64)
        of_agency = np.array(
            [*(number(value_of_agency(row)) for row in shelf.table("agencies")), -1], np.int64
        )
        owners, offers = spread(shelf, self._standards)
        bare = np.flatnonzero(~has_places(shelf, self._standards))
        at_places = of_place[shelf.column("offer_place")[offers]]
        by_agency = of_agency[shelf.column("agency")[self._standards[bare]]]
        owners, numbers = np.concatenate([owners, bare]), np.concatenate([at_places, by_agency])
        pairs = owners.astype(np.int64) * (len(values) + 1) + numbers
        pairs = np.unique(pairs[numbers >= 0])  # each once, however many places are of one value
        return list(values), pairs // (len(values) + 1), pairs % (len(values) + 1)

    def _asked(self, code: str | None) -> bool:
        return code is not None and (self.region is None or is_within(code, self.region))

    def _provinces(self) -> tuple[list[str], Numbers, Numbers]:
        def of(row: Any) -> str | None:
            return row[1][:2] if self._asked(row[1]) else None

        return self._places(of, of)

    def _regencies(self) -> tuple[list[str], Numbers, Numbers]:
        def of(row: Any) -> str | None:
            return row[1] if self._asked(row[1]) and "." in row[1] else None

        return self._places(of, of)

    def _malls(self) -> tuple[list[str], Numbers, Numbers]:
        return self._places(lambda row: row[4], lambda _row: None)

    def _fees(self) -> tuple[list[str], Numbers, Numbers]:
        flags = self._shelf.column("flags")[self._standards]
        return ["free", "paid"], np.arange(self.total), np.where(flags & FREE, 0, 1)

    def _channels(self) -> tuple[list[str], Numbers, Numbers]:
        online = np.flatnonzero(self._shelf.column("flags")[self._standards] & ONLINE)
        placed = np.flatnonzero(has_places(self._shelf, self._standards))
        numbers = np.repeat([0, 1], [len(online), len(placed)])
        return ["online", "counter"], np.concatenate([online, placed]), numbers


_GROUPED: dict[str, Callable[[Explored], tuple[list[str], Numbers, Numbers]]] = {
    "service": Explored._services, "category": Explored._categories, "agency": Explored._agencies,
    "kind": Explored._kinds, "province": Explored._provinces, "regency": Explored._regencies,
    "mall": Explored._malls, "fee": Explored._fees, "channel": Explored._channels,
}  # fmt: skip


def explore(query: Query, narrower: Narrower) -> Explored:
    """Every standard that passes; ``Rejected`` for what cannot be asked, ``Unavailable`` without an index."""
    here = room()
    sight = here.sight()
    gathered, region = gather(query, sight)
    standards = _narrowed(sight.shelf, gathered.standards, narrower)
    return Explored(sight.shelf, standards, query, region, here.follower.position())


def _slug_of(row: Any) -> str | None:
    return row[0][0] if row[0] else None


def _narrowed(shelf: Shelf, standards: Ids, narrower: Narrower) -> Ids:
    fees, days = shelf.column("fee"), shelf.column("days")
    tests: tuple[tuple[bool | None, Callable[[Ids], Numbers]], ...] = (
        (narrower.is_complete, lambda some: shelf.column("given")[some] == len(COMPONENTS)),
        (narrower.is_overdue, lambda some: _is_overdue(shelf, some)),
        (narrower.states_fee, lambda some: fees[some] >= 0),
        (narrower.has_fee, lambda some: fees[some] > 0),
        (narrower.states_time, lambda some: days[some] >= 0),
    )
    for wanted, test in tests:
        if wanted is not None:
            standards = standards[test(standards) == wanted]
    if narrower.service is not None:
        found = db.session.scalar(sa.select(Service.id).where(Service.code == narrower.service))
        is_of_none = narrower.service == OF_NONE
        if found is None and not is_of_none:
            raise Rejected([Problem("service", _l("There is no service with this code."), narrower.service)])
        is_meant = np.array([*(row[0] == str(found) for row in shelf.table("services")), is_of_none])
        standards = standards[is_meant[shelf.column("service")[standards]]]
    if narrower.kind is not None:
        slugs = set(db.session.scalars(sa.select(Agency.slug).where(Agency.kind == narrower.kind)))
        if not slugs:
            raise Rejected([Problem("kind", _l("There is no agency of this kind."), narrower.kind)])
        is_meant = np.array([*(_slug_of(row) in slugs for row in shelf.table("agencies")), False])
        standards = standards[is_meant[shelf.column("agency")[standards]]]
    return standards


def _is_overdue(shelf: Shelf, some: Ids) -> Numbers:
    today = datetime.now(ZoneInfo(HOME_ZONE)).date().toordinal()
    due = shelf.column("due")[some]
    overdue: Numbers = (due > 0) & (due < today)
    return overdue


def _in_order(shelf: Shelf, standards: Ids, order: str) -> Numbers:
    titles = shelf.titles_in_order[standards]
    name = order.removeprefix("-")
    if name == "title":
        return np.argsort(titles, kind="stable")
    if name == "completeness":
        values = shelf.column("given")[standards].astype(np.float64)
    else:
        held = shelf.column({"fee": "fee", "time": "days", "review": "due"}[name])[standards]
        values = np.where(held < (1 if name == "review" else 0), np.nan, held.astype(np.float64))
    values = -values if order.startswith("-") else values
    return np.lexsort((titles, np.where(np.isnan(values), np.inf, values)))


def _summed(shelf: Shelf, standards: Ids, owners: Numbers, groups: Numbers, count: int) -> list[Figures]:
    """The figures of each of ``count`` groups; ``owners`` are places in ``standards``, one for each pair."""
    some = standards[owners]
    given, flags = shelf.column("given")[some], shelf.column("flags")[some]
    fees, days = shelf.column("fee")[some], shelf.column("days")[some]

    def counted(chosen: Numbers) -> Numbers:
        return np.bincount(groups[chosen], minlength=count)

    totals = np.bincount(groups, minlength=count)
    components = np.bincount(groups, weights=given, minlength=count)
    with np.errstate(invalid="ignore"):
        completeness = components / (totals * len(COMPONENTS))
    columns = (
        totals, completeness, counted(given == len(COMPONENTS)), counted(_is_overdue(shelf, some)),
        counted((flags & FREE) > 0), counted((flags & ONLINE) > 0),
        counted(fees >= 0), _medians(groups, fees, fees >= 0, count),
        counted(fees > 0), _medians(groups, fees, fees > 0, count),
        counted(days >= 0), _medians(groups, days, days >= 0, count),
    )  # fmt: skip
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [_figures(row) for row in rows]


def _figures(row: tuple[Any, ...]) -> Figures:
    """With nothing where no value is known; the columns stand in the order of ``Figures``."""
    known: list[Any] = [None if one != one else one for one in row]
    total, share, *rest = known
    return Figures(total, None if share is None else round(share, 4), *rest)


def _medians(groups: Numbers, values: Numbers, known: Numbers, count: int) -> Numbers:
    """The median of the known values of each group, the mean of the two in the middle; NaN without any."""
    of, held = groups[known].astype(np.int64), values[known].astype(np.int64)
    span = int(held.max(initial=0)) + 1
    if span * count < _ONE_KEY:  # group and value in one number: sorting that is several times as fast
        keys = np.sort(of * span + held)
        of, held = keys // span, keys % span
    else:
        order = np.lexsort((held, of))
        of, held = of[order], held[order]
    numbers = np.bincount(of, minlength=count)
    ends = np.cumsum(numbers)
    found = np.full(count, np.nan)
    given = numbers > 0
    starts = (ends - numbers)[given]
    low, high = starts + (numbers[given] - 1) // 2, starts + numbers[given] // 2
    found[given] = (held[low] + held[high]) / 2
    return found

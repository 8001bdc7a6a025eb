"""The explorer: all the standards of a search, with chosen columns or in groups, to look at and take.

All that is asked stands in the address, so a link leads to the same again; the download of an
address gives exactly what its page shows, all pages of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from siapa import catalogue
from siapa.catalogue import Page
from siapa.extensions import db
from siapa.opendata.of_explored import rows_of
from siapa.search.exploring import GROUPINGS, ORDERS, Explored, Narrower
from siapa.search.exploring import explore as find_all
from siapa.web.labels import AGENCY_KIND_NAMES
from siapa.web.site.addresses import page_url
from siapa.web.site.asked import flag, one_of, page_of, query_of, short_text
from siapa.web.site.blueprint import site
from siapa.web.site.explored import (
    COLUMN_NAMES,
    FILTER_NAMES,
    GROUPING_NAMES,
    ORDER_NAMES,
    USUAL_COLUMNS,
    NamedGroup,
    columns_of,
    named,
    shown_cell,
)
from siapa.web.site.measures import BY_NAME, MEASURES, Measure
from siapa.web.site.tiles import Tiles, tiles_of

ROWS_A_PAGE, GROUPS_A_PAGE, BARS = 50, 100, 15
#: The filters, in the order in which they stand in an address.
FILTERS = (
    "q", "region", "mall", "agency", "category", "life_event", "free", "online", "max_days", "open_now",
    "near", "service", "kind", "complete", "overdue", "states_fee", "has_fee", "states_time",
)  # fmt: skip
#: Those that stand in the form; the others are kept and may be taken away.
IN_THE_FORM = ("q", "region", "category", "kind", "free", "online", "max_days", "complete", "overdue")


@dataclass(frozen=True)
class Asked:
    """What is asked of the explorer; ``kept`` is all of it as it stands in the address, without the page."""

    found: Explored
    by: str | None
    measure: Measure
    order: str
    columns: tuple[str, ...]
    kept: dict[str, Any]


@dataclass(frozen=True)
class Bar:
    """A bar of the chart, its length from 0 to 100."""

    name: str
    length: float
    said: str


def asked_of(arguments: Any) -> Asked:
    """What the address asks for; ``Rejected`` with a sentence for each value that cannot be."""
    by = one_of(arguments, "by", GROUPINGS)
    measure = BY_NAME[one_of(arguments, "measure", tuple(BY_NAME)) or "standards"]
    order = one_of(arguments, "sort", (*ORDERS, *BY_NAME, *(f"-{name}" for name in BY_NAME)))
    narrower = Narrower(
        service=short_text(arguments, "service"),
        kind=short_text(arguments, "kind"),
        is_complete=flag(arguments, "complete"),
        is_overdue=flag(arguments, "overdue"),
        states_fee=flag(arguments, "states_fee"),
        has_fee=flag(arguments, "has_fee"),
        states_time=flag(arguments, "states_time"),
    )
    plain: Mapping[str, str] = {name: arguments[name] for name in FILTERS if name in arguments}
    found = find_all(query_of(plain), narrower)
    columns = columns_of(arguments.getlist("column"))
    kept: dict[str, Any] = {name: value.strip() for name, value in plain.items() if value.strip()}
    kept |= {"by": by, "measure": None if measure.name == "standards" else measure.name, "sort": order}
    kept["column"] = list(columns) if columns != USUAL_COLUMNS else None
    return Asked(
        found, by, measure, order or "title", columns, {name: one for name, one in kept.items() if one}
    )


def groups_of(asked: Asked) -> list[NamedGroup]:
    """The groups in their order: by the chosen measure, the most first, unless ``sort`` says otherwise."""
    assert asked.by is not None
    groups = named(asked.by, asked.found.groups(asked.by))
    name = asked.order.removeprefix("-")
    measure = BY_NAME.get(name, asked.measure)
    rises = name in BY_NAME and not asked.order.startswith("-")
    if asked.order == "title" and "sort" in asked.kept:
        return sorted(groups, key=lambda one: (one.name.casefold(), one.key))

    def key(one: NamedGroup) -> tuple[Any, ...]:
        value = measure.value(one.figures)
        return value is None, (value or 0) * (1 if rises else -1), one.name.casefold(), one.key

    return sorted(groups, key=key)


@site.get("/data/jelajah")
def explore() -> str:
    """Look at all standards that pass: as rows, or in groups with a chart and, by province, a map."""
    asked = asked_of(request.args)
    page = page_of(request.args)
    groups = groups_of(asked) if asked.by else []
    return render_template(
        "site/explore.html",
        asked=asked,
        total=asked.found.total,
        position=asked.found.position,
        figures=asked.found.figures(),
        measures=MEASURES,
        rows=None if asked.by else _rows(asked, page),
        groups=_paged(groups, page) if asked.by else None,
        bars=bars_of(groups, asked.measure),
        tiles=_tiles(asked, groups),
        provinces=catalogue.provinces(),
        categories=catalogue.categories(),
        kinds=sorted(AGENCY_KIND_NAMES.items(), key=lambda pair: str(pair[1])),
        chips=[(FILTER_NAMES[name], asked.kept[name], _without(asked, name)) for name in FILTERS
               if name in asked.kept],
        hidden=[(name, value) for name, value in asked.kept.items() if name in FILTERS
                and name not in IN_THE_FORM],
        column_names=COLUMN_NAMES,
        grouping_names=GROUPING_NAMES,
        order_names=ORDER_NAMES,
        rows_of_group=lambda one: page_url("explore", **_into(asked, one)),
        downloads=[(ending, page_url("explored_file", ending=ending, **asked.kept))
                   for ending in ("csv", "xlsx", "json")],
    )  # fmt: skip


def bars_of(groups: list[NamedGroup], measure: Measure) -> list[Bar]:
    """The first groups as bars; those without a value are left out."""
    held = [(one, value) for one in groups if (value := measure.value(one.figures)) is not None][:BARS]
    most = max((value for _one, value in held), default=0)
    if not most:  # nothing to compare
        return []
    return [Bar(one.name, round(100 * value / most, 1), measure.said(one.figures)) for one, value in held]


def _tiles(asked: Asked, groups: list[NamedGroup]) -> Tiles | None:
    """The map of the provinces, where they are what is grouped by."""
    if asked.by != "province":
        return None
    figures = {one.key: one.figures for one in groups}
    known = {
        region.code: (region, figures[region.code])
        for region in catalogue.provinces()
        if region.code in figures
    }
    stays = {name: value for name, value in asked.kept.items() if name not in ("by", "measure", "sort")}
    return tiles_of(known, asked.measure, lambda code: page_url("explore", **{**stays, "region": code}))


def _rows(asked: Asked, page: int) -> Page[list[tuple[str, Any]]]:
    ids = asked.found.ids(asked.order, (page - 1) * ROWS_A_PAGE, page * ROWS_A_PAGE)
    names = tuple(dict.fromkeys((*asked.columns, "path")))
    rows = [
        [(name, shown_cell(name, value)) for name, value in zip(names, row, strict=True)]
        for row in rows_of(ids, names, db.engine.connect)
    ]
    return Page(asked.found.total, page, ROWS_A_PAGE, tuple(rows))


def _paged(groups: list[NamedGroup], page: int) -> Page[NamedGroup]:
    start = (page - 1) * GROUPS_A_PAGE
    return Page(len(groups), page, GROUPS_A_PAGE, tuple(groups[start : start + GROUPS_A_PAGE]))


def _without(asked: Asked, name: str) -> str:
    return page_url("explore", **{one: value for one, value in asked.kept.items() if one != name})


def _into(asked: Asked, group: NamedGroup) -> dict[str, Any]:
    """What leads to the standards of one group."""
    stays = {name: value for name, value in asked.kept.items() if name not in ("by", "measure", "sort")}
    return {**stays, **group.filters}

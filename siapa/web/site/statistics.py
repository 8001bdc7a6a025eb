"""The figures of the whole registry: tables first, each with the way to its rows and to its API call."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import render_template, request

from siapa import figures
from siapa.catalogue.figures import Figures
from siapa.figures.reading import Moved
from siapa.web import caching
from siapa.web.site.addresses import page_url
from siapa.web.site.asked import one_of, page_of
from siapa.web.site.blueprint import site
from siapa.web.site.measures import BY_NAME, MEASURES, Measure
from siapa.web.site.tiles import tiles_of

#: Services that stand on the first page, and on each of their own.
SERVICES_SHOWN, SERVICES_A_PAGE = 20, 50
#: Months of the chart; the table has all of them.
MONTHS_SHOWN = 36
API = "/api/v1/statistics"


@dataclass(frozen=True)
class Cell:
    """One figure of a row: in words, over how many, and where its rows are; no address where none leads."""

    said: str
    beside: str
    url: str | None


@dataclass(frozen=True)
class Line:
    """A row of a table of figures. ``thing``: the province or the service; None for what is of none."""

    thing: object | None
    cells: tuple[Cell, ...]
    api: str


@dataclass(frozen=True)
class Column:
    """A column of a chart in time, its height from 0 to 100."""

    period: str
    height: float
    said: int


@site.get("/statistik")
def statistics() -> str:
    """The whole country, its provinces, its services, and how it has grown."""
    measure = BY_NAME[one_of(request.args, "measure", tuple(BY_NAME)) or "completeness"]
    national, provinces = figures.national(), figures.of_provinces()
    services = figures.of_services(per_page=SERVICES_SHOWN)
    moved = figures.through_time()
    known = {one.region.code: (one.region, one.figures) for one in provinces if one.region}
    caching.shows(())
    caching.for_a_minute()
    return render_template(
        "site/statistics.html",
        standing=figures.standing(),
        national=line_of(None, national, {}, API),
        measures=MEASURES,
        measure=measure,
        tiles=tiles_of(known, measure, lambda code: page_url("explore", region=code)),
        provinces=[_of_province(one) for one in provinces],
        services=[_of_service(one) for one in services.results],
        service_total=services.total,
        moved=moved,
        mall_columns=columns_of(moved.malls),
        standard_columns=columns_of(moved.standards[-MONTHS_SHOWN:]),
    )


@site.get("/statistik/layanan")
def service_statistics() -> str:
    """The figures of every national service."""
    sort = one_of(request.args, "sort", tuple(figures.SORTS)) or "-standards"
    page = figures.of_services(sort=sort, page=page_of(request.args), per_page=SERVICES_A_PAGE)
    caching.shows(())
    caching.for_a_minute()
    return render_template(
        "site/service_statistics.html",
        standing=figures.standing(),
        measures=MEASURES,
        services=[_of_service(one) for one in page.results],
        page=page,
        sort=sort,
    )


def line_of(thing: object | None, found: Figures, rows: dict[str, str] | None, api: str) -> Line:
    """A row; ``rows`` narrows the explorer to what it counts, None where nothing does."""
    start = page_url("explore")
    return Line(thing, tuple(_cell(measure, found, rows, start) for measure in MEASURES), api)


def _cell(measure: Measure, found: Figures, rows: dict[str, str] | None, start: str) -> Cell:
    over = measure.over(found) if measure.over else None
    is_empty = not found.standard_count or over == 0
    asked = urlencode({**(rows or {}), **measure.rows})
    url = None if rows is None or is_empty else f"{start}?{asked}" if asked else start
    return Cell(measure.said(found), measure.beside(found), url)


def _of_province(one: figures.OfProvince) -> Line:
    if one.region is None:
        return line_of(None, one.figures, None, f"{API}/provinces")
    return line_of(one.region, one.figures, {"region": one.region.code}, f"{API}/provinces/{one.region.code}")


def _of_service(one: figures.OfService) -> Line:
    code = one.service.code if one.service else "-"
    api = f"{API}/services/{code}" if one.service else f"{API}/services"
    return line_of(one.service, one.figures, {"service": code}, api)


def columns_of(moved: tuple[Moved, ...]) -> list[Column]:
    """How many there were at the end of each period, as columns of a chart."""
    most = max((one.standing for one in moved), default=0) or 1
    return [Column(one.period, round(100 * one.standing / most, 1), one.standing) for one in moved]

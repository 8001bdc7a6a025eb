"""Agencies, malls and other places, and regions."""

from __future__ import annotations

from typing import Any

from flask import Response

from siapa import catalogue
from siapa.catalogue.agencies import SORTS as AGENCY_SORTS
from siapa.catalogue.malls import SORTS as PLACE_SORTS
from siapa.catalogue.regions import SORTS as REGION_SORTS
from siapa.catalogue.standards import SORTS as STANDARD_SORTS
from siapa.catalogue.views import (
    AgencyCard,
    AgencyView,
    MallCard,
    MallOffering,
    MallView,
    RegionRef,
    RegionView,
)
from siapa.errors import Problem, Rejected
from siapa.locales import lazy as _l
from siapa.records import LocationKind, RegionLevel
from siapa.web import caching
from siapa.web.api.answering import listed, one
from siapa.web.api.asking import (
    Asked,
    AskedList,
    Choice,
    Moment,
    Point,
    Text,
    choice_of,
    region_code,
    with_fields,
)
from siapa.web.api.existing import demand_region
from siapa.web.api.openapi import one_of, page_of, reads

#: A kind of agency is a word of the catalogue, such as dinas_dukcapil.
KIND = r"^[a-z0-9_]{1,40}$"


class AskedAgencies(AskedList):
    """Filters of the list of agencies."""

    kind = Text("The kind of agency, such as dinas_dukcapil.", pattern=KIND, longest=40)
    region = region_code("Agencies of this region and below it: a code such as 74 or 74.71.")
    initial = Text("The first letter of the name.", longest=1)
    modified_since = Moment("Changed at this moment or later.")
    sort = Choice(tuple(AGENCY_SORTS), "The order.", load_default="name")


class AskedMalls(AskedList):
    """Filters of the list of malls."""

    region = region_code("In this region or below it: a code such as 74 or 74.71.")
    near = Point("Nearest first, from this point: latitude,longitude in degrees.")
    modified_since = Moment("Changed at this moment or later.")
    sort = Choice(
        (*PLACE_SORTS, "distance"),
        "The order; distance is the order whenever near is given.",
        load_default="region",
    )


class AskedLocations(AskedMalls):
    """Filters of the list of places."""

    kind = choice_of(LocationKind, "The kind of place.")


class AskedOfferings(AskedList):
    """Filters of the list of what is had at a mall."""

    modified_since = Moment("Offered otherwise, or with another edition, since this moment.")
    sort = Choice(tuple(STANDARD_SORTS), "The order.", load_default="name")


class AskedRegions(AskedList):
    """Filters of the list of regions."""

    level = choice_of(RegionLevel, "How high the region stands.")
    parent = region_code("Directly below this region.")
    modified_since = Moment("Changed at this moment or later.")
    sort = Choice(tuple(REGION_SORTS), "The order.", load_default="code")


@reads("/agencies", with_fields(AskedAgencies, AgencyCard), page_of(AgencyCard), tag="agencies")
def list_agencies(asked: dict[str, Any]) -> Response:
    """Who gives the services."""
    demand_region(asked)
    caching.timeless()
    page = catalogue.agencies(
        kind=asked.get("kind"), region=asked.get("region"), initial=asked.get("initial"),
        modified_since=asked.get("modified_since"), sort=asked["sort"],
        page=asked["page"], per_page=asked["per_page"],
    )  # fmt: skip
    return listed(page, asked)


@reads(
    "/agencies/<slug>", with_fields(Asked, AgencyView), one_of(AgencyView), tag="agencies", may_be_absent=True
)
def get_agency(asked: dict[str, Any], slug: str) -> Response:
    """One agency: its units, its standards and its counters."""
    return one(catalogue.agency(slug), asked)


@reads("/malls", with_fields(AskedMalls, MallCard), page_of(MallCard), tag="malls")
def list_malls(asked: dict[str, Any]) -> Response:
    """Public service malls, with how many counters and services are known."""
    return _places(asked, LocationKind.MALL)


@reads("/malls/<slug>", with_fields(Asked, MallView), one_of(MallView), tag="malls", may_be_absent=True)
def get_mall(asked: dict[str, Any], slug: str) -> Response:
    """One mall, or another place: hours, counters, facilities and what is offered there."""
    return one(catalogue.mall(slug), asked)


@reads(
    "/malls/<slug>/offerings",
    with_fields(AskedOfferings, MallOffering),
    page_of(MallOffering),
    tag="malls",
    may_be_absent=True,
)
def list_offerings(asked: dict[str, Any], slug: str) -> Response:
    """What is offered at a mall."""
    caching.timeless()
    page = catalogue.mall_offerings(
        slug, modified_since=asked.get("modified_since"), sort=asked["sort"],
        page=asked["page"], per_page=asked["per_page"],
    )  # fmt: skip
    return listed(page, asked)


@reads("/locations", with_fields(AskedLocations, MallCard), page_of(MallCard), tag="malls")
def list_locations(asked: dict[str, Any]) -> Response:
    """Every place where a service is had: malls, offices, mobile and online."""
    kind = asked.get("kind")
    return _places(asked, LocationKind(kind) if kind else None)


def _places(asked: dict[str, Any], kind: LocationKind | None) -> Response:
    demand_region(asked)
    filters = {name: asked.get(name) for name in ("region", "near", "modified_since")}
    sort = asked["sort"]
    if sort == "distance" and asked.get("near") is None:
        message = _l("Sorting by distance needs the place you start from (near).")
        raise Rejected([Problem("sort", message, sort)])
    page = catalogue.locations(
        kind=kind, **filters, sort="region" if sort == "distance" else sort,
        page=asked["page"], per_page=asked["per_page"],
    )  # fmt: skip
    return listed(page, asked)


@reads("/regions", with_fields(AskedRegions, RegionRef), page_of(RegionRef), tag="regions")
def list_regions(asked: dict[str, Any]) -> Response:
    """Provinces, regencies and cities by their Kemendagri codes."""
    demand_region(asked, "parent")
    caching.timeless()
    level = asked.get("level")
    page = catalogue.regions(
        level=RegionLevel(level) if level else None, parent=asked.get("parent"),
        modified_since=asked.get("modified_since"), sort=asked["sort"],
        page=asked["page"], per_page=asked["per_page"],
    )  # fmt: skip
    return listed(page, asked)


@reads(
    "/regions/<code>", with_fields(Asked, RegionView), one_of(RegionView), tag="regions", may_be_absent=True
)
def get_region(asked: dict[str, Any], code: str) -> Response:
    """One region: what lies below it, its malls and its agencies."""
    return one(catalogue.region(code), asked)

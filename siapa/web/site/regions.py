"""Regions: the provinces, and what lies in a province, regency or city."""

from __future__ import annotations

from siapa import catalogue
from siapa.web.site.blueprint import site
from siapa.web.site.showing import show


@site.get("/wilayah")
def regions() -> str:
    """The provinces."""
    return show("site/regions.html", provinces=catalogue.provinces())


@site.get("/wilayah/<code>")
def region(code: str) -> str:
    """One region with its malls and agencies."""
    return show("site/region.html", view=catalogue.region(code))

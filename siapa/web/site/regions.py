"""Regions: the provinces, and what lies in a province, regency or city."""

from __future__ import annotations

from flask import render_template

from siapa import catalogue
from siapa.web.site.blueprint import site


@site.get("/wilayah")
def regions() -> str:
    """The provinces."""
    return render_template("site/regions.html", provinces=catalogue.provinces())


@site.get("/wilayah/<code>")
def region(code: str) -> str:
    """One region with its malls and agencies."""
    return render_template("site/region.html", view=catalogue.region(code))

"""The page about the open data: what there is, what it means, how to take it."""

from __future__ import annotations

from flask import render_template

from siapa.opendata import TABLES, package
from siapa.web import caching
from siapa.web.opendata.files import present_standing
from siapa.web.site.blueprint import site


@site.get("/data")
def data() -> str:
    """Every table with its columns and its files, and how to cite them."""
    caching.timeless()
    standing = present_standing()
    return render_template(
        "site/data.html", tables=TABLES, standing=standing, citation=package.cited(standing)
    )

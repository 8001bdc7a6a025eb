"""Agencies: from A to Z, by kind and region, and one with what it promises."""

from __future__ import annotations

from flask import request

from siapa import catalogue
from siapa.web.labels import AGENCY_KIND_NAMES
from siapa.web.site.asked import one_of, page_of, region_of
from siapa.web.site.blueprint import site
from siapa.web.site.showing import show

AGENCIES_A_PAGE = 60
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@site.get("/instansi")
def agencies() -> str:
    """The agencies by name, narrowed by first letter, kind or region."""
    region = region_of(request.args)
    initial = one_of(request.args, "initial", LETTERS)
    kind = one_of(request.args, "kind", tuple(AGENCY_KIND_NAMES))
    page = catalogue.agencies(
        kind=kind,
        region=region.code if region else None,
        initial=initial,
        page=page_of(request.args),
        per_page=AGENCIES_A_PAGE,
    )
    return show(
        "site/agencies.html", page=page, region=region, initial=initial, kind=kind, letters=LETTERS,
        kinds=AGENCY_KIND_NAMES, provinces=catalogue.provinces(), is_narrowed=bool(region or initial or kind),
    )  # fmt: skip


@site.get("/instansi/<slug>")
def agency(slug: str) -> str:
    """One agency: where it stands, its counters and its standards."""
    view = catalogue.agency(slug)
    return show(
        "site/agency.html",
        view=view,
        measured=catalogue.performance_of_agency(view.card.id),
        surveyed=catalogue.satisfaction_of(agency_id=view.card.id),
    )

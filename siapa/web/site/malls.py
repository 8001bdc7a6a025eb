"""Public service malls: all of them by province, and one with its counters and services."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from flask import request

from siapa import catalogue
from siapa.catalogue.views import AgencyRef, MallOffering, MallView
from siapa.records import CounterStatus, LocationKind
from siapa.web import caching
from siapa.web.site.asked import page_of, point_of, region_of
from siapa.web.site.blueprint import site
from siapa.web.site.showing import show

MALLS_A_PAGE = 60


@dataclass(frozen=True)
class AtAgency:
    """What one agency offers at a mall."""

    agency: AgencyRef
    offerings: tuple[MallOffering, ...]
    #: Whether its counter is more than an agreement.
    is_certain: bool = True


@site.get("/mpp")
def malls() -> str:
    """The malls by province, those of one region, or the nearest first."""
    region, near = region_of(request.args), point_of(request.args)
    page = catalogue.malls(
        region=region.code if region else None, near=near, page=page_of(request.args), per_page=MALLS_A_PAGE
    )
    by_province = [
        (province, list(cards)) for province, cards in groupby(page.results, lambda card: card.province)
    ]
    return show(
        "site/malls.html", page=page, by_province=by_province, region=region, near=near,
        provinces=catalogue.provinces(),
    )  # fmt: skip


@site.get("/mpp/<slug>")
def mall(slug: str) -> str:
    """One mall, or another place where services are had."""
    view = catalogue.mall(slug)
    page = show(
        "site/mall.html",
        view=view,
        card=view.card,
        place=view.card.place,
        is_mall=view.card.place.kind is LocationKind.MALL,
        listed=[counter for counter in view.counters if counter.status != CounterStatus.AGREEMENT_ONLY],
        agreed=[counter for counter in view.counters if counter.status == CounterStatus.AGREEMENT_ONLY],
        at_agencies=[at for at in by_agency(view) if at.is_certain],
        maybe_at=[at for at in by_agency(view) if not at.is_certain],
        reports=catalogue.told_of_place(view.card.place.id),
        checked=max((one.checked_on for one in view.counters if one.checked_on), default=None),
        thanked=request.args.get("thanks") == "1",
    )
    caching.for_a_minute()
    return page


def by_agency(view: MallView) -> list[AtAgency]:
    """The services of a mall by the agency that gives them, agencies by name.

    Those at a counter of which only an agreement is known stand apart.
    """
    agreed = {one.id for one in view.counters if one.status == CounterStatus.AGREEMENT_ONLY}
    grouped: dict[tuple[AgencyRef, bool], list[MallOffering]] = defaultdict(list)
    for offering in view.offerings:
        grouped[offering.standard.agency, offering.counter_id not in agreed].append(offering)
    return [
        AtAgency(agency, tuple(offerings), is_certain)
        for (agency, is_certain), offerings in sorted(
            grouped.items(), key=lambda item: (item[0][0].name, item[0][0].slug)
        )
    ]

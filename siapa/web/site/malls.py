"""Public service malls: all of them by province, and one with its counters and services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import request

from siapa import catalogue
from siapa.catalogue import MOST_PER_PAGE
from siapa.catalogue.views import AgencyRef, MallCard, MallOffering, MallView
from siapa.locales import gettext as _
from siapa.records import CounterStatus, LocationKind
from siapa.web import caching
from siapa.web.filters import text_of
from siapa.web.site.addresses import page_url
from siapa.web.site.asked import page_of, point_of, region_of
from siapa.web.site.blueprint import site
from siapa.web.site.outline import COUNTRY, Drawing, Spot, drawn
from siapa.web.site.showing import show

MALLS_A_PAGE = 60
#: Of the nearest so many are drawn: farther ones would only make the picture coarse.
NEAREST_DRAWN = 9


@dataclass(frozen=True)
class AtAgency:
    """What one agency offers at a mall."""

    agency: AgencyRef
    offerings: tuple[MallOffering, ...]
    #: Whether its counter is more than an agreement.
    is_certain: bool = True


@site.get("/mpp")
def malls() -> str:
    """The malls by province, those of a region, or the nearest first (to a point, to a region's middle)."""
    region, start = region_of(request.args), region_of(request.args, "from")
    point = point_of(request.args)
    near = point or (catalogue.centre_of(start.code) if start else None)
    page = catalogue.malls(
        region=region.code if region and not near else None,
        near=near, page=page_of(request.args), per_page=MALLS_A_PAGE,
    )  # fmt: skip
    by_province = [
        (province, list(cards)) for province, cards in groupby(page.results, lambda card: card.province)
    ]
    chosen = start or region
    return show(
        "site/malls.html", page=page, by_province=by_province, region=region, near=near, point=point,
        start=start if not point else None, provinces=catalogue.provinces(), chosen=chosen,
        regencies=catalogue.regions(parent=chosen.code[:2], per_page=MOST_PER_PAGE).results if chosen else (),
        drawing=of_provinces() if not (near or region) else of_malls(page.results, near),
    )  # fmt: skip


def of_provinces() -> Drawing:
    """The country, with how many malls each province has."""
    spots = [
        Spot(
            one.latitude, one.longitude, str(one.malls),
            f"{text_of(one.province, 'name')}: {one.malls}",
            page_url("malls", region=one.province.code),
        )
        for one in catalogue.malls_by_province()
        if one.latitude is not None and one.longitude is not None
    ]  # fmt: skip
    return drawn(spots, COUNTRY)


def of_malls(cards: Sequence[MallCard], near: tuple[float, float] | None) -> Drawing | None:
    """Where the malls of a list are, numbered as they stand in it; of the nearest the first few."""
    shown = cards[:NEAREST_DRAWN] if near else cards
    spots = [
        Spot(
            card.place.latitude, card.place.longitude, str(number), text_of(card.place, "name") or "",
            page_url("mall", slug=card.place.slug),
        )
        for number, card in enumerate(shown, 1)
        if card.place.latitude is not None and card.place.longitude is not None
    ]  # fmt: skip
    if not spots:
        return None
    here = [Spot(*near, "", _("You are here"), is_here=True)] if near else []
    return drawn([*here, *spots])


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
        surveyed=catalogue.satisfaction_of(location_id=view.card.place.id),
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

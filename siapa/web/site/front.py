"""The front page: one big search, life events, what is offered most, and the way to the malls."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template

from siapa import catalogue
from siapa.catalogue.views import ServiceCard
from siapa.web import caching
from siapa.web.site.blueprint import site

#: Tiles and cards that fit the first view without burying the rest.
LIFE_EVENTS_SHOWN = 8
SERVICES_SHOWN = 9
SERVICES_LOOKED_AT = 60


@site.get("/")
def front() -> str:
    """The front page."""
    caching.timeless()
    return render_template(
        "site/front.html",
        life_events=[event for event in catalogue.life_events() if event.services][:LIFE_EVENTS_SHOWN],
        popular=varied(catalogue.popular_services(SERVICES_LOOKED_AT))[:SERVICES_SHOWN],
        provinces=catalogue.provinces(),
    )


def varied(cards: Iterable[ServiceCard]) -> list[ServiceCard]:
    """The first of each subject, so that one office's many services do not fill the page."""
    seen: dict[str, ServiceCard] = {}
    for card in cards:
        seen.setdefault(card.category.code, card)
    return list(seen.values())

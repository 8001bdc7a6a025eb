"""The front page: one big search, life events, what is offered most, and the way to the malls."""

from __future__ import annotations

from flask import render_template

from siapa import catalogue
from siapa.web import caching
from siapa.web.site.blueprint import site

#: Tiles and cards that fit the first view without burying the rest.
LIFE_EVENTS_SHOWN = 8
SERVICES_SHOWN = 9


@site.get("/")
def front() -> str:
    """The front page."""
    caching.timeless()
    popular = catalogue.popular_services(SERVICES_SHOWN)
    return render_template(
        "site/front.html",
        life_events=[event for event in catalogue.life_events() if event.services][:LIFE_EVENTS_SHOWN],
        popular=popular,
        confidences=catalogue.weakest_confidences(card.id for card in popular),
        provinces=catalogue.provinces(),
    )

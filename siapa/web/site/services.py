"""National services: by subject and name, one by one, and by what happens in life."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import request

from siapa import catalogue
from siapa.catalogue.views import CategoryRef, RegionRef, ServiceCard, ServiceView, StandardCard
from siapa.document.completeness import completeness
from siapa.document.standard_document import StandardDocument, from_stored
from siapa.errors import NotFound, Problem, Rejected
from siapa.locales import lazy as _l
from siapa.web.filters import text_of
from siapa.web.site.asked import given, page_of
from siapa.web.site.blueprint import site
from siapa.web.site.cases import cases_of
from siapa.web.site.showing import show

#: The national catalogue has about a hundred entries: one page shows them all.
SERVICES_A_PAGE = 100


@dataclass(frozen=True)
class Providers:
    """Who gives a service in one province; ``province`` None where no place is known."""

    province: RegionRef | None
    standards: tuple[StandardCard, ...]


@site.get("/layanan")
def services() -> str:
    """The services by name, or those of one subject."""
    subjects = catalogue.categories()
    chosen = _chosen(subjects, given(request.args, "category"))
    page = catalogue.services(
        category=chosen.code if chosen else None, page=page_of(request.args), per_page=SERVICES_A_PAGE
    )
    return show(
        "site/services.html",
        subjects=subjects,
        chosen=chosen,
        page=page,
        by_letter=by_letter(page.results),
        confidences=catalogue.weakest_confidences(card.id for card in page.results),
    )


@site.get("/layanan/<slug>")
def service(slug: str) -> str:
    """One service: what it is, who offers it, what its providers promise."""
    view = catalogue.service_by_slug(slug)
    outline = from_stored({"title": view.card.name, **view.outline}) if view.outline else None
    return show(
        "site/service.html",
        view=view,
        outline=outline,
        providers=providers_of(view),
        confidence=catalogue.weakest_confidences([view.card.id]).get(view.card.id),
        parts=parts_of(outline),
        cases=cases_of(outline.requirements) if outline else [],
    )


@site.get("/peristiwa/<code>")
def life_event(code: str) -> str:
    """What there is to arrange when something happens in life."""
    event = next((event for event in catalogue.life_events() if event.code == code), None)
    if event is None:
        raise NotFound(_l("There is no such life event."))
    page = catalogue.services(life_event=code, page=page_of(request.args), per_page=SERVICES_A_PAGE)
    confidences = catalogue.weakest_confidences(card.id for card in page.results)
    return show("site/life_event.html", event=event, page=page, confidences=confidences)


@site.get("/peristiwa")
def life_events() -> str:
    """All life events."""
    return show("site/life_events.html", events=catalogue.life_events())


def by_letter(cards: Iterable[ServiceCard]) -> list[tuple[str, list[ServiceCard]]]:
    """``cards`` in the order of the names that are shown, by their first letters."""
    ordered = sorted(cards, key=_shown_name)
    return [
        (letter, list(group)) for letter, group in groupby(ordered, lambda card: _shown_name(card)[0].upper())
    ]


def _shown_name(card: ServiceCard) -> str:
    return (text_of(card, "name") or card.name).casefold()


def providers_of(view: ServiceView) -> list[Providers]:
    """The standards of a service by the province of their first place, provinces by code."""
    provinces = {province.code: province for province in catalogue.provinces()}
    grouped: dict[str, list[StandardCard]] = {}
    for card in view.standards:
        region = next((place.region for place in card.places if place.region), None)
        grouped.setdefault(region.code[:2] if region else "", []).append(card)
    return [Providers(provinces.get(code), tuple(cards)) for code, cards in sorted(grouped.items())]


def parts_of(document: StandardDocument | None) -> tuple[str, ...]:
    """The components of the service's outline that say something."""
    return completeness(document).given if document else ()


def _chosen(subjects: tuple[CategoryRef, ...], code: str | None) -> CategoryRef | None:
    """The subject that is asked for; ``Rejected`` when there is none of that code."""
    if code is None:
        return None
    for subject in subjects:
        if subject.code == code:
            return subject
    raise Rejected([Problem("category", _l("There is no such subject."), code[:40])])

"""What the results page shows: each hit with what the catalogue knows, and the ways to narrow or widen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from siapa import catalogue
from siapa.catalogue.trust import have_known_hours
from siapa.catalogue.views import PlaceRef, ServiceCard, StandardCard
from siapa.locales import gettext as _
from siapa.search import FacetValue, Found, Hit, Query
from siapa.web.filters import text_of
from siapa.web.labels import SORT_NAMES
from siapa.web.site.addresses import page_url

#: What a search is made of, in the order in which it stands in the address; ``page`` is left behind.
ASKED = (
    "q", "region", "mall", "agency", "category", "life_event", "free", "online", "max_days", "open_now",
    "near", "group", "sort", "exact",
)  # fmt: skip
#: The parameter, and its value, that a value of a facet stands for.
_PARAMETERS = {"fee": "free", "channel": "online", "time": "max_days"}
_VALUES = {"free": "1", "paid": "0", "online": "1"}
#: Values of a facet shown at once; the others are folded.
SHOWN = 6


@dataclass(frozen=True)
class Elsewhere:
    """The nearest place that has what the asked place lacks, and from where the way is measured."""

    standard: StandardCard
    place: PlaceRef
    distance_km: float | None
    reason: str


@dataclass(frozen=True)
class Result:
    """A hit with its cards. Without a standard nobody (there) has published the service yet."""

    hit: Hit
    standard: StandardCard | None
    service: ServiceCard | None
    places: tuple[PlaceRef, ...]
    nearest: Elsewhere | None

    @property
    def is_service(self) -> bool:
        """Whether it stands for all that give one service."""
        return self.standard is None or (self.hit.standards > 1 and self.service is not None)


@dataclass(frozen=True)
class Choice:
    """A link that changes the search."""

    label: str
    url: str
    count: int | None = None
    is_chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """One way to narrow, with its values."""

    name: str
    choices: tuple[Choice, ...]

    @property
    def shown(self) -> tuple[Choice, ...]:
        """The values that stand open."""
        return self.choices[:SHOWN]

    @property
    def folded(self) -> tuple[Choice, ...]:
        """The values behind "show all"."""
        return self.choices[SHOWN:]


@dataclass(frozen=True)
class Narrowing:
    """Everything about the search that can be changed by a link or a hidden field."""

    #: What is being filtered by; each link takes one away.
    chips: tuple[Choice, ...]
    facets: tuple[Facet, ...]
    sorts: tuple[Choice, ...]
    #: The places of the same name, each with the search moved there.
    other_places: tuple[Choice, ...]
    #: The words exactly as typed.
    exact_url: str
    #: The search without any filter.
    bare_url: str
    #: The parameters as they stand, for the pages.
    kept: dict[str, str]
    #: None where no result is at a place whose hours are known: nothing would be left.
    open_now: Choice | None
    #: The mall, else the region, that is asked for; None for the whole country.
    place: str | None
    is_mall: bool


def results_of(found: Found) -> list[Result]:
    """The hits in their order; one whose card is gone meanwhile falls out."""
    standards = catalogue.cards(
        one.standard_id
        for hit in found.results
        for one in (hit, hit.nearest)
        if one is not None and one.standard_id is not None
    )
    services = catalogue.service_cards(hit.service_id for hit in found.results if hit.service_id)
    results = []
    for hit in found.results:
        standard = standards.get(hit.standard_id) if hit.standard_id else None
        service = services.get(hit.service_id) if hit.service_id else None
        if standard or (service and hit.standard_id is None):
            places = _in_order(standard, hit)
            results.append(Result(hit, standard, service, places, _elsewhere(hit, standards)))
    return results


def _elsewhere(hit: Hit, standards: Mapping[uuid.UUID, StandardCard]) -> Elsewhere | None:
    """The nearest place that has it, unless it is no longer had there."""
    nearest = hit.nearest
    standard = standards.get(nearest.standard_id) if nearest else None
    if nearest is None or standard is None:
        return None
    place = next((place for place in standard.places if place.id == nearest.location_id), None)
    return Elsewhere(standard, place, nearest.distance_km, nearest.reason) if place else None


def _in_order(standard: StandardCard | None, hit: Hit) -> tuple[PlaceRef, ...]:
    """The places of a standard, those that the search puts first in front."""
    order = {location_id: place for place, location_id in enumerate(hit.location_ids)}
    places = standard.places if standard else ()
    return tuple(sorted(places, key=lambda place: order.get(place.id, len(order))))


def narrowing_of(query: Query, found: Found, arguments: Mapping[str, str]) -> Narrowing:
    """The links by which ``query`` can be changed."""
    kept = {name: arguments[name].strip() for name in ASKED if arguments.get(name, "").strip()}

    def changed(**changes: str | None) -> str:
        return page_url("find", **{**kept, **changes})

    place_free = found.understood if found.region and not query.region else kept.get("q")
    return Narrowing(
        chips=tuple(_chips(query, found, kept)),
        facets=_facets(found, kept),
        sorts=tuple(
            Choice(
                str(SORT_NAMES[name]),
                changed(sort=None if name == "relevance" else name),
                is_chosen=query.sort == name,
            )
            for name in SORT_NAMES
            if name != "distance" or query.near
        ),
        other_places=tuple(
            Choice(text_of(place, "label") or "", changed(q=place_free, region=place.code))
            for place in found.region_alternatives
        ),
        exact_url=changed(exact="1"),
        bare_url=page_url("find", q=kept.get("q")),
        kept=kept,
        open_now=Choice(
            _("Open now"), changed(open_now=None if query.open_now else "1"), is_chosen=query.open_now
        )
        if query.open_now or have_known_hours(place for hit in found.results for place in hit.location_ids)
        else None,
        place=_asked_place(query, found),
        is_mall=query.mall is not None,
    )


def _asked_place(query: Query, found: Found) -> str | None:
    if query.mall is not None:
        return _name_of("mall", query.mall, found)
    return text_of(found.region, "label") if found.region else None


def _facets(found: Found, kept: dict[str, str]) -> tuple[Facet, ...]:
    """The ways to narrow that change something; where the results lie comes first, if in several places."""
    facets = [
        facet
        for name, values in found.facets.items()
        if (facet := _facet(name, values, kept, found.total)).choices
    ]
    return tuple(sorted(facets, key=lambda facet: not (facet.name == "region" and len(facet.choices) > 1)))


def _facet(name: str, values: tuple[FacetValue, ...], kept: dict[str, str], total: int) -> Facet:
    parameter = _PARAMETERS.get(name, name)
    choices = []
    for value in values:
        if (name, value.value) == ("channel", "counter"):
            continue  # most are had at a counter, also those had online: it parts nothing
        wanted = _VALUES.get(value.value, value.value)
        chosen = kept.get(parameter) == wanted
        if value.count >= total and not chosen and (name == "time" or len(values) == 1):
            continue  # all results have it: choosing it would change nothing
        url = page_url("find", **{**kept, parameter: None if chosen else wanted})
        choices.append(Choice(text_of(value, "label") or value.value, url, value.count, chosen))
    return Facet(name, tuple(choices))


def _chips(query: Query, found: Found, kept: dict[str, str]) -> list[Choice]:
    """What is filtered by, in words, each with the search without it."""

    def without(name: str, **changes: str | None) -> str:
        return page_url("find", **{**kept, name: None, **changes})

    chips = []
    if found.region and query.region:
        chips.append(Choice(text_of(found.region, "label") or "", without("region")))
    elif found.region:
        chips.append(Choice(text_of(found.region, "label") or "", without("region", q=found.understood)))
    for name in ("mall", "agency", "category", "life_event"):
        if kept.get(name):
            chips.append(Choice(_name_of(name, kept[name], found), without(name)))
    if query.free is not None:
        chips.append(Choice(_("Free of charge") if query.free else _("With a fee"), without("free")))
    if query.online is not None:
        chips.append(Choice(_("Online") if query.online else _("Not online"), without("online")))
    if query.max_days is not None:
        label = _("At most %(days)s working days", days=query.max_days)
        chips.append(Choice(label, without("max_days")))
    if query.open_now:
        chips.append(Choice(_("Open now"), without("open_now")))
    if query.near is not None:
        chips.append(Choice(_("Near me"), without("near", sort=None)))
    if query.exact:
        chips.append(Choice(_("Words exactly as typed"), without("exact")))
    return chips


def _name_of(name: str, key: str, found: Found) -> str:
    """What a filter's code is called; the search has already refused codes that nothing has."""
    for value in found.facets.get(name, ()):
        if value.value == key:
            return text_of(value, "label") or key
    match name:
        case "mall":
            return text_of(catalogue.mall(key).card.place, "name") or key
        case "agency":
            return text_of(catalogue.agency(key).card, "name") or key
        case "category":
            subjects = catalogue.categories()
        case _:
            subjects = catalogue.life_events()
    return next((text_of(one, "name") or key for one in subjects if one.code == key), key)

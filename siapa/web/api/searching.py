"""Search and completions: what a citizen would find, for programs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Response

from siapa import catalogue, search
from siapa.catalogue.keeping import Kept
from siapa.catalogue.views import PlaceRef, ServiceCard, StandardCard
from siapa.locales import current_locale
from siapa.search import FACETS, LONGEST_TEXT, SORTS, Found, Hit, Place, Query, Suggestion, unanswered
from siapa.search.query import DEEPEST_RESULT
from siapa.web import caching
from siapa.web.api import links, values
from siapa.web.api.answering import answered
from siapa.web.api.asking import (
    Asked,
    AskedList,
    Choice,
    Flag,
    PageNumber,
    Point,
    Several,
    Text,
    Whole,
    region_code,
    this_address,
)
from siapa.web.api.openapi import one_of, reads
from siapa.web.api.shapes import written, written_now
from siapa.web.api.written import Written

TAG = "search"
SUGGESTIONS = 8
#: Places that are named with a result; the standard's own address has them all.
MOST_PLACES = 20


class AskedSearch(AskedList):
    """A search with its filters; all of them must hold."""

    page = PageNumber(1, DEEPEST_RESULT, "The page, from 1.", load_default=1)
    q = Text(
        'Words, "phrases" and -words; a place in them is understood.',
        longest=LONGEST_TEXT,
        shortest=0,
        load_default="",
    )
    region = region_code("Offered in this region or below it: a code such as 74 or 74.71.")
    mall = Text("Slug of a mall.")
    agency = Text("Slug of an agency; takes in all below it.")
    category = Text("Code of a category.")
    life_event = Text("Code of a life event.")
    free = Flag("Free of charge.")
    online = Flag("To be had online.")
    max_days = Whole(0, 3650, "Done within so many working days.")
    open_now = Flag("Offered at a place that is open now.", load_default=False)
    near = Point("Where you are: latitude,longitude in degrees.")
    group = Choice(
        ("auto", "service", "standard"),
        "service: one result a national service; standard: one a standard; "
        "auto: the former unless a place is asked for.",
        load_default="auto",
    )
    sort = Choice(SORTS, "The order.", load_default="relevance")
    facets = Several(FACETS, "Which counts to give, parted by commas; all, if not said.")
    exact = Flag("The words as typed, no spelling mended.", load_default=False)
    explain = Flag("Let each result tell how it came to its score.", load_default=False)


class AskedSuggestions(Asked):
    """What is typed so far."""

    q = Text("What is typed so far.", longest=LONGEST_TEXT, shortest=0, load_default="")


@reads("/search", AskedSearch, one_of(values.SearchAnswer), tag=TAG)
def find(asked: dict[str, Any]) -> Response:
    """What a citizen would find: services with the standard, agency and places that fit best."""
    query = _query(asked)
    found = search.find(query)
    unanswered.note(query, found)
    if not found.is_open_now:
        caching.shows()  # what is found depends on the day, but not on what is open
    return answered(_answer(asked["q"], found, search.similar(query, found)))


@reads("/suggest", AskedSuggestions, one_of(values.Suggestions), tag=TAG)
def suggest(asked: dict[str, Any]) -> Response:
    """Up to eight completions: services, agencies, malls and places, each with its page."""
    caching.timeless()
    found = search.suggest(asked["q"], current_locale(), SUGGESTIONS)
    return answered(values.Suggestions(asked["q"], tuple(suggested(entry) for entry in found)))


def _query(asked: dict[str, Any]) -> Query:
    same = (
        "region", "mall", "agency", "category", "life_event", "free", "online", "max_days", "open_now",
        "near", "group", "sort", "page", "per_page", "exact", "explain",
    )  # fmt: skip
    given = {name: asked[name] for name in same if name in asked}
    facets = tuple(asked["facets"]) if "facets" in asked else FACETS
    return Query(text=asked["q"], facets=facets, **given)


def _answer(as_asked: str, found: Found, similar: tuple[Suggestion, ...]) -> values.SearchAnswer:
    standards = catalogue.kept_cards(shown_standards(found))
    services = catalogue.kept_service_cards(hit.service_id for hit in found.results if hit.service_id)
    pages = -(-found.total // found.per_page)
    return values.SearchAnswer(
        query=values.AskedQuery(
            as_asked=as_asked,
            understood=found.understood,
            corrected=found.corrected,
            region=_region(found.region) if found.region else None,
            region_text=found.region_text,
            region_alternatives=tuple(_region(place) for place in found.region_alternatives),
            is_partial=found.is_partial,
            is_grouped=found.is_grouped,
            is_empty_question=found.is_empty_question,
            is_open_now=found.is_open_now,
            places=tuple(suggested(place) for place in found.places),
        ),
        total=found.total,
        page=found.page,
        per_page=found.per_page,
        pages=pages,
        next=this_address(found.page + 1) if found.page < pages else None,
        facets={name: _counts(counted) for name, counted in found.facets.items()},
        results=tuple(
            _result(hit, services.get(hit.service_id), standards)  # type: ignore[arg-type]
            for hit in found.results
        ),
        similar=tuple(suggested(one) for one in similar),
    )


def _counts(counted: tuple[search.FacetValue, ...]) -> tuple[values.FacetCount, ...]:
    if current_locale() == "en":
        return tuple({"value": one.value, "label": one.label_en, "count": one.count} for one in counted)
    return tuple({"value": one.value, "label": one.label, "count": one.count} for one in counted)


def _region(place: Place) -> values.AskedRegion:
    return values.AskedRegion(place.code, place.label, place.label_en, place.level)


def shown_standards(found: Found) -> list[uuid.UUID]:
    """The standards that an answer shows: those that were found, and the nearest to what was not."""
    ids = [hit.standard_id for hit in found.results if hit.standard_id is not None]
    return ids + [hit.nearest.standard_id for hit in found.results if hit.nearest is not None]


def _result(
    hit: Hit, service: Kept[ServiceCard] | None, standards: Mapping[uuid.UUID, Kept[StandardCard]]
) -> values.SearchResult:
    standard = standards.get(hit.standard_id) if hit.standard_id else None
    return values.SearchResult(
        service=written(service) if service else None,
        standard=written(standard) if standard else None,
        agency=written(standard, "agency", lambda card: card.agency) if standard else None,
        offerings=_offered(hit, standard),
        distance_km=hit.distance_km,
        score=round(hit.score, 4),
        highlight=tuple({"text": run.text, "is_match": run.is_match} for run in hit.highlight),
        standard_count=hit.standards,
        place_count=hit.places,
        available_elsewhere=hit.available_elsewhere,
        nearest=_nearest(hit, standards),
        explanation=_explanation(hit.explanation) if hit.explanation is not None else None,
    )


def _nearest(hit: Hit, standards: Mapping[uuid.UUID, Kept[StandardCard]]) -> values.NearestPlace | None:
    """The nearest place, unless its standard is no longer had there."""
    nearest = hit.nearest
    standard = standards.get(nearest.standard_id) if nearest else None
    place = _places_of(standard).get(nearest.location_id) if nearest and standard else None
    if nearest is None or standard is None or place is None:
        return None
    return values.NearestPlace(written(standard), place, nearest.distance_km, nearest.reason)  # type: ignore[arg-type]


def _explanation(parts: Mapping[str, Any]) -> values.Explanation:
    return values.Explanation(
        words=tuple(values.ExplainedWord(**word) for word in parts.get("words", ())),
        worth=parts.get("worth"),
        likeness=parts.get("likeness"),
        coverage=parts.get("coverage"),
        score=parts.get("score"),
        order=parts.get("order", {}),
    )


def _offered(hit: Hit, standard: Kept[StandardCard] | None) -> tuple[Written[PlaceRef], ...]:
    """The places of the standard in the order of the hit: the asked region and the nearest first."""
    if standard is None:
        return ()
    by_id = _places_of(standard)
    return tuple(by_id[i] for i in hit.location_ids if i in by_id)[:MOST_PLACES]


def _places_of(standard: Kept[StandardCard] | None) -> dict[uuid.UUID, Written[PlaceRef]]:
    """The places of a standard by their ids, as JSON."""
    if standard is None:
        return {}
    made: dict[uuid.UUID, Written[PlaceRef]] = standard.made(
        ("places", current_locale()),
        lambda card: {place.id: written_now(place) for place in card.places},
    )
    return made


def suggested(entry: Suggestion) -> values.SuggestedName:
    """A completion, in the language that is spoken, with its page."""
    label = entry.label_en if current_locale() == "en" else entry.label
    return values.SuggestedName(entry.kind, entry.key, label, _ADDRESSES[entry.kind](entry.slug or entry.key))


_ADDRESSES = {
    "service": links.service, "mall": links.mall, "agency": links.agency, "region": links.region,
}  # fmt: skip

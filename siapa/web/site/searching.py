"""The results page and the completions for the search box.

All that is asked stands in the address: a result list can be kept, sent and gone back to.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Response, jsonify, render_template, request

from siapa import catalogue, search
from siapa.locales import current_locale
from siapa.search import unanswered
from siapa.search.query import parse
from siapa.web.labels import SUGGESTION_KIND_NAMES
from siapa.web.site.addresses import page_url
from siapa.web.site.asked import query_of
from siapa.web.site.blueprint import site
from siapa.web.site.data import followed
from siapa.web.site.plan import asked_plan
from siapa.web.site.results import narrowing_of, results_of

SUGGESTIONS = 8
#: Completions of all kinds among which those for a plan are looked for.
MOST_LOOKED_THROUGH = 60
#: Completions change only when the registry does; a minute spares most of the asking.
SUGGESTIONS_KEPT_SECONDS = 60


@site.get("/cari")
def find() -> str:
    """What was found, with everything by which it can be narrowed or widened."""
    query = query_of(request.args)
    found = search.find(query)
    unanswered.note(query, found)
    has_words = not parse(query.text).is_empty
    narrowing = narrowing_of(query, found, request.args)
    if query.text.strip() and not (has_words or narrowing.chips):
        # Only signs: nothing was asked, and everything is no answer to it.
        found = replace(found, total=0, results=())
    results = results_of(found)
    return render_template(
        "site/results.html",
        query=query,
        found=found,
        has_words=has_words,
        results=results,
        confidences=catalogue.weakest_confidences(
            one.service.id for one in results if one.is_service and one.service
        ),
        narrowing=narrowing,
        named=[(one, address_of(one)) for one in found.places] if query.page == 1 else [],
        life_events=() if found.total else catalogue.life_events(),
        similar=[(one, address_of(one)) for one in search.similar(query, found)] if has_words else [],
        feed=page_url("feed", **followed(request.args)) if followed(request.args) else None,
    )


@site.get("/saran")
def suggest() -> Response:
    """Completions of ``q``: ``{suggestions: [{kind, kind_label, label, url}]}``."""
    locale = current_locale()
    suggestions = [
        {
            "kind": one.kind,
            "kind_label": str(SUGGESTION_KIND_NAMES.get(one.kind, one.kind)),
            "label": one.label_en if locale == "en" else one.label,
            "url": planned or address_of(one),
        }
        for one, planned in _completed(locale)
    ]
    answer = jsonify(suggestions=suggestions)
    answer.cache_control.public = True
    answer.cache_control.max_age = SUGGESTIONS_KEPT_SECONDS
    return answer


def _completed(locale: str) -> list[tuple[search.Suggestion, str | None]]:
    """The completions; for a plan services alone, each with the plan to which it is added."""
    words = request.args.get("q", "")
    if request.args.get("for") != "plan":
        return [(one, None) for one in search.suggest(words, locale, SUGGESTIONS)]
    asked = asked_plan(request.args)
    found = [one for one in search.suggest(words, locale, MOST_LOOKED_THROUGH) if one.kind == "service"]
    return [(one, asked.with_service(one.key)) for one in found[:SUGGESTIONS]]


def address_of(suggestion: search.Suggestion) -> str:
    """The page a completion leads to."""
    match suggestion.kind:
        case "service":
            return page_url("service", slug=suggestion.slug)
        case "mall":
            return page_url("mall", slug=suggestion.key)
        case "agency":
            return page_url("agency", slug=suggestion.key)
        case "region":
            return page_url("region", code=suggestion.key)
        case _:
            return page_url("find", q=suggestion.label)

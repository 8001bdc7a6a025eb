"""One service standard: what to bring, what it costs, how long it takes, and what was promised before."""

from __future__ import annotations

import uuid
from datetime import datetime
from urllib.parse import urlencode

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from siapa import catalogue
from siapa.catalogue.views import StandardView
from siapa.document.completeness import completeness
from siapa.document.difference import changed
from siapa.document.facts import facts
from siapa.document.standard_document import (
    DELIVERY_COMPONENTS,
    MANAGEMENT_COMPONENTS,
    StandardDocument,
    from_stored,
    to_json,
)
from siapa.errors import NotFound
from siapa.locales import lazy as _l
from siapa.opendata import moments
from siapa.opendata.known import standard_known
from siapa.records import now
from siapa.web import caching, negotiating
from siapa.web.downloads import pdf
from siapa.web.site.addresses import page_url, public_url
from siapa.web.site.blueprint import site
from siapa.web.site.cases import cases_of
from siapa.web.site.showing import show
from siapa.web.site.structured import government_service
from siapa.web.site.yours import Yours, yours_of

#: Steps back in the history whose changes are told; older editions are still listed and shown.
COMPARED = 20


@site.get("/standar/<agency_slug>/<slug>")
def standard(agency_slug: str, slug: str) -> ResponseReturnValue:
    """The standard in force; with ``known_at`` what was published at that moment. Programs are sent on."""
    text = request.args.get(moments.NAME)
    kind = negotiating.wanted(request.headers.get("Accept", ""))
    if kind != negotiating.HTML and (not text or kind == negotiating.JSON):
        return _elsewhere(kind, catalogue.id_at(agency_slug, slug), text)
    if text:
        moment = moments.moment_of(text)
        view = standard_known(catalogue.id_at(agency_slug, slug), moment)
        page = _page(view, known_at=moment)
    else:
        view = catalogue.standard_by_slug(agency_slug, slug)
        page = _page(view)
    response = make_response(page)
    response.vary.add("Accept")
    address = public_url(page_url("standard", agency_slug=view.card.agency.slug, slug=view.card.slug))
    response.headers["Link"] = negotiating.links(view.card.id, public_url(""), address)
    return response


def _elsewhere(kind: str, standard_id: uuid.UUID, known_at: str | None) -> ResponseReturnValue:
    """Where a standard stands in a kind that programs read."""
    address = negotiating.KINDS[kind].format(id=standard_id)
    if known_at:
        address += "?" + urlencode({moments.NAME: known_at})
    response = redirect(address, 303)
    response.vary.add("Accept")
    return response


@site.get("/standar/<agency_slug>/<slug>/riwayat")
def history(agency_slug: str, slug: str) -> str:
    """Every edition that was ever public, and what changed from one to the next."""
    view = catalogue.standard_by_slug(agency_slug, slug)
    editions = catalogue.editions(view.card.id)
    changes = {
        newer.number: [
            part.component for part in changed(catalogue.compared(view.card.id, older.number, newer.number))
        ]
        for newer, older in list(zip(editions, editions[1:], strict=False))[:COMPARED]
    }
    return show("site/history.html", view=view, editions=editions, changes=changes)


@site.get("/standar/<agency_slug>/<slug>/riwayat/<int:number>")
def edition(agency_slug: str, slug: str, number: int) -> str:
    """One edition as it stood; it says so when it is not the one in force."""
    present = catalogue.standard_by_slug(agency_slug, slug)
    return _page(catalogue.edition(present.card.id, number), present=present)


@site.get("/standar/<agency_slug>/<slug>/riwayat/<int:number>/sk")
def decree(agency_slug: str, slug: str, number: int) -> Response:
    """The decree that set an edition, as a download."""
    present = catalogue.standard_by_slug(agency_slug, slug)
    file = catalogue.decree_file(present.card.id, number)
    if file is None:
        raise NotFound(_l("There is no file here."))
    return pdf(file.digest, file.file_name)


def _page(
    view: StandardView, *, present: StandardView | None = None, known_at: datetime | None = None
) -> str:
    document = from_stored(view.document)
    given = completeness(document).given
    yours = yours_of(view, document, request.args) if present is None and known_at is None else None
    page = show(
        "site/standard.html",
        view=view,
        card=view.card,
        document=document,
        told=facts(document),
        cases=yours.cases if yours else cases_of(document.requirements),
        yours=yours,
        share=_share(view, yours),
        given=given,
        delivery=[part for part in DELIVERY_COMPONENTS if part in given],
        management=[part for part in MANAGEMENT_COMPONENTS if part in given],
        is_outline=is_outline(view, document),
        is_past=known_at is not None
        or (present is not None and present.card.edition_number != view.card.edition_number),
        known_at=known_at,
        is_stale=view.card.is_stale(now().date()),
        has_indonesian_only=has_indonesian_only(document),
        structured=government_service(view, document),
        decree=catalogue.decree_file(view.card.id, view.card.edition_number) if document.decree else None,
        measured=catalogue.performance_of_standard(view.card.id),
        surveyed=catalogue.satisfaction_of(standard_id=view.card.id),
        reports=catalogue.told_of_standard(view.card.id),
        checked=max((one.checked_on for one in view.offerings if one.checked_on), default=None),
        thanked=request.args.get("thanks") == "1",
    )
    caching.for_a_minute()
    return page


def _share(view: StandardView, yours: Yours | None) -> str:
    """The address to be sent to others: it knows which edition was seen."""
    card = view.card
    if yours is None:
        number = card.edition_number
        return public_url(page_url("edition", agency_slug=card.agency.slug, slug=card.slug, number=number))
    address = page_url("standard", agency_slug=card.agency.slug, slug=card.slug, seen=card.edition_number)
    return public_url(address)


def is_outline(view: StandardView, document: StandardDocument) -> bool:
    """Whether the content is what is usual nationally, taken from elsewhere, and no decree of the agency."""
    return view.source.confidence is not None and document.decree is None


def has_indonesian_only(document: StandardDocument) -> bool:
    """Whether some text of ``document`` has no English rendering."""
    return _lacks_english(to_json(document))


#: Fields that carry a text for people; each may have an English sibling.
_TEXTS = (
    "title", "summary", "audience", "text", "name", "validity", "note", "case", "counted_from", "label",
    "applies_when", "unit_name", "staff_competence", "internal_supervision", "service_guarantee",
    "safety_guarantee", "performance_evaluation",
)  # fmt: skip


def _lacks_english(value: object) -> bool:
    if isinstance(value, list):
        return any(_lacks_english(item) for item in value)
    if not isinstance(value, dict):
        return False
    if any(name in value and f"{name}_en" not in value for name in _TEXTS if not _is_title_of_a_law(value)):
        return True
    return any(_lacks_english(item) for item in value.values())


def _is_title_of_a_law(value: dict[str, object]) -> bool:
    """Laws keep their Indonesian titles: they have no official English."""
    return "title" in value and ("type" in value or "number" in value or "year" in value)

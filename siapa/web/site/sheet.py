"""The sheet for the notice board: one standard on paper, with a code that leads back to it.

The code leads to the page as it stands, and tells it which edition hangs on the wall: whoever
scans an old sheet is told what changed since it was printed.
"""

from __future__ import annotations

from siapa import catalogue
from siapa.document.facts import facts
from siapa.document.standard_document import from_stored
from siapa.web import qr
from siapa.web.site.addresses import page_url, public_url
from siapa.web.site.blueprint import site
from siapa.web.site.cases import cases_of
from siapa.web.site.showing import show
from siapa.web.site.standards import is_outline


@site.get("/standar/<agency_slug>/<slug>/papan")
def sheet(agency_slug: str, slug: str) -> str:
    """A standard as one sheet of A4."""
    view = catalogue.standard_by_slug(agency_slug, slug)
    card, document = view.card, from_stored(view.document)
    names = {"agency_slug": card.agency.slug, "slug": card.slug}
    address = public_url(page_url("standard", **names, seen=card.edition_number))
    return show(
        "site/sheet.html",
        view=view,
        card=card,
        document=document,
        told=facts(document),
        cases=cases_of(document.requirements),
        is_outline=is_outline(view, document),
        address=address,
        code=qr.code_of(address),
        lasting=public_url(page_url("edition", **names, number=card.edition_number)),
        back=page_url("standard", **names),
    )

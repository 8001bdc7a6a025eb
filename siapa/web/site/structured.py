"""The standard as schema.org data in the page, for programs that read pages.

Only what is known is said: no phone, hours, price or place that the registry does not hold
or that no source and no agency stands behind; a program sees none of the marks on the page.
"""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from siapa.catalogue.views import OfferingView, StandardView
from siapa.document.standard_document import Fees, StandardDocument
from siapa.locales import current_locale
from siapa.records import LocationKind
from siapa.web.filters import text_of
from siapa.web.site.addresses import page_url, public_url


def government_service(view: StandardView, document: StandardDocument) -> Markup:
    """A ``GovernmentService``, ready to stand in a script element."""
    card = view.card
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": public_url(page_url("standard", agency_slug=card.agency.slug, slug=card.slug)),
        "name": text_of(document, "title"),
        "inLanguage": current_locale(),
        "identifier": str(card.id),
        "serviceOperator": {
            "@type": "GovernmentOrganization",
            "name": text_of(card.agency, "name"),
            "url": public_url(page_url("agency", slug=card.agency.slug)),
        },
    }
    is_fee_known = view.source.confidence is None or "fees" in view.sourced_components
    if is_fee_known:
        data["isAccessibleForFree"] = card.is_free
    if summary := text_of(document, "summary"):
        data["description"] = summary
    if card.service:
        data["serviceType"] = text_of(card.service, "name")
    if view.region:
        data["areaServed"] = {"@type": "AdministrativeArea", "name": text_of(view.region, "name")}
    if channels := [_channel(offering) for offering in view.offerings if offering.source.is_verified]:
        data["availableChannel"] = channels
    if is_fee_known and document.fees and (offers := _offers(document.fees)):
        data["offers"] = offers
    return as_script(data)


def _channel(offering: OfferingView) -> dict[str, Any]:
    place = offering.place
    known = "mall" if place.kind is LocationKind.MALL else None
    location: dict[str, Any] = {"@type": "Place", "name": text_of(place, "name")}
    if known:
        location["url"] = public_url(page_url(known, slug=place.slug))
    # A centroid is no place one can go to, so it is not given as one.
    if place.latitude is not None and place.longitude is not None and not place.is_centroid:
        location["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
    return {"@type": "ServiceChannel", "serviceLocation": location}


def _offers(fees: Fees) -> list[dict[str, Any]]:
    if fees.fee_kind == "free":
        return [{"@type": "Offer", "price": 0, "priceCurrency": "IDR"}]
    if fees.fee_kind == "formula":
        return []
    return [
        {
            "@type": "Offer",
            "price": line.amount_idr,
            "priceCurrency": "IDR",
            **({"name": name} if (name := text_of(line, "label") or text_of(line, "case")) else {}),
        }
        for line in fees.lines
        if line.amount_idr is not None
    ]


def as_script(data: dict[str, Any]) -> Markup:
    """``data`` as JSON that cannot end the script element it stands in."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        written = written.replace(sign, code)
    return Markup(written)

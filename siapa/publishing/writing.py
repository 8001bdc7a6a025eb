"""Putting a document into an edition: the value, its digest and the columns derived from it.

The only function that writes these columns, and the one by which ``verifying`` checks them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from siapa.document.completeness import completeness
from siapa.document.digest import digest
from siapa.document.facts import facts
from siapa.document.standard_document import StandardDocument, to_json
from siapa.records import Confidence, Edition, now


@dataclass(frozen=True)
class Provenance:
    """Where the content of an edition comes from, when it is not the agency itself."""

    source_address: str | None = None
    source_as_of: date | None = None
    source_note: str | None = None
    confidence: Confidence | None = None
    #: Which components the source supports.
    sourced_components: tuple[str, ...] = ()


#: The agency stands behind its own words.
OWN_WORDS = Provenance()


def derived(document: StandardDocument) -> dict[str, Any]:
    """The columns of an edition that follow from ``document``."""
    content = to_json(document)
    known = facts(document)
    return {
        "document": content,
        "digest": digest(content),
        "title": document.title,
        "title_en": document.title_en,
        "is_free": known.is_free,
        "fee_min_idr": known.fee_min_idr,
        "fee_max_idr": known.fee_max_idr,
        "days_min": known.days_min,
        "days_max": known.days_max,
        "has_online": known.has_online,
        "components_given": len(completeness(document).given),
    }


def write(edition: Edition, document: StandardDocument, provenance: Provenance = OWN_WORDS) -> None:
    """Make ``document`` the content of ``edition``."""
    for name, value in derived(document).items():
        setattr(edition, name, value)
    edition.source_address = provenance.source_address
    edition.source_as_of = provenance.source_as_of
    edition.source_note = provenance.source_note
    edition.confidence = provenance.confidence
    edition.sourced_components = list(provenance.sourced_components)
    edition.revised_at = now()


def provenance_of(edition: Edition) -> Provenance:
    """What ``write`` was told of the source."""
    return Provenance(
        edition.source_address,
        edition.source_as_of,
        edition.source_note,
        edition.confidence,
        tuple(edition.sourced_components),
    )

"""Taking a document in: whether it begins a standard, its next edition, or changes nothing.

The one place that decides this, for files and for the seed data alike.
"""

from __future__ import annotations

import uuid
from typing import Any, Literal

import sqlalchemy as sa

from siapa.document.digest import digest
from siapa.document.standard_document import StandardDocument, to_json
from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import commands
from siapa.publishing.permissions import Actor
from siapa.publishing.writing import OWN_WORDS, Provenance, provenance_of
from siapa.records import Standard

#: ``new``: a standard was begun; ``changed``: its draft now says this; ``same``: it is in force already.
Outcome = Literal["new", "changed", "same"]


def take(
    agency_id: uuid.UUID,
    document: StandardDocument,
    *,
    by: Actor,
    service_id: uuid.UUID | None = None,
    slug: str | None = None,
    standard_id: uuid.UUID | None = None,
    provenance: Provenance = OWN_WORDS,
    origin: str | None = None,
) -> tuple[Standard, Outcome]:
    """Take ``document`` into the agency's standard with this id, service or slug, or begin one.

    ``standard_id`` is the id of the standard, or the one it is to get. Raises what
    ``open_standard``, ``open_draft`` and ``revise`` raise.
    """
    asked: dict[str, Any] = {"by": by, "provenance": provenance, "origin": origin}
    present = _present(agency_id, service_id, slug, standard_id)
    if present is not None:
        return present, take_into(present, document, **asked)
    begun = commands.open_standard(
        agency_id, document, service_id=service_id, slug=slug, standard_id=standard_id, **asked
    )
    return begun, "new"


def take_into(
    standard: Standard,
    document: StandardDocument,
    *,
    by: Actor,
    provenance: Provenance = OWN_WORDS,
    origin: str | None = None,
) -> Outcome:
    """Make ``document`` the draft of ``standard``, unless it is in force and nothing is being drafted.

    The same words from another source (or now the agency's own) are a change.
    """
    draft, live = standard.open_edition, standard.live
    if draft is not None:
        commands.revise(
            standard.id, document, version=draft.version, by=by, provenance=provenance, origin=origin
        )
        return "changed"
    is_said = live is not None and live.digest == digest(to_json(document))
    if live is not None and is_said and provenance_of(live) == provenance:
        return "same"
    commands.open_draft(standard.id, document, by=by, provenance=provenance, origin=origin)
    return "changed"


def _present(
    agency_id: uuid.UUID, service_id: uuid.UUID | None, slug: str | None, standard_id: uuid.UUID | None
) -> Standard | None:
    """The standard that is meant; ``Rejected`` when the slug is that of one for another service."""
    if standard_id is not None:
        return db.session.get(Standard, standard_id)
    own = sa.select(Standard).where(Standard.agency_id == agency_id)
    if service_id is not None:
        found = db.session.scalar(own.where(Standard.service_id == service_id))
        if found is not None:
            return found
    found = db.session.scalar(own.where(Standard.slug == slug)) if slug is not None else None
    if found is not None and service_id is not None and found.service_id is not None:
        raise Rejected([Problem("slug", _l("This address is or was used by something else."), slug)])
    return found

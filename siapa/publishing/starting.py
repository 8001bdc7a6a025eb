"""The first draft of a standard: empty, from what the national service usually is, or as a copy."""

from __future__ import annotations

import uuid
from dataclasses import replace

from siapa.document.intake import read_document
from siapa.document.standard_document import StandardDocument
from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import commands
from siapa.publishing.drafts import standard_seen_by
from siapa.publishing.permissions import Actor
from siapa.records import Service, ServiceStatus, Standard


def begin_empty(
    agency_id: uuid.UUID,
    title: str,
    *,
    by: Actor,
    service_id: uuid.UUID | None = None,
    origin: str | None = None,
) -> Standard:
    """Begin a standard of which only the title is said."""
    document = read_document({"title": title})
    return commands.open_standard(agency_id, document, by=by, service_id=service_id, origin=origin)


def begin_from_service(
    agency_id: uuid.UUID, service_id: uuid.UUID, *, by: Actor, title: str = "", origin: str | None = None
) -> Standard:
    """Begin a standard for a national service with its usual content, as far as any is kept.

    From the first save on it is the agency's own word: nothing of a source is taken along.
    """
    service = db.session.get(Service, service_id)
    if service is None or service.status is ServiceStatus.RETIRED:
        raise Rejected([Problem("service", _l("There is no such service."), str(service_id))])
    kept: dict[str, object] = dict(service.outline or {"title": service.name, "title_en": service.name_en})
    document = read_document({**kept, **({"title": title} if title.strip() else {})})
    return commands.open_standard(agency_id, _undated(document), by=by, service_id=service_id, origin=origin)


def begin_as_copy(
    agency_id: uuid.UUID, source_id: uuid.UUID, title: str, *, by: Actor, origin: str | None = None
) -> Standard:
    """Begin a standard with the words of another one that ``by`` works on."""
    source = standard_seen_by(by, source_id)
    edition = source.open_edition or source.live or source.editions[-1]
    document = read_document({**edition.document, "title": title or edition.title})
    return commands.open_standard(agency_id, _undated(document), by=by, origin=origin)


def _undated(document: StandardDocument) -> StandardDocument:
    """Without decree and dates: those are another standard's."""
    return replace(document, decree=None, effective_from=None, review_due=None)

"""The usual content of a service's standards, revision by revision: written, issued, and what stood when.

What is being written is a revision without a day; issued, it is what agencies begin with and
what those that have a standard already are asked to look at.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from siapa.document.digest import digest
from siapa.document.functional import abolished_in
from siapa.document.standard_document import StandardDocument, to_json
from siapa.errors import Conflict, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import changing
from siapa.publishing.filling import can_be_shown
from siapa.publishing.permissions import Actor, person_of
from siapa.publishing.workflow import Action
from siapa.records import OutlineReaction, OutlineRevision, Service, now

MOST_ABOLISHED, LONGEST_ABOLISHED, LONGEST_NOTE = 100, 1000, 2000


def revisions(service_id: uuid.UUID) -> list[OutlineRevision]:
    """All revisions of a service, the first one first; one that is being written stands last."""
    query = sa.select(OutlineRevision).where(OutlineRevision.service_id == service_id)
    return list(db.session.scalars(query.order_by(OutlineRevision.number)))


def write_outline(
    service_id: uuid.UUID,
    document: StandardDocument,
    abolished: Sequence[str],
    *,
    by: Actor,
    origin: str | None = None,
) -> OutlineRevision:
    """Keep what is being written of the next revision; nobody is asked to look at it before it is issued."""
    wanted = list(dict.fromkeys(text for one in abolished if (text := " ".join(one.split()))))
    _check_abolished(wanted)
    with changing(Service, service_id, Action.SET_SERVICE, by=by, origin=origin) as service:
        written = _being_written(service, by)
        written.document, written.abolished = to_json(document), wanted
        written.digest = _digest(written)
    return written


def issue_outline(
    service_id: uuid.UUID, *, by: Actor, note: str = "", origin: str | None = None
) -> OutlineRevision:
    """Make what was written the usual content from now on; agencies are asked to look at what differs."""
    note = note.strip()
    if len(note) > LONGEST_NOTE or not can_be_shown(note):
        raise Rejected([Problem("note", _l("Write at most %(most)s characters.", most=LONGEST_NOTE))])
    with changing(Service, service_id, Action.SET_SERVICE, by=by, origin=origin) as service:
        written = _open(service_id)
        if written is None or written.document is None:
            raise Conflict(_l("Nothing is being written here."))
        still = abolished_in(written.document, written.abolished)
        if still:
            said = _l("Requirement %(number)s is said to be abolished.", number=still[0] + 1)
            raise Rejected([Problem("abolished", said)])
        written.issued_at, written.note = now(), note or None
        service.outline, service.sourced_components = written.document, []
    return written


def discard_outline(service_id: uuid.UUID, *, by: Actor, origin: str | None = None) -> None:
    """Throw away what was being written."""
    with changing(Service, service_id, Action.SET_SERVICE, by=by, origin=origin):
        written = _open(service_id)
        if written is None:
            raise Conflict(_l("Nothing is being written here."))
        db.session.delete(written)


def record_revision(service: Service, content: dict[str, object] | None, by: Actor) -> None:
    """Note ``content`` as the next revision, issued now; inside the command that gives it to ``service``."""
    if _open(service.id) is not None:
        raise Conflict(_l("Somebody is writing the next revision. It must be issued or thrown away first."))
    written = _being_written(service, by)
    written.document, written.issued_at = content, now()
    written.digest = _digest(written)


def remember(standard_id: uuid.UUID, service_id: uuid.UUID, by: Actor, number: int | None = None) -> None:
    """Note that a standard has reacted up to revision ``number``, by default the newest; inside the running
    command."""
    if number is None:
        number = max((one.number for one in revisions(service_id) if one.issued_at), default=0)
    held = db.session.get(OutlineReaction, standard_id) or OutlineReaction(standard_id=standard_id)
    person = person_of(by)
    held.service_id, held.number = service_id, number
    held.at, held.officer_id = now(), person.id if person else None
    db.session.add(held)


def abolished_for(service_id: uuid.UUID | None) -> list[str]:
    """The requirements of a service that may not be asked for any more, as its newest revision says."""
    query = (
        sa.select(OutlineRevision.abolished)
        .where(OutlineRevision.service_id == service_id, OutlineRevision.issued_at.is_not(None))
        .order_by(OutlineRevision.number.desc())
        .limit(1)
    )
    return list(db.session.scalar(query) or ()) if service_id else []


def _being_written(service: Service, by: Actor) -> OutlineRevision:
    """The revision without a day, begun from what stands where there is none."""
    found = revisions(service.id)
    if found and found[-1].issued_at is None:
        return found[-1]
    if not found and service.outline is not None:
        # What stood before revisions were kept is the first of them.
        first = OutlineRevision(
            service_id=service.id, number=1, document=service.outline, abolished=[],
            issued_at=service.created_at,
        )  # fmt: skip
        first.digest = _digest(first)
        found = [first]
        db.session.add(first)
    person = person_of(by)
    written = OutlineRevision(
        service_id=service.id, number=found[-1].number + 1 if found else 1, document=service.outline,
        abolished=list(found[-1].abolished) if found else [], written_by_id=person.id if person else None,
    )  # fmt: skip
    written.digest = _digest(written)
    db.session.add(written)
    return written


def _open(service_id: uuid.UUID) -> OutlineRevision | None:
    query = sa.select(OutlineRevision).where(OutlineRevision.issued_at.is_(None))
    return db.session.scalar(query.where(OutlineRevision.service_id == service_id))


def _digest(revision: OutlineRevision) -> str:
    return digest({"document": revision.document, "abolished": revision.abolished})


def _check_abolished(texts: Sequence[str]) -> None:
    problems = [
        Problem("abolished", _l("Write at most %(most)s characters.", most=LONGEST_ABOLISHED), text[:80])
        for text in texts
        if len(text) > LONGEST_ABOLISHED or not can_be_shown(text)
    ]
    if len(texts) > MOST_ABOLISHED:
        problems.append(Problem("abolished", _l("There are too many entries.")))
    if problems:
        raise Rejected(problems)

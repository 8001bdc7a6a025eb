"""The commands on a standard, in the order a standard lives through them.

Each is one ``changing`` (or ``adding``): lock, permission, audit, log and commit are
done there. ``version`` is the count of saves the caller was looking at; when it is
given and not the present one, nothing happens and ``Conflict`` is raised.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog

from siapa.document.standard_document import StandardDocument, from_stored
from siapa.errors import Conflict, NotFound, Problem, Rejected, SiapaError
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import editions
from siapa.publishing.changing import adding, changing
from siapa.publishing.editions import open_edition
from siapa.publishing.outlines import remember
from siapa.publishing.permissions import Actor, Standin
from siapa.publishing.slugs import standard_slug, take_back
from siapa.publishing.workflow import Action, check_discard, next_state
from siapa.publishing.writing import OWN_WORDS, Provenance, write
from siapa.records import (
    Agency,
    Edition,
    Offering,
    OutlineReaction,
    Service,
    ServiceStatus,
    Standard,
    State,
    new_id,
    now,
)

logger = structlog.get_logger(__name__)

#: Where a day begins first in Indonesia.
EASTERNMOST_ZONE = ZoneInfo("Asia/Jayapura")


def open_standard(
    agency_id: uuid.UUID,
    document: StandardDocument,
    *,
    by: Actor,
    service_id: uuid.UUID | None = None,
    slug: str | None = None,
    standard_id: uuid.UUID | None = None,
    provenance: Provenance = OWN_WORDS,
    note: str = "",
    origin: str | None = None,
) -> Standard:
    """Begin a new standard of an agency with its first draft.

    Raises ``Conflict`` when the agency has a standard for this service already, and
    ``Rejected`` when ``slug`` cannot be used; without one it is made of the title.
    """
    standard = Standard(id=standard_id or new_id())
    within = (Agency, agency_id)
    with adding(standard, Action.OPEN, by=by, within=within, note=note, origin=origin):
        standard.agency = db.session.get_one(Agency, agency_id)
        if standard.agency.succeeded_by_id is not None:
            raise Conflict(_l("This agency has ended. Go on with the one that follows it."))
        standard.service = _service(service_id) if service_id else None
        standard.slug = standard_slug(standard.agency, slug, document.title, standard.id)
        editions.begin(standard, document, Action.OPEN, by=by, provenance=provenance)
    return standard


def open_draft(
    standard_id: uuid.UUID,
    document: StandardDocument | None = None,
    *,
    by: Actor,
    provenance: Provenance = OWN_WORDS,
    note: str = "",
    origin: str | None = None,
) -> Edition:
    """Begin the next edition: with ``document``, or with the words of the one in force or the last one."""
    with changing(Standard, standard_id, Action.OPEN, by=by, note=note, origin=origin) as standard:
        if document is None:
            document = from_stored((standard.live or standard.editions[-1]).document)
        return editions.begin(standard, document, Action.OPEN, by=by, provenance=provenance)


def restore(
    standard_id: uuid.UUID, number: int, *, by: Actor, note: str = "", origin: str | None = None
) -> Edition:
    """Begin the next edition with the words of an earlier public one."""
    with changing(Standard, standard_id, Action.RESTORE, by=by, note=note, origin=origin) as standard:
        earlier = next((e for e in standard.editions if e.number == number and e.state.was_public), None)
        if earlier is None:
            raise NotFound(_l("There is no such edition."))
        document = from_stored(earlier.document)
        return editions.begin(standard, document, Action.RESTORE, by=by, provenance=OWN_WORDS)


def revise(
    standard_id: uuid.UUID,
    document: StandardDocument,
    *,
    version: int,
    by: Actor,
    provenance: Provenance = OWN_WORDS,
    origin: str | None = None,
) -> Edition:
    """Replace the draft's content with ``document``."""
    with changing(Standard, standard_id, Action.REVISE, by=by, origin=origin) as standard:
        edition = open_edition(standard, version)
        edition.state = next_state(edition.state, Action.REVISE)
        write(edition, document, provenance)
    return edition


def discard(
    standard_id: uuid.UUID, *, by: Actor, version: int | None = None, origin: str | None = None
) -> None:
    """Throw the draft away; a standard that never was public goes with it."""
    with changing(Standard, standard_id, Action.DISCARD, by=by, origin=origin) as standard:
        edition = open_edition(standard, version)
        check_discard(edition.state)
        standard.editions.remove(edition)
        db.session.delete(edition)
        if not standard.editions:
            _remove(standard)


def submit(
    standard_id: uuid.UUID,
    *,
    by: Actor,
    version: int | None = None,
    note: str = "",
    origin: str | None = None,
) -> Edition:
    """Hand the draft to a publisher."""
    with changing(Standard, standard_id, Action.SUBMIT, by=by, note=note, origin=origin) as standard:
        edition = open_edition(standard, version)
        edition.state = next_state(edition.state, Action.SUBMIT)
        edition.submitted_by_id = editions.id_of_actor(by)
        edition.remarks = {}
    return edition


def return_(
    standard_id: uuid.UUID,
    remarks: Mapping[str, str],
    *,
    by: Actor,
    version: int | None = None,
    note: str = "",
    origin: str | None = None,
) -> Edition:
    """Send the edition back with ``remarks`` per component (the empty key: on the whole)."""
    remarks = editions.checked_remarks(remarks)
    with changing(Standard, standard_id, Action.RETURN, by=by, note=note, origin=origin) as standard:
        edition = open_edition(standard, version)
        edition.state = next_state(edition.state, Action.RETURN)
        edition.remarks = remarks
        edition.effective_from = edition.published_by_id = None
    return edition


def publish(
    standard_id: uuid.UUID,
    *,
    by: Actor,
    note: str = "",
    effective_from: date | None = None,
    version: int | None = None,
    as_found: bool = False,
    origin: str | None = None,
) -> Edition:
    """Put the submitted edition in force and retire the one before it.

    Both happen in one transaction, so the public never finds two editions in force,
    nor none in between. When its day lies ahead it is scheduled (``publish_due``).
    Raises ``Rejected`` with every component that is missing, and with every fee for which no regulation
    in force is named nor a reason said; not so with ``as_found``: seed data and files say what
    holds on paper already, and are taken in as they are.
    """

    def action(standard: Standard) -> Action:
        # Who may not is told so first, and learns of no draft.
        if standard.open_edition is None:
            return Action.PUBLISH
        return editions.publish_or_schedule(standard, effective_from)

    with changing(Standard, standard_id, action, by=by, note=note, origin=origin) as standard:
        edition = open_edition(standard, version)
        editions.check_publishable(edition, as_found=as_found)
        asked = action(standard)
        edition.effective_from = editions.first_day(edition, effective_from)
        edition.published_by_id = editions.id_of_actor(by)
        if asked is Action.SCHEDULE:
            edition.state = next_state(edition.state, asked)
        else:
            editions.put_in_force(standard, edition)
    return edition


def publish_due(*, by: Actor = Standin.CLOCK, today: date | None = None) -> list[Edition]:
    """Put in force every scheduled edition whose day has come where its agency is.

    Safe to call from several places at once: each edition goes live once. One that
    cannot is logged and does not keep the others back.
    """
    horizon = today or now().astimezone(EASTERNMOST_ZONE).date()
    due = sa.select(Edition.standard_id).where(
        Edition.state == State.SCHEDULED, Edition.effective_from <= horizon
    )
    published = []
    for standard_id in list(db.session.scalars(due.order_by(Edition.effective_from, Edition.id))):
        try:
            published.append(_publish_scheduled(standard_id, by=by, today=today))
        except _NotDue:
            continue
        except SiapaError:
            logger.exception("a scheduled edition could not be put in force", standard_id=str(standard_id))
    return published


def number_of_late() -> int:
    """How many scheduled editions should be in force since yesterday: ``publish_due`` does not run, or fails.

    UTC is behind every zone of the country: what was due before its day is late everywhere.
    """
    is_late = sa.and_(Edition.state == State.SCHEDULED, Edition.effective_from < now().date())
    return db.session.scalar(sa.select(sa.func.count()).select_from(Edition).where(is_late)) or 0


def withdraw(
    standard_id: uuid.UUID,
    *,
    by: Actor,
    reason: str,
    replaced_by: uuid.UUID | None = None,
    origin: str | None = None,
) -> Edition:
    """Take the live edition out of force; its page stays, says so, and names what replaces it."""
    reason = editions.said(reason, "reason", _l("Say why the standard is withdrawn: its page will show it."))
    with changing(Standard, standard_id, Action.WITHDRAW, by=by, note=reason, origin=origin) as standard:
        edition = standard.live
        if edition is None:
            raise Conflict(_l("Nothing is in force here."))
        editions.check_nothing_is_scheduled(standard)
        standard.replaced_by_id = editions.replacement(standard, replaced_by)
        edition.withdrawal_reason = reason
        editions.end(edition, Action.WITHDRAW)
    return edition


def rename(standard_id: uuid.UUID, slug: str, *, by: Actor, origin: str | None = None) -> Standard:
    """Give the standard another address; the former one redirects for ever."""
    with changing(Standard, standard_id, Action.MOVE, by=by, origin=origin) as standard:
        free = standard_slug(standard.agency, slug, "", standard.id)
        if free != standard.slug:
            editions.keep_address(standard)
            standard.slug = free
            take_back("standard", f"{standard.agency.slug}/{free}", standard.id)
    return standard


def transfer(
    standard_id: uuid.UUID, agency_id: uuid.UUID, *, by: Actor, origin: str | None = None
) -> Standard:
    """Give the standard, with all that was promised, to another agency; a national admin's right."""
    with changing(Standard, standard_id, Action.TRANSFER, by=by, origin=origin) as standard:
        agency = db.session.get(Agency, agency_id)
        if agency is None:
            raise Rejected([Problem("agency", _l("There is no such agency."), str(agency_id))])
        if agency is not standard.agency:
            editions.hand_over(standard, agency)
    return standard


def link(
    standard_id: uuid.UUID, service_id: uuid.UUID | None, *, by: Actor, origin: str | None = None
) -> Standard:
    """Say which national service a standard is for, or (None) that it stands for none.

    Raises ``Conflict`` when its agency has another standard for that service, ``Rejected`` when
    the service is not in use.
    """
    with changing(Standard, standard_id, Action.LINK, by=by, origin=origin) as standard:
        service = _service(service_id) if service_id else None
        if service is not None and service.status is ServiceStatus.RETIRED:
            raise Rejected([Problem("service", _l("There is no such service."), service.code)])
        standard.service = service
        if service is not None:
            remember(standard.id, service.id, by)
    return standard


class _NotDue(Conflict):
    """Another host was quicker, or the day has not come there."""


def _publish_scheduled(standard_id: uuid.UUID, *, by: Actor, today: date | None) -> Edition:
    def action(standard: Standard) -> Action:
        edition = standard.open_edition
        if edition is None or edition.state is not State.SCHEDULED or edition.effective_from is None:
            raise _NotDue(_l("This standard has no draft."))
        if edition.effective_from > (today or editions.today_of(standard.agency)):
            raise _NotDue(_l("Its day has not come."))
        return Action.PUBLISH

    with changing(Standard, standard_id, action, by=by) as standard:
        edition = open_edition(standard)
        editions.put_in_force(standard, edition)
    return edition


def _service(service_id: uuid.UUID) -> Service:
    service = db.session.get(Service, service_id)
    if service is None:
        raise Rejected([Problem("service", _l("There is no such service."), str(service_id))])
    return service


def _remove(standard: Standard) -> None:
    for part in (Offering, OutlineReaction):
        for row in db.session.scalars(sa.select(part).where(part.standard_id == standard.id)):
            db.session.delete(row)
    db.session.flush()
    db.session.delete(standard)

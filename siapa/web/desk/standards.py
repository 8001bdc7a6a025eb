"""The standards an officer works on: the list, a new one, and each one's own page with what is to be done."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.document.completeness import completeness
from siapa.document.facts import facts
from siapa.document.standard_document import (
    DELIVERY_COMPONENTS,
    MANAGEMENT_COMPONENTS,
    StandardDocument,
    from_stored,
)
from siapa.errors import Conflict, NotAllowed, Problem, Rejected
from siapa.extensions import db
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action, commands, may
from siapa.publishing.cautions import abolished_requirements, cautions
from siapa.publishing.cited import name_of, open_marks_of
from siapa.publishing.drafts import draft_seen_by, hidden_from_strangers, standard_seen_by
from siapa.publishing.editions import problems_to_publish
from siapa.publishing.permissions import why_not
from siapa.publishing.reacting import pending_of
from siapa.publishing.starting import begin_as_copy, begin_empty, begin_from_service
from siapa.publishing.unsaved import unsaved_steps
from siapa.publishing.worklist import own_agencies, worked_on
from siapa.records import Agency, Edition, Officer, Service, ServiceStatus, Standard, State
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.editing import WRITABLE, given_of
from siapa.web.desk.signed_in import acting
from siapa.web.desk.steps import STEPS, step_of
from siapa.web.site.cases import cases_of

#: The states by which the list is narrowed, in the order of the life of an edition.
LISTED_STATES = (
    State.DRAFT,
    State.RETURNED,
    State.SUBMITTED,
    State.SCHEDULED,
    State.PUBLISHED,
    State.WITHDRAWN,
)
LONGEST_ASKED = 120


@desk.get("/standar")
def standards() -> str:
    """The standards of the officer's agencies, the last saved first."""
    by = acting()
    asked = {name: request.args.get(name, "").strip()[:LONGEST_ASKED] for name in ("q", "state", "agency")}
    agencies = own_agencies(by, Action.REVISE)
    states = [state for state in LISTED_STATES if state == asked["state"]]
    agency = next((one for one in agencies if one.slug == asked["agency"]), None)
    page = request.args.get("page", type=int) or 1
    worked = worked_on(
        by, states=states, words=asked["q"], agency_id=agency.id if agency else None, page=page
    )
    return render_template(
        "desk/standards.html", worked=worked, asked=asked, agencies=agencies, states=LISTED_STATES,
        may_begin=bool(own_agencies(by, Action.OPEN, most=1)),
    )  # fmt: skip


@desk.get("/standar/baru")
def new_standard() -> str:
    """The form for a new standard."""
    return _new_page(acting(), {})


@desk.post("/standar/baru")
def begin_standard() -> ResponseReturnValue:
    """Begin a standard: empty, from a national service, or as a copy."""
    by = acting()
    form = {
        name: request.form.get(name, "").strip() for name in ("agency", "way", "title", "service", "source")
    }
    try:
        begun = _begun(by, form)
    except Rejected as refused:
        return _new_page(by, form, refused.problems), 422
    except Conflict:
        taken = _l("This agency has a standard for this service already. Go on with that one.")
        return _new_page(by, form, (Problem("service", taken),)), 409
    return redirect(desk_url("standard", standard_id=begun.id), 303)


@desk.get("/standar/<uuid:standard_id>")
def standard(standard_id: uuid.UUID) -> str:
    """What stands, what is drafted, and what is to be done next."""
    return standard_page(standard_seen_by(acting(), standard_id))


@desk.get("/standar/<uuid:standard_id>/pratinjau")
def preview(standard_id: uuid.UUID) -> str:
    """The draft as a citizen would see it."""
    edition = draft_seen_by(acting(), standard_id)
    document = from_stored(edition.document)
    given = completeness(document).given
    return render_template(
        "desk/preview.html", edition=edition, standard=edition.standard, document=document,
        told=facts(document), cases=cases_of(document.requirements),
        delivery=[part for part in DELIVERY_COMPONENTS if part in given],
        management=[part for part in MANAGEMENT_COMPONENTS if part in given],
        missing=completeness(document).missing,
    )  # fmt: skip


@desk.post("/standar/<uuid:standard_id>/draf")
def open_draft(standard_id: uuid.UUID) -> ResponseReturnValue:
    """Begin the next edition with the words of the one in force."""
    with hidden_from_strangers(acting(), standard_id):
        commands.open_draft(standard_id, by=acting(), origin=origin())
    return redirect(desk_url("standard", standard_id=standard_id), 303)


@desk.post("/standar/<uuid:standard_id>/ajukan")
def submit(standard_id: uuid.UUID) -> ResponseReturnValue:
    """Hand the draft to a publisher."""
    return _acted(standard_id, "submitted", lambda by, version: commands.submit(
        standard_id, by=by, version=version, note=request.form.get("note", "")[:2000], origin=origin()
    ))  # fmt: skip


@desk.post("/standar/<uuid:standard_id>/buang")
def discard(standard_id: uuid.UUID) -> ResponseReturnValue:
    """Throw the draft away."""
    by = acting()
    if request.form.get("sure") != "1":
        problem = Problem("sure", _l("Tick that the draft is to be thrown away."))
        return standard_page(standard_seen_by(by, standard_id), (problem,)), 422
    with hidden_from_strangers(by, standard_id):
        commands.discard(standard_id, by=by, version=_version(), origin=origin())
    if db.session.get(Standard, standard_id) is None:
        return redirect(desk_url("standards", done="discarded"), 303)
    return redirect(desk_url("standard", standard_id=standard_id), 303)


def standard_page(one: Standard, problems: tuple[Problem, ...] = (), notice: Any = "") -> str:
    """The page of a standard, with what is wrong with what was asked."""
    by, edition, live = acting(), one.open_edition, one.live
    document = from_stored((edition or live or one.editions[-1]).document)
    return render_template(
        "desk/standard.html", standard=one, edition=edition, live=live, document=document,
        done=completeness(document), problems=problems, notice=notice,
        missing_to_publish=problems_to_publish(document), step_of=step_of,
        warnings=cautions(document, one.service_id) if edition else (), tasks=_tasks(edition, document, by),
        is_writable=edition is not None and edition.state in WRITABLE,
        may_decide=may(by, Action.RETURN, one),
        why_not_publish=why_not(by, Action.PUBLISH, one),
        may_withdraw=live is not None and may(by, Action.WITHDRAW, one),
        service_change=pending_of(one) if may(by, Action.REACT, one) else None,
        abolished=list(abolished_requirements(document, one.service_id)) if live and not edition else [],
        marks=[(mark, name_of(mark.regulation)) for mark in open_marks_of(one.id)] if live else [],
        was_public=[e for e in one.editions if e.state.was_public], last=one.editions[-1],
    )  # fmt: skip


def _tasks(edition: Edition | None, document: StandardDocument, by: Officer) -> list[dict[str, Any]]:
    """Each step with how far it is, whether the reviewer spoke of it, and whether text waits there."""
    found, waiting = [], unsaved_steps(edition, of=by) if edition else set()
    for step in STEPS.values():
        given, of = given_of(step, document)
        if of:
            state = "complete" if given == of else "begun" if given else "empty"
        else:
            state = "complete" if any(getattr(document, name, None) for name in step.names) else "optional"
        remarked = any(part in edition.remarks for part in step.components) if edition else False
        found.append({"step": step, "state": state, "given": given, "of": of, "is_remarked": remarked,
                      "is_unsaved": step.key in waiting})  # fmt: skip
    return found


def _acted(standard_id: uuid.UUID, said: str, act: Any) -> ResponseReturnValue:
    """Do ``act`` and go back to the standard's page, which says so; a refusal is said on that page."""
    by = acting()
    try:
        with hidden_from_strangers(by, standard_id):
            act(by, _version())
    except Rejected as refused:
        return standard_page(standard_seen_by(by, standard_id), refused.problems), 422
    except Conflict as conflict:
        return standard_page(standard_seen_by(by, standard_id), notice=conflict.message), 409
    except NotAllowed as refusal:
        return standard_page(standard_seen_by(by, standard_id), notice=refusal.message), 403
    return redirect(desk_url("standard", standard_id=standard_id, done=said), 303)


def _version() -> int | None:
    """The count of saves that the page was made from."""
    return request.form.get("version", type=int)


def _begun(by: Officer, form: dict[str, str]) -> Standard:
    agency = db.session.scalar(sa.select(Agency).where(Agency.slug == form["agency"]))
    if agency is None:
        raise Rejected([Problem("agency", _l("Choose an agency."))])
    said: dict[str, Any] = {"by": by, "origin": origin()}
    match form["way"]:
        case "service":
            service = _service_named(form["service"])
            return begin_from_service(agency.id, service.id, **said)
        case "copy":
            return begin_as_copy(agency.id, _source(form["source"]), form["title"], **said)
        case _:
            return begin_empty(agency.id, form["title"], **said)


def _service_named(typed: str) -> Service:
    """The national service that was typed, by its code or its whole name."""
    code = typed.partition(" ")[0].strip("(),")
    by_name = sa.func.lower(Service.name) == typed.lower()
    query = sa.select(Service).where(Service.status == ServiceStatus.ACTIVE)
    found = db.session.scalar(query.where(sa.or_(Service.code == code.upper(), by_name)).limit(1))
    if found is None:
        raise Rejected([Problem("service", _l("Choose a national service from the list."), typed[:80])])
    return found


def _source(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError:
        raise Rejected([Problem("source", _l("Choose the standard to copy."))]) from None


def _new_page(by: Officer, form: dict[str, str], problems: tuple[Problem, ...] = ()) -> str:
    agencies = own_agencies(by, Action.OPEN)
    kinds = {agency.kind for agency in agencies}
    services = sa.select(Service).where(Service.status == ServiceStatus.ACTIVE).order_by(Service.name)
    offered = list(db.session.scalars(services))
    sources = worked_on(by).standards
    return render_template(
        "desk/new_standard.html", agencies=agencies, form=form, problems=problems, sources=sources,
        services=sorted(offered, key=lambda one: one.agency_kind not in kinds),
        names={"agency": _("Agency"), "title": _("Title"), "service": _("National service"),
               "source": _("Standard to copy")},
    )  # fmt: skip

"""Deciding on what was handed in: the queue, what changes, return, publish, withdraw, restore."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.document.completeness import completeness
from siapa.document.difference import changed, difference
from siapa.document.standard_document import COMPONENTS, from_stored
from siapa.errors import Conflict, NotAllowed, NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.publishing import Action, commands
from siapa.publishing.cautions import cautions
from siapa.publishing.drafts import hidden_from_strangers, standard_seen_by
from siapa.publishing.editions import problems_to_publish, today_of
from siapa.publishing.permissions import require, why_not
from siapa.publishing.worklist import worked_on
from siapa.records import Edition, Officer, Standard, State
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.signed_in import acting

WAITING = (State.SUBMITTED, State.SCHEDULED)
REMARK = "remark."


@desk.get("/tinjau")
def queue() -> str:
    """What waits for a decision of the officer."""
    by = acting()
    page = request.args.get("page", type=int) or 1
    worked = worked_on(by, states=WAITING, action=Action.RETURN, page=page)
    return render_template("desk/queue.html", worked=worked, by=by)


@desk.get("/standar/<uuid:standard_id>/tinjau")
def review(standard_id: uuid.UUID) -> ResponseReturnValue:
    """What was handed in, against what is in force."""
    standard = _seen(acting(), standard_id)
    if standard.open_edition is None or standard.open_edition.state not in WAITING:
        return redirect(desk_url("standard", standard_id=standard_id), 303)
    return _review_page(standard)


@desk.post("/standar/<uuid:standard_id>/kembalikan")
def return_draft(standard_id: uuid.UUID) -> ResponseReturnValue:
    """Send it back with remarks."""
    given = {
        name.removeprefix(REMARK): text for name, text in request.form.items() if name.startswith(REMARK)
    }
    remarks = {("" if name == "all" else name): text for name, text in given.items()}
    return _decided(standard_id, lambda by: commands.return_(
        standard_id, remarks, by=by, version=_version(), origin=origin()
    ), "returned")  # fmt: skip


@desk.post("/standar/<uuid:standard_id>/terbitkan")
def publish_draft(standard_id: uuid.UUID) -> ResponseReturnValue:
    """Approve it: in force now, or on a day."""

    def act(by: Officer) -> Edition:
        day = _day(request.form.get("effective_from", "")) if request.form.get("when") == "day" else None
        return commands.publish(
            standard_id, by=by, version=_version(), effective_from=day, note=_note(), origin=origin()
        )

    return _decided(standard_id, act, "published")


@desk.get("/standar/<uuid:standard_id>/cabut")
def withdrawal(standard_id: uuid.UUID) -> str:
    """The form to take a standard out of force."""
    standard = standard_seen_by(acting(), standard_id)
    require(acting(), Action.WITHDRAW, standard)
    return _withdrawal_page(standard, {})


@desk.post("/standar/<uuid:standard_id>/cabut")
def withdraw(standard_id: uuid.UUID) -> ResponseReturnValue:
    """Take a standard out of force, with the reason and what takes its place."""
    by = acting()
    form = {name: request.form.get(name, "").strip() for name in ("reason", "replaced_by")}
    try:
        with hidden_from_strangers(by, standard_id):
            commands.withdraw(
                standard_id, by=by, reason=form["reason"], replaced_by=_successor(form["replaced_by"]),
                origin=origin(),
            )  # fmt: skip
    except Rejected as refused:
        return _withdrawal_page(standard_seen_by(by, standard_id), form, refused.problems), 422
    except Conflict as conflict:
        return _withdrawal_page(standard_seen_by(by, standard_id), form, notice=conflict.message), 409
    return redirect(desk_url("standard", standard_id=standard_id, done="withdrawn"), 303)


@desk.get("/standar/<uuid:standard_id>/edisi")
def editions(standard_id: uuid.UUID) -> str:
    """Every public edition, and any two of them compared."""
    standard = standard_seen_by(acting(), standard_id)
    public = [one for one in standard.editions if one.state.was_public]
    if not public:
        raise NotFound(_l("There is no such edition."))
    newer = _edition(public, request.args.get("ke", type=int), public[-1])
    older = _edition(public, request.args.get("dari", type=int), public[max(0, len(public) - 2)])
    parts = changed(difference(from_stored(older.document), from_stored(newer.document)))
    return render_template(
        "desk/editions.html", standard=standard, editions=list(reversed(public)), older=older, newer=newer,
        parts=parts, why_not_restore=why_not(acting(), Action.RESTORE, standard),
    )  # fmt: skip


@desk.post("/standar/<uuid:standard_id>/edisi/<int:number>/pulihkan")
def restore(standard_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Begin the next edition with the words of an earlier one."""
    by = acting()
    with hidden_from_strangers(by, standard_id):
        commands.restore(standard_id, number, by=by, origin=origin())
    return redirect(desk_url("standard", standard_id=standard_id, done="restored"), 303)


def _seen(by: Officer, standard_id: uuid.UUID) -> Standard:
    """The standard, for whoever may decide on it."""
    standard = standard_seen_by(by, standard_id)
    require(by, Action.RETURN, standard)
    return standard


def _decided(standard_id: uuid.UUID, act: Any, said: str) -> ResponseReturnValue:
    """Do ``act``; a refusal is said on the page of the review, with what was typed."""
    by = acting()
    try:
        with hidden_from_strangers(by, standard_id):
            edition = act(by)
    except Rejected as refused:
        return _refused(standard_id, by, 422, problems=refused.problems)
    except Conflict as conflict:
        return _refused(standard_id, by, 409, notice=conflict.message)
    except NotAllowed as refusal:
        return _refused(standard_id, by, 403, notice=refusal.message)
    said = "scheduled" if edition.state is State.SCHEDULED else said
    return redirect(desk_url("standard", standard_id=standard_id, done=said), 303)


def _refused(standard_id: uuid.UUID, by: Officer, status: int, **said: Any) -> ResponseReturnValue:
    standard = _seen(by, standard_id)
    if standard.open_edition is None:  # somebody else decided meanwhile
        from siapa.web.desk.standards import standard_page

        return standard_page(standard, said.get("problems", ()), said.get("notice", "")), status
    return _review_page(standard, **said), status


def _review_page(standard: Standard, problems: tuple[Problem, ...] = (), notice: Words = "") -> str:
    edition, live = standard.open_edition, standard.live
    assert edition is not None, "asked before"
    document = from_stored(edition.document)
    parts = difference(from_stored(live.document) if live else None, document)
    return render_template(
        "desk/review.html",
        standard=standard,
        edition=edition,
        live=live,
        parts=changed(parts),
        same=[part.component for part in parts if part.status == "same" and part.component in COMPONENTS
              and part.after is not None],
        problems=problems,
        notice=notice,
        document=document,
        components=COMPONENTS,
        typed=request.form,
        missing_to_publish=problems_to_publish(document),
        done=completeness(document),
        warnings=cautions(document, standard.service_id),
        today=today_of(standard.agency),
        submitted_by=db.session.get(Officer, edition.submitted_by_id) if edition.submitted_by_id else None,
        why_not_publish=why_not(acting(), Action.PUBLISH, standard),
    )  # fmt: skip


def _withdrawal_page(
    standard: Standard, form: dict[str, str], problems: tuple[Problem, ...] = (), notice: Words = ""
) -> str:
    others = worked_on(acting(), states=(State.PUBLISHED,), agency_id=standard.agency_id).standards
    return render_template(
        "desk/withdraw.html", standard=standard, edition=standard.live or standard.editions[-1], form=form,
        problems=problems, notice=notice, others=[one for one in others if one[0].id != standard.id],
    )  # fmt: skip


def _successor(typed: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed) if typed else None
    except ValueError:
        raise Rejected([Problem("replaced_by", _l("Choose a standard from the list."))]) from None


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Rejected([Problem("effective_from", _l("Choose the day from which it is in force."))]) from None


def _edition(public: list[Edition], number: int | None, otherwise: Edition) -> Edition:
    return next((one for one in public if one.number == number), otherwise)


def _version() -> int | None:
    """The count of saves that the page was made from."""
    return request.form.get("version", type=int)


def _note() -> str:
    return request.form.get("note", "")[:2000]

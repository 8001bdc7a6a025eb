"""What an agency makes of a new revision of a national service: part by part, or many standards at once."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Conflict, NotAllowed, NotFound, Problem, Rejected
from siapa.locales import Words, ngettext
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing.drafts import hidden_from_strangers, standard_seen_by
from siapa.publishing.reacting import pending, pending_of, react, take_untouched
from siapa.records import Standard
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.signed_in import acting

#: Standards of one bulk; a page offers as many.
MOST_AT_ONCE = 100


@desk.get("/perubahan-layanan")
def service_changes() -> str:
    """The standards of the officer's agencies that have not reacted to their service's newest revision."""
    return _list(())


@desk.post("/perubahan-layanan")
def take_service_changes() -> ResponseReturnValue:
    """Take what is new in every ticked standard where nothing was touched."""
    by, problems, taken = acting(), [], 0
    ticked = request.form.getlist("standard")[:MOST_AT_ONCE]
    for typed in ticked:
        try:
            standard_id = uuid.UUID(typed)
            standard_seen_by(by, standard_id)
            with hidden_from_strangers(by, standard_id):
                take_untouched(standard_id, by=by, origin=origin())
            taken += 1
        except (Conflict, NotAllowed, NotFound, Rejected, ValueError) as refusal:
            said: Words = refusal.message if isinstance(refusal, Conflict) else _l("There is no such entry.")
            problems.append(Problem(f"standard-{typed[:36]}", said))
    if not ticked:
        problems.append(Problem("", _l("Tick the standards in which the new content is to be taken.")))
    if taken:
        flash(ngettext("%(num)s draft says the new content.", "%(num)s drafts say the new content.", taken))
    if problems:
        return _list(tuple(problems)), 422
    return redirect(desk_url("service_changes"), 303)


@desk.get("/standar/<uuid:standard_id>/perubahan-layanan")
def service_change(standard_id: uuid.UUID) -> str:
    """The three versions beside each other, for each part that differs."""
    return _page(standard_seen_by(acting(), standard_id))


@desk.post("/standar/<uuid:standard_id>/perubahan-layanan")
def answer_service_change(standard_id: uuid.UUID) -> ResponseReturnValue:
    """Take, keep or put together, part by part."""
    by = acting()
    standard = standard_seen_by(by, standard_id)
    found = pending_of(standard)
    if found is None:
        return _page(standard, notice=_l("There is nothing to answer here any more.")), 409
    choices = {one.component: request.form.get(f"way.{one.component}", "") for one in found.changes}
    number = request.form.get("number", type=int) or 0
    try:
        with hidden_from_strangers(by, standard_id):
            react(standard_id, number, choices, by=by, origin=origin())
    except Rejected as refused:
        return _page(standard_seen_by(by, standard_id), refused.problems), 422
    except Conflict as conflict:
        return _page(standard_seen_by(by, standard_id), notice=conflict.message), 409
    flash(_("Noted. What was taken stands in the draft."))
    return redirect(desk_url("standard", standard_id=standard_id), 303)


def _page(standard: Standard, problems: tuple[Problem, ...] = (), notice: Words = "") -> str:
    newest = standard.open_edition or standard.live or standard.editions[-1]
    return render_template(
        "desk/service_change.html", standard=standard, title=newest.title, found=pending_of(standard),
        problems=problems, notice=notice,
    )  # fmt: skip


def _list(problems: tuple[Problem, ...]) -> str:
    waiting = pending(acting())
    names = {f"standard-{one.standard.id}": one.edition.title for one in waiting}
    return render_template(
        "desk/service_changes.html", waiting=waiting[:MOST_AT_ONCE], total=len(waiting), problems=problems,
        names=names,
    )  # fmt: skip

"""The usual content of a national service: written in the steps of a standard, issued by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.document.difference import changed, difference
from siapa.document.functional import changes
from siapa.document.intake import read_document
from siapa.document.standard_document import COMPONENTS, from_stored
from siapa.errors import Conflict, NotFound, Problem, Rejected
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action
from siapa.publishing.outlines import discard_outline, issue_outline, revisions, write_outline
from siapa.publishing.reacting import pending
from siapa.records import OutlineRevision, Service
from siapa.web.api.tokens import origin
from siapa.web.desk import step_form
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk, wants_fresh
from siapa.web.desk.curating import nationally, service_at
from siapa.web.desk.steps import STEPS, Step

#: The steps in which there is something usual: not the decree and the days.
USUAL_STEPS = tuple(step for step in STEPS.values() if step.key != "penetapan")
LONGEST_TYPED = 60_000


@desk.get("/layanan/<code>/isi")
def outline(code: str) -> str:
    """What is usual now, what is being written, and every revision."""
    nationally(Action.SET_SERVICE)
    return _page(service_at(code))


@desk.post("/layanan/<code>/isi")
def set_abolished(code: str) -> ResponseReturnValue:
    """Keep the list of requirements that may not be asked for any more."""
    by, service = nationally(Action.SET_SERVICE), service_at(code)
    typed = request.form.get("abolished", "")[:LONGEST_TYPED]
    if request.form.get("seen") != _newest(service).digest:
        return _page(service, abolished=typed, notice=_CHANGED), 409
    try:
        write_outline(service.id, from_stored(_content(service)), typed.splitlines(), by=by, origin=origin())
    except Rejected as refused:
        return _page(service_at(code), refused.problems, abolished=typed), 422
    flash(_("Saved."))
    return redirect(desk_url("outline", code=service.code), 303)


@desk.get("/layanan/<code>/isi/<key>")
def outline_step(code: str, key: str) -> str:
    """One step of what is being written."""
    nationally(Action.SET_SERVICE)
    service, step = service_at(code), _step(key)
    return _step_page(service, step, step_form.part_of(_content(service), step))


@desk.post("/layanan/<code>/isi/<key>")
def save_outline_step(code: str, key: str) -> ResponseReturnValue:
    """Keep what was typed in a step; do what a button at a row says."""
    by, service, step = nationally(Action.SET_SERVICE), service_at(code), _step(key)
    typed = step_form.read(step, request.form)
    focus = step_form.act_on(typed, step, request.form.get("act", "save")) or ""
    if focus:
        return _step_page(service, step, typed, focus=focus)
    if request.form.get("seen") != step_form.seen(_content(service), step):
        return _step_page(service, step, typed, notice=_CHANGED), 409
    try:
        document = read_document(step_form.joined(_content(service), step, typed))
        write_outline(service.id, document, _newest(service).abolished, by=by, origin=origin())
    except Rejected as refused:
        return _step_page(service_at(code), step, typed, refused.problems), 422
    flash(_("Saved."))
    return redirect(desk_url("outline", code=service.code), 303)


@desk.post("/layanan/<code>/isi/terbitkan")
@wants_fresh
def issue_outline_revision(code: str) -> ResponseReturnValue:
    """Make what was written the usual content; agencies are asked to look."""
    by, service = nationally(Action.SET_SERVICE), service_at(code)
    try:
        made = issue_outline(service.id, note=request.form.get("note", ""), by=by, origin=origin())
    except Rejected as refused:
        return _page(service_at(code), refused.problems), 422
    except Conflict as conflict:
        return _page(service_at(code), notice=conflict.message), 409
    flash(_("Revision %(number)s is issued.", number=made.number))
    return redirect(desk_url("not_reacted", code=service.code), 303)


@desk.post("/layanan/<code>/isi/buang")
def discard_outline_revision(code: str) -> ResponseReturnValue:
    """Throw away what was being written."""
    by, service = nationally(Action.SET_SERVICE), service_at(code)
    try:
        discard_outline(service.id, by=by, origin=origin())
    except Conflict as conflict:
        return _page(service_at(code), notice=conflict.message), 409
    flash(_("What was being written is thrown away."))
    return redirect(desk_url("outline", code=service.code), 303)


@desk.get("/layanan/<code>/tanggapan")
def not_reacted(code: str) -> str:
    """Which standards have not reacted to the newest revision, and in what they differ."""
    nationally(Action.SET_SERVICE)
    service = service_at(code)
    return render_template("desk/not_reacted.html", service=service, waiting=pending(service_id=service.id))


_CHANGED = _l("Somebody else changed this meanwhile. Load the page again to see it.")


def _step(key: str) -> Step:
    found = next((step for step in USUAL_STEPS if step.key == key), None)
    if found is None:
        raise NotFound(_l("There is no such step."))
    return found


def _newest(service: Service) -> OutlineRevision:
    """The newest revision; of a service that has none yet, one that says what stands."""
    found = revisions(service.id)
    return found[-1] if found else OutlineRevision(digest="", document=service.outline, abolished=[])


def _content(service: Service) -> dict[str, Any]:
    """What is being written, or what stands; at least the name."""
    return dict(_newest(service).document or {"title": service.name, "title_en": service.name_en})


def _page(
    service: Service,
    problems: Sequence[Problem] = (),
    *,
    abolished: str | None = None,
    notice: Words = "",
) -> str:
    kept = revisions(service.id)
    written = kept[-1] if kept and kept[-1].issued_at is None else None
    before = from_stored(service.outline) if service.outline else None
    parts = changed(difference(before, from_stored(_content(service)))) if written else ()
    newest = _newest(service)
    in_substance = {one.component for one in changes(service.outline, service.outline or {}, newest.document)}
    return render_template(
        "desk/outline.html", service=service, revisions=[one for one in kept if one.issued_at],
        written=written, parts=parts, in_substance=in_substance, steps=USUAL_STEPS, problems=problems,
        notice=notice, seen=request.form.get("seen") or newest.digest, components=COMPONENTS,
        abolished="\n".join(newest.abolished) if abolished is None else abolished,
        waiting=len(pending(service_id=service.id)),
        names={"abolished": _("Requirements that are abolished"), "note": _("What changed and why")},
    )  # fmt: skip


def _step_page(
    service: Service,
    step: Step,
    tree: step_form.Tree,
    problems: Sequence[Problem] = (),
    *,
    notice: Words = "",
    focus: str = "",
) -> str:
    return render_template(
        "desk/outline_step.html", service=service, step=step, tree=tree, get=step_form.get,
        problems=problems, notice=notice, focus=focus, names=step_form.field_names(step, tree),
        seen=request.form.get("seen") or step_form.seen(_content(service), step),
    )  # fmt: skip

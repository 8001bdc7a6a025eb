"""Writing a standard step by step: what is typed is kept or said to be wrong, and never lost or overwritten.

A form knows the text it was made from. Was that step saved by somebody else meanwhile,
the page shows both texts before anything is written; other steps may change freely.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.document.completeness import completeness
from siapa.document.difference import ComponentDifference, changed, difference
from siapa.document.intake import read_document
from siapa.document.standard_document import StandardDocument, from_stored, to_json
from siapa.errors import Conflict, NotFound, Problem, Rejected, SiapaError
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import commands, unsaved
from siapa.publishing.cautions import cautions
from siapa.publishing.drafts import draft_seen_by, standard_seen_by
from siapa.publishing.editions import SavedMeanwhile, problems_to_publish, time_at
from siapa.records import Edition, Officer, State
from siapa.web.api.tokens import origin
from siapa.web.desk import step_form
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.signed_in import acting
from siapa.web.desk.step_form import Tree, Written
from siapa.web.desk.steps import STEPS, Kind, Step, step_after

WRITABLE = frozenset({State.DRAFT, State.RETURNED})
_GONE = _l("This draft is no longer there: it was published or thrown away. What you typed is not saved yet.")


@dataclass(frozen=True)
class Shown:
    """What the page of a step shows beside its fields."""

    problems: tuple[Problem, ...] = ()
    #: What the present text says otherwise than what was typed, when it was saved by somebody else.
    theirs: tuple[ComponentDifference, ...] = ()
    notice: Words = ""
    #: The row to go on with after a button at a row.
    focus: str = ""
    is_unsaved: bool = False
    is_kept: bool = False
    #: What waited here since then; and what the form it was typed in was made from.
    waited_since: datetime | None = None
    seen: str = ""


@desk.get("/standar/<uuid:standard_id>/langkah/<key>")
def step(standard_id: uuid.UUID, key: str) -> ResponseReturnValue:
    """One step of the form."""
    edition, asked = draft_seen_by(acting(), standard_id), _step(key)
    if edition.state not in WRITABLE:
        return redirect(desk_url("standard", standard_id=standard_id), 303)
    held = unsaved.unsaved_step(edition, asked.key, of=acting())
    if held is None:
        return _page(edition, asked, step_form.part_of(edition.document, asked), Shown())
    problems = _problems(edition, asked, held.typed)
    return _page(edition, asked, held.typed, Shown(problems, waited_since=held.saved_at, seen=held.seen))


@desk.post("/standar/<uuid:standard_id>/langkah/<key>")
def save_step(standard_id: uuid.UUID, key: str) -> ResponseReturnValue:
    """Keep what was typed in a step; do what a button at a row says."""
    by, asked = acting(), _step(key)
    act = request.form.get("act", "save")
    if act == "forget":
        unsaved.forget_unsaved(draft_seen_by(by, standard_id), asked.key, of=by)
        return redirect(desk_url("step", standard_id=standard_id, key=asked.key), 303)
    typed = step_form.read(asked, request.form)
    focus = step_form.act_on(typed, asked, act) or ""
    try:
        shown = _save(draft_seen_by(by, standard_id), asked, typed, by)
        _remember(draft_seen_by(by, standard_id), asked, typed, shown, by)
        edition = draft_seen_by(by, standard_id)
    except NotFound:
        if act == "autosave":
            return _json(409, state="gone", words=str(_GONE))
        written = tuple(step_form.written(asked, typed))
        if not written:
            raise
        return _without_draft(standard_id, asked, written, by), 409
    if act == "autosave":
        return _told(edition, asked, shown)
    if focus:
        # A row that was just added is empty: that is no fault yet.
        quiet = replace(
            shown, problems=(), is_unsaved=bool(shown.problems), is_kept=not shown.problems, focus=focus
        )
        return _page(edition, asked, typed, quiet if not shown.theirs else shown)
    if shown.problems or shown.theirs or shown.notice:
        return _page(edition, asked, typed, shown), 422 if shown.problems else 409
    following = step_after(asked) if act == "next" else None
    if following is not None:
        return redirect(desk_url("step", standard_id=standard_id, key=following.key, saved=asked.key), 303)
    return redirect(desk_url("standard", standard_id=standard_id, saved=asked.key), 303)


def _step(key: str) -> Step:
    if key not in STEPS:
        raise NotFound(_l("There is no such step."))
    return STEPS[key]


def _remember(edition: Edition, asked: Step, typed: Tree, shown: Shown, by: Officer) -> None:
    """Keep on our side what could not be saved: browser and session may end, it waits for its officer."""
    if shown.problems or shown.theirs:
        seen = request.form.get("seen", "")
        # Gone meanwhile, or too busy to write: the page that follows has it all the same.
        with suppress(SiapaError):
            unsaved.keep_unsaved(edition.standard_id, asked.key, typed, seen, by=by)
    elif not shown.notice:
        unsaved.forget_unsaved(edition, asked.key, of=by)


def _problems(edition: Edition, asked: Step, typed: Tree) -> tuple[Problem, ...]:
    """What keeps ``typed`` from being saved."""
    try:
        _joined(edition, asked, typed)
    except Rejected as refused:
        return tuple(_in_form_words(asked, one) for one in refused.problems)
    return ()


def _joined(edition: Edition, asked: Step, typed: Tree) -> StandardDocument:
    """The draft with what was typed; ``Rejected`` where it cannot be saved."""
    full = {**typed, **_without_blank_rows(asked, typed)}
    return read_document(step_form.joined(edition.document, asked, full))


def _save(edition: Edition, asked: Step, typed: Tree, by: Officer, *, again: bool = True) -> Shown:
    """Save ``typed`` if it can be; else what the page has to say. A row without content is passed over."""
    if edition.state not in WRITABLE:
        return Shown(notice=_l("The draft was handed in meanwhile. What you typed is not saved."))
    try:
        document = _joined(edition, asked, typed)
    except Rejected as refused:
        return Shown(tuple(_in_form_words(asked, one) for one in refused.problems))
    if to_json(document) == edition.document:
        return Shown()
    if request.form.get("seen") != step_form.seen(edition.document, asked):
        return Shown(theirs=changed(difference(from_stored(edition.document), document)))
    try:
        commands.revise(edition.standard_id, document, version=edition.version, by=by, origin=origin())
    except SavedMeanwhile:
        present = draft_seen_by(by, edition.standard_id)
        if again:
            return _save(present, asked, typed, by, again=False)
        return Shown(theirs=changed(difference(from_stored(present.document), document)))
    except Conflict as conflict:
        return Shown(notice=conflict.message)
    return Shown()


def _without_blank_rows(asked: Step, typed: Tree) -> Tree:
    """The lists of ``typed`` without rows in which nothing stands, at the top of the document."""
    found: dict[str, Any] = {}
    for rows in asked.rows():
        held = step_form.get(typed, rows.path) or []
        filled = [row for row in held if not step_form.is_blank(rows, row)]
        top, _dot, name = rows.path.partition(".")
        found[top] = {**(typed.get(top) or {}), name: filled} if name else filled
    return found


def _in_form_words(asked: Step, problem: Problem) -> Problem:
    """What ``intake`` says to programs of numbers, said to people."""
    name = problem.path.rpartition("].")[2]
    fields = [one for part in asked.parts for one in (*part.fields, *(part.rows.fields if part.rows else ()))]
    is_number = any(one.name == name and one.kind in (Kind.NUMBER, Kind.MONEY) for one in fields)
    if is_number and isinstance(problem.value, str):
        return Problem(problem.path, _l("Write a whole number in digits."), problem.value)
    return problem


def _page(edition: Edition, asked: Step, tree: Tree, shown: Shown) -> str:
    document = from_stored(edition.document)
    told = {**vars(shown), "seen": shown.seen or step_form.seen(edition.document, asked)}
    return render_template(
        "desk/step.html",
        edition=edition,
        step=asked,
        steps=tuple(STEPS.values()),
        tree=tree,
        get=step_form.get,
        names=step_form.field_names(asked, tree),
        remarks={part: edition.remarks[part] for part in asked.components if part in edition.remarks},
        warnings=[one for one in cautions(document, edition.standard.service_id) if _top(one) in asked.names],
        # What is merely not given yet is told by the completeness.
        needed=[one for one in problems_to_publish(document) if _top(one) in asked.names and "." in one.path],
        done=completeness(document),
        present=document,
        **told,
    )  # fmt: skip


def _top(problem: Problem) -> str:
    """The part of the document in which the place of a problem lies."""
    return problem.path.partition("[")[0].partition(".")[0]


def _without_draft(standard_id: uuid.UUID, asked: Step, written: Written, by: Officer) -> str:
    """What was typed for a draft that has gone; the same for a draft that is hidden from ``by``."""
    try:
        standard = standard_seen_by(by, standard_id)
    except NotFound:
        standard = None
    return render_template("desk/draft_gone.html", step=asked, said=_GONE, written=written, standard=standard)


def _told(edition: Edition, asked: Step, shown: Shown) -> Response:
    """What the script that saves by itself is told."""
    done = completeness(from_stored(edition.document))
    if shown.theirs:
        return _json(409, state="stale", words=_("Somebody else saved this step. Save it to see both texts."))
    if shown.notice:
        return _json(409, state="stale", words=str(shown.notice))
    if shown.problems:
        words = _("Not saved yet: %(num)s entries need a correction.", num=len(shown.problems))
        return _json(200, state="wrong", words=words)
    time = f"{time_at(edition.standard.agency):%H.%M}"
    return _json(
        200, state="saved", words=_("Saved by itself at %(time)s", time=time),
        seen=step_form.seen(edition.document, asked), given=len(done.given), percent=done.percent,
    )  # fmt: skip


def _json(status: int, **said: object) -> Response:
    response = jsonify(said)
    response.status_code = status
    return response


def given_of(step: Step, document: StandardDocument) -> tuple[int, int]:
    """How many of the components of ``step`` are given, and how many there are."""
    given = completeness(document).given
    return sum(part in given for part in step.components), len(step.components)

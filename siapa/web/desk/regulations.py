"""Regulations as curators keep them: what holds, what was amended or repealed, and whom that concerns."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.document.citing import written
from siapa.errors import Conflict, NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import Words, ngettext
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action, regulations
from siapa.publishing.cited import name_of, regulations_meant, standards_that_cite
from siapa.publishing.reviewing import marked, waiting_by_regulation
from siapa.publishing.worklist import PERCENT
from siapa.records import Regulation, RegulationState
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk, wants_fresh
from siapa.web.desk.curating import nationally
from siapa.web.site.asked import page_of

FIELDS = ("type", "number", "year", "title", "url")
PER_PAGE = 50
LONGEST_ASKED = 120
LONGEST_TYPED = 6_000
_MOST_WORDS = 8
#: What became of a regulation, in words.
STATE_NAMES: dict[RegulationState, Words] = {
    RegulationState.IN_FORCE: _l("in force"),
    RegulationState.AMENDED: _l("amended"),
    RegulationState.REPEALED: _l("repealed"),
}


@desk.get("/peraturan")
def regulations_kept() -> str:
    """The regulations that are kept, narrowed by words and by what became of them."""
    nationally(Action.SET_REGULATION)
    asked = {name: request.args.get(name, "").strip()[:LONGEST_ASKED] for name in ("q", "state")}
    query = sa.select(Regulation)
    for word in asked["q"].split()[:_MOST_WORDS]:
        like = f"%{word.translate(PERCENT)}%"
        texts = (Regulation.type, Regulation.number, Regulation.title, sa.cast(Regulation.year, sa.String))
        query = query.where(sa.or_(*(text.ilike(like, escape="\\") for text in texts)))
    if asked["state"] in set(RegulationState):
        query = query.where(Regulation.state == RegulationState(asked["state"]))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    page, pages = page_of(request.args), max(1, -(-total // PER_PAGE))
    ordered = query.order_by(Regulation.year.desc(), Regulation.type, Regulation.number, Regulation.id)
    rows = db.session.scalars(ordered.limit(PER_PAGE).offset((min(page, pages) - 1) * PER_PAGE)).all()
    return render_template(
        "desk/regulations.html", rows=rows, total=total, page=min(page, pages), pages=pages, asked=asked,
        states=STATE_NAMES, waiting=waiting_by_regulation(), name_of=name_of,
    )  # fmt: skip


@desk.get("/peraturan/baru")
def new_regulation() -> str:
    """The form for one more."""
    nationally(Action.SET_REGULATION)
    return _new(dict.fromkeys(FIELDS, ""))


@desk.post("/peraturan/baru")
def add_regulation() -> ResponseReturnValue:
    """Keep one more regulation."""
    by, typed = nationally(Action.SET_REGULATION), _typed()
    try:
        made = regulations.add_regulation(_values(typed), by=by, origin=origin())
    except Rejected as refused:
        return _new(typed, refused.problems), 422
    except Conflict as conflict:
        return _new(typed, (Problem("number", conflict.message),)), 409
    flash(_("%(regulation)s is kept.", regulation=name_of(made)))
    return redirect(desk_url("regulation", regulation_id=made.id), 303)


@desk.get("/peraturan/<uuid:regulation_id>")
def regulation(regulation_id: uuid.UUID) -> str:
    """One regulation: what is said of it, what became of it, and who has not looked at it yet."""
    nationally(Action.SET_REGULATION)
    return _page(_asked(regulation_id))


@desk.post("/peraturan/<uuid:regulation_id>")
def set_regulation(regulation_id: uuid.UUID) -> ResponseReturnValue:
    """Correct what is said of a regulation."""
    by, typed = nationally(Action.SET_REGULATION), _typed()
    try:
        regulations.set_regulation(regulation_id, _values(typed), by=by, origin=origin())
    except Rejected as refused:
        return _page(_asked(regulation_id), refused.problems, typed=typed), 422
    except Conflict as conflict:
        problem = Problem("number", conflict.message)
        return _page(_asked(regulation_id), (problem,), typed=typed), 409
    flash(_("Saved."))
    return redirect(desk_url("regulation", regulation_id=regulation_id), 303)


@desk.get("/peraturan/<uuid:regulation_id>/penyebut")
def citing_standards(regulation_id: uuid.UUID) -> str:
    """How many standards in force cite it: what an end or an amendment would mark."""
    nationally(Action.SET_REGULATION)
    found = _asked(regulation_id)
    return _page(found, citing=len(standards_that_cite(found)))


@desk.post("/peraturan/<uuid:regulation_id>/berakhir")
@wants_fresh
def end_regulation(regulation_id: uuid.UUID) -> ResponseReturnValue:
    """Say that it was amended or repealed; every standard that cites it is marked."""
    by, found = nationally(Action.SET_REGULATION), _asked(regulation_id)
    typed = {name: request.form.get(name, "").strip()[:LONGEST_ASKED] for name in ("state", "on", "through")}
    try:
        state, on, through = _end_asked(typed)
        ended = regulations.end_regulation(found.id, state, on=on, through=through, by=by, origin=origin())
    except Rejected as refused:
        return _page(_asked(regulation_id), refused.problems, end=typed), 422
    except Conflict as conflict:
        return _page(_asked(regulation_id), notice=conflict.message, end=typed), 409
    number = marked(None, regulation_id=ended.id).total
    flash(ngettext("%(num)s standard is to be looked at.", "%(num)s standards are to be looked at.", number))
    return redirect(desk_url("regulation", regulation_id=ended.id), 303)


@desk.post("/peraturan/<uuid:regulation_id>/berlaku")
@wants_fresh
def reinstate_regulation(regulation_id: uuid.UUID) -> ResponseReturnValue:
    """Say that it holds after all."""
    by = nationally(Action.SET_REGULATION)
    regulations.reinstate_regulation(regulation_id, by=by, origin=origin())
    flash(_("It is in force. Nothing is to be looked at for it any more."))
    return redirect(desk_url("regulation", regulation_id=regulation_id), 303)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "")[:LONGEST_TYPED].strip() for name in FIELDS}


def _values(typed: dict[str, str]) -> dict[str, Any]:
    """As the command takes them: the year as a number, nothing typed as nothing."""
    year = typed["year"]
    is_year = year.isascii() and year.isdigit() and len(year) == 4
    return {
        **{name: text or None for name, text in typed.items()},
        "year": int(year) if is_year else year or None,
    }


def _asked(regulation_id: uuid.UUID) -> Regulation:
    found = db.session.get(Regulation, regulation_id)
    if found is None:
        raise NotFound(_l("There is no such entry."))
    return found


def _end_asked(typed: dict[str, str]) -> tuple[RegulationState, date, uuid.UUID | None]:
    """State, day and the other regulation of a form; ``Rejected`` with all that is wrong."""
    problems = []
    ends = {str(one): one for one in (RegulationState.AMENDED, RegulationState.REPEALED)}
    if typed["state"] not in ends:
        problems.append(Problem("state", _l("Say whether it was amended or repealed.")))
    on = None
    try:
        on = date.fromisoformat(typed["on"])
    except ValueError:
        problems.append(Problem("on", _l("Give a day."), typed["on"]))
    through = next(iter(regulations_meant(set(written(typed["through"]))).values()), None)
    if typed["through"] and through is None:
        problems.append(
            Problem("through", _l("Name another regulation that is kept here."), typed["through"])
        )
    if problems or on is None:
        raise Rejected(problems)
    return ends[typed["state"]], on, through.id if through else None


def _new(typed: dict[str, str], problems: tuple[Problem, ...] = ()) -> str:
    return render_template("desk/new_regulation.html", typed=typed, problems=problems, names=_names())


def _page(
    found: Regulation,
    problems: tuple[Problem, ...] = (),
    *,
    typed: dict[str, str] | None = None,
    end: dict[str, str] | None = None,
    notice: Words = "",
    citing: int | None = None,
) -> str:
    said = {name: str(getattr(found, name) or "") for name in FIELDS}
    through = db.session.get(Regulation, found.replaced_by_id) if found.replaced_by_id else None
    others = (
        sa.select(Regulation).where(Regulation.id != found.id).order_by(Regulation.year.desc()).limit(500)
    )
    return render_template(
        "desk/regulation.html", regulation=found, name=name_of(found), typed=typed or said, end=end or {},
        problems=problems, notice=notice, citing=citing, names=_names(), states=STATE_NAMES,
        through=through, others=list(db.session.scalars(others)), name_of=name_of,
        waiting=marked(None, regulation_id=found.id, page=page_of(request.args)),
    )  # fmt: skip


def _names() -> dict[str, str]:
    """The words for the fields of the forms."""
    return {
        "type": _("Kind of regulation"), "number": _("Number"), "year": _("Year"),
        "title": _("About"), "url": _("Address on the web"), "state": _("What became of it"),
        "on": _("Since"), "through": _("By which regulation"),
    }  # fmt: skip

"""Mergers, splits and renamings of agencies: asked for, looked at before, done on their day, and listed."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import selectinload

from siapa.errors import Conflict, NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action, succeeding, tree
from siapa.publishing.editions import today_of
from siapa.publishing.permissions import require
from siapa.publishing.succession import Plan, Preview, hanging, preview
from siapa.records import Agency, Officer, Succession, SuccessionKind, SuccessionPart, SuccessionState
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk, wants_fresh
from siapa.web.desk.signed_in import acting
from siapa.web.desk.succession_form import FIELDS, SOURCES, day_of, plan_of
from siapa.web.labels import AGENCY_KIND_NAMES
from siapa.web.site.asked import page_of

EVENTS_A_PAGE = 50
WAYS: dict[SuccessionKind, Words] = {
    SuccessionKind.MERGER: _l("Merger"),
    SuccessionKind.SPLIT: _l("Split"),
    SuccessionKind.RENAMING: _l("New name"),
}
STATES: dict[SuccessionState, Words] = {
    SuccessionState.PLANNED: _l("planned"),
    SuccessionState.DONE: _l("has happened"),
    SuccessionState.CANCELLED: _l("cancelled"),
}
#: What goes along, in words.
THINGS: dict[str, Words] = {
    "standard": _l("Standards"),
    "agency": _l("Bodies below it"),
    "membership": _l("Roles of officers"),
    "location": _l("Places"),
    "counter": _l("Counters"),
    "token": _l("Tokens"),
}


@desk.get("/instansi/peristiwa")
def successions() -> str:
    """Every event: planned ones first, by their day, then what has happened, the newest first."""
    _national()
    page = page_of(request.args)
    is_planned = Succession.state == SuccessionState.PLANNED
    planned = sa.select(Succession).where(is_planned).order_by(Succession.takes_effect_on, Succession.id)
    past = sa.select(Succession).where(sa.not_(is_planned))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(past.subquery())) or 0
    past = past.order_by(Succession.takes_effect_on.desc(), Succession.id.desc()).limit(EVENTS_A_PAGE)
    return render_template(
        "desk/successions.html", planned=[(one, _names(one)) for one in db.session.scalars(planned)],
        past=[(one, _names(one)) for one in db.session.scalars(past.offset((page - 1) * EVENTS_A_PAGE))],
        ways=WAYS, states=STATES, page=page, pages=max(1, -(-total // EVENTS_A_PAGE)),
    )  # fmt: skip


@desk.get("/instansi/peristiwa/<uuid:succession_id>")
def succession(succession_id: uuid.UUID) -> str:
    """One event, and for a planned one what it would do today."""
    _national()
    return _event_page(succession_id)


@desk.post("/instansi/peristiwa/<uuid:succession_id>")
@wants_fresh
def settle_succession(succession_id: uuid.UUID) -> ResponseReturnValue:
    """Do a planned event now, or cancel it."""
    by, act = _national(), request.form.get("act")
    try:
        if act == "now":
            succeeding.do_now(succession_id, by=by, origin=origin())
            flash(_("It has happened."))
        elif act == "cancel":
            succeeding.cancel(succession_id, by=by, origin=origin())
            flash(_("It is cancelled."))
    except Conflict as conflict:
        return _event_page(succession_id, notice=conflict.message), 409
    except Rejected as refused:
        return _event_page(succession_id, refused.problems), 422
    return redirect(desk_url("succession", succession_id=succession_id), 303)


@desk.get("/instansi/<uuid:agency_id>/ganti-nama", defaults={"way": "renaming"})
@desk.get("/instansi/<uuid:agency_id>/pecah", defaults={"way": "split"})
@desk.get("/instansi/<uuid:agency_id>/gabung", defaults={"way": "merger"})
@wants_fresh
def plan_succession(agency_id: uuid.UUID, way: str) -> str:
    """The form for one event that begins with this agency."""
    return _form_page(_agency(agency_id), SuccessionKind(way))


@desk.post("/instansi/<uuid:agency_id>/ganti-nama", defaults={"way": "renaming"})
@desk.post("/instansi/<uuid:agency_id>/pecah", defaults={"way": "split"})
@desk.post("/instansi/<uuid:agency_id>/gabung", defaults={"way": "merger"})
@wants_fresh
def succeed(agency_id: uuid.UUID, way: str) -> ResponseReturnValue:
    """Show what would happen; or, once that was looked at, let it happen on its day."""
    agency, kind = _agency(agency_id), SuccessionKind(way)
    looked: Preview | None = None
    try:
        plan = plan_of(kind, agency, request.form)
        looked = preview(plan)
        on = day_of(request.form.get("on", ""))
        if request.form.get("act") != "do":
            return _form_page(agency, kind, looked=looked)
        row = succeeding.succeed(
            plan, on=on, by=acting(), note=request.form.get("note", ""), seen=request.form.get("seen", ""),
            origin=origin(),
        )  # fmt: skip
    except Rejected as refused:
        return _form_page(_agency(agency_id), kind, refused.problems, looked=looked), 422
    except Conflict as conflict:
        return _form_page(_agency(agency_id), kind, notice=conflict.message, looked=looked), 409
    is_done = row.state is SuccessionState.DONE
    flash(_("It has happened.") if is_done else _("It is planned, and happens on its day by itself."))
    return redirect(desk_url("succession", succession_id=row.id), 303)


def _national() -> Officer:
    """Who acts, if agencies are theirs to merge and split; ``NotAllowed`` otherwise."""
    require(acting(), Action.SUCCEED, None)
    return acting()


def _agency(agency_id: uuid.UUID) -> Agency:
    return tree.agency_within_reach(_national(), agency_id)


def _names(row: Succession) -> tuple[list[str], list[str]]:
    """The agencies before and after, by the names they had then; of what is only planned, as it says."""
    if row.parts:
        names = [[one.name for one in row.parts if one.is_after is after] for after in (False, True)]
        return names[0], names[1]
    plan = Plan.from_json(row.plan)
    before = [db.session.get_one(Agency, one).name for one in plan.sources]
    after = [one.name or db.session.get_one(Agency, one.agency_id).name for one in plan.targets]
    return before, [str(plan.names["name"])] if plan.names.get("name") else after


def _event_page(succession_id: uuid.UUID, problems: tuple[Problem, ...] = (), notice: Words = "") -> str:
    parts = selectinload(Succession.parts).joinedload(SuccessionPart.agency)
    row = db.session.get(Succession, succession_id, options=[parts])
    if row is None:
        raise NotFound(_l("There is no such entry."))
    looked: Preview | None = None
    if row.state is SuccessionState.PLANNED:
        try:
            looked = preview(Plan.from_json(row.plan))
        except Rejected as refused:
            problems = problems or refused.problems
    planner = db.session.get(Officer, row.planned_by_id) if row.planned_by_id else None
    return render_template(
        "desk/succession.html", row=row, names=_names(row), ways=WAYS, states=STATES, things=THINGS,
        looked=looked, problems=problems, notice=notice, planner=planner,
    )  # fmt: skip


def _form_page(
    agency: Agency, kind: SuccessionKind, problems: tuple[Problem, ...] = (), notice: Words = "",
    looked: Preview | None = None,
) -> str:  # fmt: skip
    typed = {
        "on": today_of(agency).isoformat(),
        "into[0].parent": agency.parent.slug if agency.parent else "",
    }
    typed["into[1].parent"] = typed["into[0].parent"]
    typed |= {"into[0].kind": agency.kind, "into[1].kind": agency.kind}
    typed |= {f"into[{n}].region_code": agency.region_code or "" for n in (0, 1)}
    if kind is SuccessionKind.RENAMING:
        typed |= {"name": agency.name, "name_en": agency.name_en or "", "short_name": agency.short_name or ""}
    return render_template(
        "desk/succeed.html", agency=agency, kind=kind.value, way=WAYS[kind], problems=problems, notice=notice,
        values={**typed, **request.form.to_dict()}, given=set(request.form.getlist("given")), looked=looked,
        hanging=_grouped(agency) if kind is SuccessionKind.SPLIT else {}, things=THINGS,
        kinds=AGENCY_KIND_NAMES, names={SOURCES: _("Other agencies that end"), **_field_names()},
    )  # fmt: skip


def _field_names() -> dict[str, str]:
    return {name: str(words) for name, words in FIELDS.items()}


def _grouped(agency: Agency) -> dict[str, list[tuple[str, str]]]:
    """All that hangs on an agency, by kind."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, name in hanging(agency):
        found.setdefault(key.partition(":")[0], []).append((key, name))
    return found

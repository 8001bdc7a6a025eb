"""The tree of agencies: to look through, to correct, and for national admins to add to and to rearrange."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.document.digest import digest
from siapa.errors import Conflict, Problem, Rejected
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action, may, tree
from siapa.publishing import agencies as commands
from siapa.publishing.permissions import require
from siapa.publishing.staff import demand_admin
from siapa.records import Agency
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk, wants_fresh
from siapa.web.desk.signed_in import acting
from siapa.web.labels import AGENCY_KIND_NAMES
from siapa.web.site.asked import page_of

#: The fields of the profile, in the order in which they stand on the page.
PROFILE: dict[str, Words] = {
    "name": _l("Name"),
    "name_en": _l("Name in English"),
    "short_name": _l("Short name"),
    "address": _l("Postal address"),
    "website": _l("Website"),
    "phone": _l("Telephone"),
    "email": _l("E-mail"),
}
PLACE: dict[str, Words] = {
    "kind": _l("Kind"),
    "region_code": _l("Region code"),
    "parent": _l("Stands below"),
    "slug": _l("Address here"),
}


@desk.get("/instansi")
def agencies() -> str:
    """The top of the tree, or what is looked for."""
    by, words = demand_admin(acting()), request.args.get("q", "").strip()[:100]
    page = page_of(request.args)
    found = tree.branch(by, words=words, page=page)
    return render_template(
        "desk/agencies.html", found=found, words=words, page=page, pages=_pages(found.total),
        may_add=may(by, Action.ADD_AGENCY, None),
    )  # fmt: skip


@desk.get("/instansi/<uuid:agency_id>")
def agency(agency_id: uuid.UUID) -> str:
    """One agency: what is said of it, what hangs on it, and what stands below."""
    return _page(agency_id)


@desk.post("/instansi/<uuid:agency_id>/profil")
def set_agency_profile(agency_id: uuid.UUID) -> ResponseReturnValue:
    """Keep another profile."""
    typed = _typed(PROFILE)

    def act() -> object:
        return commands.set_agency(agency_id, typed, by=acting(), origin=origin())

    return _done(agency_id, act, _("The profile is saved."))


@desk.post("/instansi/<uuid:agency_id>/alamat")
def set_agency_address(agency_id: uuid.UUID) -> ResponseReturnValue:
    """Give it another address; the former one leads there."""
    slug = request.form.get("slug", "").strip()[:200]

    def act() -> object:
        return commands.rename_agency(agency_id, slug, by=acting(), origin=origin())

    return _done(agency_id, act, _("It stands at its new address. The former one leads there."))


@desk.post("/instansi/<uuid:agency_id>/pindah")
@wants_fresh
def move_agency(agency_id: uuid.UUID) -> ResponseReturnValue:
    """Put it below another one: rights follow at once."""

    def act() -> object:
        require(acting(), Action.ADD_AGENCY, tree.agency_within_reach(acting(), agency_id))
        place = {name: request.form.get(name, "").strip() or None for name in ("kind", "region_code")}
        parent_id = _parent(request.form.get("parent", ""))
        return commands.place_agency(agency_id, place, parent_id=parent_id, by=acting(), origin=origin())

    return _done(agency_id, act, _("It has moved. Rights follow the tree from now on."))


@desk.get("/instansi/baru")
def new_agency() -> str:
    """The form for a new agency."""
    require(demand_admin(acting()), Action.ADD_AGENCY, None)
    return _new_page({"parent": request.args.get("parent", "")[:120]})


@desk.post("/instansi/baru")
def add_agency() -> ResponseReturnValue:
    """Add an agency."""
    by = demand_admin(acting())
    require(by, Action.ADD_AGENCY, None)
    typed, place = _typed(PROFILE), _typed(PLACE)
    values = {**typed, "region_code": place["region_code"]}
    try:
        made = commands.add_agency(
            values.pop("name") or "", place["kind"] or "", values, by=by,
            parent_id=_parent(place["parent"] or ""), slug=place["slug"], origin=origin(),
        )  # fmt: skip
    except Rejected as refused:
        return _new_page(request.form, refused.problems), 422
    except Conflict as conflict:
        return _new_page(request.form, notice=conflict.message), 409
    flash(_("%(agency)s is added.", agency=made.name))
    return redirect(desk_url("agency", agency_id=made.id), 303)


def _done(agency_id: uuid.UUID, act: Callable[[], object], sentence: str) -> ResponseReturnValue:
    """Do ``act``; a refusal is said on the agency's page, which keeps what was typed."""
    demand_admin(acting())
    present = tree.agency_within_reach(acting(), agency_id)
    if request.form.get("seen") != _seen(present):
        said = _l("Somebody else changed this agency meanwhile. Look at it again, then send once more.")
        return _page(agency_id, notice=said), 409
    try:
        act()
    except Rejected as refused:
        return _page(agency_id, refused.problems), 422
    except Conflict as conflict:
        return _page(agency_id, notice=conflict.message), 409
    flash(sentence)
    return redirect(desk_url("agency", agency_id=agency_id), 303)


def _page(agency_id: uuid.UUID, problems: tuple[Problem, ...] = (), notice: Words = "") -> str:
    by = demand_admin(acting())
    present = tree.agency_within_reach(by, agency_id)
    page = page_of(request.args)
    below = tree.branch(by, below=present.id, page=page)
    standing = {
        **{name: getattr(present, name) or "" for name in (*PROFILE, "kind", "region_code", "slug")},
        "parent": present.parent.slug if present.parent else "",
    }
    successor = db.session.get(Agency, present.succeeded_by_id) if present.succeeded_by_id else None
    return render_template(
        "desk/agency.html", agency=present, path=tree.path_to(by, present),
        hanging=tree.hanging_on(present.id), below=below, page=page, pages=_pages(below.total),
        problems=problems, notice=notice,
        values={**standing, **{name: request.form[name] for name in standing if name in request.form}},
        names={**PROFILE, **PLACE}, profile=PROFILE, kinds=AGENCY_KIND_NAMES, seen=_seen(present),
        successor=successor, may_place=may(by, Action.ADD_AGENCY, present),
    )  # fmt: skip


def _new_page(values: Any, problems: tuple[Problem, ...] = (), notice: Words = "") -> str:
    return render_template(
        "desk/new_agency.html", values=values, problems=problems, notice=notice, names={**PROFILE, **PLACE},
        profile=PROFILE, kinds=AGENCY_KIND_NAMES,
    )  # fmt: skip


def _typed(fields: dict[str, Words]) -> dict[str, str | None]:
    return {name: request.form.get(name, "").strip() or None for name in fields}


def _parent(slug: str) -> uuid.UUID | None:
    """The agency with this address; None for the top of the tree. ``Rejected`` where there is none."""
    slug = slug.strip()
    if not slug:
        return None
    found = db.session.scalar(sa.select(Agency.id).where(Agency.slug == slug))
    if found is None:
        raise Rejected([Problem("parent", _l("There is no such agency."), slug[:120])])
    return found


def _seen(present: Agency) -> str:
    """By which a form knows the agency as it was shown."""
    columns = {
        name: str(getattr(present, name)) for name in (*PROFILE, "kind", "region_code", "slug", "parent_id")
    }
    return digest(columns)[:32]


def _pages(total: int) -> int:
    return max(1, -(-total // tree.AGENCIES_A_PAGE))

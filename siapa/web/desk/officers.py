"""The officers an admin rules over: invite, give and end roles, close and open accounts, hand out links.

What is offered follows ``permissions``; what is done is decided again by each command.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Conflict, Problem, Rejected
from siapa.extensions import db
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action, credentials, may, people, second_factors, staff
from siapa.publishing.worklist import own_agencies
from siapa.records import Agency, LinkPurpose, Location, Membership, Officer, Role
from siapa.web.api.tokens import origin
from siapa.web.desk import mailing
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk, wants_fresh
from siapa.web.desk.links import address_of
from siapa.web.desk.signed_in import acting
from siapa.web.site.asked import page_of

#: More agencies than this are not offered as a list to choose from.
MOST_AGENCIES = 2_000
_KNOWN = _l(
    "An officer with this address is known already. Give them a role on their own page, or ask their admin."
)


@dataclass(frozen=True)
class Held:
    """One role of an officer, in words, and whether it can be ended by who looks."""

    membership: Membership
    place: Location | None
    can_end: bool


@desk.get("/petugas")
def officers() -> str:
    """The officers within reach, by name."""
    by, words, page = _admin(), request.args.get("q", "").strip()[:100], page_of(request.args)
    found = staff.officers_within_reach(by, words=words, page=page)
    rows = [(officer, [_held(one, by) for one in officer.memberships]) for officer in found.officers]
    pages = -(-found.total // staff.OFFICERS_A_PAGE)
    return render_template(
        "desk/officers.html", rows=rows, total=found.total, words=words, page=page, pages=pages
    )


@desk.get("/petugas/baru")
@wants_fresh
def new_officer() -> str:
    """The form to invite an officer."""
    return _invitation([], {})


@desk.post("/petugas/baru")
@wants_fresh
def invite() -> ResponseReturnValue:
    """Add an officer with a first role, and give the link to hand over (or send it)."""
    by, given = _admin(), request.form
    try:
        role, agency_id, location_id = _role_asked()
        made = people.add_officer(
            given.get("email", "")[:200], given.get("name", "")[:200], role,
            by=by, agency_id=agency_id, location_id=location_id, origin=origin(),
        )  # fmt: skip
    except Rejected as error:
        return _invitation(list(error.problems), given), 422
    except Conflict:
        return _invitation([Problem("email", _KNOWN)], given), 409
    return _linked(made, LinkPurpose.INVITATION)


@desk.get("/petugas/<uuid:officer_id>")
def officer(officer_id: uuid.UUID) -> str:
    """One officer: roles, account, tokens."""
    return _page(officer_id, [])


@desk.post("/petugas/<uuid:officer_id>/peran")
@wants_fresh
def give_role(officer_id: uuid.UUID) -> ResponseReturnValue:
    """Give one more role."""
    person = staff.officer_within_reach(_admin(), officer_id)
    try:
        role, agency_id, location_id = _role_asked()
        people.grant(
            person.id, role, by=acting(), agency_id=agency_id, location_id=location_id, origin=origin()
        )
    except Rejected as error:
        return _page(officer_id, list(error.problems)), 422
    except Conflict as error:
        return _page(officer_id, [Problem("role", error.message)]), 409
    return _back(officer_id, _("The role is given. It holds at once."))


@desk.post("/petugas/<uuid:officer_id>/peran/<uuid:membership_id>/akhiri")
@wants_fresh
def end_role(officer_id: uuid.UUID, membership_id: uuid.UUID) -> ResponseReturnValue:
    """Take a role away."""
    staff.officer_within_reach(_admin(), officer_id)
    people.revoke(membership_id, by=acting(), origin=origin())
    flash(_("The role has ended, at once."))
    return redirect(desk_url("officers"), 303)


@desk.post("/petugas/<uuid:officer_id>/tutup")
@wants_fresh
def close_account(officer_id: uuid.UUID) -> ResponseReturnValue:
    """Disable the account: sessions and tokens end at once."""
    person = staff.officer_within_reach(_admin(), officer_id)
    people.disable_officer(person.id, by=acting(), origin=origin())
    return _back(
        officer_id,
        _("The account is closed. Sessions and tokens ended with it."),
    )


@desk.post("/petugas/<uuid:officer_id>/buka")
@wants_fresh
def open_account(officer_id: uuid.UUID) -> ResponseReturnValue:
    """Enable a disabled account again."""
    person = staff.officer_within_reach(_admin(), officer_id)
    people.enable_officer(person.id, by=acting(), origin=origin())
    return _back(officer_id, _("The account is open again."))


@desk.post("/petugas/<uuid:officer_id>/tautan")
@wants_fresh
def new_link(officer_id: uuid.UUID) -> str:
    """A new link to choose a password, shown once or sent."""
    person = staff.officer_within_reach(_admin(), officer_id)
    return _linked(person, LinkPurpose.RESET if person.password_hash else LinkPurpose.INVITATION)


@desk.post("/petugas/<uuid:officer_id>/lepas-langkah-kedua")
@wants_fresh
def remove_second_factor(officer_id: uuid.UUID) -> ResponseReturnValue:
    """Take a lost second factor away: the next sign-in sets up a new one."""
    person = staff.officer_within_reach(_admin(), officer_id)
    second_factors.remove(person.id, by=acting(), origin=origin())
    return _back(officer_id, _("The second step is taken away. The next sign-in sets up a new phone."))


@desk.post("/petugas/<uuid:officer_id>/token/<uuid:token_id>/cabut")
@wants_fresh
def revoke_officers_token(officer_id: uuid.UUID, token_id: uuid.UUID) -> ResponseReturnValue:
    """Revoke a token of an officer within reach."""
    staff.officer_within_reach(_admin(), officer_id)
    people.revoke_token(token_id, by=acting(), origin=origin())
    return _back(officer_id, _("The token is revoked."))


def _admin() -> Officer:
    """Who acts, if they rule over anybody; ``NotAllowed`` otherwise."""
    return staff.demand_admin(acting())


def _role_asked() -> tuple[Role, uuid.UUID | None, uuid.UUID | None]:
    """Role, agency and mall that a form names; ``Rejected`` where there are none such."""
    try:
        role = Role(request.form.get("role", ""))
    except ValueError:
        raise Rejected([Problem("role", _("Choose a role."))]) from None
    if role.is_national:
        return role, None, None
    if role is Role.MALL_MANAGER:
        return role, None, _chosen("mall", Location, _("Choose a mall from the list."))
    return role, _chosen("agency", Agency, _("Choose an agency from the list.")), None


def _chosen(field: str, kind: type[Agency] | type[Location], otherwise: str) -> uuid.UUID:
    slug = request.form.get(field, "").strip()
    found = db.session.scalar(sa.select(kind).where(kind.slug == slug)) if slug else None
    if not isinstance(found, Agency | Location):
        raise Rejected([Problem(field, otherwise)])
    return found.id


def _linked(person: Officer, purpose: LinkPurpose) -> str:
    """The page with a new link of ``person``: sent where mail is on, else shown this once."""
    secret = credentials.send_link(person.id, purpose, by=acting(), origin=origin())
    address, is_sent = address_of(secret), mailing.is_on()
    if is_sent:
        mailing.send_soon(current_app, person.email, purpose, address)
    return render_template(
        "desk/link_made.html", officer=person, address=address, is_sent=is_sent, purpose=purpose.value
    )


def _held(membership: Membership, by: Officer) -> Held:
    place = db.session.get(Location, membership.location_id) if membership.location_id else None
    return Held(membership, place, may(by, Action.GRANT, membership))


def _choices(by: Officer) -> dict[str, object]:
    """What a role can be given for, by ``by``."""
    national = staff.is_national(by)
    malls = staff.malls_within_reach(by)
    roles = [role for role in Role if national or not role.is_national]
    return {
        "roles": [role.value for role in roles if malls or role is not Role.MALL_MANAGER],
        "agencies": own_agencies(by, Action.GRANT, most=MOST_AGENCIES),
        "malls": malls,
    }


def _invitation(problems: list[Problem], given: object) -> str:
    by = _admin()
    return render_template("desk/new_officer.html", problems=problems, given=given, **_choices(by))


def _page(officer_id: uuid.UUID, problems: list[Problem]) -> str:
    by = _admin()
    person = staff.officer_within_reach(by, officer_id)
    return render_template(
        "desk/officer.html",
        officer=person,
        held=[_held(one, by) for one in person.memberships],
        can_close=may(by, Action.DISABLE_OFFICER, person) and person.id != by.id,
        can_link=may(by, Action.SEND_LINK, person) and person.is_active,
        has_second_factor=second_factors.authenticator_of(person) is not None,
        tokens=[(token, may(by, Action.REVOKE_TOKEN, token)) for token in staff.living_tokens(person)],
        problems=problems,
        given=request.form,
        **_choices(by),
    )


def _back(officer_id: uuid.UUID, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(desk_url("officer", officer_id=officer_id), 303)

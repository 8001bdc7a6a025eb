"""Tokens of one's own programs: made, shown once, revoked."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import gettext as _
from siapa.publishing import Action, people, staff
from siapa.publishing.worklist import own_agencies
from siapa.records import Agency, Officer, now
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk, wants_fresh
from siapa.web.desk.signed_in import acting

#: Days a token may hold; the longest is chosen by nobody by accident.
DAYS = (30, 90, 365)


@desk.get("/akun/token")
@wants_fresh
def tokens() -> str:
    """One's own tokens, and the form for a new one."""
    return _page([])


@desk.post("/akun/token")
@wants_fresh
def issue_token() -> ResponseReturnValue:
    """Make a token; the secret is on the answer and nowhere else."""
    by, given = acting(), request.form
    try:
        agency_id = _agency_asked(by)
        days = int(given["days"]) if given.get("days", "") in map(str, DAYS) else DAYS[0]
        issued = people.issue_token(
            given.get("name", "")[:100], by=by, scope=given.get("scope", ""), agency_id=agency_id,
            expires_at=now() + timedelta(days=days), origin=origin(),
        )  # fmt: skip
    except Rejected as error:
        return _page(list(error.problems)), 422
    return render_template("desk/token_made.html", token=issued.token, secret=issued.secret)


@desk.post("/akun/token/<uuid:token_id>/cabut")
@wants_fresh
def revoke_token(token_id: uuid.UUID) -> ResponseReturnValue:
    """Revoke one of one's own tokens."""
    people.revoke_token(token_id, by=acting(), origin=origin())
    flash(_("The token is revoked."))
    return redirect(desk_url("tokens"), 303)


def _agency_asked(by: Officer) -> uuid.UUID | None:
    """The agency a token is narrowed to; None for a personal one."""
    slug = request.form.get("agency", "")
    if not slug:
        return None
    found = next((one for one in own_agencies(by, Action.ISSUE_TOKEN) if one.slug == slug), None)
    if found is None:
        raise Rejected([Problem("agency", _("Choose an agency from the list."))])
    return found.id


def _page(problems: list[Problem]) -> str:
    by = acting()
    held = [
        (token, db.session.get(Agency, token.agency_id) if token.agency_id else None)
        for token in staff.living_tokens(by)
    ]
    return render_template(
        "desk/tokens.html", held=held, agencies=own_agencies(by, Action.ISSUE_TOKEN), days=DAYS,
        problems=problems, given=request.form, moment_now=now(),
    )  # fmt: skip

"""The first page of the desk: what waits for the officer, and in which roles."""

from __future__ import annotations

from flask import render_template

from siapa.extensions import db
from siapa.publishing import second_factors
from siapa.publishing.waiting import waiting_for
from siapa.records import Location, now
from siapa.web.desk.blueprint import desk
from siapa.web.desk.signed_in import acting


@desk.get("")
def start() -> str:
    """The officer's own start page."""
    officer = acting()
    roles = [
        (held.role, held.agency, db.session.get(Location, held.location_id) if held.location_id else None)
        for held in officer.memberships
    ]
    return render_template(
        "desk/start.html",
        officer=officer,
        roles=roles,
        waiting=waiting_for(officer),
        now=now(),
        codes_left=second_factors.codes_left(officer),
    )

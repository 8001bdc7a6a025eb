"""A form that was sent when the session had ended, or too long after the last proof of who one is, is not
lost: it goes with the officer through signing in, or through giving the password once more.

It travels in the pages themselves, signed, so that nothing has to be stored; and it is offered
to the same officer only, who sends it with a press of a button. Only a form that carries the
token of the ended session is kept: what a page of another site sends is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from siapa.extensions import db
from siapa.publishing import credentials
from siapa.records import DeskSession, Officer
from siapa.web.desk import security
from siapa.web.desk.addresses import desk_url

#: Under which a page carries the kept form.
FIELD = "kept"
#: Under which the cookie carries the secret of the session.
SECRET = "secret"
#: Seconds for which a kept form may be sent; and characters it may have.
HOLDS, LONGEST = 86_400, 200_000


@dataclass(frozen=True)
class Kept:
    """Where a form was sent, and its fields in their order."""

    path: str
    fields: tuple[tuple[str, str], ...]


def keep_form() -> str:
    """The form of this request, as text for the next page; "" where there is none to keep."""
    officer_id = _officer_of_the_session()
    if request.method != "POST" or request.files or officer_id is None:
        return ""
    if not security.is_token(request.form.get(security.TOKEN_FIELD)):
        return ""
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != security.TOKEN_FIELD]
    # Passwords are asked for again.
    if any("password" in name for name, _value in fields):
        return ""
    text = _signer().dumps([officer_id, request.path, fields])
    return text if len(text) <= LONGEST else ""


def kept_for(officer: Officer) -> Kept | None:
    """The form that this request carries, if it is the officer's own."""
    try:
        owner, path, fields = _signer().loads(request.form.get(FIELD, ""), max_age=HOLDS)
    except (BadData, ValueError):
        return None
    if owner != str(officer.id):
        return None
    return Kept(path, tuple((name, value) for name, value in fields))


def go_on(officer: Officer, back: str | None) -> ResponseReturnValue:
    """After a proof of who one is: to the form that waits to be sent, else ``back``, else to the start."""
    kept = kept_for(officer)
    if kept is not None:
        return render_template("desk/send_again.html", kept=kept)
    return redirect(back or desk_url("start"), 303)


def _officer_of_the_session() -> str | None:
    """Whose session the cookie tells of, whether or not it has ended."""
    secret = session.get(SECRET)
    if not isinstance(secret, str):
        return None
    told = sa.select(DeskSession.officer_id).where(DeskSession.secret_hash == credentials.hash_of(secret))
    found = db.session.scalar(told)
    return None if found is None else str(found)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept form")

"""Who is signed in: the one place where the desk's pages ask who acts.

The browser keeps a signed cookie with a secret; what holds is the session that
``publishing.credentials`` knows by it. Ended there, the cookie is worth nothing.
"""

from __future__ import annotations

from flask import abort, g, redirect, request, session
from flask_login import current_user
from flask_security.utils import login_user, logout_user

from siapa.publishing import credentials
from siapa.records import DeskSession, Officer
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.devices import device_of
from siapa.web.desk.security import Account

#: Under which the cookie carries the secret of the session.
SECRET = "secret"


def acting() -> Officer:
    """The officer who is signed in; anybody else is sent to sign in, and comes back afterwards."""
    held = present()
    if held is None:
        # What was to be sent cannot be sent again after signing in; what was to be read can.
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        abort(redirect(desk_url("sign_in", next=back), 303))
    return held.officer


def present() -> DeskSession | None:
    """The living session of this request; None for whoever is not signed in."""
    if "desk_session" not in g:
        g.desk_session = _found()
    found: DeskSession | None = g.desk_session
    return found


def begin(officer: Officer, *, is_strong: bool = False) -> None:
    """Sign ``officer`` in with a new session; one that this browser still had ends."""
    end()
    begun = credentials.begin_session(
        officer, is_strong=is_strong, device=device_of(request.user_agent.string), origin=origin()
    )
    login_user(Account(begun.session.officer), remember=False)
    session[SECRET] = begun.secret
    g.desk_session = begun.session


def end() -> None:
    """Sign out: the session ends here and there, and the cookie forgets everything."""
    held = present()
    if held is not None:
        credentials.end_session(held.id, by=held.officer, origin=origin())
    logout_user()
    session.clear()
    g.desk_session = None


def _found() -> DeskSession | None:
    secret = session.get(SECRET)
    if not isinstance(secret, str) or not current_user.is_authenticated:
        return None
    held = credentials.session_of(secret)
    if held is None or held.officer_id != current_user.officer.id:
        return None
    credentials.see(held)
    return held

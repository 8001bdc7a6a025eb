"""Who is signed in: the one place where the desk's pages ask who acts.

The browser keeps a signed cookie with a secret; what holds is the session that
``publishing.credentials`` knows by it. Ended there, the cookie is worth nothing.
"""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

from flask import abort, g, make_response, redirect, render_template, request, session
from flask_login import current_user
from flask_security.utils import login_user, logout_user

from siapa.errors import SiapaError
from siapa.extensions import db
from siapa.publishing import credentials
from siapa.records import DeskSession, Officer
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url, path_back
from siapa.web.desk.devices import device_of
from siapa.web.desk.kept import SECRET, keep_form
from siapa.web.desk.security import Account


def acting() -> Officer:
    """The officer who is signed in; anybody else is sent to sign in, and comes back afterwards."""
    officer = half_in()
    held = present()
    if held is not None and not held.is_strong:
        abort(redirect(desk_url("second_factor", next=_back()), 303))
    return officer


def half_in() -> Officer:
    """The officer who has given the password, and perhaps not yet the second factor.

    Anybody else is sent to sign in; what they have just written goes with them.
    """
    held = present()
    if held is None:
        kept = keep_form()
        if kept:
            page = render_template("desk/sign_in.html", back=None, email="", refused="", kept=kept)
            abort(make_response(page, 401))
        abort(redirect(desk_url("sign_in", next=_back()), 303))
    return held.officer


def demand_fresh() -> None:
    """Send whoever has not proved for a while to be there to do so, and back; a form goes with them."""
    held = present()
    if held is not None and credentials.is_fresh(held):
        return
    kept = keep_form()
    if kept:
        abort(make_response(render_template("desk/confirm.html", back=None, refused="", kept=kept), 401))
    abort(redirect(desk_url("confirm", next=_back() or _page_before()), 303))


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
    forget()


def forget() -> None:
    """Empty the cookie, whatever becomes of the session."""
    logout_user()
    session.clear()
    g.desk_session = None


def _back() -> str | None:
    """Where to come back to: what was to be sent cannot be sent again, what was to be read can."""
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _page_before() -> str | None:
    """The page of the desk whose form was sent: where it can be sent once more."""
    return path_back(urlsplit(request.referrer or "").path)


def _found() -> DeskSession | None:
    secret = session.get(SECRET)
    if not isinstance(secret, str) or not current_user.is_authenticated:
        return None
    held = credentials.session_of(secret)
    if held is None or held.officer_id != current_user.officer.id:
        return None
    held_id = held.id
    with suppress(SiapaError):  # a database that cannot write now may still be read
        credentials.see(held)
        return held
    return db.session.get(DeskSession, held_id)

"""Signing in and out. Every refusal reads alike and takes as long, whoever was named."""

from __future__ import annotations

import time

import sqlalchemy as sa
from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from siapa.extensions import db
from siapa.locales import gettext as _
from siapa.publishing import credentials, second_factors
from siapa.records import Officer
from siapa.web.api.tokens import origin
from siapa.web.desk import security, signed_in
from siapa.web.desk.addresses import desk_url, path_back
from siapa.web.desk.blueprint import desk, open_to_all
from siapa.web.desk.kept import FIELD, go_on, kept_for
from siapa.web.desk.signed_in import acting
from siapa.web.limiting import Counter

#: How often may be tried: one account from one network, one network, one account from anywhere.
#: The others are wide: nobody far away shall be able to keep an officer out, nor the hundreds of
#: officers behind one address of an office each other. The first guards each account.
ATTEMPTS = {"both": "10 per 15 minutes", "network": "600 per 15 minutes", "account": "200 per hour"}
LONGEST_PASSWORD = 200


def init_limits(redis_url: str) -> dict[str, Counter]:
    """What counts attempts to sign in."""
    return {name: Counter(rule, redis_url) for name, rule in ATTEMPTS.items()}


@desk.get("/masuk")
@open_to_all
def sign_in() -> ResponseReturnValue:
    """The page to sign in."""
    if signed_in.present() is not None:
        return redirect(path_back(request.args.get("next")) or desk_url("start"))
    return sign_in_page(path_back(request.args.get("next")))


@desk.post("/masuk")
@open_to_all
def try_to_sign_in() -> ResponseReturnValue:
    """Let an officer in by address and password."""
    email = request.form.get("email", "").strip().lower()[:200]
    password = request.form.get("password", "")[:LONGEST_PASSWORD]
    back = path_back(request.form.get("next"))
    count_attempt(email)
    officer = officer_with(email)
    if not security.is_password_of(officer, password) or officer is None or not officer.is_active:
        sentence = _("Address or password do not fit. Check both, or ask your admin for a new link.")
        return sign_in_page(back, email=email, refused=sentence), 422
    signed_in.begin(officer)
    if kept_for(officer) is not None and second_factors.authenticator_of(officer) is not None:
        kept = request.form[FIELD]
        return render_template("desk/second_factor.html", back=None, refused="", kept=kept)
    return redirect(back or desk_url("start"), 303)


@desk.get("/pastikan")
def confirm() -> str:
    """The page that asks for the password once more, before something dangerous."""
    return confirm_page(path_back(request.args.get("next")))


@desk.post("/pastikan")
def try_to_confirm() -> ResponseReturnValue:
    """Take the password as a fresh proof."""
    officer, back = acting(), path_back(request.form.get("next"))
    count_attempt(officer.email)
    if not security.is_password_of(officer, request.form.get("password", "")[:LONGEST_PASSWORD]):
        return confirm_page(back, _("This is not your password.")), 422
    held = signed_in.present()
    assert held is not None, "who acts is signed in"
    credentials.confirm(held)
    return go_on(officer, back)


@desk.post("/keluar")
@open_to_all
def sign_out() -> ResponseReturnValue:
    """End the session of this browser."""
    signed_in.end()
    return redirect(desk_url("sign_in"), 303)


def officer_with(email: str) -> Officer | None:
    """The officer with this address, closed accounts too."""
    return db.session.scalar(sa.select(Officer).where(Officer.email == email.strip().lower()))


def count_attempt(account: str | None) -> None:
    """Count one attempt on ``account`` from here; raises 429 when there were too many of a kind.

    Where no account is named only the network counts: nobody shall use up what belongs to all.
    """
    network = origin() or ""
    counters: dict[str, Counter] = current_app.extensions["siapa_attempts"]
    keys = {"network": network}
    if account is not None:
        keys |= {"both": f"{account} {network}", "account": account}
    for name, key in keys.items():
        standing = counters[name].count(f"sign-in {name} {key}")
        if not standing.allowed:
            raise TooManyRequests(retry_after=max(1, standing.resets_at - int(time.time())))


def sign_in_page(back: str | None, *, email: str = "", refused: str = "") -> str:
    """The page to sign in, with a form that waits to be sent afterwards."""
    kept = request.form.get(FIELD, "")
    return render_template("desk/sign_in.html", back=back, email=email, refused=refused, kept=kept)


def confirm_page(back: str | None, refused: str = "") -> str:
    """The page that asks for the password once more, with a form that waits to be sent afterwards."""
    kept = request.form.get(FIELD, "")
    return render_template("desk/confirm.html", back=back, refused=refused, kept=kept)

"""The second factor: set up once, asked for at every sign-in, with codes for the day the phone is lost."""

from __future__ import annotations

from flask import redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from siapa.errors import Conflict
from siapa.locales import gettext as _
from siapa.publishing import second_factors
from siapa.records import Officer
from siapa.web.api.tokens import origin
from siapa.web.desk import digits, signed_in
from siapa.web.desk.addresses import desk_url, path_back
from siapa.web.desk.blueprint import desk, half_open, wants_fresh
from siapa.web.desk.kept import FIELD, go_on
from siapa.web.desk.signed_in import acting, half_in
from siapa.web.desk.signing_in import count_attempt

#: Under which the cookie carries a secret that is not confirmed yet; it is encrypted.
PENDING = "pending_authenticator"
#: Digits of an authenticator; what is longer is a recovery code.
DIGITS = 6


@desk.get("/kode")
@half_open
def second_factor() -> ResponseReturnValue:
    """Ask for the six digits; who has no authenticator yet sets one up."""
    back = path_back(request.args.get("next"))
    if second_factors.authenticator_of(half_in()) is None:
        return redirect(desk_url("first_authenticator", next=back))
    return second_factor_page(back)


@desk.post("/kode")
@half_open
def try_second_factor() -> ResponseReturnValue:
    """Let the officer in with digits, or with a recovery code, which is used up."""
    officer, back = half_in(), path_back(request.form.get("next"))
    count_attempt(f"{officer.email} digits")
    refused = _why_not(officer, request.form.get("code", "").strip()[:60])
    if refused:
        return second_factor_page(back, refused), 422
    signed_in.begin(officer, is_strong=True)
    return go_on(officer, back)


def _why_not(officer: Officer, code: str) -> str:
    """Use up ``code``; "" where it was right."""
    held = second_factors.authenticator_of(officer)
    if held is not None and sum(letter.isalnum() for letter in code) > DIGITS:
        is_taken = second_factors.take_recovery_code(code, by=officer, origin=origin())
        return "" if is_taken else _("This recovery code does not hold.")
    counter = None if held is None else digits.counter_of(code, held.secret)
    if counter is None:
        return _wrong()
    try:
        second_factors.take_counter(counter, by=officer)
    except Conflict as used:
        return str(used)
    return ""


@desk.get("/pengaman-pertama")
@half_open
def first_authenticator() -> ResponseReturnValue:
    """Set up the first authenticator, right after the first sign-in."""
    if second_factors.authenticator_of(half_in()) is not None:
        return redirect(desk_url("second_factor"))
    return setting_up("keep_first_authenticator")


@desk.post("/pengaman-pertama")
@half_open
def keep_first_authenticator() -> ResponseReturnValue:
    """Keep the first authenticator once its digits were right: with it the officer is in."""
    if second_factors.authenticator_of(half_in()) is not None:
        return redirect(desk_url("second_factor"), 303)
    return _kept("keep_first_authenticator")


@desk.get("/akun/pengaman")
@wants_fresh
def authenticator() -> ResponseReturnValue:
    """Set up another authenticator in place of the present one."""
    return setting_up("keep_authenticator")


@desk.post("/akun/pengaman")
@wants_fresh
def keep_authenticator() -> ResponseReturnValue:
    """Keep another authenticator once its digits were right."""
    return _kept("keep_authenticator")


@desk.post("/akun/kode-cadangan")
@wants_fresh
def renew_codes() -> str:
    """New recovery codes, shown this once."""
    codes = second_factors.renew_recovery_codes(by=acting(), origin=origin())
    return render_template("desk/recovery_codes.html", codes=codes, back=None)


def second_factor_page(back: str | None, refused: str = "") -> str:
    """The page that asks for the second factor, with a form that waits to be sent afterwards."""
    kept = request.form.get(FIELD, "")
    return render_template("desk/second_factor.html", back=back, refused=refused, kept=kept)


def setting_up(target: str, refused: str = "") -> str:
    """The page to set up an authenticator, whose digits are sent to ``target``."""
    if PENDING not in session:
        session[PENDING] = digits.new_secret()
    return render_template(
        "desk/authenticator.html",
        shown=digits.shown(session[PENDING], half_in()),
        target=target,
        back=path_back(request.values.get("next")),
        refused=refused,
    )


def _kept(target: str) -> ResponseReturnValue:
    officer, secret = half_in(), session.get(PENDING)
    count_attempt(f"{officer.email} digits")
    counter = digits.counter_of(request.form.get("code", "")[:20], secret) if secret else None
    if secret is None or counter is None:
        return setting_up(target, _wrong()), 422
    codes = second_factors.set_authenticator(secret, counter, by=officer, origin=origin())
    signed_in.begin(officer, is_strong=True)
    back = path_back(request.form.get("next"))
    return render_template("desk/recovery_codes.html", codes=codes, back=back)


def _wrong() -> str:
    return _("These are not the digits shown now. Look again, and check the clock of your device.")

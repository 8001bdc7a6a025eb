"""An officer's own account: password, second factor, and where one is signed in."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Problem
from siapa.locales import gettext as _
from siapa.publishing import credentials, reminding, second_factors
from siapa.web.api.tokens import origin
from siapa.web.desk import security, signed_in
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.passwords import problems_of
from siapa.web.desk.signed_in import acting
from siapa.web.desk.signing_in import count_attempt


@desk.get("/akun")
def account() -> str:
    """How one signs in, and where one is signed in at present."""
    return account_page([])


@desk.post("/akun/kata-sandi")
def change_password() -> ResponseReturnValue:
    """Keep a new password; every other session ends, this one goes on as a new one."""
    officer, password = acting(), request.form.get("password", "")
    count_attempt(officer.email)
    if not security.is_password_of(officer, request.form.get("present", "")[:200]):
        problems = [Problem("present", _("This is not your password."))]
    else:
        problems = problems_of(password, request.form.get("repeated", ""), officer)
    if problems:
        return account_page(problems), 422
    credentials.set_password(security.new_hash(password), by=officer, origin=origin())
    signed_in.begin(officer, is_strong=True)
    flash(_("Your new password is kept. You are signed out everywhere else."))
    return redirect(desk_url("account"), 303)


@desk.post("/akun/surat")
def set_letters() -> ResponseReturnValue:
    """Say whether one wants to be told by mail what waits."""
    reminding.set_wanted(acting(), is_wanted=request.form.get("wanted") == "1")
    flash(_("That is kept."))
    return redirect(desk_url("account"), 303)


@desk.post("/akun/sesi/<uuid:session_id>/akhiri")
def end_session(session_id: uuid.UUID) -> ResponseReturnValue:
    """End one session of one's own."""
    held = signed_in.present()
    if held is not None and held.id == session_id:
        signed_in.end()
        return redirect(desk_url("sign_in"), 303)
    credentials.end_session(session_id, by=acting(), origin=origin())
    flash(_("That session has ended."))
    return redirect(desk_url("account"), 303)


@desk.post("/akun/keluar-di-mana-mana")
def end_all_sessions() -> ResponseReturnValue:
    """End every session of one's own, this one too."""
    credentials.end_all_sessions(by=acting(), origin=origin())
    signed_in.forget()
    flash(_("You are signed out everywhere."))
    return redirect(desk_url("sign_in"), 303)


def account_page(problems: list[Problem]) -> str:
    """The page of one's own account, with what is wrong in the form for a new password."""
    officer, held = acting(), signed_in.present()
    return render_template(
        "desk/account.html",
        officer=officer,
        authenticator=second_factors.authenticator_of(officer),
        codes_left=second_factors.codes_left(officer),
        sessions=credentials.living_sessions(officer),
        this_session=held,
        problems=problems,
        wants_letters=reminding.is_wanted(officer),
    )

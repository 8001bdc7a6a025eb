"""Passkeys at the desk: added on the account page; asked for at sign-in, as second step, and as fresh proof.

A script asks the device; what it answers comes back as a plain form. Every refusal reads
alike. Where no script runs, none of it is shown, and the six digits do.
"""

from __future__ import annotations

import uuid

from flask import Response, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from siapa.errors import Conflict, NotFound, Problem, Rejected
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import credentials, passkeys, second_factors
from siapa.records import Ceremony, Officer
from siapa.web.api.tokens import origin
from siapa.web.desk import relying_party, signed_in
from siapa.web.desk.addresses import desk_url, path_back
from siapa.web.desk.blueprint import desk, half_open, open_to_all, wants_fresh
from siapa.web.desk.devices import device_of
from siapa.web.desk.kept import go_on
from siapa.web.desk.relying_party import Asked, RelyingParty
from siapa.web.desk.second_factor import second_factor_page
from siapa.web.desk.signed_in import acting, half_in
from siapa.web.desk.signing_in import confirm_page, count_attempt, sign_in_page

#: Under which the cookie carries which challenge was given to this browser.
CHALLENGE = "passkey_challenge"
LONGEST_ANSWER = 50_000


@desk.post("/masuk/kunci/mulai")
@open_to_all
def ask_to_sign_in() -> Response:
    """Ask the browser for whichever passkey of ours it has."""
    count_attempt(None)
    return _told(Ceremony.SIGN_IN, None, relying_party.ask_for_known(_party(), []))


@desk.post("/masuk/kunci")
@open_to_all
def sign_in_with_passkey() -> ResponseReturnValue:
    """Let in whose passkey has signed: the device, and what it knows its holder by, are two factors."""
    count_attempt(None)
    back = path_back(request.form.get("next"))
    officer = _signed(Ceremony.SIGN_IN, None)
    if officer is None:
        return sign_in_page(back, refused=_refusal()), 422
    return _let_in(officer, back)


@desk.post("/kode/kunci/mulai")
@half_open
def ask_for_second_factor() -> Response:
    """Ask the browser for a passkey of the officer who has given the password."""
    return _ask_for_proof(half_in())


@desk.post("/kode/kunci")
@half_open
def second_factor_by_passkey() -> ResponseReturnValue:
    """Take the signature of a passkey as the second factor."""
    officer, back = half_in(), path_back(request.form.get("next"))
    if _signed(Ceremony.PROVE, officer) is None:
        return second_factor_page(back, _refusal()), 422
    return _let_in(officer, back)


@desk.post("/pastikan/kunci/mulai")
def ask_to_confirm() -> Response:
    """Ask the browser for a passkey of who is signed in."""
    return _ask_for_proof(acting())


@desk.post("/pastikan/kunci")
def confirm_by_passkey() -> ResponseReturnValue:
    """Take the signature of a passkey as a fresh proof."""
    officer, back = acting(), path_back(request.form.get("next"))
    if _signed(Ceremony.PROVE, officer, tells=False) is None:
        return confirm_page(back, _refusal()), 422
    held = signed_in.present()
    assert held is not None, "who acts is signed in"
    credentials.confirm(held)
    return go_on(officer, back)


@desk.get("/akun/kunci")
@wants_fresh
def new_passkey() -> ResponseReturnValue:
    """The page to add a passkey."""
    _party()
    if second_factors.authenticator_of(acting()) is None:
        return redirect(desk_url("authenticator"))
    return _adding(device_of(request.user_agent.string))


@desk.post("/akun/kunci/mulai")
@wants_fresh
def ask_for_passkey() -> Response:
    """Ask the browser to make a passkey."""
    officer = acting()
    asked = relying_party.ask_for_new(_party(), officer, passkeys.passkeys_of(officer))
    return _told(Ceremony.ADD, officer, asked)


@desk.post("/akun/kunci")
@wants_fresh
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that the device has made."""
    officer, name, party = acting(), request.form.get("name", ""), _party()
    challenge = _challenge(Ceremony.ADD, officer)
    made = relying_party.added(party, _answer(), challenge) if challenge else None
    if made is None:
        sentence = _("The passkey could not be added. Try once more, and stay on the page meanwhile.")
        return _adding(name, sentence), 422
    try:
        passkeys.add_passkey(
            name, made.credential_id, made.public_key, sign_count=made.sign_count,
            transports=made.transports, by=officer, origin=origin(),
        )  # fmt: skip
    except Rejected as refused:
        return _adding(name, problems=refused.problems), 422
    except Conflict as conflict:
        return _adding(name, str(conflict)), 409
    flash(_("The passkey is kept. You can sign in with it from now on."))
    return redirect(desk_url("account"), 303)


@desk.post("/akun/kunci/<uuid:passkey_id>/hapus")
@wants_fresh
def remove_passkey(passkey_id: uuid.UUID) -> ResponseReturnValue:
    """Let one passkey open nothing any more."""
    passkeys.remove_passkey(passkey_id, by=acting(), origin=origin())
    flash(_("The passkey opens nothing any more. Remove it from your device too."))
    return redirect(desk_url("account"), 303)


def _party() -> RelyingParty:
    """This registry, where browsers take passkeys for it."""
    party = relying_party.relying_party()
    if party is None:
        raise NotFound(_l("There is nothing at this address."))
    return party


def _ask_for_proof(officer: Officer) -> Response:
    asked = relying_party.ask_for_known(_party(), passkeys.passkeys_of(officer))
    return _told(Ceremony.PROVE, officer, asked)


def _told(ceremony: Ceremony, officer: Officer | None, asked: Asked) -> Response:
    """Give the options to this browser, which alone can answer them."""
    session[CHALLENGE] = str(passkeys.begin_ceremony(ceremony, asked.challenge, officer=officer))
    return Response(asked.options, content_type="application/json")


def _answer() -> str:
    return request.form.get("credential", "")[:LONGEST_ANSWER]


def _challenge(ceremony: Ceremony, officer: Officer | None) -> bytes | None:
    """What this browser was asked to sign; used up by asking."""
    try:
        key = uuid.UUID(session.pop(CHALLENGE, ""))
    except ValueError:
        return None
    return passkeys.take_challenge(key, ceremony, officer=officer)


def _signed(ceremony: Ceremony, owner: Officer | None, *, tells: bool = True) -> Officer | None:
    """Whose passkey has signed what this browser was asked; None where anything at all does not fit."""
    party, answer = _party(), _answer()
    challenge = _challenge(ceremony, owner)
    credential_id, said_owner = relying_party.signed_with(answer)
    held = passkeys.passkey_with(credential_id) if challenge else None
    if challenge is None or held is None or not held.officer.is_active:
        return None
    officer = held.officer
    # Who signs in with it alone is known by it alone, so it must say whose it is.
    if said_owner != officer.id.bytes and (said_owner is not None or owner is None):
        return None
    if owner is not None and owner.id != officer.id:
        return None
    count_attempt(f"{officer.email} passkey")
    count = relying_party.sign_count_of(party, answer, challenge, held)
    if count is None:
        return None
    try:
        passkeys.use_passkey(held.id, count, by=officer, tells=tells, origin=origin())
    except Conflict:
        return None
    return officer


def _let_in(officer: Officer, back: str | None) -> ResponseReturnValue:
    signed_in.begin(officer, is_strong=True)
    return go_on(officer, back)


def _refusal() -> str:
    return _("This passkey does not hold here. Try once more, or sign in with your password.")


def _adding(name: str, refused: str = "", problems: tuple[Problem, ...] = ()) -> str:
    return render_template("desk/new_passkey.html", name=name, refused=refused, problems=problems)

"""Signing in at the provider that the settings name, and the link between it and an account.

The way there is a link, for the policy of our pages lets no form lead to another host. A link to
an account is made with a press of a button on a page of ours, which says who one is there: so
nobody can be led to link somebody else to their own account.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import asdict

import structlog
from flask import flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from siapa.errors import Conflict, NotAllowed, NotFound
from siapa.locales import current_locale, speak
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import identities
from siapa.publishing.identities import Told
from siapa.web.api.tokens import origin
from siapa.web.desk import signed_in
from siapa.web.desk.addresses import ROOT, desk_url, path_back
from siapa.web.desk.blueprint import desk, open_to_all, wants_fresh
from siapa.web.desk.provider import Known, Provider, ProviderFailed, provider
from siapa.web.desk.signed_in import acting
from siapa.web.desk.signing_in import count_attempt, sign_in_page
from siapa.web.site.addresses import public_url

#: Under which the cookie carries a sign-in that was begun, and who is to be linked.
SOUGHT, TO_LINK = "sought_elsewhere", "to_link"
#: Seconds that a sign-in there may take.
HOLDS = 900
SIGN_IN, LINK = "sign_in", "link"
log = structlog.get_logger(__name__)


@desk.get("/masuk/luar")
@open_to_all
def sign_in_elsewhere() -> ResponseReturnValue:
    """Send the browser to the provider, to sign in."""
    return _sent(SIGN_IN, path_back(request.args.get("next")))


@desk.get("/akun/luar")
@wants_fresh
def link_elsewhere() -> ResponseReturnValue:
    """Send the browser to the provider, to link who one is there."""
    return _sent(LINK, None)


@desk.get("/masuk/luar/kembali")
@open_to_all
def back_from_elsewhere() -> ResponseReturnValue:
    """Where the provider sends the browser back to, in whichever language it went."""
    count_attempt(None)
    there, sought = _there(), session.pop(SOUGHT, None) or {}
    speak("en" if sought.get("locale") == "en" else "id")
    back = path_back(sought.get("back"))
    try:
        known = _known(there, sought)
        if sought["purpose"] == LINK:
            session[TO_LINK] = asdict(known.told)
            return redirect(desk_url("linking"))
        officer = identities.officer_told(known.told, origin=origin())
    except (ProviderFailed, NotAllowed) as error:
        log.info("nobody was let in by the provider", error=str(error)[:300])
        sentence = _("Signing in with %(name)s opens no account here. Try once more, or ask your admin.",
                     name=there.name)  # fmt: skip
        return sign_in_page(back, refused=sentence), 422
    signed_in.begin(officer, is_strong=known.is_strong)
    return redirect(back or desk_url("start"), 303)


@desk.get("/akun/luar/tautkan")
@wants_fresh
def linking() -> ResponseReturnValue:
    """Who one is there, before it is linked."""
    there, told = _there(), _to_link()
    if told is None:
        return redirect(desk_url("account"))
    return render_template("desk/link_elsewhere.html", name=there.name, told=told)


@desk.post("/akun/luar/tautkan")
@wants_fresh
def link_identity() -> ResponseReturnValue:
    """Link who one is there to one's account."""
    there, told = _there(), _to_link()
    session.pop(TO_LINK, None)
    if told is not None:
        try:
            identities.link(told, by=acting(), origin=origin())
            flash(_("You can sign in with %(name)s from now on.", name=there.name))
        except Conflict as conflict:
            flash(str(conflict))
    return redirect(desk_url("account"), 303)


@desk.post("/akun/luar/<uuid:identity_id>/hapus")
@wants_fresh
def unlink_identity(identity_id: uuid.UUID) -> ResponseReturnValue:
    """Let a link open nothing any more."""
    identities.unlink(identity_id, by=acting(), origin=origin())
    flash(_("The link is removed."))
    return redirect(desk_url("account"), 303)


def _there() -> Provider:
    found = provider()
    if found is None:
        raise NotFound(_l("There is nothing at this address."))
    return found


def _redirect_uri() -> str:
    """The one address that the provider is told of, whatever the language."""
    return public_url(f"{ROOT}/masuk/luar/kembali")


def _sent(purpose: str, back: str | None) -> ResponseReturnValue:
    count_attempt(None)
    there = _there()
    try:
        sought = there.begin(_redirect_uri())
    except ProviderFailed as error:
        log.warning("the provider cannot be asked", error=str(error)[:300])
        sentence = _("%(name)s cannot be reached at the moment. Sign in with your password.", name=there.name)
        return sign_in_page(back, refused=sentence), 503
    session[SOUGHT] = {
        "state": sought.state, "nonce": sought.nonce, "verifier": sought.verifier, "purpose": purpose,
        "back": back, "locale": current_locale(), "at": int(time.time()),
    }  # fmt: skip
    return redirect(sought.address)


def _known(there: Provider, sought: dict[str, object]) -> Known:
    """Whom the provider knows; ``ProviderFailed`` for an answer to what this browser did not ask."""
    given = request.args
    if not sought or given.get("state") != sought["state"] or int(str(sought["at"])) + HOLDS < time.time():
        raise ProviderFailed("this browser did not ask, or long ago")
    if given.get("iss", there.issuer) != there.issuer:
        raise ProviderFailed("another provider has answered")
    if not given.get("code"):
        raise ProviderFailed(f"it refused: {given.get('error', '')[:60]}")
    nonce, verifier = str(sought["nonce"]), str(sought["verifier"])
    return there.finish(given["code"], nonce, verifier, _redirect_uri())


def _to_link() -> Told | None:
    held = session.get(TO_LINK)
    return Told(**held) if isinstance(held, dict) else None

"""The page behind a one-time link: an invited officer, or one who forgot, chooses a password."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, cast

import structlog
from flask import Flask, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Problem, SiapaError
from siapa.locales import current_locale, using
from siapa.locales import gettext as _
from siapa.publishing import credentials
from siapa.records import LinkPurpose
from siapa.web.api.tokens import origin
from siapa.web.desk import mailing, security, signed_in
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk, open_to_all
from siapa.web.desk.passwords import problems_of
from siapa.web.desk.signing_in import count_attempt, officer_with
from siapa.web.site.addresses import public_url

#: The parameter that carries the secret; in the query, which is in no log line of ours.
SECRET = "kunci"
log = structlog.get_logger(__name__)


def address_of(secret: str) -> str:
    """The whole address of the link with ``secret``, as it is handed over."""
    return public_url(desk_url("link", **{SECRET: secret}))


@desk.get("/tautan")
@open_to_all
def link() -> str:
    """The page to choose a password; ``NotAllowed`` where the link does not hold."""
    count_attempt(None)
    return link_page(request.args.get(SECRET, ""))


@desk.post("/tautan")
@open_to_all
def use_link() -> ResponseReturnValue:
    """Keep the chosen password; the link is used up."""
    count_attempt(None)
    secret, password = request.form.get(SECRET, ""), request.form.get("password", "")
    found = credentials.link_of(secret)
    problems = problems_of(password, request.form.get("repeated", ""), found.officer)
    if problems:
        return link_page(secret, problems), 422
    signed_in.end()
    credentials.use_link(secret, security.new_hash(password), origin=origin())
    flash(_("Your password is kept. Sign in with it now."))
    return redirect(desk_url("sign_in"), 303)


@desk.get("/lupa")
@open_to_all
def forgotten() -> str:
    """Where to turn when the password is forgotten; a form where mail can be sent."""
    return forgotten_page()


@desk.post("/lupa")
@open_to_all
def send_reset() -> str:
    """Send a link to whoever has this address. The answer is the same for an address nobody has."""
    email = request.form.get("email", "").strip().lower()[:200]
    count_attempt(email)
    if mailing.is_on():
        # Beside the request from the first look on: how long it takes would tell whether there is an account.
        told = (
            cast(Any, current_app)._get_current_object(),
            email,
            address_of("-"),
            origin(),
            current_locale(),
        )
        threading.Thread(target=_send_reset, args=told, daemon=True).start()
    return forgotten_page(is_sent=True)


def link_page(secret: str, problems: Sequence[Problem] = ()) -> str:
    """The page to choose a password by the link with ``secret``; raises as ``credentials.link_of`` does."""
    found = credentials.link_of(secret)
    return render_template("desk/link.html", link=found, secret=secret, problems=problems)


def forgotten_page(*, is_sent: bool = False, email: str = "", refused: str = "") -> str:
    """The page for who has forgotten the password, with the address as it was typed."""
    return render_template(
        "desk/forgotten.html", has_mail=mailing.is_on(), is_sent=is_sent, email=email, refused=refused
    )


def _send_reset(app: Flask, email: str, pattern: str, network: str | None, locale: str) -> None:
    """Send a link for a new password to the officer with this address, if there is one.

    ``pattern`` is the address of a link whose secret is ``-``.
    """
    with app.app_context(), using(locale):
        try:
            officer = officer_with(email)
            if officer is not None and officer.is_active:
                secret = credentials.send_link(officer.id, LinkPurpose.RESET, by=officer, origin=network)
                mailing.send(app, email, LinkPurpose.RESET, pattern.removesuffix("-") + secret)
        except SiapaError as error:
            log.error("a link for a new password could not be made", error=type(error).__name__)

"""Flask-Security behind the desk: password hashes, who a browser is signed in as, tokens of forms.

Its own pages and its own way to the database stay out: pages are ours in two languages, and
only ``publishing`` commits. Whatever it hangs on *every* request is taken off again, and
sessions exist at the desk alone, so that a citizen's page knows of none of it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_security import RoleMixin, Security, UserMixin
from flask_security.datastore import UserDatastore
from flask_security.utils import hash_password, verify_and_update_password
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.exceptions import BadRequest
from wtforms import ValidationError

from siapa.config import Config
from siapa.extensions import db
from siapa.locales import gettext as _
from siapa.publishing import credentials
from siapa.records import Officer
from siapa.web import hooks
from siapa.web.desk.addresses import is_desk

#: The field of a form that carries its token.
TOKEN_FIELD = "csrf_token"


class Account(UserMixin):
    """An officer as Flask-Security knows users."""

    #: Looked for on the class when the extension starts; each account has its own.
    fs_uniquifier = ""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer
        self.email = officer.email
        self.active = officer.is_active
        self.password = officer.password_hash
        self.fs_uniquifier = officer.session_epoch or ""


class Accounts(UserDatastore):
    """Officers by what their session says; it writes nothing."""

    def __init__(self) -> None:
        super().__init__(Account, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **given: Any) -> Account | None:
        """The account whose sessions carry this mark."""
        officer = db.session.scalar(
            sa.select(Officer).where(Officer.session_epoch == given.get("fs_uniquifier"))
        )
        return None if officer is None else Account(officer)

    def put(self, model: Any) -> Any:
        """Nothing: who checks a password keeps a better hash by ``credentials.keep_password_hash``."""
        return model

    def commit(self) -> None:
        """Nothing: only ``publishing`` commits."""


class DeskSessions(SecureCookieSessionInterface):
    """The signed cookie, at the desk alone; elsewhere there is no session to read or to write."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request to the desk; none for any other."""
        return super().open_session(app, request) if is_desk(request.path) else None


def init_app(app: Flask, config: Config) -> None:
    """Set up Flask-Security on ``app``, for the desk only."""
    app.session_interface = DeskSessions()
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        # No second secret in the hash: changing the registry's own must not end every password.
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_SALT=config.secret_key,
        # A form holds as long as its session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    before = list(app.before_request_funcs.get(None, ()))
    after = list(app.after_request_funcs.get(None, ()))
    contexts = list(app.template_context_processors[None])
    Security(app, Accounts(), register_blueprint=False)
    app.before_request_funcs[None] = before
    app.after_request_funcs[None] = after
    app.template_context_processors[None] = contexts


def is_password_of(officer: Officer | None, password: str) -> bool:
    """Whether ``password`` is the officer's; as slow for nobody as for somebody."""
    if officer is None or not officer.password_hash:
        new_hash(password)  # which takes as long as looking whether it fits
        return False
    account = Account(officer)
    if not verify_and_update_password(password, account):
        return False
    if account.password and account.password != officer.password_hash:
        credentials.keep_password_hash(officer, account.password)
    return True


def new_hash(password: str) -> str:
    """The hash of a new password, in argon2id."""
    made: str = hash_password(password)
    return made


def form_token() -> str:
    """The token that every form of the desk carries."""
    token: str = generate_csrf()
    return token


def is_token(given: str | None) -> bool:
    """Whether ``given`` is a token of this session's forms."""
    try:
        validate_csrf(given)
    except ValidationError:
        return False
    return True


def demand_token(given: str | None) -> None:
    """Refuse a form that did not come from a page of this session."""
    if not is_token(given):
        sentence = _("This page is older than your session. Load it again, then send it.")
        raise hooks.refusal(BadRequest, sentence)

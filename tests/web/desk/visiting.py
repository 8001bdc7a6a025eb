"""An officer's browser without the detour through the sign-in page, for tests of what lies behind it."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from siapa.extensions import db
from siapa.publishing import credentials
from siapa.records import Officer
from siapa.web.desk.kept import SECRET

AT_THE_DESK = "/meja"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def signed_in(app: Flask, email: str, *, is_strong: bool = True) -> FlaskClient:
    """A browser in which the officer with this address has just signed in, through the real command."""
    client = app.test_client()
    with app.app_context():
        officer = db.session.query(Officer).filter_by(email=email).one()
        begun = credentials.begin_session(officer, is_strong=is_strong, device="Firefox, Linux")
        epoch = begun.session.epoch
        db.session.remove()
    with client.session_transaction(AT_THE_DESK) as cookie:
        cookie.update(
            {SECRET: begun.secret, "_user_id": epoch, "_fresh": True, "csrf_token": "the form's own"}
        )
    return client


def form_token(client: FlaskClient) -> str:
    """The token a page of this browser would carry; one that has none yet asks for a page first."""
    with client.session_transaction(AT_THE_DESK) as cookie:
        raw = cookie.get("csrf_token")
    if raw is None:
        return token_in(client.get("/meja/masuk", follow_redirects=True).text)
    secret = client.application.config["SECRET_KEY"]
    signed: str = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(raw)
    return signed


def send(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """Send a form as a page of the desk would: with its token."""
    return client.post(path, data={"csrf_token": form_token(client), **fields})


def token_in(page: str) -> str:
    """The token of the first form on ``page``."""
    found = _TOKEN.search(page)
    assert found is not None, "no form with a token"
    return found[1]

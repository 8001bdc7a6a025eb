"""A form sent after the session ended goes with the officer through signing in; nobody else gets it."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from siapa.extensions import db
from siapa.publishing import credentials
from siapa.records import DeskSession, Token, now
from siapa.records.engine import begin_writing
from tests.web.desk.conftest import AUTHOR, PASSWORD, PUBLISHER
from tests.web.desk.phone import Phone, set_up_phone
from tests.web.desk.test_links import a_link, choose
from tests.web.desk.visiting import send, signed_in

FIELDS = {"name": "Antrean", "scope": "read", "days": "90"}
_KEPT = re.compile(r'name="kept" value="([^"]+)"')


def ended(app: Flask, email: str = AUTHOR, password: str = PASSWORD) -> tuple[FlaskClient, Phone]:
    """An officer's browser whose session has ended without a word, and the officer's phone."""
    visitor = app.test_client()
    send(visitor, "/meja/masuk", email=email, password=password)
    phone, _codes = set_up_phone(visitor)
    visitor.get("/meja")
    with app.app_context():
        begin_writing(db)
        db.session.execute(sa.update(DeskSession).values(seen_at=now() - credentials.IDLE))
        db.session.commit()
    return visitor, phone


def kept_in(page: TestResponse) -> str:
    """What the page carries of the form."""
    found = _KEPT.search(page.text)
    assert found is not None, page.text
    return found[1]


def test_a_form_sent_too_late_is_sent_after_signing_in(desk_app: Flask) -> None:
    visitor, phone = ended(desk_app)

    late = send(visitor, "/meja/akun/token", **FIELDS)
    wrong = send(visitor, "/meja/masuk", email=AUTHOR, password="bukan ini", kept=kept_in(late))
    second = send(visitor, "/meja/masuk", email=AUTHOR, password=PASSWORD, kept=kept_in(wrong))
    again = send(visitor, "/meja/kode", code="x", kept=kept_in(second))
    let_in = send(visitor, "/meja/kode", code=phone.digits(1), kept=kept_in(again))
    carried = dict(re.findall(r'name="(\w+)" value="([^"]*)"', let_in.text))
    sent = visitor.post("/meja/akun/token", data=carried)

    assert [late.status_code, wrong.status_code, second.status_code, again.status_code] == [
        401,
        422,
        200,
        422,
    ]
    assert 'action="/meja/akun/token"' in let_in.text
    assert FIELDS.items() <= carried.items() and sent.status_code == 200
    with desk_app.app_context():
        assert [token.name for token in db.session.scalars(sa.select(Token))] == ["Antrean"]


def test_somebody_else_in_the_same_browser_is_not_offered_it(desk_app: Flask) -> None:
    choose(desk_app.test_client(), a_link(desk_app, PUBLISHER))
    _other, phone = ended(desk_app, PUBLISHER, "sepeda biru di pasar malam")
    visitor, _phone = ended(desk_app)

    late = send(visitor, "/meja/akun/token", **FIELDS)
    send(visitor, "/meja/masuk", email=PUBLISHER, password="sepeda biru di pasar malam", kept=kept_in(late))
    let_in = send(visitor, "/meja/kode", code=phone.digits(1), kept=kept_in(late))

    assert (let_in.status_code, let_in.location) == (303, "/meja")


def test_what_carries_no_token_of_the_session_is_not_kept(desk_app: Flask) -> None:
    visitor, _phone = ended(desk_app)

    from_elsewhere = visitor.post("/meja/akun/token", data={**FIELDS, "csrf_token": "made up"})
    made_up = send(visitor, "/meja/masuk", email=AUTHOR, password=PASSWORD, kept="made.up")

    assert (from_elsewhere.status_code, from_elsewhere.location) == (303, "/meja/masuk")
    assert made_up.status_code == 303


def test_a_password_is_never_carried_along(desk_app: Flask) -> None:
    visitor, _phone = ended(desk_app)

    late = send(visitor, "/meja/akun/kata-sandi", present=PASSWORD, password="x", repeated="x")

    assert late.status_code == 303


def test_a_form_for_a_dangerous_act_waits_for_the_password_and_is_sent_after_it(desk_app: Flask) -> None:
    officer = signed_in(desk_app, AUTHOR)
    with desk_app.app_context():
        begin_writing(db)
        db.session.execute(sa.update(DeskSession).values(confirmed_at=now() - credentials.FRESH))
        db.session.commit()

    waiting = send(officer, "/meja/akun/token", **FIELDS)
    wrong = send(officer, "/meja/pastikan", password="bukan ini", kept=kept_in(waiting))
    right = send(officer, "/meja/pastikan", password=PASSWORD, kept=kept_in(wrong))
    carried = dict(re.findall(r'name="(\w+)" value="([^"]*)"', right.text))
    with desk_app.app_context():
        before = db.session.query(Token).count()
    sent = officer.post("/meja/akun/token", data=carried)

    assert [waiting.status_code, wrong.status_code, right.status_code] == [401, 422, 200]
    assert 'action="/meja/akun/token"' in right.text and FIELDS.items() <= carried.items()
    assert before == 0 and sent.status_code == 200
    with desk_app.app_context():
        assert [token.name for token in db.session.scalars(sa.select(Token))] == ["Antrean"]

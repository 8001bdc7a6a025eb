"""Who has tried too often finds the form as it was typed, and above all the form that waits behind it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.extensions import db
from siapa.publishing import credentials
from siapa.records import DeskSession, Token, now
from siapa.records.engine import begin_writing
from siapa.web.desk import signing_in
from siapa.web.limiting import Counter
from tests.web.desk.conftest import AUTHOR, PASSWORD
from tests.web.desk.test_kept import FIELDS, ended, kept_in
from tests.web.desk.test_links import a_link
from tests.web.desk.visiting import send, signed_in


def allowed(app: Flask, times: int) -> None:
    """Let each account be tried so often from now on."""
    rules = {**signing_in.ATTEMPTS, "both": f"{times} per 15 minutes"}
    app.extensions["siapa_attempts"] = {name: Counter(rule, "") for name, rule in rules.items()}


def test_a_form_that_waits_outlives_too_many_wrong_passwords(desk_app: Flask) -> None:
    visitor, phone = ended(desk_app)
    late = send(visitor, "/meja/akun/token", **FIELDS)
    allowed(desk_app, 0)

    kept = send(visitor, "/meja/masuk", email=AUTHOR, password="x", next="/meja/akun", kept=kept_in(late))
    allowed(desk_app, 1)
    half_in = send(visitor, "/meja/masuk", email=AUTHOR, password=PASSWORD, kept=kept_in(kept))
    allowed(desk_app, 0)
    still = send(visitor, "/meja/kode", code="1", kept=kept_in(half_in))
    allowed(desk_app, 1)
    let_in = send(visitor, "/meja/kode", code=phone.digits(1), kept=kept_in(still))
    carried = dict(re.findall(r'name="(\w+)" value="([^"]*)"', let_in.text))
    sent = visitor.post("/meja/akun/token", data=carried)

    assert [kept.status_code, still.status_code, sent.status_code] == [429, 429, 200]
    assert int(kept.headers["Retry-After"]) > 0 and re.search("Tunggu 1[56] menit", kept.text)
    assert f'value="{AUTHOR}"' in kept.text and 'value="/meja/akun"' in kept.text
    with desk_app.app_context():
        assert [token.name for token in db.session.scalars(sa.select(Token))] == ["Antrean"]


def test_a_form_for_a_dangerous_act_outlives_them_too(desk_app: Flask) -> None:
    officer = signed_in(desk_app, AUTHOR)
    with desk_app.app_context():
        begin_writing(db)
        db.session.execute(sa.update(DeskSession).values(confirmed_at=now() - credentials.FRESH))
        db.session.commit()
    waiting = send(officer, "/meja/akun/token", **FIELDS)
    allowed(desk_app, 0)

    refused = send(officer, "/meja/pastikan", password=PASSWORD, kept=kept_in(waiting))
    allowed(desk_app, 1)
    right = send(officer, "/meja/pastikan", password=PASSWORD, kept=kept_in(refused))

    assert (refused.status_code, right.status_code) == (429, 200)
    assert 'action="/meja/akun/token"' in right.text and 'value="Antrean"' in right.text


def test_every_other_form_whose_attempts_are_counted_is_shown_again(
    desk_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = a_link(desk_app, AUTHOR)
    visitor, officer = desk_app.test_client(), signed_in(desk_app, AUTHOR)
    officer.get("/meja/akun/pengaman")
    monkeypatch.setitem(signing_in.ATTEMPTS, "network", "0 per 15 minutes")
    allowed(desk_app, 0)

    answers = {
        "kunci": send(visitor, "/meja/tautan", kunci=link, password="x", repeated="x"),
        "email": send(visitor, "/meja/lupa", email=AUTHOR),
        "present": send(officer, "/meja/akun/kata-sandi", present="x", password="y", repeated="y"),
        "code": send(officer, "/meja/akun/pengaman", code="123456"),
        "": send(visitor, "/meja/tautan", kunci="made up", password="x"),
    }

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 429)
    assert all(f'name="{name}"' in answers[name].text for name in ("kunci", "present", "code"))
    assert f'value="{link}"' in answers["kunci"].text
    assert all("Terlalu banyak percobaan" in answer.text for answer in answers.values())

"""Signing in with address and password: who is let in, who is not, and that nobody learns more."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.extensions import db
from siapa.publishing import credentials, people
from siapa.publishing.permissions import Standin
from siapa.publishing.verifying import verify
from siapa.records import AuditEvent, DeskSession, Officer, now
from siapa.records.engine import begin_writing
from siapa.web.desk import security
from tests.conftest import make_app
from tests.web.desk.conftest import AUTHOR, PASSWORD, PUBLISHER
from tests.web.desk.visiting import send, signed_in, token_in


def officer_of(email: str) -> Officer:
    """The officer with this address."""
    return db.session.scalars(sa.select(Officer).where(Officer.email == email)).one()


def test_an_officer_signs_in_and_comes_back_to_what_was_asked_for(desk_app: Flask) -> None:
    visitor = desk_app.test_client()
    asked = visitor.get("/en/meja?x=1")

    page = visitor.get(asked.location)
    let_in = send(visitor, "/en/meja/masuk", email=AUTHOR.upper(), password=PASSWORD, next="/en/meja?x=1")

    assert 'name="next" value="/en/meja?x=1"' in page.text
    assert (let_in.status_code, let_in.location) == (303, "/en/meja?x=1")
    assert visitor.get("/en/meja?x=1").location == "/en/meja/kode?next=/en/meja?x%3D1"


@pytest.mark.parametrize(
    "next_",
    ["https://jahat.example/meja", "//jahat.example", "/meja\\x", "/mejanya", "/\t/x", "javascript:1"],
)
def test_nobody_is_led_to_another_host(desk_app: Flask, next_: str) -> None:
    visitor = desk_app.test_client()

    let_in = send(visitor, "/meja/masuk", email=AUTHOR, password=PASSWORD, next=next_)

    assert let_in.location == "/meja"


def test_a_wrong_password_an_unknown_address_and_a_closed_account_read_alike(desk_app: Flask) -> None:
    with desk_app.app_context():
        people.disable_officer(officer_of(PUBLISHER).id, by=Standin.OPERATOR)
    pages = []

    for email in (AUTHOR, "tidak.ada@example.go.id", PUBLISHER):
        visitor = desk_app.test_client()
        answer = send(visitor, "/meja/masuk", email=email, password="bukan ini")
        pages.append((answer.status_code, _without_what_differs(answer.text, email)))

    assert pages[0][0] == 422 and len(set(pages)) == 1
    assert "tidak cocok" in pages[0][1]


def test_a_closed_account_does_not_open_with_the_right_password(desk_app: Flask) -> None:
    with desk_app.app_context():
        people.disable_officer(officer_of(AUTHOR).id, by=Standin.OPERATOR)

    answer = send(desk_app.test_client(), "/meja/masuk", email=AUTHOR, password=PASSWORD)

    assert answer.status_code == 422


def test_the_mistakes_of_many_behind_one_address_keep_nobody_else_there_out(desk_app: Flask) -> None:
    visitor = desk_app.test_client()

    for number in range(61):
        send(visitor, "/meja/masuk", email=f"nomor{number}@example.go.id", password="x")
    let_in = send(visitor, "/meja/masuk", email=AUTHOR, password=PASSWORD)

    assert let_in.status_code == 303


def test_guessing_is_slowed_down_alike_for_every_address(
    desk_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("siapa.web.desk.security.is_password_of", lambda officer, password: False)
    told = {}

    for email in (AUTHOR, "tidak.ada@example.go.id"):
        visitor = desk_app.test_client()
        answers = [send(visitor, "/meja/masuk", email=email, password="x") for _ in range(11)]
        told[email] = [answer.status_code for answer in answers]
        assert int(answers[-1].headers["Retry-After"]) > 0

    assert told[AUTHOR] == [422] * 10 + [429]
    assert len({tuple(codes) for codes in told.values()}) == 1


def test_whoever_signs_out_is_out_even_with_the_old_cookie(desk_app: Flask) -> None:
    visitor = desk_app.test_client()
    send(visitor, "/meja/masuk", email=AUTHOR, password=PASSWORD)
    with visitor.session_transaction("/meja") as cookie:
        kept = dict(cookie)

    left = send(visitor, "/meja/keluar")
    with visitor.session_transaction("/meja") as cookie:
        cookie.update(kept)

    assert left.location == "/meja/masuk"
    assert visitor.get("/meja").status_code == 303


@pytest.mark.parametrize("end", ["disabled", "password", "everywhere", "idle", "too long"])
def test_a_session_ends_at_once(desk_app: Flask, end: str) -> None:
    officer = signed_in(desk_app, AUTHOR)
    before = officer.get("/meja").status_code

    with desk_app.app_context():
        person = officer_of(AUTHOR)
        match end:
            case "disabled":
                people.disable_officer(person.id, by=Standin.OPERATOR)
                people.enable_officer(person.id, by=Standin.OPERATOR)
            case "password":
                credentials.set_password("anything", by=person)
            case "everywhere":
                credentials.end_all_sessions(by=person)
            case "idle":
                _age(seen_at=now() - credentials.IDLE)
            case _:
                _age(started_at=now() - credentials.LONGEST_SESSION - timedelta(seconds=1))

    assert (before, officer.get("/meja").status_code) == (200, 303)


def test_signing_in_gives_a_new_session_and_ends_the_old_one(desk_app: Flask) -> None:
    visitor = signed_in(desk_app, AUTHOR)

    with visitor.session_transaction("/meja") as cookie:
        first = cookie["secret"]
    send(visitor, "/meja/masuk", email=AUTHOR, password=PASSWORD)
    with visitor.session_transaction("/meja") as cookie:
        second = cookie["secret"]

    assert first != second
    with desk_app.app_context():
        assert credentials.session_of(first) is None and credentials.session_of(second) is not None


def test_the_audit_knows_who_came_and_went_and_still_verifies(desk_app: Flask) -> None:
    visitor = desk_app.test_client()
    visitor.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux) Firefox/140.0"
    send(visitor, "/meja/masuk", email=AUTHOR, password=PASSWORD)
    send(visitor, "/meja/keluar")

    with desk_app.app_context():
        events = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.number)).all()
        told = [(event.action, event.note, event.origin) for event in events[-2:]]

        assert told == [("sign_in", "Firefox, Linux", "127.0.0.0/24"), ("sign_out", "", "127.0.0.0/24")]
        assert verify() == []


def _age(**moments: object) -> None:
    begin_writing(db)
    db.session.execute(sa.update(DeskSession).values(**moments))
    db.session.commit()


def _without_what_differs(page: str, email: str) -> str:
    return page.replace(token_in(page), "").replace(email, "")


def test_passwords_are_hashed_by_argon2id_at_a_cost_and_for_nobody_too(tmp_path: Path) -> None:
    app = make_app(tmp_path)

    with app.app_context():
        made = security.new_hash(PASSWORD)
        known = Officer(email="x@example.go.id", name="X", is_active=True, password_hash=made)
        taken = [_seconds(lambda who=who: security.is_password_of(who, "bukan ini")) for who in (known, None)]

        assert security.is_password_of(known, PASSWORD)
        db.engine.dispose()
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert max(taken) < 3 * min(taken)


def _seconds(act: Callable[[], object]) -> float:
    """The shortest of three times ``act`` takes."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return min(times)

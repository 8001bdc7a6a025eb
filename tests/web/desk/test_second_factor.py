"""The second factor: nobody gets past it, no digits and no code work twice."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing import second_factors
from siapa.publishing.permissions import Standin
from siapa.publishing.verifying import verify
from siapa.records import Authenticator, RecoveryCode
from tests.web.desk.conftest import AUTHOR, PASSWORD
from tests.web.desk.phone import Phone, set_up_phone
from tests.web.desk.visiting import send, signed_in


def half_in(app: Flask) -> FlaskClient:
    """The author's browser after the password and before the second step."""
    visitor = app.test_client()
    assert send(visitor, "/meja/masuk", email=AUTHOR, password=PASSWORD).status_code == 303
    return visitor


def test_the_first_sign_in_sets_up_a_phone_and_shows_codes_once(desk_app: Flask) -> None:
    visitor = half_in(desk_app)
    asked = visitor.get(visitor.get("/meja").location)

    _phone, codes = set_up_phone(visitor)

    assert asked.location == "/meja/pengaman-pertama?next=/meja"
    assert len(set(codes)) == second_factors.CODES
    assert "Selamat bekerja, Author" in visitor.get("/meja").text
    with desk_app.app_context():
        kept = [row.code_hash for row in db.session.query(RecoveryCode)]
        assert len(kept) == second_factors.CODES and not set(codes) & set(kept)
        assert "encver" not in codes and db.session.query(Authenticator).one().secret.startswith('{"enckey"')
        assert verify() == []


def test_the_next_sign_in_asks_for_digits_and_takes_none_twice(desk_app: Flask) -> None:
    phone, _codes = set_up_phone(half_in(desk_app))
    visitor, rival = half_in(desk_app), half_in(desk_app)

    page = visitor.get(visitor.get("/meja").location)
    again = send(visitor, "/meja/kode", code=phone.digits())
    wrong = send(visitor, "/meja/kode", code="000000" if phone.digits(1) != "000000" else "111111")
    fresh = send(visitor, "/meja/kode", code=f" {phone.digits(1)[:3]} {phone.digits(1)[3:]}")
    taken = send(rival, "/meja/kode", code=phone.digits(1))

    assert "enam angka" in page.text
    assert (again.status_code, wrong.status_code, fresh.status_code, taken.status_code) == (
        422,
        422,
        303,
        422,
    )
    assert "sudah dipakai" in again.text and "sudah dipakai" in taken.text
    assert (visitor.get("/meja").status_code, rival.get("/meja").status_code) == (200, 303)


def test_a_recovery_code_lets_in_once_however_it_is_typed(desk_app: Flask) -> None:
    _phone, codes = set_up_phone(half_in(desk_app))
    visitor, again = half_in(desk_app), half_in(desk_app)

    typed = codes[0].upper().replace("-", " ")
    answers = [send(one, "/meja/kode", code=typed).status_code for one in (visitor, again)]

    assert answers == [303, 422]
    assert f"{second_factors.CODES - 1} kode cadangan" in visitor.get("/meja/akun").text


def test_whoever_has_only_the_password_cannot_put_their_own_phone_in_place(desk_app: Flask) -> None:
    set_up_phone(half_in(desk_app))
    thief = half_in(desk_app)

    asked = thief.get("/meja/pengaman-pertama")
    forced = send(thief, "/meja/pengaman-pertama", code="123456")
    other_way = thief.get("/meja/akun/pengaman")

    assert (asked.location, forced.location) == ("/meja/kode", "/meja/kode")
    assert other_way.location.startswith("/meja/kode")


def test_guessing_digits_is_slowed_down(desk_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up_phone(half_in(desk_app))
    visitor = half_in(desk_app)
    monkeypatch.setattr("siapa.web.desk.digits.counter_of", lambda code, secret: None)

    answers = [send(visitor, "/meja/kode", code="123456").status_code for _ in range(10)]

    assert answers == [422] * 9 + [429]  # one was counted when the phone was set up


def test_another_phone_takes_the_place_of_the_first(desk_app: Flask) -> None:
    visitor = half_in(desk_app)
    first, _codes = set_up_phone(visitor)

    second = Phone(visitor.get("/meja/akun/pengaman").text)
    kept = send(visitor, "/meja/akun/pengaman", code=second.digits())
    by_first = send(half_in(desk_app), "/meja/kode", code=first.digits(1))
    by_second = send(half_in(desk_app), "/meja/kode", code=second.digits(1))

    assert (kept.status_code, by_first.status_code, by_second.status_code) == (200, 422, 303)


def test_a_lost_phone_is_taken_away_from_above_and_sessions_end(desk_app: Flask) -> None:
    visitor = half_in(desk_app)
    set_up_phone(visitor)

    with desk_app.app_context():
        officer_id = db.session.query(Authenticator).one().officer_id
        second_factors.remove(officer_id, by=Standin.OPERATOR)

    assert visitor.get("/meja").location.startswith("/meja/masuk")
    assert half_in(desk_app).get("/meja/kode").location == "/meja/pengaman-pertama"


def test_new_recovery_codes_end_the_old_ones(desk_app: Flask) -> None:
    visitor = half_in(desk_app)
    _phone, codes = set_up_phone(visitor)

    renewed = send(visitor, "/meja/akun/kode-cadangan")
    by_old = send(half_in(desk_app), "/meja/kode", code=codes[0])

    assert renewed.status_code == 200 and codes[0] not in renewed.text
    assert by_old.status_code == 422


def test_a_session_started_strong_needs_no_second_step(desk_app: Flask) -> None:
    assert signed_in(desk_app, AUTHOR).get("/meja").status_code == 200

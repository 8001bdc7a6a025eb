"""An officer's own account: password, and the browsers one is signed in with."""

from __future__ import annotations

import re

from flask import Flask

from tests.web.desk.conftest import AUTHOR, PASSWORD, PUBLISHER
from tests.web.desk.visiting import send, signed_in

NEW = "sepeda biru di pasar malam"
_END = re.compile(r'action="(/meja/akun/sesi/[0-9a-f-]+/akhiri)"')


def test_an_officer_sees_where_they_are_signed_in_and_ends_one(desk_app: Flask) -> None:
    here, elsewhere = signed_in(desk_app, AUTHOR), signed_in(desk_app, AUTHOR)

    page = elsewhere.get("/meja/akun").text
    newest, oldest = _END.findall(page)
    ended = send(elsewhere, oldest)

    assert page.count("Firefox, Linux") == 2 and page.count("yang ini") == 1
    assert (ended.status_code, here.get("/meja").status_code) == (303, 303)
    assert elsewhere.get("/meja").status_code == 200
    assert newest in elsewhere.get("/meja/akun").text


def test_nobody_ends_the_session_of_somebody_else(desk_app: Flask) -> None:
    author, other = signed_in(desk_app, AUTHOR), signed_in(desk_app, PUBLISHER)

    (address,) = _END.findall(author.get("/meja/akun").text)
    send(other, address)

    assert author.get("/meja").status_code == 200


def test_signing_out_everywhere_ends_this_one_too(desk_app: Flask) -> None:
    here, elsewhere = signed_in(desk_app, AUTHOR), signed_in(desk_app, AUTHOR)

    send(here, "/meja/akun/keluar-di-mana-mana")

    assert (here.get("/meja").status_code, elsewhere.get("/meja").status_code) == (303, 303)


def test_a_new_password_needs_the_present_one_and_ends_the_other_sessions(desk_app: Flask) -> None:
    here, elsewhere = signed_in(desk_app, AUTHOR), signed_in(desk_app, AUTHOR)

    wrong = send(here, "/meja/akun/kata-sandi", present="bukan ini", password=NEW, repeated=NEW)
    short = send(here, "/meja/akun/kata-sandi", present=PASSWORD, password="pendek", repeated="pendek")
    kept = send(here, "/meja/akun/kata-sandi", present=PASSWORD, password=NEW, repeated=NEW)

    assert (wrong.status_code, short.status_code, kept.status_code) == (422, 422, 303)
    assert (here.get("/meja").status_code, elsewhere.get("/meja").status_code) == (200, 303)
    visitor = desk_app.test_client()
    assert send(visitor, "/meja/masuk", email=AUTHOR, password=PASSWORD).status_code == 422
    assert send(visitor, "/meja/masuk", email=AUTHOR, password=NEW).status_code == 303

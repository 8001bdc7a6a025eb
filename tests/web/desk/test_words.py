"""No English on an Indonesian page of the desk: neither our own sentences nor those of the libraries."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from flask import Flask
from flask_security.core import _default_messages

from siapa.locales import catalogue_of
from tests.web.desk.conftest import ADMIN, AUTHOR, PASSWORD, PUBLISHER
from tests.web.desk.phone import set_up_phone
from tests.web.desk.test_links import a_link
from tests.web.desk.test_officers import page_of
from tests.web.desk.visiting import send, signed_in

_TAG = re.compile(r"<[^>]+>")


def english() -> set[str]:
    """Sentences that a page must not show: ours whose Indonesian differs, and all that the libraries know."""
    ours = {
        source
        for source, said in catalogue_of("id")._catalog.items()  # type: ignore[attr-defined]
        if isinstance(source, str) and source != said and source.count(" ") >= 2 and "%" not in source
    }
    theirs = {text for text, _kind in _default_messages.values() if text.count(" ") >= 2 and "%" not in text}
    forms = {"The CSRF token is invalid.", "The CSRF token has expired.", "This field is required."}
    return ours | theirs | forms


def pages(app: Flask) -> Iterator[tuple[str, str]]:
    """What is asked for and what is answered, good and bad, before and after signing in."""
    visitor, secret = app.test_client(), a_link(app, PUBLISHER)
    yield "sign in", visitor.get("/meja/masuk").text
    yield "no such password", send(visitor, "/meja/masuk", email=AUTHOR, password="x").text
    yield "forgotten", visitor.get("/meja/lupa").text
    yield "no token", visitor.post("/meja/masuk").text
    yield "link", visitor.get("/meja/tautan", query_string={"kunci": secret}).text
    yield "no link", visitor.get("/meja/tautan").text
    yield "weak", send(visitor, "/meja/tautan", kunci=secret, password="x", repeated="y").text
    send(visitor, "/meja/masuk", email=AUTHOR, password=PASSWORD)
    yield "set up", visitor.get("/meja/pengaman-pertama").text
    yield "wrong digits", send(visitor, "/meja/pengaman-pertama", code="x").text
    set_up_phone(visitor)
    send(visitor, "/meja/masuk", email=AUTHOR, password=PASSWORD)
    yield "second step", visitor.get("/meja/kode").text
    yield "wrong code", send(visitor, "/meja/kode", code="x" * 20).text
    admin, author = signed_in(app, ADMIN), page_of(app, AUTHOR)
    for path in ("/meja", "/meja/akun", "/meja/akun/token", "/meja/petugas", "/meja/petugas/baru", author):
        yield path, admin.get(path).text
    yield "confirm", admin.get("/meja/pastikan").text
    yield "not confirmed", send(admin, "/meja/pastikan", password="x").text
    yield "bad password", send(admin, "/meja/akun/kata-sandi", present="x").text
    yield "bad token", send(admin, "/meja/akun/token", name="", scope="all").text
    yield "bad officer", send(admin, "/meja/petugas/baru", email="x", name="").text
    yield "new link", send(admin, f"{author}/tautan").text
    yield "too often", [send(app.test_client(), "/meja/masuk", email="z@z.id").text for _ in range(11)][-1]


def test_no_sentence_on_an_indonesian_page_is_english(desk_app: Flask) -> None:
    wrong = english()

    found = {}
    for name, page in pages(desk_app):
        text = " ".join(html.unescape(_TAG.sub(" ", page)).split())
        found[name] = [sentence for sentence in wrong if sentence in text]

    assert len(found) >= 20
    assert {name: said for name, said in found.items() if said} == {}


def test_a_planted_english_sentence_would_be_found() -> None:
    assert {
        "The two passwords differ. Write the same twice.",
        "Please log in to access this page.",
    } <= english()

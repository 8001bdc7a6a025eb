"""Flask-Security and Flask-Login say nothing to anybody here, so there is nothing of theirs to translate."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing import people
from siapa.publishing.permissions import Standin
from siapa.records import Officer
from tests.web.desk.conftest import AUTHOR, PASSWORD
from tests.web.desk.phone import set_up_phone
from tests.web.desk.visiting import form_token, send


def sentences(app: Flask) -> set[str]:
    """All that the two libraries could say, as far as it is longer than a word."""
    said = {value[0] for name, value in app.config.items() if name.startswith("SECURITY_MSG_")}
    login = app.login_manager  # type: ignore[attr-defined]
    said |= {login.login_message, login.needs_refresh_message}
    # What stands behind a placeholder differs each time: the longest piece around it is looked for.
    pieces = {max(one.replace(")s", "%").split("%"), key=len).strip() for one in said}
    return {piece for piece in pieces if " " in piece}


def walked(visitor: FlaskClient) -> list[str]:
    """What is answered on the way in and out, rightly and wrongly gone."""
    pages = [send(visitor, "/en/meja/masuk", email="nobody@example.go.id", password="x")]
    pages += [send(visitor, "/en/meja/masuk", email=AUTHOR, password=word) for word in ("", "x", PASSWORD)]
    set_up_phone(visitor)
    pages += [visitor.get(f"/en/meja{path}") for path in ("", "/akun", "/pastikan", "/akun/pengaman")]
    pages.append(send(visitor, "/en/meja/akun/pengaman", code="1"))
    pages.append(send(visitor, "/en/meja/pastikan", password="x"))
    words = {"password": "short", "repeated": "other"}
    pages += [send(visitor, "/en/meja/akun/kata-sandi", present=one, **words) for one in ("x", PASSWORD)]
    pages.append(visitor.post("/en/meja/keluar", data={"csrf_token": form_token(visitor) + "x"}))
    pages.append(send(visitor, "/en/meja/keluar"))
    pages += [visitor.get("/en/meja/akun", follow_redirects=True), visitor.get("/en/meja/tautan?kunci=x")]
    pages.append(send(visitor, "/en/meja/lupa", email=AUTHOR))
    return [page.text for page in pages]


def test_no_sentence_of_theirs_is_on_any_page(desk_app: Flask) -> None:
    theirs, visitor = sentences(desk_app), desk_app.test_client()

    pages = walked(visitor)
    with desk_app.app_context():
        author = db.session.query(Officer).filter_by(email=AUTHOR).one()
        people.disable_officer(author.id, by=Standin.OPERATOR)
    pages.append(send(visitor, "/en/meja/masuk", email=AUTHOR, password=PASSWORD).text)

    assert len(theirs) > 80 and len(pages) > 15
    assert not [(sentence, page[:80]) for sentence in theirs for page in pages if sentence in page]


def test_they_have_no_page_and_no_word_when_something_fails(desk_app: Flask) -> None:
    handlers = [
        handler.__module__
        for of_blueprint in desk_app.error_handler_spec.values()
        for of_code in of_blueprint.values()
        for handler in of_code.values()
    ]

    assert not [rule for rule in desk_app.url_map.iter_rules() if "security" in rule.endpoint]
    assert handlers and not [module for module in handlers if not module.startswith("siapa.")]

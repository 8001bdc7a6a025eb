"""One-time links: they work once, not for long, and nobody learns from them who has an account."""

from __future__ import annotations

import re
import socketserver
from datetime import timedelta
from email import message_from_string
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from siapa.errors import NotAllowed
from siapa.extensions import db
from siapa.publishing import credentials, people
from siapa.publishing.permissions import Standin
from siapa.records import AuditEvent, LinkPurpose, Officer, OneTimeLink, now
from siapa.records.engine import begin_writing
from siapa.web.desk.signing_in import count_attempt
from tests.web.conftest import close, copy_of
from tests.web.desk.conftest import ADMIN, AUTHOR, PASSWORD, PUBLISHER
from tests.web.desk.visiting import send, signed_in

NEW = "sepeda biru di pasar malam"


def a_link(app: Flask, email: str, purpose: LinkPurpose = LinkPurpose.INVITATION) -> str:
    """The secret of a new link for the officer with this address, made by their admin."""
    with app.app_context():
        officer = db.session.query(Officer).filter_by(email=email).one()
        admin = db.session.query(Officer).filter_by(email=ADMIN).one()
        return credentials.send_link(officer.id, purpose, by=admin)


def choose(
    client: FlaskClient, secret: str, password: str = NEW, repeated: str | None = None
) -> TestResponse:
    """Choose a password on the page of a link."""
    again = password if repeated is None else repeated
    return send(client, "/meja/tautan", kunci=secret, password=password, repeated=again)


def test_an_invited_officer_chooses_a_password_and_signs_in_with_it(desk_app: Flask) -> None:
    secret, visitor = a_link(desk_app, PUBLISHER), desk_app.test_client()

    page = visitor.get("/meja/tautan", query_string={"kunci": secret})
    chosen = choose(visitor, secret)
    told = visitor.get(chosen.location).text
    let_in = send(visitor, "/meja/masuk", email=PUBLISHER, password=NEW)

    assert PUBLISHER in page.text and 'name="referrer" content="no-referrer"' in page.text
    assert (chosen.location, let_in.status_code) == ("/meja/masuk", 303)
    assert "Kata sandi Anda disimpan" in told


def test_a_link_works_once_and_a_newer_one_ends_it(desk_app: Flask) -> None:
    older = a_link(desk_app, PUBLISHER)
    newer, visitor = a_link(desk_app, PUBLISHER), desk_app.test_client()

    answers = [choose(visitor, secret).status_code for secret in (older, newer, newer)]

    assert answers == [403, 303, 403]


def test_asking_for_a_new_password_leaves_an_open_invitation_as_it_is(desk_app: Flask) -> None:
    invitation, visitor = a_link(desk_app, PUBLISHER), desk_app.test_client()

    reset = a_link(desk_app, PUBLISHER, LinkPurpose.RESET)

    answers = [choose(visitor, secret).status_code for secret in (invitation, reset)]
    assert answers == [303, 403]


@pytest.mark.parametrize("end", ["expired", "disabled", "password"])
def test_a_link_ends(desk_app: Flask, end: str) -> None:
    secret, visitor = a_link(desk_app, AUTHOR, LinkPurpose.RESET), desk_app.test_client()

    with desk_app.app_context():
        author = db.session.query(Officer).filter_by(email=AUTHOR).one()
        match end:
            case "expired":
                begin_writing(db)
                moment = now() - timedelta(seconds=1)
                db.session.execute(sa.update(OneTimeLink).values(expires_at=moment))
                db.session.commit()
            case "disabled":
                people.disable_officer(author.id, by=Standin.OPERATOR)
            case _:
                credentials.set_password("anything", by=author)

    refused = visitor.get("/meja/tautan", query_string={"kunci": secret})
    made_up = visitor.get("/meja/tautan", query_string={"kunci": "karangan"})
    assert (refused.status_code, choose(visitor, secret).status_code) == (403, 403)
    assert re.sub(r"kunci=[\w-]+", "", refused.text) == re.sub(r"kunci=[\w-]+", "", made_up.text)


def test_a_new_password_ends_every_session(desk_app: Flask) -> None:
    elsewhere = signed_in(desk_app, AUTHOR)

    choose(desk_app.test_client(), a_link(desk_app, AUTHOR, LinkPurpose.RESET))

    assert elsewhere.get("/meja").status_code == 303


@pytest.mark.parametrize(
    ("password", "repeated", "said"),
    [
        ("pendek", None, "12 karakter"),
        ("x" * 201, None, "200 karakter"),
        ("aaaaaaaaaaaaaaaa", None, "mudah ditebak"),
        ("1234567890123", None, "mudah ditebak"),
        ("publisherpubli", None, "Nama atau alamat Anda"),
        (NEW, "lain sama sekali", "berbeda"),
    ],
)
def test_a_password_that_anybody_would_try_is_refused_in_words(
    desk_app: Flask, password: str, repeated: str | None, said: str
) -> None:
    secret, visitor = a_link(desk_app, PUBLISHER), desk_app.test_client()

    refused = choose(visitor, secret, password, repeated)

    assert refused.status_code == 422 and said in refused.text
    assert password not in refused.text
    assert choose(visitor, secret).status_code == 303


def test_only_who_rules_over_an_officer_makes_a_link_for_them(desk_app: Flask) -> None:
    with desk_app.app_context():
        stranger = db.session.query(Officer).filter_by(email="stranger@example.go.id").one()
        admin = db.session.query(Officer).filter_by(email=ADMIN).one()
        with pytest.raises(NotAllowed, match="tidak berwenang"):
            credentials.send_link(stranger.id, LinkPurpose.RESET, by=admin)

        denied = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.number.desc())).first()
        assert denied is not None and denied.action == "denied:send_link"


def test_without_a_mail_server_nothing_is_sent_and_the_page_says_whom_to_ask(desk_app: Flask) -> None:
    visitor = desk_app.test_client()

    page = visitor.get("/meja/lupa").text
    send(visitor, "/meja/lupa", email=AUTHOR)

    assert "Admin instansi Anda" in page and 'type="email"' not in page
    with desk_app.app_context():
        assert db.session.query(OneTimeLink).filter_by(used_at=None).count() == 0


def test_a_forgotten_password_is_answered_alike_and_a_letter_goes_to_whom_it_belongs(
    desk_folder: Path, tmp_path: Path, mail_server: socketserver.TCPServer
) -> None:
    app = copy_of(
        desk_folder, tmp_path, SIAPA_MAIL_HOST="127.0.0.1", SIAPA_MAIL_SECURITY="none",
        SIAPA_MAIL_PORT=str(mail_server.server_address[1]), SIAPA_MAIL_SENDER="siapa@example.go.id",
    )  # fmt: skip
    visitor = app.test_client()

    unknown = send(visitor, "/meja/lupa", email="tidak.ada@example.go.id")
    with app.app_context():
        holding = db.engine.connect()
        holding.exec_driver_sql("ROLLBACK")
        holding.exec_driver_sql("BEGIN IMMEDIATE")  # nobody else can write: the answer does not need to
        known = send(visitor, "/meja/lupa", email=AUTHOR)
        holding.exec_driver_sql("ROLLBACK")
        holding.close()
    assert mail_server.arrived.wait(10)  # type: ignore[attr-defined]
    (letter,) = mail_server.letters  # type: ignore[attr-defined]
    words = message_from_string(letter).get_payload(decode=True).decode()
    link = re.search(r"http://127\.0\.0\.1:8000(/meja/tautan\?kunci=\S+)", words)

    assert unknown.text == known.text
    assert f"To: {AUTHOR}" in letter and PASSWORD not in letter
    assert link is not None and visitor.get(link[1]).status_code == 200
    close(app)


def test_looking_at_links_is_slowed_down_for_one_network_and_for_nobody_else(desk_app: Flask) -> None:
    secret, visitor = a_link(desk_app, PUBLISHER), desk_app.test_client()
    here = {"REMOTE_ADDR": "203.0.113.7"}

    with desk_app.test_request_context(environ_base=here):
        for _ in range(599):
            count_attempt(None)

    guesses = [visitor.get("/meja/tautan?kunci=x", environ_base=here).status_code for _ in range(2)]
    elsewhere = visitor.get("/meja/tautan", query_string={"kunci": secret}).status_code

    assert guesses == [403, 429]
    assert elsewhere == 200

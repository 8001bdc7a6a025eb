"""``siapa digest``: one letter a day, to those only for whom something waits and who want it."""

from __future__ import annotations

import socketserver
from contextvars import copy_context
from email import message_from_string
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from siapa.cli.digesting import digest
from siapa.extensions import db
from siapa.publishing import commands, reminding
from siapa.records import Officer
from tests.conftest import SECRET
from tests.publishing.cast import document
from tests.web.desk.conftest import AUTHOR, PUBLISHER
from tests.web.desk.visiting import send, signed_in


@pytest.fixture
def waiting(desk_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A registry, named by the environment, in which a draft of the author's waits."""
    monkeypatch.setenv("SIAPA_INSTANCE_DIR", str(tmp_path / "instance"))
    monkeypatch.setenv("SIAPA_SEARCH_DIR", str(tmp_path / "search_index"))
    monkeypatch.setenv("SIAPA_SECRET_KEY", SECRET)
    with desk_app.app_context():
        author = db.session.query(Officer).filter_by(email=AUTHOR).one()
        commands.open_standard(author.memberships[0].agency_id, document(), by=author)
    return desk_app


def run(port: int = 0) -> Result:
    """``siapa digest``, with a mail server at ``port`` or with none."""
    settings = {
        "SIAPA_MAIL_HOST": "127.0.0.1", "SIAPA_MAIL_PORT": str(port), "SIAPA_MAIL_SECURITY": "none",
        "SIAPA_MAIL_SENDER": "siapa@example.go.id",
    }  # fmt: skip
    # In a context of its own: the operator is spoken to in English, the tests that follow are not.
    return copy_context().run(CliRunner().invoke, digest, env=settings if port else {})


def test_without_a_mail_server_it_says_so(waiting: Flask) -> None:
    result = run()

    assert result.exit_code == 2 and "SIAPA_MAIL_HOST" in result.output


def test_whom_something_waits_for_is_told_once_a_day_in_both_languages(
    waiting: Flask, mail_server: socketserver.TCPServer
) -> None:
    results = [run(mail_server.server_address[1]) for _time in range(2)]

    letters = mail_server.letters  # type: ignore[attr-defined]
    told = {message_from_string(one)["To"]: message_from_string(one) for one in letters}
    words = told[AUTHOR].get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert [one.exit_code for one in results] == [0, 0]
    assert set(told) == {AUTHOR, PUBLISHER, "national@example.go.id"} and len(letters) == 3
    assert "draf belum diajukan: 1" in words and "drafts not handed in: 1" in words
    assert "/en/meja" in words


def test_who_wants_none_gets_none(waiting: Flask, mail_server: socketserver.TCPServer) -> None:
    author = signed_in(waiting, AUTHOR)

    send(author, "/meja/akun/surat")
    run(mail_server.server_address[1])

    assert "Kirimi saya surat" in author.get("/meja/akun").text
    assert not any(f"To: {AUTHOR}" in one for one in mail_server.letters)  # type: ignore[attr-defined]


def test_what_could_not_be_sent_is_tried_again(waiting: Flask, mail_server: socketserver.TCPServer) -> None:
    failed = run(1)  # nobody listens there
    again = run(mail_server.server_address[1])

    assert failed.exit_code == 1 and again.exit_code == 0
    assert len(mail_server.letters) == 3  # type: ignore[attr-defined]
    with waiting.app_context():
        author = db.session.query(Officer).filter_by(email=AUTHOR).one()
        assert reminding.is_wanted(author)

"""A registry with officers of every role, one of them with a password."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from passlib.context import CryptContext

from siapa.extensions import db
from siapa.publishing import credentials
from siapa.records import LinkPurpose, Officer
from siapa.records.checkpointing import checkpoint
from siapa.records.engine import begin_writing
from siapa.web.desk import security
from tests.conftest import make_app
from tests.publishing.cast import people_and_places
from tests.web.conftest import close, copy_of

PASSWORD = "kopi tubruk tanpa gula"
AUTHOR, PUBLISHER, ADMIN = (f"{name}@example.go.id" for name in ("author", "publisher", "admin"))
NATIONAL, STRANGER = "national@example.go.id", "stranger@example.go.id"


def with_quick_hashes(app: Flask) -> Flask:
    """``app`` with argon2id as cheap as it gets: what a guess costs is not what these tests look at."""
    context = CryptContext(
        schemes=["argon2"], argon2__time_cost=1, argon2__memory_cost=64, argon2__parallelism=1
    )
    app.extensions["security"].pwd_context = context
    return app


@pytest.fixture(scope="session")
def desk_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cast of the publishing tests, made once; ``author`` has a password."""
    folder = tmp_path_factory.mktemp("desk")
    app = with_quick_hashes(make_app(folder))
    with app.app_context():
        begin_writing(db)
        people_and_places()
        db.session.commit()
        author = db.session.query(Officer).filter_by(email=AUTHOR).one()
        admin = db.session.query(Officer).filter_by(email=ADMIN).one()
        secret = credentials.send_link(author.id, LinkPurpose.INVITATION, by=admin)
        credentials.use_link(secret, security.new_hash(PASSWORD))
    close(app)
    checkpoint(folder / "instance" / "siapa.db", at_least_bytes=0)
    return folder


@pytest.fixture
def desk_app(desk_folder: Path, tmp_path: Path) -> Iterator[Flask]:
    """That cast behind real doors, to change."""
    app = with_quick_hashes(copy_of(desk_folder, tmp_path))
    yield app
    close(app)


class _Letters(socketserver.StreamRequestHandler):
    """As much of a mail server (RFC 5321) as one letter needs."""

    def handle(self) -> None:
        """Greet, agree to everything, and keep what is sent."""
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.letters.append(b"".join(lines).decode())  # type: ignore[attr-defined]
                self.server.arrived.set()  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")


@pytest.fixture
def mail_server() -> Iterator[socketserver.TCPServer]:
    """A mail server on loopback that keeps its letters."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Letters) as server:
        server.daemon_threads = True
        server.letters, server.arrived = [], threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()

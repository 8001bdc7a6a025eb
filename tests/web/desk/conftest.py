"""A registry with officers of every role, one of them with a password."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from siapa.extensions import db
from siapa.publishing import credentials
from siapa.records import LinkPurpose, Officer
from siapa.records.engine import begin_writing
from siapa.web.desk import security
from tests.conftest import make_app
from tests.publishing.cast import people_and_places

PASSWORD = "kopi tubruk tanpa gula"
AUTHOR, PUBLISHER, ADMIN = (f"{name}@example.go.id" for name in ("author", "publisher", "admin"))
NATIONAL, STRANGER = "national@example.go.id", "stranger@example.go.id"


@pytest.fixture
def desk_app(tmp_path: Path) -> Iterator[Flask]:
    """The cast of the publishing tests behind real doors, to change; ``author`` has a password."""
    app = make_app(tmp_path)
    with app.app_context():
        begin_writing(db)
        people_and_places()
        db.session.commit()
        author = db.session.query(Officer).filter_by(email=AUTHOR).one()
        admin = db.session.query(Officer).filter_by(email=ADMIN).one()
        secret = credentials.send_link(author.id, LinkPurpose.INVITATION, by=admin)
        credentials.use_link(secret, security.new_hash(PASSWORD))
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()

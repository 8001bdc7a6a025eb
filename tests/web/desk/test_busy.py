"""The desk while the database cannot be written: it can still be read, and reading waits for nobody."""

from __future__ import annotations

import sqlite3
import time
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from siapa.extensions import db
from siapa.records import DeskSession, now
from siapa.records.engine import BUSY_TIMEOUT_MS, begin_writing
from tests.web.desk.conftest import AUTHOR
from tests.web.desk.visiting import signed_in

READ = ("/meja", "/meja/standar", "/meja/akun", "/meja/impor")


def test_an_officer_reads_the_desk_while_somebody_else_writes_for_long(desk_app: Flask) -> None:
    officer = signed_in(desk_app, AUTHOR)
    with desk_app.app_context():
        begin_writing(db)
        db.session.execute(sa.update(DeskSession).values(seen_at=now() - timedelta(minutes=2)))
        db.session.commit()
        file = Path(db.engine.url.database or "")
        db.session.remove()
    holding = sqlite3.connect(file, isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")

    begun = time.monotonic()
    try:
        answers = [officer.get(path) for path in READ]
    finally:
        holding.execute("ROLLBACK")
        holding.close()

    assert [answer.status_code for answer in answers] == [200] * len(READ)
    assert "Selamat bekerja" in answers[0].text
    assert time.monotonic() - begun < BUSY_TIMEOUT_MS / 2_000
    assert seen_at(desk_app) < now() - timedelta(minutes=1)


def test_the_next_page_that_is_read_says_that_the_session_is_used(desk_app: Flask) -> None:
    officer = signed_in(desk_app, AUTHOR)
    with desk_app.app_context():
        begin_writing(db)
        db.session.execute(sa.update(DeskSession).values(seen_at=now() - timedelta(minutes=2)))
        db.session.commit()
        db.session.remove()

    officer.get("/meja")

    assert seen_at(desk_app) > now() - timedelta(minutes=1)


def seen_at(app: Flask) -> datetime:
    """When the only session was last seen."""
    with app.app_context():
        found = db.session.scalars(sa.select(DeskSession.seen_at)).one()
        db.session.remove()
    return found

"""The desk while the database cannot be written: it can still be read."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from siapa.extensions import db
from siapa.records import DeskSession, now
from siapa.records.engine import begin_writing
from tests.web.desk.conftest import AUTHOR
from tests.web.desk.visiting import signed_in


def test_an_officer_reads_the_desk_while_somebody_else_writes_for_long(desk_app: Flask) -> None:
    officer = signed_in(desk_app, AUTHOR)
    with desk_app.app_context():
        begin_writing(db)
        db.session.execute(sa.update(DeskSession).values(seen_at=now() - timedelta(minutes=2)))
        db.session.commit()
        db.session.connection().exec_driver_sql("PRAGMA busy_timeout=100")  # the only one in the pool
        file = Path(db.engine.url.database or "")
        db.session.remove()
    holding = sqlite3.connect(file, isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")

    try:
        answer = officer.get("/meja")
    finally:
        holding.execute("ROLLBACK")
        holding.close()

    assert answer.status_code == 200
    assert "Selamat bekerja" in answer.text

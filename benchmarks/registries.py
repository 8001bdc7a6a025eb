"""Registries of made-up standards for the benchmarks: each size made once in a work folder."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from siapa import create_app
from siapa.config import Config
from siapa.document.standard_document import from_stored
from siapa.extensions import db
from siapa.publishing import commands
from siapa.publishing.generating.marks import COMPILER_ID, PUBLISHER_ID
from siapa.records import Edition, Officer, State

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "from siapa.cli import main; main()"


def settings_of(folder: Path) -> dict[str, str]:
    """The settings of a registry that lies wholly in ``folder``, whatever is set around it."""
    return {"SIAPA_INSTANCE_DIR": str(folder / "instance"), "SIAPA_SEARCH_DIR": str(folder / "search_index")}


def make(work: Path, standards: int) -> Path:
    """The folder of a registry of so many standards; what lacks is made by ``siapa generate``."""
    folder = work.resolve() / str(standards)
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIAPA_")}
    for said in (("db", "upgrade"), ("generate", "--standards", str(standards))):
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", COMMAND, *said],
            env={**kept, **settings_of(folder)},
            check=True,
        )
    return folder


@contextmanager
def opened(folder: Path) -> Iterator[Flask]:
    """The registry in ``folder``, inside its context."""
    app = create_app(Config.from_environment(settings_of(folder)))
    with app.app_context():
        try:
            yield app
        finally:
            close_connections()


def standard_to_revise() -> uuid.UUID:
    """A live standard that asks for no fee: those that do need a regulation to be published by hand."""
    live = sa.select(Edition.standard_id).where(Edition.state == State.PUBLISHED, Edition.is_free)
    return db.session.scalars(live.order_by(Edition.id).limit(1)).one()


def revise(standard_id: uuid.UUID, title: str, *, before: Callable[[], object] = lambda: None) -> None:
    """Publish another edition of the standard, with this title; ``before`` is called before the last step."""
    compiler, publisher = (db.session.get_one(Officer, one) for one in (COMPILER_ID, PUBLISHER_ID))
    is_live = sa.and_(Edition.standard_id == standard_id, Edition.state == State.PUBLISHED)
    document = from_stored(db.session.scalars(sa.select(Edition.document).where(is_live)).one())
    commands.open_draft(standard_id, replace(document, title=title), by=compiler)
    commands.submit(standard_id, by=compiler)
    before()
    commands.publish(standard_id, by=publisher)


def close_connections() -> None:
    """Close every connection of the application: none may cross a fork."""
    db.session.remove()
    db.engine.dispose()


def bytes_in(folder: Path) -> int:
    """How much all files below ``folder`` hold."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())

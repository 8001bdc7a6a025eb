"""A real database on disk, migrated once for a test run and copied for each test."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from siapa.extensions import db
from siapa.records import schema
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, app_on, people_and_places
from tests.publishing.seed_folder import Folder


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and triggers, and nothing in them."""
    folder = tmp_path_factory.mktemp("migrated")
    with app_on(folder / "wal.db").app_context():
        schema.move_to(db.engine)
        db.engine.dispose()
    with sqlite3.connect(folder / "wal.db") as source, sqlite3.connect(folder / "siapa.db") as target:
        source.backup(target)
    return folder / "siapa.db"


@pytest.fixture
def app(migrated: Path, tmp_path: Path) -> Iterator[Flask]:
    """An empty registry, inside its context."""
    shutil.copy(migrated, tmp_path / "siapa.db")
    app = app_on(tmp_path / "siapa.db")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """People and places, committed."""
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    return cast


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A small seed folder in which everything stands once."""
    path = tmp_path / "seed_data"
    path.mkdir()
    return Folder(path)

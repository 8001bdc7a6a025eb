"""A small registry behind real doors: shared by tests that read, an own one for tests that change."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa import create_app, figures, search
from siapa.extensions import db
from siapa.records.checkpointing import checkpoint
from tests.conftest import config_at, make_app
from tests.web.registry import make_registry


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small registry with its index; never written to afterwards."""
    folder = tmp_path_factory.mktemp("small")
    app = make_app(folder)
    with app.app_context():
        make_registry()
        search.rebuild()
        figures.refresh()
        db.session.remove()
        db.engine.dispose()
    checkpoint(folder / "instance" / "siapa.db", at_least_bytes=0)
    return folder


def copy_of(source: Path, target: Path, **settings: str) -> Flask:
    """An app on a copy of the registry in ``source``."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    app = create_app(config_at(target, **settings))
    app.testing = True
    return app


def close(app: Flask) -> None:
    """Let go of the database of ``app``."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def small_app(small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The small registry, to read."""
    app = copy_of(small_folder, tmp_path_factory.mktemp("shared"))
    yield app
    close(app)


@pytest.fixture
def reader(small_app: Flask) -> FlaskClient:
    """A visitor of the small registry."""
    return small_app.test_client()


@pytest.fixture
def set_up(small_folder: Path, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Makes a small registry of this test's own with the given settings."""
    made: list[Flask] = []

    def make(**settings: str) -> Flask:
        made.append(copy_of(small_folder, tmp_path / str(len(made)), **settings))
        return made[-1]

    yield make
    for app in made:
        close(app)


@pytest.fixture
def own_app(set_up: Callable[..., Flask]) -> Flask:
    """A small registry of this test's own, to change."""
    return set_up()


@pytest.fixture
def visitor(own_app: Flask) -> FlaskClient:
    """A visitor of the registry that this test may change."""
    return own_app.test_client()

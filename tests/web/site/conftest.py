"""The small registry of ``cast``, made once, and its visitor."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa import figures, search
from siapa.extensions import db
from tests.conftest import make_app
from tests.web.site.cast import fill


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The small registry; read only."""
    folder: Path = tmp_path_factory.mktemp("small")
    app = make_app(folder)
    with app.app_context():
        fill()
        search.rebuild()
        figures.refresh()
        db.session.remove()
    return app


@pytest.fixture
def visitor(small: Flask) -> FlaskClient:
    """Somebody who reads the small registry's pages."""
    return small.test_client()

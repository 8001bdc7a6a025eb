"""The cast in a registry of its own, to publish and withdraw with."""

from __future__ import annotations

import pytest
from flask import Flask

from siapa.extensions import db
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, people_and_places


def set_up() -> Cast:
    """The cast, committed."""
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    return cast


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The cast on SQLite."""
    return set_up()


@pytest.fixture
def either_cast(either_app: Flask) -> Cast:
    """The cast on either database."""
    return set_up()

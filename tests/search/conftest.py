"""What the tests of the search share: a small registry whose index is built."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from siapa import search
from siapa.extensions import db
from tests.search.making import make_registry


@pytest.fixture
def registry(app: Flask) -> Iterator[Flask]:
    """Seven regions, three malls, six services, five live standards, and an index of them."""
    make_registry()
    search.rebuild()
    yield app
    db.session.remove()

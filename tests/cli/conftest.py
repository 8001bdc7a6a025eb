"""What the tests of the command line share."""

from __future__ import annotations

import pytest

from tests.cli.served import free_port


@pytest.fixture
def port() -> int:
    """A port that is free."""
    return free_port()

"""What the tests of the command line share."""

from __future__ import annotations

import socket

import pytest


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

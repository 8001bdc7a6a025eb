"""The registry of the matrix, made once for each process that tries cells."""

from __future__ import annotations

import pytest

from tests.access.matrix import Registry


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Everything that can be acted on, and everybody who might try."""
    return Registry(tmp_path_factory.mktemp("access"))

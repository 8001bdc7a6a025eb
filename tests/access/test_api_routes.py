"""Every method of the API, asked by programs of every kind of officer: the answers stand in expected.txt."""

from __future__ import annotations

import pytest

from tests.access.matrix import Registry, Row, expected, is_tried
from tests.access.world import ACTORS

ROWS = [row for row in expected() if not row.endpoint.startswith("desk.")]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_program_is_answered_as_expected(registry: Registry, row: Row) -> None:
    answered = {actor: registry.code(row, actor) for actor in ACTORS if is_tried(row, actor)}

    assert answered == {actor: code for actor, code in row.codes.items() if code != "-"}

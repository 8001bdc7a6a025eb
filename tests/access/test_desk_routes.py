"""Every route of the desk, asked by every kind of officer: the answers stand in expected.txt."""

from __future__ import annotations

import pytest

from tests.access.matrix import Registry, Row, expected, is_tried, routes
from tests.access.world import ACTORS

ROWS = [row for row in expected() if row.endpoint.startswith("desk.")]
ADD = (
    "what each officer is answered there stands nowhere. Say in tests/access/asks.py what is sent to it, run "
    "`python -m tests.access`, hold the rows it prints against docs/agency-guide.md (who may do what), and "
    "put them into tests/access/expected.txt."
)


def test_every_route_of_desk_and_api_is_listed_and_nothing_else(registry: Registry) -> None:
    there = {(method, rule.endpoint) for method, rule in routes(registry.app)}

    listed = {row.route for row in expected()}

    assert not there - listed, f"{sorted(there - listed)}: {ADD}"
    assert not listed - there, f"{sorted(listed - there)}: there is no such route (any more); take it out."


def test_no_row_stands_twice() -> None:
    names = [str(row) for row in expected()]

    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_officer_is_answered_as_expected(registry: Registry, row: Row) -> None:
    answered = {actor: registry.code(row, actor) for actor in ACTORS if is_tried(row, actor)}

    assert answered == {actor: code for actor, code in row.codes.items() if code != "-"}

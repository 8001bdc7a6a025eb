"""What a command costs does not grow with the registry: none walks through a table that does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.extensions import db
from tests.web.registry import SIM_RENEWAL, make_registry, publish_next, the_standard, withdraw

#: Tables with a row at least for every standard there is.
GROWING = ("standard", "edition", "offering", "change", "audit_event", "published_record", "feedback")
#: Steps of a plan that touch every row of such a table, or every row of a part of it that is itself as large.
WALKS = re.compile(rf"SCAN ({'|'.join(GROWING)})\b|SEARCH published_record\b.*\(table_name=\?\)")
#: Ends of an index are looked up, however the plan calls it.
ENDS = re.compile(r"^SELECT (max|min)\(", re.IGNORECASE)


@contextmanager
def plans() -> Iterator[dict[str, list[str]]]:
    """What SQLite intends to do for each statement that is made meanwhile."""
    made: dict[str, list[str]] = {}

    def explain(
        connection: sa.Connection, cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")) and statement not in made:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            some = parameters[0] if isinstance(parameters, list) else parameters
            made[statement] = [
                row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", some).fetchall()
            ]

    sa.event.listen(db.engine, "before_cursor_execute", explain)
    try:
        yield made
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("command", [publish_next, withdraw])
def test_no_command_walks_through_what_grows_with_the_registry(
    app: Flask, command: Callable[..., object]
) -> None:
    make_registry()
    standard = the_standard("polresta-kendari", SIM_RENEWAL).id
    db.session.remove()

    with plans() as made:
        command(standard)

    walks = {
        statement: found
        for statement, steps in made.items()
        if (found := [step for step in steps if WALKS.search(step)]) and not ENDS.match(statement)
    }
    assert any("published_record" in one for one in made), "the command keeps what became public"
    assert walks == {}


def test_a_page_of_all_offerings_is_found_without_a_list_of_all_standards(app: Flask) -> None:
    make_registry()
    db.session.remove()
    visitor = app.test_client()
    visitor.get("/hsds/service_at_locations?per_page=1")  # counts them; that is kept

    with plans() as made:
        answer = visitor.get("/hsds/service_at_locations?per_page=1&page=2").get_json()

    assert answer["size"] == 1
    assert [
        one for one, steps in made.items() if any("edition" in step and "SCAN" in step for step in steps)
    ] == []


def test_what_is_counted_once_follows_what_is_published_and_withdrawn(app: Flask) -> None:
    make_registry()
    standard = the_standard("polresta-kendari", SIM_RENEWAL).id
    db.session.remove()
    visitor = app.test_client()

    def totals() -> list[int]:
        listed = ("services", "service_at_locations")
        return [visitor.get(f"/hsds/{name}?per_page=1").get_json()["total_items"] for name in listed]

    before = totals()
    withdraw(standard)
    db.session.remove()
    after = totals()

    assert before[0] == after[0] + 1
    assert before[1] > after[1]

"""The number of the newest change is known at every moment, also after the database went away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.catalogue import last_number
from siapa.extensions import db
from siapa.web import newest
from siapa.web.newest import Newest
from tests.web.registry import SIM_RENEWAL, make_registry, the_standard, withdraw


@pytest.mark.postgres
def test_a_change_is_seen_with_the_next_question_from_every_thread(either_app: Flask) -> None:
    make_registry()
    asked = Newest(db.engine)

    with ThreadPoolExecutor(1) as other:
        before = (asked.number(), other.submit(asked.number).result())
        withdraw(the_standard("polresta-kendari", SIM_RENEWAL).id)
        after = (asked.number(), other.submit(asked.number).result())
        other.submit(asked.close).result()

    assert after == (last_number(), last_number())
    assert before < after


@pytest.mark.postgres
def test_a_connection_that_was_cut_is_opened_anew_and_nobody_notices(postgresql_app: Flask) -> None:
    make_registry()
    asked = Newest(db.engine)
    number = asked.number()
    with db.engine.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        connection.execute(sa.text(f"{others} AND query LIKE '%counting%'"))

    assert asked.number() == number


def test_a_connection_is_not_used_for_ever(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    sa.event.listen(db.engine, "connect", lambda connection, _record: opened.append(connection))
    asked = Newest(db.engine)
    for _ in range(3):
        asked.number()
    at_first = len(opened)

    monkeypatch.setattr(newest.time, "monotonic", lambda: 10.0**12)
    asked.number()

    assert len(opened) == at_first + 1


def test_who_lets_go_of_the_database_lets_go_of_this_too(app: Flask) -> None:
    asked = Newest(db.engine)
    asked.number()
    held = asked._held.connection

    db.engine.dispose()

    with pytest.raises(Exception, match="closed"):
        held.execute("SELECT 1")

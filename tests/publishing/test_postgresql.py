"""The same stair on PostgreSQL: row locks instead of one writer, and the same outcome."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.errors import Conflict, NotAllowed, Unavailable
from siapa.extensions import db
from siapa.publishing import commands
from siapa.publishing.changing import together
from siapa.publishing.seeding import load_seed
from siapa.publishing.verifying import verify
from siapa.records import Change, Edition, Standard, State
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, document, people_and_places, published, submitted
from tests.publishing.racing import at_once, somebody
from tests.publishing.seed_folder import Folder

pytestmark = pytest.mark.postgres


@pytest.fixture
def cast(postgresql_app: Flask) -> Cast:
    """People and places, in PostgreSQL."""
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    return cast


def test_of_many_who_publish_at_once_exactly_one_wins(postgresql_app: Flask, cast: Cast) -> None:
    standard_id = submitted(cast).id

    results = at_once(postgresql_app, 6, lambda _n: commands.publish(standard_id, by=somebody("publisher")))

    assert results.count(None) == 1
    assert {type(result) for result in results if result} == {Conflict}
    assert [e.state for e in db.session.get_one(Standard, standard_id).editions] == [State.PUBLISHED]
    assert verify() == []


def test_writers_to_different_standards_leave_no_gap(postgresql_app: Flask, cast: Cast) -> None:
    ids = [submitted(cast, title=f"Standar {number}").id for number in range(12)]

    results = at_once(
        postgresql_app, 12, lambda number: commands.publish(ids[number], by=somebody("publisher"))
    )

    numbers = list(db.session.scalars(sa.select(Change.number).order_by(Change.number)))
    assert results == [None] * 12
    assert numbers == list(range(1, 13))
    assert verify() == []


def test_titles_alike_opened_at_once_get_addresses_apart(postgresql_app: Flask, cast: Cast) -> None:
    agency_id, title = cast.own.id, document("Judul yang sama")

    results = at_once(
        postgresql_app, 5, lambda _n: commands.open_standard(agency_id, title, by=somebody("author"))
    )

    slugs = set(db.session.scalars(sa.select(Standard.slug)))
    assert results == [None] * 5
    assert slugs == {"judul-yang-sama", *(f"judul-yang-sama-{n}" for n in range(2, 6))}


def test_two_who_lock_in_opposite_order_do_not_hang(postgresql_app: Flask, cast: Cast) -> None:
    ids = [published(cast, title=f"Standar {number}").id for number in range(2)]
    first_taken = threading.Barrier(2)

    def both(number: int) -> None:
        with together():
            commands.open_draft(ids[number], by=somebody("author"))
            first_taken.wait(timeout=10)
            commands.open_draft(ids[1 - number], by=somebody("author"))

    results = at_once(postgresql_app, 2, both)

    assert results.count(None) == 1
    assert {type(result) for result in results if result} == {Unavailable}
    assert db.session.scalar(sa.select(sa.func.count()).where(Edition.state == State.DRAFT)) == 2
    assert verify() == []


def test_a_refused_attempt_is_kept(postgresql_app: Flask, cast: Cast) -> None:
    standard = submitted(cast)

    with pytest.raises(NotAllowed):
        commands.publish(standard.id, by=cast.stranger)

    assert standard.live is None
    assert verify() == []


def test_the_seed_data_load_twice_without_a_trace(postgresql_app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "seed"
    path.mkdir()
    load_seed(Folder(path).write())
    lines = db.session.scalar(sa.select(sa.func.count()).select_from(Change))

    report = load_seed(path)

    assert report.is_unchanged
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Change)) == lines
    assert verify() == []

"""The week of a place at the desk: seven rows, copied, tried and saved, and read by citizens at once."""

from __future__ import annotations

from datetime import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.records import Hours, Location
from tests.web.desk.test_places import MANAGER, seen, the, write
from tests.web.desk.visiting import send, signed_in

MONDAY = {"hours.1.0.opens_at": "08:00", "hours.1.0.closes_at": "12.00",
          "hours.1.1.opens_at": "13.00", "hours.1.1.closes_at": "15:30"}  # fmt: skip


@pytest.fixture
def manager(desk_app: Flask) -> FlaskClient:
    """The browser of who manages the mall."""
    return signed_in(desk_app, MANAGER)


def spans(app: Flask) -> list[tuple[int, time, time]]:
    """The hours that are stored."""
    with app.app_context():
        rows = db.session.query(Hours).order_by(Hours.weekday, Hours.opens_at)
        return [(row.weekday, row.opens_at, row.closes_at) for row in rows]


def test_a_week_is_said_and_read_by_citizens_and_programs_at_once(
    desk_app: Flask, manager: FlaskClient
) -> None:
    path, visitor = the(desk_app), desk_app.test_client()
    visitor.get("/mpp/mpp")  # what is kept of the page is let go of

    saved = write(manager, f"{path}/jam", **MONDAY, hours_note="Ramadan sampai 14.00")

    assert saved.status_code == 303
    assert spans(desk_app) == [(1, time(8), time(12)), (1, time(13), time(15, 30))]
    assert "Mo 08:00-12:00,13:00-15:30; PH off" in manager.get(path).text
    page = visitor.get("/mpp/mpp").text
    assert "13.00–15.30" in page and "Jam buka tidak diketahui" not in page
    opening = visitor.get("/api/v1/malls/mpp").get_json()["opening"]["hours"]
    assert opening == "Mo 08:00-12:00,13:00-15:30; PH off"


def test_monday_is_copied_to_friday_and_nothing_is_saved_by_that(
    desk_app: Flask, manager: FlaskClient
) -> None:
    path = the(desk_app) + "/jam"

    copied = write(manager, path, act="copy", **MONDAY, **{"hours.3.closed": "1"})

    assert copied.status_code == 200 and spans(desk_app) == []
    assert "Mo-Fr 08:00-12:00,13:00-15:30; PH off" in copied.text
    assert 'name="hours.5.1.closes_at" value="15:30"' in copied.text
    assert 'name="hours.6.0.opens_at" value=""' in copied.text


WRONG_TIMES: tuple[tuple[dict[str, str], str], ...] = (
    ({"hours.1.0.opens_at": "pagi"}, "hours.1.0.opens_at"),
    ({"hours.1.0.opens_at": "24.00"}, "hours.1.0.opens_at"),
    ({"hours.2.0.opens_at": "08:00"}, "hours.2.0.closes_at"),
    ({"hours.1.1.closes_at": "12:59"}, "hours.1.1.closes_at"),
    ({"hours.1.1.opens_at": "11:00"}, "hours"),
    ({"hours.1.closed": "1"}, "hours.1.0.opens_at"),
)


@pytest.mark.parametrize("act", ["save", "look"])
def test_times_that_cannot_be_are_named_and_what_was_typed_stays(
    desk_app: Flask, manager: FlaskClient, act: str
) -> None:
    path = the(desk_app) + "/jam"
    version = seen(manager, path)

    for changed, field in WRONG_TIMES:
        answer = send(manager, path, act=act, seen=version, **{**MONDAY, **changed})
        assert answer.status_code == 422 and f'href="#{field}"' in answer.text, changed
        assert 'name="hours.1.0.closes_at" value="12.00"' in answer.text, changed

    assert spans(desk_app) == []


def test_with_an_empty_table_the_hours_are_not_known_again(desk_app: Flask, manager: FlaskClient) -> None:
    path = the(desk_app) + "/jam"
    write(manager, path, **MONDAY)

    answer = write(manager, path)

    assert answer.status_code == 303 and spans(desk_app) == []


def test_more_spans_than_a_table_has_by_itself_get_room(desk_app: Flask, manager: FlaskClient) -> None:
    path = the(desk_app) + "/jam"
    third = {"hours.1.2.opens_at": "19:00", "hours.1.2.closes_at": "21:00"}

    first = manager.get(path).text
    write(manager, path, **MONDAY, **third)

    assert "hours.1.1.opens_at" in first and "hours.1.2.opens_at" not in first
    assert len(spans(desk_app)) == 3
    assert "hours.1.3.opens_at" in manager.get(path).text


def test_hours_and_note_hold_together_or_not_at_all(desk_app: Flask, manager: FlaskClient) -> None:
    path = the(desk_app) + "/jam"
    version = seen(manager, path)

    answer = send(manager, path, seen=version, **MONDAY, hours_note="x" * 5_001)

    with desk_app.app_context():
        assert db.session.query(Location).filter_by(slug="mpp").one().hours_note is None
    assert answer.status_code == 422 and spans(desk_app) == []

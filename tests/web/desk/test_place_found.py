"""What is said of a place at the desk is on the public page and in the search within a second."""

from __future__ import annotations

import time as clock
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa import search
from siapa.extensions import db
from siapa.publishing import commands, offerings
from siapa.publishing.editions import today_of
from siapa.publishing.offerings import OfferedAt
from siapa.records import Location, Offering, Officer
from tests.publishing.cast import document
from tests.web.desk.conftest import AUTHOR, PUBLISHER
from tests.web.desk.test_places import MANAGER, seen, the, write
from tests.web.desk.visiting import send, signed_in

OPEN = '<span class="open">'
ALL_DAY = {
    f"hours.{day}.0.{end}": at
    for day in range(1, 8)
    for end, at in (("opens_at", "0"), ("closes_at", "2359"))
}


@pytest.fixture
def offered(desk_app: Flask) -> Flask:
    """The registry with a standard in force that is had at the mall, found by the search."""
    with desk_app.app_context():
        officers = db.session.query(Officer)
        author, publisher = (officers.filter_by(email=one).one() for one in (AUTHOR, PUBLISHER))
        agency = author.memberships[0].agency_id
        standard = commands.open_standard(agency, document("Akta kelahiran"), by=author)
        commands.submit(standard.id, by=author)
        commands.publish(standard.id, by=publisher)
        mall = db.session.query(Location).filter_by(slug="mpp").one()
        offerings.set_offerings(standard.id, [OfferedAt(mall.id, limits="Pagi saja")], by=author)
        search.rebuild()
        db.session.remove()
    return desk_app


def within_a_second(is_so: Callable[[], bool]) -> bool:
    """Whether it comes true in time."""
    until = clock.monotonic() + 1
    while not is_so() and clock.monotonic() < until:
        clock.sleep(0.05)
    return is_so()


def found(visitor: FlaskClient, **asked: Any) -> int:
    """How many standards the search finds; none at a mall that it does not know (any more)."""
    answer = visitor.get("/api/v1/search", query_string={"q": "akta kelahiran", **asked})
    total: int = answer.get_json().get("total", 0)
    return total


def test_hours_closed_days_and_closing_for_good_are_followed_at_once(offered: Flask) -> None:
    manager, visitor, path = signed_in(offered, MANAGER), offered.test_client(), the(offered)
    with offered.app_context():
        today = today_of(db.session.query(Location).filter_by(slug="mpp").one()).isoformat()
    before = found(visitor, open_now="true")

    write(manager, f"{path}/jam", **ALL_DAY)
    is_open = within_a_second(lambda: OPEN in visitor.get("/mpp/mpp").text)
    is_found_open = within_a_second(lambda: found(visitor, open_now="true") == 1)
    write(manager, f"{path}/libur", **{"closures[0].from_on": today, "closures[0].reason": "Banjir"})
    is_shut = within_a_second(lambda: "Banjir" in (page := visitor.get("/mpp/mpp").text) and OPEN not in page)
    is_found_shut = within_a_second(lambda: found(visitor, open_now="true") == 0)
    at_mall = found(visitor, mall="mpp")
    send(manager, f"{path}/tutup", seen=seen(manager, f"{path}/alamat"), closed_on=today)

    assert (before, is_open, is_found_open, is_shut, is_found_shut, at_mall) == (0, True, True, True, True, 1)
    assert OPEN not in visitor.get("/mpp/mpp").text
    assert within_a_second(lambda: found(visitor, mall="mpp") == 0)


def test_what_is_offered_stands_on_the_page_of_the_place(offered: Flask) -> None:
    path, manager = the(offered), signed_in(offered, MANAGER)

    page = manager.get(path).text

    assert "Akta kelahiran" in page and "Pagi saja" in page and "/lokasi" not in page


def test_the_place_says_that_a_standard_is_had_there_today(offered: Flask) -> None:
    path, manager = the(offered), signed_in(offered, MANAGER)
    with offered.app_context():
        offering = db.session.query(Offering).one().id

    answer = send(manager, f"{path}/layanan/{offering}/periksa")

    assert answer.status_code == 303
    assert send(manager, f"{path}/layanan/{uuid.uuid4()}/periksa").status_code == 404
    with offered.app_context():
        one = db.session.query(Offering).one()
        assert one.checked_on == today_of(one.location)

"""Programs tend places: the same commands as at the desk, and nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing.editions import today_of
from siapa.records import Counter, Location, Offering, Role
from tests.web.api.programs import Program, program_of

MALL = "/malls/mpp-kendari"


@pytest.fixture
def inside(own_app: Flask) -> Iterator[Flask]:
    """The registry of this test's own, in its context."""
    with own_app.app_context():
        yield own_app


@pytest.fixture
def manager(inside: Flask, visitor: FlaskClient) -> Program:
    """Runs the mall of Kendari."""
    return program_of(visitor, Role.MALL_MANAGER, mall="mpp-kendari")


def record(program: Program) -> Any:
    """The mall as those have it who tend it."""
    return program.get(f"{MALL}/record").get_json()


def test_a_place_is_added_and_found_at_its_record(inside: Flask, visitor: FlaskClient) -> None:
    admin = program_of(visitor, Role.AGENCY_ADMIN)
    body = {"kind": "office", "name": "Satpas Kendari", "agency": "polresta-kendari", "region": "74.71"}

    made = admin.post("/malls", body, Idempotency_Key="satu")
    again = admin.post("/malls", body, Idempotency_Key="satu")
    elsewhere = admin.post("/malls", {**body, "agency": "dukcapil-kendari"})

    assert (made.status_code, again.get_json()) == (201, made.get_json())
    assert visitor.get("/api/v1/malls/satpas-kendari").status_code == 200
    assert made.headers["Location"].endswith("/malls/satpas-kendari/record")
    assert elsewhere.status_code == 403
    assert admin.get("/malls/satpas-kendari/record").headers["ETag"] == made.headers["ETag"]


def test_what_somebody_else_said_meanwhile_is_not_overwritten(manager: Program) -> None:
    read = manager.get(f"{MALL}/record")
    first = manager.put(MALL, {"phone": "0401-1"}, If_Match=read.headers["ETag"])

    late = manager.put(MALL, {"weekly_hours": [], "phone": "0401-2"}, If_Match=read.headers["ETag"])
    whichever = manager.put(MALL, {"phone": "0401-3"}, If_Match="*")

    assert (first.status_code, late.status_code, whichever.status_code) == (200, 412, 200)
    assert late.mimetype == "application/problem+json"
    assert late.headers["ETag"] == first.headers["ETag"] == late.get_json()["present"]["etag"]
    assert record(manager)["phone"] == "0401-3"
    assert len(record(manager)["weekly_hours"]) == 5


def test_a_counter_is_added_changed_and_closed(manager: Program, visitor: FlaskClient) -> None:
    hours = [{"weekday": 1, "opens_at": "08.00", "closes_at": "11.30"}]
    made = manager.post(
        f"{MALL}/counters", {"name": "Loket SIM", "agency": "polresta-kendari", "weekly_hours": hours}
    )
    path = f"/counters/{made.get_json()['id']}"

    closed = manager.put(path, {"status": "closed"}, If_Match=made.headers["ETag"])
    late = manager.put(path, {"floor": "2"}, If_Match=made.headers["ETag"])

    assert (made.status_code, made.get_json()["weekly_hours"]) == (201, hours)
    assert closed.get_json()["status"] == "closed" and closed.get_json()["weekly_hours"] == hours
    assert (late.status_code, late.headers["ETag"]) == (412, closed.headers["ETag"])
    assert manager.post(f"{path}/confirm").status_code == 409
    shown = visitor.get(f"/api/v1{MALL}").get_json()["counters"]
    assert [one["status"] for one in shown if one["name"] == "Loket SIM"] == ["closed"]


def test_all_counters_and_what_is_offered_are_confirmed(manager: Program) -> None:
    place = db.session.scalars(sa.select(Location).where(Location.slug == "mpp-kendari")).one()
    today, offering = today_of(place).isoformat(), db.session.scalars(sa.select(Offering.id)).first()

    answer = manager.post(f"{MALL}/confirm")
    offered = manager.post(f"/offerings/{offering}/confirm", {"on": "2026-11-02"})
    ahead = manager.post(f"{MALL}/confirm", {"on": "2999-01-01"})

    assert [one["checked_on"] for one in answer.get_json()["counters"]] == [today]
    assert "2026-11-02" in [one["checked_on"] for one in offered.get_json()["offerings"]]
    assert (ahead.status_code, ahead.get_json()["errors"][0]["path"]) == (422, "on")


def test_a_renamed_place_answers_at_its_new_address(manager: Program, visitor: FlaskClient) -> None:
    renamed = manager.post(f"{MALL}/rename", {"slug": "mpp-kota"})

    assert renamed.get_json()["slug"] == "mpp-kota"
    assert visitor.get(f"/api/v1{MALL}").location.endswith("/malls/mpp-kota")


def test_who_runs_another_place_changes_nothing_here(inside: Flask, visitor: FlaskClient) -> None:
    counter = db.session.scalars(sa.select(Counter.id)).first()
    other = program_of(visitor, Role.MALL_MANAGER, mall="mpp-konawe")
    writer = program_of(visitor, Role.OPERATOR)

    for program in (other, writer):
        assert program.get(f"{MALL}/record").status_code == 403
        assert program.post(f"{MALL}/counters", {"name": "Loket"}).status_code == 403
        assert program.put(f"/counters/{counter}", {"floor": "9"}).status_code == 403
        for path in (f"{MALL}/confirm", f"/counters/{counter}/confirm"):
            assert program.post(path).status_code == 403
    assert db.session.scalars(sa.select(Counter.floor)).all() == [None]


WRONG: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("PUT", MALL, {"kind": "castle"}, "kind"),
    ("PUT", MALL, {"region": "99.99"}, "region"),
    ("PUT", MALL, {"closed_on": "2999-01-01"}, "closed_on"),
    ("POST", f"{MALL}/counters", {"name": "x", "agency": "entah"}, "agency"),
    ("POST", f"{MALL}/counters", {"name": "x", "status": "away"}, "status"),
    ("POST", f"{MALL}/counters", {}, "name"),
    ("POST", f"{MALL}/rename", {"slug": "MPP Kota"}, "slug"),
)


def test_what_cannot_be_is_named(manager: Program) -> None:
    before = record(manager)

    for method, path, body, wrong in WRONG:
        answer = manager.ask(method, path, body)
        assert answer.status_code == 422, body
        assert [one["path"] for one in answer.get_json()["errors"]] == [wrong]

    assert record(manager) == before

"""Programs say where a standard is had, and mall managers' programs what holds of their mall."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.records import Role, seed_id
from tests.web.api.programs import Program, program_of


@pytest.fixture
def inside(own_app: Flask) -> Iterator[Flask]:
    """The registry of this test's own, in its context."""
    with own_app.app_context():
        yield own_app


@pytest.fixture
def manager(inside: Flask, visitor: FlaskClient) -> Program:
    """Runs the mall of Kendari."""
    return program_of(visitor, Role.MALL_MANAGER, mall="mpp-kendari")


def test_a_standard_is_had_where_its_agency_says_and_nowhere_else(
    inside: Flask, visitor: FlaskClient
) -> None:
    writer = program_of(visitor, Role.OPERATOR)
    path = f"/standards/{seed_id('standard', 'polresta-kendari/SIM-C-PANJANG')}/offerings"

    body = {"offerings": [{"location": "mpp-konawe", "limits": "Hanya perpanjangan", "booking_url": None}]}
    answer = writer.put(path, body)

    shown = visitor.get(f"/api/v1{path.removesuffix('/offerings')}").get_json()["offerings"]
    assert answer.get_json()["offerings"][0]["location"] == "mpp-konawe"
    assert [(one["place"]["slug"], one["limits"]) for one in shown] == [("mpp-konawe", "Hanya perpanjangan")]


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ({"location": "mpp-nowhere"}, "offerings[0].location"),
        (
            {"location": "mpp-kendari", "counter": "00000000-0000-4000-8000-000000000000"},
            "offerings[0].counter",
        ),
        ({"location": "mpp-kendari", "counter": "x"}, "offerings[0].counter"),
        ({"location": 3}, "offerings[0].location"),
        ({"location": "mpp-kendari", "colour": "red"}, "offerings[0].colour"),
        ({"location": "mpp-kendari", "booking_url": "javascript:x"}, "offerings[0].booking_url"),
    ],
)
def test_a_place_that_cannot_be_used_is_named(
    inside: Flask, visitor: FlaskClient, entry: dict[str, object], path: str
) -> None:
    writer = program_of(visitor, Role.OPERATOR)

    answer = writer.put(
        f"/standards/{seed_id('standard', 'polresta-kendari/SIM-C-PANJANG')}/offerings",
        {"offerings": [entry]},
    )

    assert answer.status_code == 422
    assert [one["path"] for one in answer.get_json()["errors"]] == [path]


def test_a_mall_manager_says_hours_closures_and_facilities_in_one_go(
    manager: Program, visitor: FlaskClient
) -> None:
    body = {
        "phone": "0401-123456",
        "weekly_hours": [{"weekday": 6, "opens_at": "08.00", "closes_at": "12:30"}],
        "closures": [{"from_on": "2099-01-01", "until_on": "2099-01-02", "reason": "Tahun baru"}],
        "facilities": [{"text": "Jalur kursi roda", "accessible": True}],
    }

    answer = manager.put("/malls/mpp-kendari", body)

    shown = visitor.get("/api/v1/malls/mpp-kendari").get_json()
    assert answer.status_code == 200
    assert shown["weekly_hours"] == [{"weekday": 6, "opens_at": "08.00", "closes_at": "12.30"}]
    assert [one["reason"] for one in shown["closures"]] == ["Tahun baru"]
    assert shown["facilities"] == [{"text": "Jalur kursi roda", "accessible": True}]
    assert (shown["phone"], shown["name"]) == ("0401-123456", "MPP Kota Kendari")


def test_of_what_a_manager_says_all_holds_or_nothing(manager: Program, visitor: FlaskClient) -> None:
    before = visitor.get("/api/v1/malls/mpp-kendari").get_json()
    wrong = {"from_on": "2099-01-02", "until_on": "2099-01-01", "reason": "x"}

    answer = manager.put("/malls/mpp-kendari", {"phone": "0401-1", "closures": [wrong]})

    assert (answer.status_code, answer.get_json()["errors"][0]["path"]) == (422, "closures[0].until_on")
    assert visitor.get("/api/v1/malls/mpp-kendari").get_json() == before


def test_a_manager_of_one_mall_says_nothing_of_another(manager: Program) -> None:
    assert manager.put("/malls/mpp-konawe", {"phone": "0401-1"}).status_code == 403
    assert manager.put("/malls/mpp-nowhere", {"phone": "0401-1"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (
            {"weekly_hours": [{"weekday": 8, "opens_at": "08.00", "closes_at": "09.00"}]},
            "weekly_hours[0].weekday",
        ),
        (
            {"weekly_hours": [{"weekday": 1, "opens_at": "8", "closes_at": "09.00"}]},
            "weekly_hours[0].opens_at",
        ),
        ({"latitude": 91}, "latitude"),
        ({"latitude": True}, "latitude"),
        ({"closures": [{"from_on": 1, "until_on": "2099-01-01", "reason": "x"}]}, "closures[0].from_on"),
        ({"facilities": [{"text": "Lift", "accessible": "yes"}]}, "facilities[0].accessible"),
        ({"facilities": {}}, "facilities"),
        ({"name": None}, "name"),
    ],
)
def test_what_cannot_hold_of_a_mall_is_named(manager: Program, body: dict[str, object], path: str) -> None:
    answer = manager.put("/malls/mpp-kendari", body)

    assert answer.status_code == 422
    assert [one["path"] for one in answer.get_json()["errors"]] == [path]

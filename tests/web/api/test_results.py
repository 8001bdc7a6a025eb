"""Programs report what was measured, and everybody reads it; the open tables say the same."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.records import Role, seed_id
from tests.web.api.programs import Program, program_of

STANDARD = f"/standards/{seed_id('standard', 'polresta-kendari/SIM-C-PANJANG')}"
QUARTER = {"from_on": "2026-07-01", "until_on": "2026-09-30", "applications": 200, "within_promise": 199,
           "target_percent": 99.5, "median_days": None}  # fmt: skip


@pytest.fixture
def writer(own_app: Flask, visitor: FlaskClient) -> Iterator[Program]:
    """Writes for the police of Kendari."""
    with own_app.app_context():
        yield program_of(visitor, Role.OPERATOR)


def test_a_period_is_reported_read_and_carried_off(writer: Program, visitor: FlaskClient) -> None:
    answer = writer.post(f"{STANDARD}/performance", QUARTER)

    reported = answer.get_json()
    listed = visitor.get("/api/v1/performance?agency=polresta-kendari&current=true&lang=en").get_json()
    own = visitor.get(f"/api/v1{STANDARD}/performance?lang=en").get_json()
    (row,) = csv.DictReader(StringIO(visitor.get("/data/performance.csv").data.decode("utf-8-sig")))
    assert answer.status_code == 200
    assert (reported["percent_within"], reported["is_met"], reported["median_days"]) == (99.5, True, None)
    assert listed["results"] == own["results"] == [reported]
    assert (row["share_within"], row["is_met"], row["median_days"]) == ("0.995", "true", "")


@pytest.mark.parametrize(
    ("changes", "path"),
    [({"until_on": None}, "until_on"), ({"applications": 1.5}, "applications"), ({"other": 1}, "other"),
     ({"within_promise": 201}, "within_promise"), ({"target_percent": "x"}, "target_percent")],
)  # fmt: skip
def test_what_is_wrong_is_named(writer: Program, changes: dict[str, object], path: str) -> None:
    answer = writer.post(f"{STANDARD}/performance", QUARTER | changes)

    assert answer.status_code == 422
    assert [one["path"] for one in answer.get_json()["errors"]] == [path]


def test_an_unknown_agency_is_no_empty_list(visitor: FlaskClient) -> None:
    assert visitor.get("/api/v1/performance?agency=entah").status_code == 422


def test_a_survey_is_reported_read_and_carried_off(writer: Program, visitor: FlaskClient) -> None:
    survey = {"from_on": "2026-01-01", "until_on": "2026-06-30", "respondents": 384,
              "element_means": [4, 4, 4, 4, 4, 4, 4, 4, 4]}  # fmt: skip

    answer = writer.post("/agencies/polresta-kendari/satisfaction", survey)
    refused = writer.post("/agencies/polresta-kendari/satisfaction", survey | {"element_means": [4.0] * 8})

    listed = visitor.get("/api/v1/satisfaction?agency=polresta-kendari&current=true&lang=en").get_json()
    (row,) = csv.DictReader(StringIO(visitor.get("/data/satisfaction.csv").data.decode("utf-8-sig")))
    assert (answer.get_json()["index"], answer.get_json()["grade"]) == (100.0, "A")
    assert listed["results"] == [answer.get_json()]
    assert (row["index"], row["grade"], row["sample_needed"]) == ("100.0", "A", "384")
    assert refused.status_code == 422

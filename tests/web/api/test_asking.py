"""What is said of a question that cannot be answered: which parameter, why, and what it may be."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


def errors(client: FlaskClient, path: str, language: str = "en") -> dict[str, str]:
    """What is said of each parameter of ``path``."""
    response = client.get(f"/api/v1{path}", headers={"Accept-Language": language})
    assert response.status_code == 422, response.get_data(as_text=True)
    assert response.content_type == "application/problem+json"
    return {problem["path"]: problem["message"] for problem in response.get_json()["errors"]}


def test_an_unknown_parameter_is_named_with_the_nearest_known_one(reader: FlaskClient) -> None:
    said = errors(reader, "/standards?regoin=74")

    assert said == {"regoin": "There is no such parameter. Did you mean region?"}


def test_an_unknown_parameter_like_no_other_is_answered_with_the_list(reader: FlaskClient) -> None:
    said = errors(reader, "/regions?zzz=1")["zzz"]

    assert said.startswith("There is no such parameter. There are:")
    assert "level" in said and "parent" in said


def test_every_problem_is_named_at_once(reader: FlaskClient) -> None:
    said = errors(reader, "/malls?page=0&per_page=1000&near=91,0&regio=74")

    assert set(said) == {"page", "per_page", "near", "regio"}
    assert said["per_page"] == "Give a whole number from 1 to 100."


def test_problems_are_said_in_the_language_of_the_caller(reader: FlaskClient) -> None:
    indonesian = errors(reader, "/regions?level=desa", "id")
    english = errors(reader, "/regions?level=desa", "en-GB, id;q=0.5")
    chosen = errors(reader, "/regions?level=desa&lang=en", "id")

    assert indonesian["level"] == "Pilih salah satu: province, regency, city."
    assert english["level"] == chosen["level"] == "Choose one of: province, regency, city."


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/standards?region=99", "region"),
        ("/standards?region=abc", "region"),
        ("/regions?parent=74.1", "parent"),
        ("/standards?agency=tidak-ada", "agency"),
        ("/standards?service=TIDAK-ADA", "service"),
        ("/standards?mall=tidak-ada", "mall"),
        ("/standards?category=tidak-ada", "category"),
        ("/services?life_event=tidak-ada", "life_event"),
        ("/standards?sort=random", "sort"),
        ("/standards?fields=title,secret", "fields"),
        ("/standards?fields=", "fields"),
        ("/standards?modified_since=yesterday", "modified_since"),
        ("/search?q=ktp&free=maybe", "free"),
        ("/search?q=ktp&max_days=-1", "max_days"),
        ("/search?q=ktp&facets=colour", "facets"),
        ("/search?q=ktp&sort=distance", "sort"),
        ("/search?q=ktp&region=99", "region"),
        ("/malls?near=nan,nan", "near"),
        ("/malls?near=1e400,0", "near"),
        ("/locations?kind=castle", "kind"),
        ("/changes?since=-1", "since"),
        ("/changes?limit=100000", "limit"),
        ("/standards?page=1000000000000000000000000000000", "page"),
        ("/standards?lang=jv", "lang"),
    ],
)
def test_a_value_that_cannot_be_is_refused(reader: FlaskClient, path: str, parameter: str) -> None:
    assert list(errors(reader, path)) == [parameter]


def test_a_parameter_given_twice_is_refused(reader: FlaskClient) -> None:
    assert errors(reader, "/standards?page=1&page=2") == {"page": "Give this parameter once."}


def test_a_page_beyond_the_last_names_the_filters(reader: FlaskClient) -> None:
    said = errors(reader, "/standards?page=10001")["page"]

    assert said.startswith("Give a page from 1 to 10000.")
    for name in ("agency", "service", "region", "mall", "category", "modified_since"):
        assert name in said
    assert "fields" not in said and "sort" not in said


def test_a_long_value_is_said_back_shortened(reader: FlaskClient) -> None:
    response = reader.get("/api/v1/standards?sort=" + "x" * 1000)

    assert len(response.get_json()["errors"][0]["value"]) < 100


@pytest.mark.parametrize("value", ["1", "01", "1.0", "+1"])
def test_a_whole_number_may_be_written_in_several_ways(reader: FlaskClient, value: str) -> None:
    assert reader.get(f"/api/v1/standards?page={value.replace('+', '%2B')}").get_json()["page"] == 1


@pytest.mark.parametrize(
    "moment",
    ["2026-01-31", "2026-01-31T08:00:00Z", "2026-01-31T08:00:00%2B08:00", "2026-01-31T08:00:00+08:00"],
)
def test_a_moment_may_be_a_day_or_carry_a_zone(reader: FlaskClient, moment: str) -> None:
    response = reader.get(f"/api/v1/standards?modified_since={moment}")

    assert response.get_json()["total"] == 2


@pytest.mark.parametrize(
    "path", ["/standards/not-a-uuid", "/nothing", "/regions/99", "/services/NONE", "/malls/none"]
)
def test_what_is_not_there_is_a_404_that_says_so(reader: FlaskClient, path: str) -> None:
    response = reader.get(f"/api/v1{path}")

    problem = response.get_json()
    assert response.status_code == problem["status"] == 404
    assert problem["type"] == "/api/v1/docs#problem-not-found"
    assert problem["detail"]


def test_a_wrong_method_is_told_the_right_ones(reader: FlaskClient) -> None:
    response = reader.post("/api/v1/standards")

    assert response.status_code == 405
    assert {"GET", "HEAD", "OPTIONS"} <= set(response.headers["Allow"].split(", "))

"""How what went wrong is said: by kind, in the way of the door, without telling of the inside."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from siapa.errors import Conflict, NotAllowed, Problem, Rejected, SiapaError, Unavailable
from siapa.extensions import db

KINDS: list[tuple[SiapaError, int]] = [
    (NotAllowed("Not yours."), 403),
    (Rejected([Problem("title", "Too short.", "a")]), 422),
    (Conflict("Changed by another."), 409),
    (Unavailable("Being rebuilt.", retry_after_seconds=7), 503),
]


def failing(app: Flask, error: Exception) -> FlaskClient:
    """A visitor of ``app``, in which ``/fails`` and ``/api/v1/fails`` raise ``error``."""

    def fail() -> str:
        raise error

    app.add_url_rule("/fails", "fails", fail)
    app.add_url_rule("/api/v1/fails", "api_fails", fail)
    app.testing = False
    return app.test_client()


@pytest.mark.parametrize(("error", "status"), KINDS)
def test_each_kind_has_its_status_at_both_doors(own_app: Flask, error: SiapaError, status: int) -> None:
    client = failing(own_app, error)

    page, api = client.get("/fails"), client.get("/api/v1/fails")

    assert (page.status_code, api.status_code) == (status, status)
    assert page.content_type.startswith("text/html")
    assert api.content_type == "application/problem+json"
    assert api.get_json()["status"] == status
    assert page.headers["Cache-Control"] == api.headers["Cache-Control"] == "no-store"


def test_what_is_rejected_is_told_in_full_at_both_doors(own_app: Flask) -> None:
    client = failing(own_app, Rejected([Problem("title", "Too short.", "a"), Problem("fees", "Missing.")]))

    assert client.get("/api/v1/fails").get_json()["errors"] == [
        {"path": "title", "message": "Too short.", "value": "a"}, {"path": "fees", "message": "Missing."}
    ]  # fmt: skip
    page = client.get("/fails").get_data(as_text=True)
    assert "Too short." in page and "Missing." in page


def test_what_is_unavailable_says_when_to_come_back(own_app: Flask) -> None:
    client = failing(own_app, Unavailable("Being rebuilt.", retry_after_seconds=7))

    assert client.get("/fails").headers["Retry-After"] == "7"


def test_a_fault_of_ours_is_logged_and_tells_nothing(
    own_app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    client = failing(own_app, RuntimeError("the secret of /etc"))

    page, api = client.get("/fails"), client.get("/api/v1/fails")

    assert (page.status_code, api.status_code) == (500, 500)
    assert "secret" not in page.get_data(as_text=True) + api.get_data(as_text=True)
    assert api.get_json()["request_id"] == api.headers["X-Request-Id"]
    logged = capsys.readouterr().err
    assert "the secret of /etc" in logged and api.headers["X-Request-Id"] in logged


def test_a_database_that_is_away_is_a_503_and_comes_back(own_app: Flask, visitor: FlaskClient) -> None:
    with own_app.app_context():
        file = own_app.config["SIAPA"].instance_dir / "siapa.db"
        db.engine.dispose()
        moved = [(path, path.with_suffix(path.suffix + ".away")) for path in file.parent.glob("siapa.db*")]
        for path, away in moved:
            path.rename(away)
        file.mkdir()

    page, api, ready = (visitor.get(path) for path in ("/layanan", "/api/v1/services", "/health/ready"))

    assert (page.status_code, api.status_code, ready.status_code) == (503, 503, 503)
    assert api.headers["Retry-After"] and api.content_type == "application/problem+json"
    file.rmdir()
    for path, away in moved:
        away.rename(path)
    assert visitor.get("/api/v1/services").status_code == 200


def test_an_error_of_the_database_that_is_ours_is_a_500(own_app: Flask) -> None:
    client = failing(own_app, sa.exc.ProgrammingError("SELECT secret", {}, Exception("no such column")))

    assert client.get("/api/v1/fails").status_code == 500


def test_an_unknown_page_is_a_page_with_a_search_box(reader: FlaskClient) -> None:
    response = reader.get("/tidak-ada")

    assert response.status_code == 404
    assert 'name="q"' in response.get_data(as_text=True)


def test_a_former_name_of_a_page_leads_to_the_present_one(reader: FlaskClient) -> None:
    for path in ("/mpp/", "/en/mpp/"):
        response = reader.get(f"{path}mal-kendari")

        assert (response.status_code, response.location) == (301, f"{path}mpp-kendari")

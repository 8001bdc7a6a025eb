"""A kept answer is given before the application is asked, and is the one the application would give."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from siapa.web import caching, hooks, limiting
from siapa.web.sources import sources_of
from tests.conftest import SECRET
from tests.web.registry import SIM_RENEWAL, the_standard, withdraw

PATHS = (
    "/", "/en/", "/layanan", "/cari?q=ktp", "/saran?q=kt", "/sitemap.xml", "/api/v1/regions?per_page=2",
    "/api/v1/services?lang=en", "/api/v1/search?q=ktp&group=standard", "/api/v1/openapi.json",
)  # fmt: skip
#: What differs from one request to the next, whoever answers.
PASSING = ("X-Request-Id", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Date")


@pytest.fixture
def asked(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths for which the application itself was asked."""
    paths: list[str] = []
    own_app.before_request(lambda: paths.append(hooks.request.path))
    return paths


def told(response: TestResponse) -> tuple[int, bytes, dict[str, str]]:
    """Everything an answer says that must not depend on who gave it."""
    headers = {name: value for name, value in response.headers if name not in PASSING}
    return response.status_code, response.data, headers


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br;q=1.0, gzip;q=0"])
def test_a_kept_answer_is_told_like_a_new_one(
    visitor: FlaskClient, asked: list[str], path: str, method: str, encoding: str
) -> None:
    def ask() -> TestResponse:
        return visitor.open(path, method=method, headers={"Accept-Encoding": encoding})

    new, kept = ask(), ask()

    assert told(kept) == told(new)
    assert len(asked) == 1
    assert new.headers["X-Request-Id"] != kept.headers["X-Request-Id"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("wished", ["ETag", "other", "several", "any", "date", "earlier"])
def test_whoever_has_it_is_told_so_in_the_same_way(
    own_app: Flask,
    visitor: FlaskClient,
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    wished: str,
) -> None:
    moment = time.time()
    monkeypatch.setattr(caching.time, "time", lambda: moment)
    first = visitor.get(path)
    condition = {
        "ETag": {"If-None-Match": first.headers["ETag"]},
        "other": {"If-None-Match": 'W/"other"'},
        "several": {"If-None-Match": f'"a", {first.headers["ETag"]}'},
        "any": {"If-None-Match": "*"},
        "date": {"If-Modified-Since": first.headers["Last-Modified"]},
        "earlier": {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    }[wished]

    kept = visitor.get(path, headers=condition)
    empty(own_app)
    new = visitor.get(path, headers=condition)

    assert len(asked) == 2
    assert kept.status_code == (200 if wished in ("other", "earlier") else 304)
    assert told(kept) == told(new)


def empty(app: Flask) -> None:
    """Throw away what is kept."""
    app.extensions["siapa_answers"]._answers.clear()


def test_encryption_is_asked_for_by_a_kept_answer_too(set_up: Callable[..., Flask]) -> None:
    client = set_up(SIAPA_ENVIRONMENT="production", SIAPA_SECRET_KEY=SECRET).test_client()

    answers = [client.get("/layanan", base_url="https://localhost") for _ in range(2)]

    assert len({one.headers["Strict-Transport-Security"] for one in answers}) == 1


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/layanan", {"Cookie": "a=b"}),
        ("/layanan", {"Authorization": "Bearer x"}),
        ("/layanan", {"If-Match": '"x"', "If-None-Match": '"y"'}),
        ("/layanan", {"X-Anything": "Ã©"}),
        ("//layanan", {}),
    ],
)
def test_whatever_is_not_plain_is_left_to_the_application(
    own_app: Flask, asked: list[str], path: str, headers: dict[str, str]
) -> None:
    client = own_app.test_client(use_cookies=False)
    client.get("/layanan")

    client.get("/", headers=headers, environ_overrides={"PATH_INFO": path})

    assert len(asked) == 2


@pytest.mark.parametrize(
    "change", [{"HTTP_X_ANYTHING": "a\x00b"}, {"HTTP_X_ANYTHING": "\xff"}, {"HTTP_HOST": "evil.example"}]
)
def test_what_the_gate_refuses_is_refused_where_an_answer_is_kept_too(
    reader: FlaskClient, change: dict[str, str]
) -> None:
    assert reader.get("/layanan").status_code == 200

    assert reader.get("/layanan", environ_overrides=change).status_code == 400


def test_headers_without_end_are_refused_where_an_answer_is_kept_too(reader: FlaskClient) -> None:
    assert reader.get("/layanan").status_code == 200

    assert reader.get("/layanan", headers={"X-Long": "a" * 100_000}).status_code == 431


def test_kept_answers_are_counted_and_refused_like_others(set_up: Callable[..., Flask]) -> None:
    client = set_up(SIAPA_RATE_LIMITS="3 per minute").test_client()

    answers = [client.get("/api/v1/regions") for _ in range(5)]

    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["2", "1", "0", "0", "0"]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61


def test_the_address_that_a_trusted_proxy_names_is_the_one_counted(set_up: Callable[..., Flask]) -> None:
    app = set_up(SIAPA_TRUSTED_PROXIES="1", SIAPA_RATE_LIMITS="2 per minute")
    client = app.test_client()

    def ask(address: str) -> int:
        return client.get("/api/v1/regions", headers={"X-Forwarded-For": address}).status_code

    assert [ask("9.9.9.9"), ask("9.9.9.9"), ask("9.9.9.9"), ask("8.8.8.8")] == [200, 200, 429, 200]


def test_a_kept_answer_bears_the_name_that_a_trusted_proxy_gave(set_up: Callable[..., Flask]) -> None:
    trusting, alone = set_up(SIAPA_TRUSTED_PROXIES="1").test_client(), set_up().test_client()

    def named(client: FlaskClient) -> str:
        client.get("/layanan")
        return client.get("/layanan", headers={"X-Request-Id": "abcdef-123456"}).headers["X-Request-Id"]

    assert named(trusting) == "abcdef-123456"
    assert named(alone) != "abcdef-123456"


def test_kept_answers_have_their_line_in_the_log(
    reader: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        response = reader.get("/api/v1/search?q=rahasia")

    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert "method=GET path=/api/v1/search status=200" in line
    assert f"request_id={response.headers['X-Request-Id']}" in line
    assert "rahasia" not in line


def test_a_log_that_cannot_be_written_keeps_nobody_from_reading(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def write(self, _line: str) -> int:
            raise OSError("no space left on device")

    monkeypatch.setattr("siapa.web.logs.sys.stderr", Full())

    assert [reader.get("/bantuan").status_code for _ in range(2)] == [200, 200]


def test_a_search_made_while_the_index_was_behind_is_made_again_when_it_has_caught_up(
    own_app: Flask, visitor: FlaskClient, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching.search, "position", lambda: 1)
    path = "/api/v1/search?q=ktp"
    for _ in range(2):
        visitor.get(path)
    monkeypatch.undo()

    for _ in range(2):
        visitor.get(path)

    assert len(asked) == 2


def test_an_answer_is_not_kept_as_newer_than_what_it_was_made_from(
    own_app: Flask, visitor: FlaskClient
) -> None:
    with own_app.app_context():
        standard = the_standard("polresta-kendari", SIM_RENEWAL)
        path, key = f"/api/v1/standards/{standard.id}", standard.id

    meanwhile = [key]

    def withdraw_meanwhile(response: Response) -> Response:
        if meanwhile:
            withdraw(meanwhile.pop())
        return response

    own_app.after_request(withdraw_meanwhile)
    late = visitor.get(path)

    assert (late.status_code, meanwhile) == (200, [])
    assert visitor.get(path).status_code == 410


def test_a_database_that_went_away_is_said_by_the_application(
    own_app: Flask, visitor: FlaskClient, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get("/layanan")

    def fail() -> int:
        raise OSError

    monkeypatch.setattr(sources_of(own_app), "number", fail)
    visitor.get("/layanan")

    assert len(asked) == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a=1&b=2", "b=2&a=1", True),
        ("a=1&a=2", "a=2&a=1", False),
        ("lang=en&%6Cang=id", "%6Cang=id&lang=en", False),
        ("a=1", "a=2", False),
    ],
)
def test_parameters_are_put_in_order_where_their_order_means_nothing(
    one: str, other: str, same: bool
) -> None:
    def key(query: str) -> Any:
        return caching.key_of(
            {"REQUEST_METHOD": "GET", "wsgi.url_scheme": "http", "PATH_INFO": "/x", "QUERY_STRING": query}
        )

    assert (key(one) == key(other)) is same


def test_the_first_of_two_languages_in_the_address_counts(reader: FlaskClient) -> None:
    for first, second in (("en", "id"), ("id", "en")):
        path = f"/api/v1/services?lang={first}&lang={second}"
        answers = {reader.get(path).headers["Content-Language"] for _ in range(2)}

        assert answers == {first}


def test_limits_are_known_to_be_the_same_for_both(own_app: Flask) -> None:
    assert limiting.counter_of(own_app) is own_app.wsgi_app._counter  # type: ignore[attr-defined]

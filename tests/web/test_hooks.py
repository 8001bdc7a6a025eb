"""What is done around every request: the gate before it, the headers after it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask, request, session
from flask.testing import FlaskClient

from siapa.config import BadConfiguration
from siapa.web import hooks, limiting
from tests.conftest import SECRET


def raw(client: FlaskClient, path: bytes = b"/", query: str = "", **environ: str) -> int:
    """The status of a request whose path is exactly ``path``."""
    changes = {"PATH_INFO": path.decode("latin-1"), "QUERY_STRING": query, **environ}
    return client.get("/", environ_overrides=changes).status_code


@pytest.mark.parametrize(
    "path", [b"/\xff", b"/layanan/\xc3\x28", b"/api/v1/services/\xed\xa0\x80", b"/mpp/\x00"]
)
def test_a_path_that_is_no_clean_text_is_refused(reader: FlaskClient, path: bytes) -> None:
    assert raw(reader, path) == 400


@pytest.mark.parametrize("query", ["q=%FF", "q=%C3%28", "q=%00", "%FE=1", "q=\xff"])
def test_a_query_that_is_no_clean_text_is_refused(reader: FlaskClient, query: str) -> None:
    assert raw(reader, b"/cari", query) == 400
    assert raw(reader, b"/api/v1/search", query) == 400


@pytest.mark.parametrize("name", ["HTTP_ACCEPT_LANGUAGE", "HTTP_COOKIE", "HTTP_X_ANYTHING"])
def test_a_header_that_is_no_clean_text_is_refused(small_app: Flask, name: str) -> None:
    client = small_app.test_client(use_cookies=False)

    assert raw(client, **{name: "id\xff"}) == 400


def test_a_form_that_is_no_clean_text_is_refused(reader: FlaskClient) -> None:
    form = {"content_type": "application/x-www-form-urlencoded"}

    assert reader.post("/cari", data=b"a=%FF", **form).status_code == 400
    assert reader.post("/cari", data=b"a=%00", **form).status_code == 400
    assert reader.post("/cari", data=b"a=baik", **form).status_code == 405


def test_a_form_in_parts_that_is_no_clean_text_is_refused(reader: FlaskClient) -> None:
    def posted(value: bytes) -> int:
        body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + value + b"\r\n--x--\r\n"
        return reader.post("/cari", data=body, content_type="multipart/form-data; boundary=x").status_code

    assert (posted(b"\xff"), posted(b"a\x00b"), posted(b"baik")) == (400, 400, 405)


def test_a_body_that_does_not_say_its_length_is_refused(reader: FlaskClient) -> None:
    answered = reader.post("/api/v1/services", environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked"})

    assert (answered.status_code, answered.content_type) == (411, "application/problem+json")
    assert "Content-Length" in answered.get_json()["detail"]


def test_an_address_without_end_is_refused(reader: FlaskClient) -> None:
    page, api = reader.get("/cari?q=" + "a" * 10_000), reader.get("/api/v1/search?q=" + "a" * 10_000)

    assert (page.status_code, api.status_code) == (414, 414)
    assert str(hooks.LONGEST_ADDRESS) in api.get_json()["detail"]


def test_headers_without_end_are_refused(reader: FlaskClient) -> None:
    assert reader.get("/", headers={"X-Long": "a" * 100_000}).status_code == 431
    assert reader.get("/", headers=[(f"X-{n}", "a") for n in range(5_000)]).status_code == 431


def test_a_body_over_the_limit_is_refused_before_it_is_read(reader: FlaskClient) -> None:
    response = reader.post("/cari", data={"a": "x" * (hooks.LARGEST_BODY + 1)})

    assert response.status_code == 413


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example", ""])
def test_a_host_that_is_not_ours_is_refused(reader: FlaskClient, host: str) -> None:
    page, api = (reader.get(path, headers={"Host": host}) for path in ("/", "/api/v1/services"))

    assert (page.status_code, api.status_code) == (400, 400)
    assert "evil" not in page.get_data(as_text=True)


def test_a_host_that_is_handed_on_by_a_header_is_ignored(set_up: Callable[..., Flask]) -> None:
    app = set_up(SIAPA_TRUSTED_PROXIES="1")
    seen = {}
    app.add_url_rule(
        "/seen", view_func=lambda: seen.update(host=request.host, address=request.remote_addr) or ""
    )

    app.test_client().get(
        "/seen", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "6.6.6.6, 9.9.9.9"}
    )

    assert seen == {"host": "localhost", "address": "9.9.9.9"}


def test_without_proxies_nobody_can_say_another_address(reader: FlaskClient, small_app: Flask) -> None:
    with small_app.test_request_context(headers={"X-Forwarded-For": "6.6.6.6"}):
        assert request.remote_addr != "6.6.6.6"


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/nothing", "/api/v1/services", "/health/live", "/api/v1/nothing"]
)
def test_every_answer_is_safe_by_default(reader: FlaskClient, path: str) -> None:
    headers = reader.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'") and "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=(self)" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert len(headers["X-Request-Id"]) == 32


def test_the_api_is_open_to_every_origin_and_pages_are_not(reader: FlaskClient) -> None:
    api, page = reader.get("/api/v1/services"), reader.get("/")
    asked_first = reader.options("/api/v1/services", headers={"Origin": "https://else.example"})

    assert api.headers["Access-Control-Allow-Origin"] == "*"
    assert asked_first.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in page.headers


def test_cookies_are_for_us_alone(set_up: Callable[..., Flask]) -> None:
    settings = {"SIAPA_ENVIRONMENT": "production", "SIAPA_SECRET_KEY": SECRET}
    app = set_up(**settings)
    app.add_url_rule("/meja/keep", view_func=lambda: session.update(a=1) or "kept")

    cookie = app.test_client().get("/meja/keep", base_url="https://localhost").headers["Set-Cookie"]

    assert cookie.startswith("__Host-siapa=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie


def test_production_asks_for_encryption_where_there_is_one(set_up: Callable[..., Flask]) -> None:
    client = set_up(SIAPA_ENVIRONMENT="production").test_client()

    assert "Strict-Transport-Security" in client.get("/health/live", base_url="https://localhost").headers
    assert "Strict-Transport-Security" not in client.get("/health/live").headers


@pytest.mark.parametrize(
    ("path", "accepts", "language"),
    [
        ("/", "en", "id"),
        ("/en/", "id", "en"),
        ("/api/v1/nothing", "en-GB,id;q=0.5", "en"),
        ("/api/v1/nothing", "fr, id;q=0.8, en;q=0.5", "id"),
        ("/api/v1/nothing", "fr", "id"),
        ("/api/v1/nothing?lang=en", "id", "en"),
    ],
)
def test_the_language_is_that_of_the_address_or_of_the_program(
    reader: FlaskClient, path: str, accepts: str, language: str
) -> None:
    assert reader.get(path, headers={"Accept-Language": accepts}).headers["Content-Language"] == language


def test_the_log_tells_the_path_and_never_what_was_searched(
    reader: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    reader.get("/api/v1/search?q=rahasia", headers={"Authorization": "Bearer rahasia"})

    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert "path=/api/v1/search status=200" in line
    assert "rahasia" not in line


def test_a_path_cannot_forge_a_line_of_the_log(
    reader: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    raw(reader, b"/a\nstatus=200 forged")

    lines = [line for line in capsys.readouterr().err.splitlines() if "forged" in line]
    assert len(lines) == 1 and "path=/a\\nstatus=200 forged" in lines[0]


def test_lines_for_machines_are_json(
    set_up: Callable[..., Flask], capsys: pytest.CaptureFixture[str]
) -> None:

    set_up(SIAPA_LOG_FORMAT="json").test_client().get("/health/live?x=1")
    set_up(SIAPA_LOG_FORMAT="json").test_client().get("/nothing")

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert [line["path"] for line in lines if "path" in line] == ["/nothing"]


def test_requests_are_limited_by_address_and_told_when_to_come_back(set_up: Callable[..., Flask]) -> None:
    client = set_up(SIAPA_RATE_LIMITS="3 per minute").test_client()

    statuses = [client.get("/api/v1/regions").status_code for _ in range(5)]
    refused = client.get("/api/v1/services")
    elsewhere = client.get("/api/v1/regions", environ_overrides={"REMOTE_ADDR": "10.0.0.9"})

    assert statuses == [200, 200, 200, 429, 429]
    assert refused.status_code == 429 and refused.content_type == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert elsewhere.status_code == 200


def test_pages_and_health_are_not_limited(set_up: Callable[..., Flask]) -> None:
    client = set_up(SIAPA_RATE_LIMITS="1 per minute").test_client()

    assert {client.get("/health/live").status_code for _ in range(5)} == {200}
    assert {client.get("/bantuan").status_code for _ in range(5)} == {200}


class Away:
    """A shared counter that cannot be reached."""

    def count(self, address: str) -> list[limiting.Standing]:
        """What a client of Redis does then."""
        raise ConnectionError(address)


def test_a_shared_counter_that_is_away_keeps_nobody_out(set_up: Callable[..., Flask]) -> None:
    app = set_up()
    limiting.counter_of(app).shared = Away()

    assert app.test_client().get("/api/v1/regions").status_code == 200


def test_without_the_shared_counter_each_process_still_counts(set_up: Callable[..., Flask]) -> None:
    app = set_up(SIAPA_RATE_LIMITS="2 per minute")
    limiting.counter_of(app).shared = Away()

    statuses = [app.test_client().get("/api/v1/regions").status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


def test_of_several_rules_the_one_nearest_to_its_end_is_told(set_up: Callable[..., Flask]) -> None:
    client = set_up(SIAPA_RATE_LIMITS="100 per minute; 3 per hour").test_client()

    answers = [client.get("/api/v1/regions") for _ in range(4)]

    assert [one.headers["X-RateLimit-Limit"] for one in answers] == ["3"] * 4
    assert [one.status_code for one in answers] == [200, 200, 200, 429]


def test_a_window_is_its_address_s_own_and_ends_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = {"now": 1_000.0}
    monkeypatch.setattr(limiting.time, "time", lambda: clock["now"])
    window = limiting.Window(limit=2, seconds=60)

    first = [window.count("a") for _ in range(3)]
    clock["now"] += 30
    other = window.count("b")
    clock["now"] += 30
    again = window.count("a")

    assert [one.allowed for one in first] == [True, True, False]
    assert [one.remaining for one in first] == [1, 0, 0]
    assert {one.resets_at for one in first} == {1_061}
    assert (other.allowed, again.allowed, again.remaining) == (True, True, 1)


def test_addresses_whose_window_is_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = {"now": 1_000.0}
    monkeypatch.setattr(limiting.time, "time", lambda: clock["now"])
    window = limiting.Window(limit=2, seconds=60)
    for number in range(500):
        window.count(f"10.0.0.{number}")

    clock["now"] += 61
    window.count("a")

    assert len(window) == 1


def test_every_counted_answer_tells_how_many_requests_are_left(set_up: Callable[..., Flask]) -> None:
    client = set_up(SIAPA_RATE_LIMITS="5 per minute").test_client()

    first, second = client.get("/api/v1/regions"), client.get("/api/v1/regions")

    assert [one.headers["X-RateLimit-Remaining"] for one in (first, second)] == ["4", "3"]
    assert first.headers["X-RateLimit-Limit"] == "5"


def test_a_redis_that_cannot_be_used_stops_the_start_with_one_line(set_up: Callable[..., Flask]) -> None:
    with pytest.raises(BadConfiguration) as refused:
        set_up(SIAPA_REDIS_URL="unix:///nowhere")

    assert "SIAPA_REDIS_URL" in str(refused.value) and "\n" not in str(refused.value)

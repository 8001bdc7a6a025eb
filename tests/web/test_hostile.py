"""Whatever is sent, no door ever breaks: it refuses in words, or answers plainly."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

SEED = 20_260_703
SLOWEST_SECONDS = 2.0

QUERIES = [
    "*", "?????*", "*a*", "title:[a TO z]", "x~9", "NOT", "NOT NOT NOT a", "AND OR NOT ANDNOT REQUIRE",
    "(((", "(" * 190, ")" * 190, '"' * 199, '"a "b "c', "a" * 60_000, "a " * 100, "-" * 200, "-a -b -c",
    "when:[0 TO 9]", 'r"(', "\\", "\\x", "%", "%%", "_", "'; DROP TABLE standard; --", "' OR 1=1 --",
    "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "../../etc/passwd", "\u202e\u202dktp",
    "k\u200bt\u200bp", "\uff2b\uff34\uff30", "\u0130\u00df\u0149", "\U0001f469\u200d\U0001f469" * 20,
    "\ud7ff\ue000",
    "e\u0301" * 90, "NaN", "1e400", "None", "null", "[]", "{}", "a\r\nSet-Cookie: a=b", "\t\n\v\f",
]  # fmt: skip
NUMBERS = [
    "0", "-1", "1e3", "1.5", "999999999999999999999", "1" + "0" * 30, "9" * 2_000, "NaN", "inf", "\uff10", "",
    " ", "0x10",
]  # fmt: skip
PATHS = [
    "/", "/cari", "/saran", "/layanan", "/layanan/x", "/mpp", "/mpp/mpp-kendari", "/instansi", "/wilayah/74",
    "/standar/a/b", "/standar/a/b/riwayat/1", "/en/cari", "/en/layanan", "/api/v1/search", "/api/v1/suggest",
    "/api/v1/services", "/api/v1/services/x", "/api/v1/standards", "/api/v1/malls", "/api/v1/regions/74",
    "/api/v1/malls/x/offerings", "/api/v1/changes", "/api/v1/docs", "/sitemap.xml", "/opensearch.xml",
    "/oai", "/feed.atom",
]  # fmt: skip
PARAMETERS = [
    "q", "page", "per_page", "region", "near", "mall", "agency", "category", "sort", "fields", "facets",
    "since", "limit", "modified_since", "max_days", "open_now", "free", "lang", "group", "initial", "kind",
    "level", "x", "", "[]",
]  # fmt: skip


def polite(client: FlaskClient, path: str, values: dict[str, str]) -> None:
    """Ask, and demand an answer that is neither a fault of ours nor late, and tells nothing of the inside."""
    started = time.monotonic()
    response = client.get(path, query_string=values)
    seconds = time.monotonic() - started

    assert response.status_code < 500, (path, values, response.get_data(as_text=True)[:500])
    assert seconds < SLOWEST_SECONDS, (path, values)
    body = response.get_data(as_text=True)
    assert "Traceback" not in body and "site-packages" not in body
    if response.mimetype == "text/html":
        assert "<script>alert" not in body


@pytest.mark.parametrize("path", ["/cari", "/en/cari", "/saran", "/api/v1/search", "/api/v1/suggest"])
def test_no_query_breaks_the_search(reader: FlaskClient, path: str) -> None:
    for query in QUERIES:
        polite(reader, path, {"q": query})


@pytest.mark.parametrize("path", PATHS)
def test_no_number_breaks_a_list(reader: FlaskClient, path: str) -> None:
    for name in ("page", "per_page", "max_days", "since", "limit"):
        for number in NUMBERS:
            polite(reader, path, {name: number})


def random_requests(count: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Requests of all the above, mixed by a fixed seed, with characters of every kind."""
    dice = random.Random(SEED)
    signs = [chr(n) for n in (*range(1, 128), 0xAD, 0xFF, 0x301, 0x200D, 0x202E, 0xFEFF, 0x1F600, 0x10FFFF)]
    for _ in range(count):
        values = {}
        for name in dice.sample(PARAMETERS, dice.randint(0, 4)):
            noise = "".join(dice.choice(signs) for _ in range(dice.randint(0, 30)))
            values[name] = dice.choice([*QUERIES, *NUMBERS, noise, noise, noise])
        yield dice.choice(PATHS), values


def test_no_mixture_of_both_breaks_a_door(reader: FlaskClient) -> None:
    for path, values in random_requests(2_000):
        polite(reader, path, values)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "X"])
def test_no_method_breaks_a_door(reader: FlaskClient, method: str) -> None:
    for path in ("/", "/cari", "/api/v1/standards", "/health/live", "/tidak-ada"):
        response = reader.open(path, method=method)

        assert response.status_code in (404, 405), (method, path)


def test_headers_that_ask_for_another_request_are_ignored(reader: FlaskClient) -> None:
    tricks = {
        "X-HTTP-Method-Override": "DELETE",
        "X-Original-URL": "/health/live",
        "X-Forwarded-User": "admin",
    }

    plain, tricked = reader.get("/api/v1/regions"), reader.get("/api/v1/regions", headers=tricks)

    assert tricked.data == plain.data


def test_the_harness_finds_a_planted_fault(own_app: Flask) -> None:
    own_app.testing = False
    own_app.add_url_rule("/planted", "planted", lambda: str(1 // 0))

    with pytest.raises(AssertionError):
        polite(own_app.test_client(), "/planted", {})

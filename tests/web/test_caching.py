"""Answers are kept as long as they are right, and not a request longer."""

from __future__ import annotations

import gzip
import math
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from siapa import catalogue
from siapa.web import caching
from tests.web.registry import SIM_RENEWAL, the_standard, withdraw

#: A Monday, 08.00 in Kendari.
OPENING = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
PATHS = ("/api/v1/services", "/api/v1/search?q=ktp", "/layanan", "/mpp/mpp-kendari")


@pytest.mark.parametrize("path", PATHS)
def test_every_public_answer_may_be_kept_and_asked_for_again(reader: FlaskClient, path: str) -> None:
    first = reader.get(path)

    again = reader.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"].startswith("public, max-age=60")
    assert "stale-if-error" in first.headers["Cache-Control"]
    assert first.headers["Last-Modified"]
    assert "Accept-Encoding" in first.headers["Vary"]
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_kept_answer_is_not_made_again(reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = reader.get("/api/v1/regions?per_page=2")
    monkeypatch.setattr(catalogue, "regions", None)

    again = reader.get("/api/v1/regions?per_page=2")

    assert again.data == first.data
    assert again.headers["Content-Type"] == first.headers["Content-Type"] == "application/json"


def test_what_is_withdrawn_is_gone_with_the_next_request(own_app: Flask, visitor: FlaskClient) -> None:
    with own_app.app_context():
        standard = the_standard("polresta-kendari", SIM_RENEWAL)
        api, page = f"/api/v1/standards/{standard.id}", f"/standar/polresta-kendari/{standard.slug}"
    addresses = (
        api,
        page,
        "/api/v1/search?q=perpanjang+sim&group=standard",
        "/mpp/mpp-kendari",
        "/api/v1/standards",
    )
    before = [visitor.get(path) for path in addresses]

    with own_app.app_context():
        withdraw(standard.id)
    after = [visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]})
             for path, answer in zip(addresses, before, strict=True)]  # fmt: skip

    assert [answer.status_code for answer in before] == [200] * 5
    assert [answer.status_code for answer in after] == [410, 410, 200, 200, 200]
    assert all("Perpanjangan SIM C" in answer.get_data(as_text=True) for answer in before)
    # The service itself stays, without a standard.
    assert after[2].get_json()["results"]
    assert all(result["standard"] is None for result in after[2].get_json()["results"])
    assert after[4].get_json()["total"] == 1


def test_two_languages_are_two_answers(reader: FlaskClient) -> None:
    path = "/api/v1/suggest?q=kepend"
    indonesian = reader.get("/api/v1/services", headers={"Accept-Language": "id"})
    english = reader.get("/api/v1/services", headers={"Accept-Language": "en"})

    assert indonesian.headers["Content-Language"] != english.headers["Content-Language"]
    assert "/en/layanan/" in english.get_data(as_text=True)
    assert "/en/layanan/" not in indonesian.get_data(as_text=True)
    assert "Accept-Language" in reader.get(path).headers["Vary"]


def test_an_answer_is_compressed_for_whoever_can_read_it(reader: FlaskClient) -> None:
    plain = reader.get("/api/v1/standards", headers={"Accept-Encoding": "identity"})
    packed = reader.get("/api/v1/standards", headers={"Accept-Encoding": "br;q=0, gzip"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert plain.headers["ETag"] == packed.headers["ETag"]


def test_a_head_request_is_told_the_same(reader: FlaskClient) -> None:
    head, get = reader.head("/api/v1/regions"), reader.get("/api/v1/regions")

    assert head.status_code == 200 and head.data == b""
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize("header", [{"Cookie": "siapa=x"}, {"Authorization": "Bearer x"}])
def test_who_brings_credentials_gets_nothing_that_others_may_keep(
    small_app: Flask, monkeypatch: pytest.MonkeyPatch, header: dict[str, str]
) -> None:
    kept: list[object] = []
    monkeypatch.setattr(caching.Shelf, "put", lambda _self, key, _kept: kept.append(key))

    response = small_app.test_client(use_cookies=False).get("/api/v1/regions?per_page=3", headers=header)

    assert response.headers["Cache-Control"] == "private, no-cache"
    assert not kept


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/tidak-ada", "/api/v1/regions?page=0", "/cari?page=0"])
def test_errors_are_never_kept(reader: FlaskClient, path: str) -> None:
    response = reader.get(path)

    assert response.status_code >= 400
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_the_order_of_parameters_makes_no_other_answer(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = reader.get("/api/v1/regions?per_page=1&page=2")
    monkeypatch.setattr(catalogue, "regions", None)

    assert reader.get("/api/v1/regions?page=2&per_page=1").data == first.data


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    """The time, to be set: a Monday, a minute before the mall opens at 08.00 in Kendari (midnight in UTC)."""
    clock = {"now": OPENING - timedelta(minutes=1)}
    for module in ("malls", "standards"):
        monkeypatch.setattr(import_module(f"siapa.catalogue.{module}"), "now", lambda: clock["now"])
    monkeypatch.setattr(caching.time, "time", lambda: clock["now"].timestamp())
    return clock


def test_what_is_open_is_told_anew_when_it_opens(
    own_app: Flask, visitor: FlaskClient, clock: dict[str, datetime]
) -> None:
    before = visitor.get("/api/v1/malls/mpp-kendari").get_json()["opening"]["is_open"]
    clock["now"] = OPENING
    after = visitor.get("/api/v1/malls/mpp-kendari").get_json()["opening"]["is_open"]

    assert (before, after) == (False, True)


def test_until_then_the_kept_answer_is_given(
    visitor: FlaskClient, clock: dict[str, datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock["now"] = OPENING - timedelta(minutes=50)
    first = visitor.get("/api/v1/malls/mpp-kendari")
    monkeypatch.setattr(catalogue, "mall", None)

    clock["now"] = OPENING - timedelta(minutes=1)

    assert visitor.get("/api/v1/malls/mpp-kendari").data == first.data


def test_a_page_is_made_anew_each_minute(visitor: FlaskClient, clock: dict[str, datetime]) -> None:
    first = visitor.get("/mpp")
    clock["now"] += timedelta(seconds=59)
    same_minute = visitor.get("/mpp")
    clock["now"] += timedelta(seconds=1)
    next_minute = visitor.get("/mpp")

    assert same_minute.headers["Last-Modified"] == first.headers["Last-Modified"]
    assert next_minute.headers["Last-Modified"] != first.headers["Last-Modified"]


def test_an_answer_without_opening_hours_keeps_the_date_of_the_last_change(
    reader: FlaskClient, small_app: Flask
) -> None:
    with small_app.app_context():
        last = catalogue.last_change().at
    response = reader.get("/api/v1/regions")

    assert last is not None
    assert response.last_modified == last.replace(microsecond=0)
    since = {"If-Modified-Since": response.headers["Last-Modified"]}
    assert reader.get("/api/v1/regions", headers=since).status_code == 304


def kept_of(length: int) -> caching.Kept:
    """An answer that is right for ever, with a body of so many bytes."""
    return caching.Kept(b"x" * length, None, headers=(), standing=(), until=math.inf)


def test_what_was_not_asked_for_longest_makes_room() -> None:
    shelf = caching.Shelf(3 * kept_of(400).size)
    for number in range(5):
        shelf.put((str(number),), kept_of(400))

    assert [number for number in range(5) if shelf.get((str(number),))] == [2, 3, 4]


def test_a_body_out_of_all_proportion_is_not_kept() -> None:
    shelf = caching.Shelf(caching.CAPACITY)

    shelf.put(("large",), kept_of(caching.LARGEST + 1))

    assert shelf.get(("large",)) is None


def test_assets_with_their_mark_are_kept_for_ever(reader: FlaskClient) -> None:
    marked, bare = (
        reader.get(path, buffered=True) for path in ("/assets/siapa.css?v=1", "/assets/siapa.css")
    )

    assert marked.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in bare.headers.get("Cache-Control", "")


def test_assets_that_are_text_are_compressed_for_whoever_can_read_it(reader: FlaskClient) -> None:
    def ask(accepted: str) -> TestResponse:
        return reader.get("/assets/siapa.css", headers={"Accept-Encoding": accepted}, buffered=True)

    plain, packed = ask("gzip;q=0"), ask("gzip")
    again = reader.get("/assets/siapa.css", headers={"If-None-Match": packed.headers["ETag"]})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert {one.headers["Vary"] for one in (plain, packed)} == {"Accept-Encoding"}
    assert (packed.headers["ETag"], again.status_code) == (f"W/{plain.headers['ETag']}", 304)


def test_the_console_s_files_are_compressed_too(reader: FlaskClient) -> None:
    path = "/api/v1/docs/try/swagger-ui.css"

    packed = reader.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Cache-Control"] == "public, max-age=86400"
    assert gzip.decompress(packed.data) == reader.get(path, buffered=True).data

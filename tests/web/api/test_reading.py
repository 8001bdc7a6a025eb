"""What the addresses of the API answer."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.document.standard_document import COMPONENTS
from tests.web.registry import (
    KENDARI,
    SIM_RENEWAL,
    SULTRA,
    make_standard,
    publish_next,
    the_standard,
    withdraw,
)

ENVELOPE = ["total", "page", "per_page", "pages", "next", "results"]


def read(client: FlaskClient, path: str, status: int = 200) -> Any:
    """The JSON at ``path`` of the API."""
    response = client.get(f"/api/v1{path}")
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_json()


def id_of(client: FlaskClient, title: str) -> str:
    """The id of the live standard called ``title``."""
    return next(s["id"] for s in read(client, "/standards")["results"] if s["title"] == title)


LISTS = (
    "/services", "/standards", "/agencies", "/malls", "/malls/mpp-kendari/offerings", "/locations", "/regions"
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_every_list_has_the_same_envelope(reader: FlaskClient, path: str) -> None:
    page = read(reader, f"{path}?per_page=1")

    assert list(page) == ENVELOPE
    assert page["total"] == page["pages"] >= 2
    assert len(page["results"]) == 1


@pytest.mark.parametrize("path", LISTS)
def test_every_list_can_be_narrowed_to_what_changed_and_turned_around(reader: FlaskClient, path: str) -> None:
    assert read(reader, f"{path}?modified_since=2000-01-01")["total"] == read(reader, path)["total"]
    assert read(reader, f"{path}?modified_since=2999-01-01")["total"] == 0
    sorts = read(reader, "/openapi.json")["paths"][f"/api/v1{path.replace('mpp-kendari', '{slug}')}"]["get"]
    allowed = next(p["schema"]["enum"] for p in sorts["parameters"] if p["name"] == "sort")
    assert len(allowed) > 1
    for sort in allowed:
        read(reader, f"{path}?sort={sort}&near=-4,122" if sort == "distance" else f"{path}?sort={sort}")


def test_names_can_be_read_backwards(reader: FlaskClient) -> None:
    for path, name in (("/services", "name"), ("/agencies", "name"), ("/standards", "title")):
        forwards = [one[name] for one in read(reader, f"{path}?sort=name")["results"]]
        backwards = [one[name] for one in read(reader, f"{path}?sort=-name")["results"]]

        assert len(forwards) > 1
        assert backwards == forwards[::-1]


def test_sorting_by_distance_needs_a_point(reader: FlaskClient) -> None:
    assert read(reader, "/malls?sort=distance", 422)["errors"][0]["path"] == "sort"


def test_the_api_itself_leads_to_its_description(reader: FlaskClient) -> None:
    for path in ("/api/v1", "/api/v1/"):
        assert reader.get(path).location.endswith("/api/v1/docs")


def test_following_next_visits_every_result_once(reader: FlaskClient) -> None:
    address, codes = "/regions?per_page=1", []

    while address:
        page = read(reader, address)
        codes += [region["code"] for region in page["results"]]
        address = page["next"] and page["next"].removeprefix("/api/v1")

    assert codes == ["74", "74.02", "74.71"]


def test_a_search_understands_the_place_and_finds_the_standard_with_its_mall(reader: FlaskClient) -> None:
    answer = read(reader, "/search?q=perpanjang+sim+c+kendari")

    assert answer["query"]["as_asked"] == "perpanjang sim c kendari"
    assert answer["query"]["region"]["code"] == KENDARI
    first = answer["results"][0]
    assert first["service"]["code"] == SIM_RENEWAL
    assert first["standard"]["title"] == "Perpanjangan SIM C"
    assert first["agency"]["slug"] == "polresta-kendari"
    assert [place["slug"] for place in first["offerings"]] == ["mpp-kendari"]


def test_a_service_nobody_has_published_is_found_without_a_standard(reader: FlaskClient) -> None:
    first = read(reader, "/search?q=paspor")["results"][0]

    assert first["service"]["code"] == "PASPOR"
    assert first["standard"] is None
    assert first["agency"] is None
    assert first["offerings"] == []


def test_facets_are_counted_and_labelled_in_the_language_asked_for(reader: FlaskClient) -> None:
    indonesian = read(reader, "/search?q=ktp&facets=category&group=standard")["facets"]
    english = read(reader, "/search?q=ktp&facets=category&group=standard&lang=en")["facets"]

    assert list(indonesian) == ["category"]
    assert {"value": "administrasi-kependudukan", "label": "Kependudukan", "count": 1} in indonesian[
        "category"
    ]
    assert {"value": "administrasi-kependudukan", "label": "Population", "count": 1} in english["category"]


def test_distances_come_with_the_point_asked_from(reader: FlaskClient) -> None:
    malls = read(reader, "/malls?near=-3.85,122.04")["results"]
    hit = read(reader, "/search?q=ktp&near=-3.97,122.51&sort=distance")["results"][0]

    assert [mall["slug"] for mall in malls] == ["mpp-konawe", "mpp-kendari"]
    assert malls[0]["distance_km"] < malls[1]["distance_km"]
    assert hit["distance_km"] == 0.0


def test_suggestions_lead_to_pages_of_the_language(reader: FlaskClient) -> None:
    indonesian = read(reader, "/suggest?q=perpanj")["suggestions"]
    english = read(reader, "/suggest?q=renewal&lang=en")["suggestions"]

    assert indonesian[0] == {
        "kind": "service", "key": SIM_RENEWAL, "label": "Perpanjangan SIM C", "url": "/layanan/sim-c-panjang"
    }  # fmt: skip
    assert english[0]["url"] == "/en/layanan/sim-c-panjang"
    assert reader.get(indonesian[0]["url"]).status_code == 200


def test_a_standard_shows_its_document_and_how_complete_it_is(reader: FlaskClient) -> None:
    standard = read(reader, f"/standards/{id_of(reader, 'Perpanjangan SIM C')}")

    assert standard["edition_number"] == 1
    assert set(COMPONENTS) <= set(standard["document"])
    assert standard["completeness"] == {"given": list(COMPONENTS), "missing": [], "percent": 100}
    assert standard["offerings"][0]["place"]["slug"] == "mpp-kendari"
    assert len(standard["digest"]) == 64
    assert reader.get(standard["url"]).status_code == 200


def test_filters_narrow_the_list_of_standards(reader: FlaskClient) -> None:
    for query in ("agency=polresta-kendari", f"service={SIM_RENEWAL}", "category=kendaraan"):
        found = read(reader, f"/standards?{query}")

        assert [s["title"] for s in found["results"]] == ["Perpanjangan SIM C"], query
    assert read(reader, f"/standards?region={SULTRA}")["total"] == 2
    assert read(reader, "/standards?mall=mpp-konawe")["total"] == 0


def test_fields_picks_names_and_keeps_their_order(reader: FlaskClient) -> None:
    page = read(reader, "/standards?fields=title,id")
    one = read(reader, "/malls/mpp-kendari?fields=slug,offering_count")

    assert list(page["results"][0]) == ["title", "id"]
    assert one == {"slug": "mpp-kendari", "offering_count": 2}


def test_a_service_says_how_its_providers_differ(reader: FlaskClient) -> None:
    service = read(reader, f"/services/{SIM_RENEWAL}")

    assert service["standard_count"] == service["place_count"] == 1
    assert service["fee_min_idr"] == service["fee_max_idr"] == 100_000
    assert service["aliases"] == ["perpanjang sim c"]
    assert [s["title"] for s in service["standards"]] == ["Perpanjangan SIM C"]


def test_history_and_difference_tell_what_was_promised_when(own_app: Flask, visitor: FlaskClient) -> None:
    with own_app.app_context():
        sim = the_standard("polresta-kendari", SIM_RENEWAL).id
        publish_next(sim, title="Perpanjangan SIM C cepat")

    editions = read(visitor, f"/standards/{sim}/editions")["results"]
    changed = read(visitor, f"/standards/{sim}/editions/2/difference")
    first = read(visitor, f"/standards/{sim}/editions/1")

    assert [(e["number"], e["state"]) for e in editions] == [(2, "published"), (1, "superseded")]
    assert (changed["older"], changed["newer"]) == (1, 2)
    title = next(d for d in changed["differences"] if d["component"] == "title")
    assert title["status"] == "changed"
    assert {"operation": "insert", "text": " cepat"} in title["fields"][0]["runs"]
    assert first["title"] == "Perpanjangan SIM C"
    assert first["newest_edition"] == 2


def test_as_of_answers_as_it_stood_and_refuses_days_to_come(reader: FlaskClient) -> None:
    sim = id_of(reader, "Perpanjangan SIM C")

    before = read(reader, f"/standards/{sim}?as_of=2020-01-01", 404)
    later = read(reader, f"/standards/{sim}?as_of=2999-01-01", 422)

    assert "tidak berlaku" in before["detail"] or before["status"] == 404
    assert later["errors"][0]["path"] == "as_of"


def test_the_log_is_read_from_a_number_on(own_app: Flask, visitor: FlaskClient) -> None:
    start = read(visitor, "/changes")["last"]
    with own_app.app_context():
        new = make_standard("dukcapil-kendari", None, title="Akta kelahiran")

    log = read(visitor, f"/changes?since={start}")

    assert [change["number"] for change in log["changes"]] == [start + 1]
    assert log["changes"][0]["kind"] == "standard.published"
    assert log["changes"][0]["url"] == f"/api/v1/standards/{new}"
    assert log["next"] == log["last"] == start + 1
    assert visitor.get(log["changes"][0]["url"]).status_code == 200


def test_a_former_name_leads_to_the_present_one(reader: FlaskClient) -> None:
    mall = reader.get("/api/v1/malls/mal-kendari?lang=en")
    offerings = reader.get("/api/v1/malls/mal-kendari/offerings")

    assert (mall.status_code, mall.location) == (301, "/api/v1/malls/mpp-kendari?lang=en")
    assert offerings.location == "/api/v1/malls/mpp-kendari/offerings"


def test_a_withdrawn_standard_is_gone_and_says_why(own_app: Flask, visitor: FlaskClient) -> None:
    with own_app.app_context():
        sim = the_standard("polresta-kendari", SIM_RENEWAL).id
        withdraw(sim)

    problem = read(visitor, f"/standards/{sim}", 410)
    history = read(visitor, f"/standards/{sim}/editions")

    assert problem["gone"]["reason"] == "Layanan dihapus"
    assert [e["state"] for e in history["results"]] == ["withdrawn"]

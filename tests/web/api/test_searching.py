"""What a search tells programs beside its results: the nearest place, and how a score came about."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.registry import KENDARI, KONAWE, SIM_RENEWAL, make_standard, the_standard, withdraw

ABSENT = "/search?q=perpanjang+sim+c+konawe"


def read(client: FlaskClient, path: str, status: int = 200) -> Any:
    """The JSON at ``path`` of the API."""
    response = client.get(f"/api/v1{path}")
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_json()


def test_what_the_asked_place_lacks_names_the_nearest_place_that_has_it(reader: FlaskClient) -> None:
    first = read(reader, ABSENT)["results"][0]

    assert (first["service"]["code"], first["standard"]) == (SIM_RENEWAL, None)
    nearest = first["nearest"]
    assert nearest["place"]["slug"] == "mpp-kendari"
    assert nearest["standard"]["agency"]["slug"] == "polresta-kendari"
    assert nearest["reason"] == "region"
    assert 80 < nearest["distance_km"] < 100
    for address in (nearest["place"]["url"], nearest["standard"]["url"]):
        assert reader.get(address).status_code == 200


def test_the_nearest_is_measured_from_where_the_citizen_is_if_that_is_known(reader: FlaskClient) -> None:
    first = read(reader, f"{ABSENT}&near=-3.97,122.5")["results"][0]

    assert first["nearest"]["reason"] == "position"
    assert first["nearest"]["distance_km"] < 2


def test_what_is_had_in_the_asked_place_names_no_other(reader: FlaskClient) -> None:
    for query in ("q=perpanjang+sim+c+kendari", "q=perpanjang+sim+c", f"q=sim&region={KENDARI}"):
        assert all(one["nearest"] is None for one in read(reader, f"/search?{query}")["results"]), query


def test_a_nearest_standard_that_was_withdrawn_is_not_named(own_app: Flask, visitor: FlaskClient) -> None:
    assert read(visitor, ABSENT)["results"][0]["nearest"] is not None
    with own_app.app_context():
        withdraw(the_standard("polresta-kendari", SIM_RENEWAL).id)

    assert read(visitor, ABSENT)["results"][0]["nearest"] is None


def test_a_score_is_explained_to_whoever_asks_for_it(reader: FlaskClient) -> None:
    first = read(reader, "/search?q=perpanjang+sim+c+kendari&explain=1")["results"][0]

    explained = first["explanation"]
    assert [word["word"] for word in explained["words"]] == ["perpanjang", "sim", "c"]
    assert all(max(word["service"], word["standard"]) > 0 for word in explained["words"])
    assert explained["coverage"] == 1
    assert 0 < explained["likeness"] <= 1.5
    assert explained["score"] == pytest.approx(first["score"], abs=0.01)
    assert "not_at_a_mall" in explained["order"]


def test_what_is_not_asked_in_words_has_an_order_and_no_score_to_explain(reader: FlaskClient) -> None:
    explained = read(reader, f"/search?region={KENDARI}&explain=true")["results"][0]["explanation"]

    assert (explained["words"], explained["worth"]) == ([], None)
    assert explained["order"]


def test_a_plain_answer_explains_nothing_even_after_an_explained_one(reader: FlaskClient) -> None:
    address = "/search?q=ktp+kendari"
    for _ in range(2):
        explained = read(reader, f"{address}&explain=1")["results"]
        plain = read(reader, address)["results"]

        assert all(one["explanation"] for one in explained)
        assert all(one["explanation"] is None for one in plain)
        for one in explained:
            one["explanation"] = None
        assert explained == plain


def test_nearest_and_explanation_are_in_the_description(reader: FlaskClient) -> None:
    schemas = read(reader, "/openapi.json")["components"]["schemas"]

    reason = schemas["NearestPlace"]["properties"]["reason"]
    assert reason["enum"] == ["position", "region", "province", "elsewhere"]
    assert "middle of the asked region" in reason["description"]
    assert schemas["Explanation"]["properties"]["order"]["description"]
    assert {"nearest", "explanation"} <= set(schemas["SearchResult"]["required"])


def test_a_standard_without_a_place_is_counted_elsewhere_and_has_no_nearest(
    own_app: Flask, visitor: FlaskClient
) -> None:
    with own_app.app_context():
        make_standard("dukcapil-kendari", "PASPOR", title="Paspor biasa")

    first = read(visitor, f"/search?q=paspor&region={KONAWE}")["results"][0]

    assert (first["nearest"], first["available_elsewhere"]) == (None, 1)

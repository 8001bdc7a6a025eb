"""The doors on both databases: the same answers, also where there is nothing yet."""

from __future__ import annotations

import pytest
from flask import Flask

from siapa import search
from siapa.extensions import db
from tests.web.registry import SIM_RENEWAL, make_registry, the_standard, withdraw

PATHS = (
    "/", "/cari?q=ktp", "/layanan", "/mpp", "/instansi", "/wilayah", "/api/v1/search?q=ktp",
    "/api/v1/suggest?q=ktp",
    "/api/v1/services", "/api/v1/standards", "/api/v1/agencies", "/api/v1/malls", "/api/v1/locations",
    "/api/v1/regions", "/api/v1/changes",
)  # fmt: skip


@pytest.mark.postgres
def test_an_empty_registry_answers_everywhere(either_app: Flask) -> None:
    client = either_app.test_client()

    answers = {path: client.get(path).status_code for path in PATHS}

    assert set(answers.values()) == {200}, answers


@pytest.mark.postgres
def test_a_small_registry_is_read_searched_and_forgets_what_is_withdrawn(either_app: Flask) -> None:
    make_registry()
    search.follow()
    standard = the_standard("polresta-kendari", SIM_RENEWAL).id
    client = either_app.test_client()
    found = "/api/v1/search?q=perpanjang+sim+kendari&group=standard"

    before = client.get(found).get_json()
    withdraw(standard)
    db.session.remove()
    after = client.get(found).get_json()

    assert before["results"][0]["standard"]["id"] == str(standard)
    assert after["results"]
    assert all(result["standard"] is None for result in after["results"])
    assert client.get(f"/api/v1/standards/{standard}").status_code == 410
    assert client.get("/health/ready").status_code == 200

"""The same service at several agencies: what differs is marked, and the whole country stands beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.records import seed_id
from tests.web.registry import make_standard, publish_next, withdraw
from tests.web.site.reading import read

PAGE, API = "/layanan/ktp-baru/banding", "/api/v1/compare?service=KTP-BARU"
FREE = {"fee_kind": "free", "lines": []}
LINE = {"label": "Cetak", "amount_idr": 25_000, "legal_basis": "Perda 1/2024"}
PAID = {"fee_kind": "fixed", "lines": [LINE]}
FIRST = seed_id("standard", "dukcapil-kendari/KTP-BARU")


@pytest.fixture
def citizen(own_app: Flask) -> Iterator[FlaskClient]:
    """A visitor of a registry in which a second agency asks for another paper, and for money."""
    with own_app.app_context():
        asks = [{"text": "KTP lama", "kind": "document"}]
        make_standard("polresta-kendari", "KTP-BARU", title="KTP-el", fees=PAID, requirements=asks)
    with own_app.test_client() as client:
        yield client


def test_what_differs_is_marked_and_what_is_the_same_is_folded(citizen: FlaskClient) -> None:
    page = read(citizen, PAGE)

    differs = [words.removesuffix(" berbeda") for words in page.words(".//section[@class='component']/h2")]
    same = page.words(".//section[@aria-labelledby='same']//h3")

    assert {"Persyaratan", "Biaya/tarif"} == set(differs)
    assert "Jangka waktu" in same
    assert "Hanya diminta di sini" in page.text


def test_fees_stand_against_the_whole_country(citizen: FlaskClient, own_app: Flask) -> None:
    before = citizen.get(API).get_json()["spread"]
    with own_app.app_context():
        publish_next(seed_id("standard", "polresta-kendari/KTP-BARU"), fees=FREE)

    after = citizen.get(API).get_json()["spread"]

    assert [(one["fee_max_idr"], one["standard_count"]) for one in before["fees"]] == [(0, 1), (25_000, 1)]
    assert [(one["fee_max_idr"], one["standard_count"]) for one in after["fees"]] == [(0, 2)]
    assert "Gratis di 2 dari 2" in read(citizen, PAGE).text


def test_the_page_shows_what_the_api_says(citizen: FlaskClient) -> None:
    answer = citizen.get(API).get_json()
    page = read(citizen, PAGE)

    assert page.words(".//section[@aria-labelledby='beside']//h3") == [
        one["agency"]["name"] for one in answer["standards"]
    ]
    assert {part["component"] for part in answer["parts"] if not part["is_same"]} == {"requirements", "fees"}
    assert all(len(part["values"]) == 2 for part in answer["parts"])


def test_standards_are_chosen_in_the_address(citizen: FlaskClient) -> None:
    page = read(citizen, f"{PAGE}?standards={FIRST}")

    assert page.words(".//section[@aria-labelledby='beside']//h3") == ["Disdukcapil Kota Kendari"]
    assert [box.get("value") for box in page.all(".//input[@checked]")] == [str(FIRST)]


@pytest.mark.parametrize("asked", ["x", "/", f"{FIRST},{seed_id('standard', 'none')}"])
def test_what_is_no_standard_of_the_service_is_refused(citizen: FlaskClient, asked: str) -> None:
    assert read(citizen, f"{PAGE}?standards={asked}", status=422)
    assert citizen.get(f"{API}&standards={asked}").status_code == 422


def test_a_withdrawn_standard_is_compared_no_more(citizen: FlaskClient, own_app: Flask) -> None:
    with own_app.app_context():
        withdraw(FIRST)

    assert read(citizen, f"{PAGE}?standards={FIRST}", status=422)
    assert len(citizen.get(API).get_json()["standards"]) == 1

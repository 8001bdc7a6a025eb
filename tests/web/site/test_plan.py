"""The page of one trip, without scripts: everything chosen stands in its address."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.site.reading import read


@pytest.fixture
def citizen(seeded_app: Flask) -> FlaskClient:
    """Somebody who reads the seeded registry's pages."""
    return seeded_app.test_client()


def test_services_are_found_by_words_and_added_by_a_link(citizen: FlaskClient) -> None:
    page = read(citizen, "/rencana?services=KTP-BARU&q=kartu+keluarga&region=74.71")

    added = [
        link
        for link in page.links(".//main//a")
        if "KTP-BARU%2CKK-BARU" in link or "KTP-BARU,KK-BARU" in link
    ]

    assert added
    assert "region=74.71" in added[0]
    assert "q=" not in added[0]


def test_a_life_event_offers_its_services_as_one_form(citizen: FlaskClient) -> None:
    page = read(citizen, "/rencana?life_event=kelahiran")

    boxes = [box.get("value") for box in page.all(".//input[@name='services'][@type='checkbox']")]
    made = read(citizen, "/rencana?" + "&".join(f"services={code}" for code in boxes))

    assert {"AKTA-LAHIR", "KIA"} <= set(boxes)
    assert "Akta kelahiran" in made.text
    assert "Yang perlu dibawa" in made.text


def test_the_page_says_what_the_api_says(citizen: FlaskClient) -> None:
    asked = "services=KTP-BARU,KK-BARU,SKCK,NPWP-OP&region=74.71"
    page, answer = read(citizen, f"/rencana?{asked}"), citizen.get(f"/api/v1/plan?{asked}").get_json()

    shown = page.words(".//ul[@class='checklist']//li")
    malls = page.words(".//aside//ol[@class='rows']//p[@class='row-name']")

    assert len(shown) == len(answer["checklist"])
    assert all(any(line.startswith(item["text"]) for line in shown) for item in answer["checklist"])
    assert malls == [one["mall"]["name"] for one in answer["malls"]]
    assert f"{answer['time']['days_max']} hari kerja" in page.text
    assert answer["chosen"]["covers"]


def test_the_hours_of_a_usual_week_are_told(small_app: Flask) -> None:
    client = small_app.test_client()

    answer = client.get("/api/v1/plan?services=KTP-BARU").get_json()
    page = read(client, "/rencana?services=KTP-BARU")

    assert answer["week"] == [
        {"from_weekday": 1, "until_weekday": 5, "opens_at": "08.00", "closes_at": "16.00"}
    ]
    assert "Senin–Jumat 08.00–16.00 WITA" in page.text


def test_another_mall_is_one_link_away_and_stays_in_the_address(citizen: FlaskClient) -> None:
    page = read(citizen, "/rencana?services=KTP-BARU,PASPOR-BIASA&region=74.71&mall=mpp-kabupaten-konawe")

    assert "Di MPP Kabupaten Konawe" in page.text
    assert "belum seluruhnya diverifikasi" in page.text
    assert "Tidak ada di mal ini." in page.text
    assert any("mall=mpp-kota-kendari" in link for link in page.links(".//aside//a"))


def test_the_shared_address_does_not_tell_where_the_sender_is(citizen: FlaskClient) -> None:
    page = read(citizen, "/rencana?services=KTP-BARU&near=-3.97,122.51")

    (share,) = page.all(".//button[@data-share]")

    assert "km dari titik Anda" in page.text
    assert "near" not in share.get("data-address", "")


@pytest.mark.parametrize(
    ("asked", "status"),
    [("services=TIDAK-ADA", 422), ("services=" + ",".join(f"S{n}" for n in range(20)), 422),
     ("services=,,", 200), ("services=KTP-BARU&mall=tidak-ada", 404), ("services=KTP-BARU&region=99", 422),
     ("life_event=zz", 404), ("services=KTP-BARU&near=x", 422)],
)  # fmt: skip
def test_odd_addresses_are_answered_in_words(citizen: FlaskClient, asked: str, status: int) -> None:
    page = read(citizen, f"/rencana?{asked}", status=status)

    assert len(page.text) > 40


def test_completions_for_a_plan_are_services_that_lead_to_it(citizen: FlaskClient) -> None:
    found = citizen.get("/saran?for=plan&services=SKCK&region=74.71&q=kartu").get_json()["suggestions"]

    assert {one["kind"] for one in found} == {"service"}
    assert all(one["url"].startswith("/rencana?services=SKCK") for one in found)
    assert all("region=74.71" in one["url"] for one in found)


def test_the_english_name_of_the_page_leads_to_it(citizen: FlaskClient) -> None:
    answer = citizen.get("/en/plan?services=SKCK")

    assert answer.status_code == 308
    assert answer.location == "/en/rencana?services=SKCK"

"""The pages of figures and the explorer, without scripts: what they say, lead to and refuse."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.site.reading import read


def test_the_page_says_as_of_when_it_is_and_leads_to_rows_and_calls(visitor: FlaskClient) -> None:
    page = read(visitor, "/en/statistik")

    text = page.words(".//main")[0]
    assert "As of change" in text
    assert "A blank is not 0" in text
    links = page.links()
    assert "/api/v1/statistics" in links
    assert "/en/data/jelajah?free=1" in links
    for link in {one for one in links if "/data/jelajah" in one or "/api/v1/statistics" in one}:
        assert visitor.get(link, buffered=True).status_code == 200, link


def test_every_province_of_the_map_is_a_link_with_its_name_and_value(visitor: FlaskClient) -> None:
    page = read(visitor, "/en/statistik?measure=time")

    tiles = page.all(".//ul[@class='tile-map']//a")

    assert tiles
    for tile in tiles:
        assert "region=" in tile.get("href")
        assert ": " in (tile.get("title") or "")
    assert all(
        chart.findall(".//{*}title") and chart.findall(".//{*}desc")
        for chart in page.all(".//svg[@role='img']")
    )


def test_a_group_leads_to_its_standards_and_the_form_keeps_what_was_asked(visitor: FlaskClient) -> None:
    page = read(visitor, "/en/data/jelajah?by=service&region=74&mall=mpp-kota-kendari&free=1")

    inside = [link for link in page.links() if "service=" in link and "by=" not in link]

    assert inside
    assert all(
        "region=74" in link and "free=1" in link and "mall=mpp-kota-kendari" in link for link in inside
    )
    assert visitor.get(inside[0]).status_code == 200
    hidden = {one.get("name"): one.get("value") for one in page.all(".//form//input[@type='hidden']")}
    assert hidden["mall"] == "mpp-kota-kendari"


@pytest.mark.parametrize(
    "wrong",
    [
        "by=planet", "column=secret", "free=2", "page=99999", "measure=luck", "sort=chance", "service=NOPE",
        "kind=circus", "region=zz", "max_days=x", "complete=maybe", "mall=nowhere", "service=" + "x" * 200,
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_name(visitor: FlaskClient, wrong: str) -> None:
    for path in ("/en/data/jelajah", "/en/data/jelajah.csv"):
        answer = visitor.get(f"{path}?{wrong}", buffered=True)
        if path.endswith("csv") and wrong.startswith("page"):
            continue  # a download has all pages

        assert answer.status_code == 422, path
        assert wrong.partition("=")[0] in answer.text or answer.text.count("<li") > 0


def test_a_page_behind_the_last_is_said_and_a_file_of_another_kind_is_not_there(visitor: FlaskClient) -> None:
    assert "There is no page with this number." in visitor.get("/en/data/jelajah?page=500").text
    assert visitor.get("/data/jelajah.pdf").status_code == 404
    assert visitor.get("/statistik?measure=luck").status_code == 422


def test_people_find_the_way_there(visitor: FlaskClient) -> None:
    assert "/statistik" in read(visitor, "/").links()
    assert {"/data/jelajah", "/statistik"} <= set(read(visitor, "/data").links())
    assert "/data/jelajah" in read(visitor, "/statistik").links()

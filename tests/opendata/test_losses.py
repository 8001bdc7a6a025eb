"""What other formats lose is said by the mapping itself: in the guide and with each record."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.document.intake import read_document
from siapa.locales import using
from siapa.opendata.hsds.services import service
from siapa.opendata.losses import How, fates
from siapa.opendata.rdf.cpsv import public_service
from tests.document.documents import whole
from tests.house.drawing import ROOT
from tests.opendata.losses import URL, held, rows, table


@pytest.fixture
def visitor(seeded_app: Flask) -> FlaskClient:
    """A program that reads the seeded registry."""
    return seeded_app.test_client()


def test_the_guide_says_what_the_mapping_loses() -> None:
    text = (ROOT / "docs" / "open-data.md").read_text(encoding="utf-8")

    assert list(rows(text)) == table().splitlines(), "python -m tests.opendata.losses prints the table"


def test_every_value_of_a_document_fares_in_one_way() -> None:
    document = read_document(whole())
    with using("id"):
        hsds = {one.path: one.how for one in fates(held(document), lambda one: service(one, URL))}
        cpsv = {one.path: one.how for one in fates(held(document), lambda one: public_service(one, URL))}

    assert hsds["title"] is cpsv["title"] is How.KEPT
    assert (hsds["title_en"], cpsv["title_en"]) == (How.OTHER_LANGUAGE, How.KEPT)
    assert (hsds["requirements[0].copies"], cpsv["requirements[0].copies"]) == (How.IN_WORDS, How.LOST)
    assert (hsds["fees.lines[0].amount_idr"], cpsv["fees.lines[0].amount_idr"]) == (How.KEPT, How.KEPT)
    assert (hsds["procedure[0].actor"], cpsv["decree.number"]) == (How.LOST, How.LOST)
    # Of working days and days CPSV-AP says the same.
    assert cpsv["processing_time[0].unit"] is How.PARTLY
    assert cpsv["processing_time[0].amount_min"] is How.LOST


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("address", "record", "form"),
    [
        ("/hsds/services/{}", "/hsds/services/{}", "HSDS 3.0"),
        ("/data/standards/{}.ttl", "/data/standards/{}.jsonld", "CPSV-AP 3.2.0"),
    ],
)
def test_a_record_says_what_it_does_not(
    visitor: FlaskClient, address: str, record: str, form: str, language: str
) -> None:
    headers = {"Accept-Language": language}
    listed = visitor.get("/hsds/services?per_page=30&minimal=1").json["contents"]
    for key in [one["id"] for one in listed[::10]]:
        told: dict[str, Any] = visitor.get(f"{address.format(key)}?losses=1&lang={language}").json
        text = json.dumps(visitor.get(record.format(key), headers=headers).json, ensure_ascii=False)
        document = visitor.get(f"/api/v1/standards/{key}").json["document"]

        assert (told["id"], told["format"], told["language"]) == (key, form, language)
        assert told["values"] == told["kept"] + len(told["losses"])
        lost = {one["path"]: one["how"] for one in told["losses"]}
        english = "" if language == "id" and form.startswith("HSDS") else document["title_en"]
        assert json.dumps(english, ensure_ascii=False)[1:-1] in text
        assert lost.get("title_en") == (None if english else "other_language")
        assert all(one["said"] and one["part"] for one in told["losses"])


def test_only_what_is_known_may_be_asked(visitor: FlaskClient) -> None:
    key = visitor.get("/hsds/services?per_page=1").json["contents"][0]["id"]

    assert visitor.get(f"/hsds/services/{key}?losses=x").status_code == 422
    assert visitor.get(f"/data/standards/{key}.ttl?loses=1").status_code == 422

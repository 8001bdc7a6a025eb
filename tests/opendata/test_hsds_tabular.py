"""The tables of HSDS: those of the standard, joined without a loose end, and the records of the API."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.opendata.conformance import schema

Rows = list[dict[str, str]]


@pytest.fixture
def visitor(seeded_app: Flask) -> FlaskClient:
    """A program that reads the seeded registry."""
    return seeded_app.test_client()


def package_of(visitor: FlaskClient, language: str = "id") -> tuple[dict[str, Any], dict[str, Rows]]:
    """The data package and the rows of its tables, by their names."""
    answer = visitor.get("/hsds/tabular.zip", headers={"Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        described = json.loads(archive.read("datapackage.json"))
        rows = {
            resource["name"]: list(csv.DictReader(io.StringIO(archive.read(resource["path"]).decode(), "")))
            for resource in described["resources"]
        }
    return described, rows


def test_its_tables_are_those_of_the_standard(visitor: FlaskClient) -> None:
    theirs = {one["name"]: one for one in schema("hsds/3.0/datapackage.json")["resources"]}
    described, rows = package_of(visitor)

    for resource in described["resources"]:
        standard = theirs[resource["name"]]
        assert resource["path"] == standard["path"]
        assert [field["name"] for field in resource["schema"]["fields"]] == [
            field["name"] for field in standard["schema"]["fields"]
        ]
        demanded = {
            field["name"] for field in standard["schema"]["fields"] if field["constraints"]["required"]
        }
        for row in rows[resource["name"]]:
            assert all(row[name] for name in demanded), (resource["name"], row)
    # Of hours and telephones the seed data know nothing.
    assert {name for name, table in rows.items() if not table} <= {"schedule", "contact", "phone"}


def test_no_reference_leads_nowhere_and_no_key_stands_twice(visitor: FlaskClient) -> None:
    described, rows = package_of(visitor)
    ids = {name: [row["id"] for row in table] for name, table in rows.items()}

    assert {name: len(found) for name, found in ids.items()} == {
        name: len(set(found)) for name, found in ids.items()
    }
    for resource in described["resources"]:
        for key in resource["schema"].get("foreignKeys", ()):
            said = {row[key["fields"]] for row in rows[resource["name"]]} - {""}
            assert said <= set(ids[key["reference"]["resource"]]), (resource["name"], key)
    assert {row["link_id"] for row in rows["attribute"]} <= set(ids["service"])


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_says_what_the_api_says(visitor: FlaskClient, language: str) -> None:
    described, rows = package_of(visitor, language)
    answer = visitor.get("/hsds/services?format=ndjson", headers={"Accept-Language": language})
    records = [json.loads(line) for line in answer.data.splitlines()]

    def cells(record: dict[str, Any], names: list[str]) -> dict[str, str]:
        return {name: "" if record.get(name) is None else str(record[name]) for name in names}

    names = list(rows["service"][0])
    assert described["languages"] == [language]
    assert rows["service"] == [cells(record, names) for record in records]
    for table, inside in (
        ("cost_option", "cost_options"),
        ("required_document", "required_documents"),
        ("attribute", "attributes"),
        ("service_at_location", "service_at_locations"),
    ):
        names = list(rows[table][0])
        parts = [part for record in records for part in record.get(inside, ())]
        assert rows[table] == [cells(part, names) for part in parts], table


def test_the_same_state_is_the_same_bytes_and_is_linked(visitor: FlaskClient) -> None:
    first = visitor.get("/hsds/tabular.zip")
    content = first.data
    again = visitor.get("/hsds/tabular.zip")

    assert content == again.data
    assert first.headers["X-Change-Number"] in first.headers["Content-Disposition"]
    assert "/hsds/tabular.zip>" in visitor.get("/hsds/").headers["Link"]
    assert 'href="/hsds/tabular.zip"' in visitor.get("/data").text

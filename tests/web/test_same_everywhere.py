"""Fees, time limits and texts of every seeded standard: page, API, tables, HSDS and CPSV-AP say the same."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections import defaultdict
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.document.labels import say_rupiah, say_time_limit
from siapa.document.standard_document import from_stored
from siapa.locales import using

DURATIONS = {"minute": "PT{}M", "hour": "PT{}H", "day": "P{}D", "working_day": "P{}D", "month": "P{}M"}


@pytest.fixture(scope="module")
def visitor(seeded_app: Flask) -> FlaskClient:
    """A visitor of the seeded registry."""
    return seeded_app.test_client()


def table(visitor: FlaskClient, name: str) -> dict[str, list[dict[str, str]]]:
    """The rows of a table as CSV, by standard."""
    found = defaultdict(list)
    for row in csv.DictReader(io.StringIO(visitor.get(f"/data/{name}.csv").text, newline="")):
        found[row["standard_id"] if "standard_id" in row else row["id"]].append(row)
    return found


def words(visitor: FlaskClient, address: str) -> str:
    """What a page says, on one line."""
    answer = visitor.get(address)
    assert answer.status_code == 200, address
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return plain(html.unescape(re.sub(r"<[^>]+>", " ", main)))


def plain(text: str) -> str:
    """``text`` with single blanks, and without those that stand before a bracket's end or a stop."""
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " ")).strip()


def graph_of(visitor: FlaskClient) -> dict[str, dict[str, Any]]:
    """The nodes of all standards as CPSV-AP, by address."""
    said = json.loads(visitor.get("/data/cpsv-ap.jsonld").data)
    return {node["@id"]: node for node in said["@graph"]}


def all_of(value: Any) -> list[Any]:
    """A value or several as a list."""
    return [] if value is None else value if isinstance(value, list) else [value]


def test_every_form_says_the_same_of_every_standard(visitor: FlaskClient) -> None:
    names = ("standards", "fees", "processing_times", "requirements", "procedure_steps", "products")
    tables = {name: table(visitor, name) for name in names}
    lines = visitor.get("/hsds/services?format=ndjson").data.splitlines()
    records = {record["id"]: record for record in map(json.loads, lines)}
    nodes = graph_of(visitor)
    by_id = {node["dct:identifier"]: node for node in nodes.values() if "cpsv:PublicService" in node["@type"]}
    assert tables["standards"].keys() == records.keys() == by_id.keys() and len(records) > 100

    for key, [row] in tables["standards"].items():
        document = visitor.get(f"/api/v1/standards/{key}?lang=id").json["document"]
        page = words(visitor, row["path"])
        value, where = from_stored(document), row["path"]
        service = by_id[key]
        said = {a["taxonomy_term"]["code"]: a.get("value") for a in records[key]["attributes"]}

        # Texts.
        texts = [one["text"] for one in document["requirements"]]
        steps = [one["text"] for one in document["procedure"]]
        products = [one["name"] for one in document["products"]]
        assert document["title"] == row["title"] == records[key]["name"], where
        assert document["title"] == service["dct:title"][0]["@value"]
        for text in (document["title"], document["summary"], *texts, *steps, *products):
            assert plain(text) in page, (where, text)
        assert [one["text"] for one in tables["requirements"][key]] == texts
        assert [one["text"] for one in tables["procedure_steps"][key]] == steps
        in_hsds = [one["document"] for one in records[key].get("required_documents", ())]
        in_hsds += (records[key].get("eligibility_description") or "").splitlines()
        assert all(any(text in one for one in in_hsds) for text in texts), where
        linked = [nodes[ref["@id"]] for ref in all_of(service.get("cv:holdsRequirement"))]
        assert [node["dct:title"][0]["@value"] for node in linked] == texts
        numbered = "\n".join(f"{place}. {step}" for place, step in enumerate(steps, 1))
        [rule] = [nodes[ref["@id"]] for ref in all_of(service["cpsv:follows"])]
        assert records[key]["application_process"] == numbered == rule["dct:description"][0]["@value"]

        # Time limits.
        with using("id"):
            limits = [say_time_limit(one) for one in value.processing_time]
        assert all(plain(limit) in page for limit in limits), (where, limits)
        assert [int(one["amount_max"]) for one in tables["processing_times"][key]] == [
            one.amount_max for one in value.processing_time
        ]
        assert all(limit in said["processing_time"] for limit in limits), where
        durations = {DURATIONS[one.unit].format(one.amount_max) for one in value.processing_time}
        assert service["cv:processingTime"]["@value"] in durations

        # Fees.
        fees = value.fees
        nought = 0 if fees and fees.fee_kind == "free" else None
        kept = [line.amount_idr for line in fees.lines] if fees else []
        amounts = [nought if one is None else one for one in kept or ([None] if fees else [])]
        with using("id"):
            assert all(say_rupiah(one) in page for one in kept if one), (where, kept)
        assert nought is None or "Gratis" in page
        told = [one["amount_idr"] for one in tables["fees"][key]]
        assert [int(one) if one else None for one in told] == amounts, where
        assert [one.get("amount") for one in records[key].get("cost_options", ())] == amounts
        costs = [nodes[ref["@id"]] for ref in all_of(service.get("cv:hasCost"))]
        worth = [float(node["cv:hasValue"]["@value"]) if "cv:hasValue" in node else None for node in costs]
        assert worth == amounts

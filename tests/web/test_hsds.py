"""The API of Open Referral: valid under the schemas of others, and right where no validator looks."""

from __future__ import annotations

import copy
import json
from datetime import time
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing import commands, offerings, places
from siapa.publishing.offerings import OfferedAt
from siapa.records import Standard
from siapa.records.engine import begin_writing
from tests.opendata.conformance import schema
from tests.publishing.cast import Cast, document, people_and_places, published

ENVELOPE = {
    "total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents",
}  # fmt: skip
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def visitor(seeded_app: Flask) -> FlaskClient:
    """A program that reads the seeded registry."""
    return seeded_app.test_client()


def strict(rules: Any) -> Any:
    """``rules`` that also refuse what they do not name, as the standard's own checks do."""
    if isinstance(rules, dict):
        if rules.get("type") == "object" and "properties" in rules:
            rules["additionalProperties"] = False
        for value in rules.values():
            strict(value)
    elif isinstance(rules, list):
        for value in rules:
            strict(value)
    return rules


def retrieved(address: str) -> Any:
    """What a schema of the kit refers to by name."""
    return schema(f"hsds/3.0/schema/{address.rpartition('/')[2]}")


def validator(path: str, *, is_strict: bool = False) -> Any:
    """The rules of the kit at ``path``."""
    rules = copy.deepcopy(schema(path))
    rules.pop("$id", None)
    return jsonschema_rs.validator_for(
        strict(rules) if is_strict else rules, retriever=retrieved, validate_formats=True
    )


def lines(visitor: FlaskClient, address: str, **headers: str) -> list[dict[str, Any]]:
    """All records of a list."""
    sign = "&" if "?" in address else "?"
    answer = visitor.get(f"/hsds/{address}{sign}format=ndjson", headers=headers)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.data.splitlines()]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_service_is_valid_under_every_version_and_profile(visitor: FlaskClient, language: str) -> None:
    rules = [
        validator("hsds/3.0/schema/compiled/service.json", is_strict=True),
        validator("hsds/3.1-dev/schema/compiled/service.json", is_strict=True),
        validator("oruk/validator-schemas/V3.0/service.json"),
        validator("oruk/validator-schemas/V3.0-UK/service.json"),
    ]
    records = lines(visitor, "services", **{"Accept-Language": language})

    faults = [str(fault) for record in records for rule in rules for fault in rule.iter_errors(record)]

    assert len(records) == visitor.get("/hsds/services").json["total_items"] > 100
    assert not faults


def test_every_other_record_is_valid_too(visitor: FlaskClient) -> None:
    named = (
        ("service_at_locations", "oruk/validator-schemas/V3.0/service_at_location.json"),
        ("service_at_locations", "oruk/validator-schemas/V3.0-UK/service_at_location.json"),
        ("service_at_locations", "hsds/3.0/schema/compiled/service.json"),
        ("organizations", "hsds/3.0/schema/compiled/organization.json"),
        ("organizations", "hsds/3.1-dev/schema/compiled/organization.json"),
        ("taxonomies", "oruk/validator-schemas/V3.0/taxonomy.json"),
        ("taxonomy_terms", "oruk/validator-schemas/V3.0/taxonomy_term.json"),
    )

    for path, rules in named:
        rule, records = validator(rules), lines(visitor, path)
        assert records
        assert not [str(fault) for record in records for fault in rule.iter_errors(record)], path


def test_a_record_that_breaks_a_rule_is_found(visitor: FlaskClient) -> None:
    rule = validator("hsds/3.0/schema/compiled/service.json", is_strict=True)
    record = visitor.get("/hsds/services?full=true&per_page=1").json["contents"][0]

    assert not list(rule.iter_errors(record))
    assert list(rule.iter_errors({**record, "status": "draft"}))
    assert list(rule.iter_errors({**record, "fee": 0}))


@pytest.mark.parametrize(
    "path", ["services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms"]
)
def test_pages_are_cut_as_the_envelope_says_each_record_once(visitor: FlaskClient, path: str) -> None:
    first = visitor.get(f"/hsds/{path}?per_page=3").json
    pages = [
        visitor.get(f"/hsds/{path}?perPage=100&page={number}").json
        for number in range(1, -(-first["total_items"] // 100) + 1)
    ]
    beyond = visitor.get(f"/hsds/{path}?page=9999").json

    ids = [record["id"] for page in pages for record in page["contents"]]
    assert set(first) == ENVELOPE
    assert (first["size"], first["first_page"]) == (min(3, first["total_items"]), True)
    assert len(ids) == len(set(ids)) == first["total_items"]
    assert [page["last_page"] for page in pages] == [False] * (len(pages) - 1) + [True]
    assert (beyond["empty"], beyond["size"], beyond["last_page"]) == (True, 0, False)
    one = visitor.get(f"/hsds/{path}/{ids[0]}")
    assert one.json["id"] == ids[0]
    assert one.headers["Access-Control-Allow-Origin"] == "*"
    assert visitor.get(f"/hsds/{path}/{NOBODY}").status_code == 404
    assert visitor.get(f"/hsds/{path}/1").status_code == 404


def test_filters_hold_all_at_once(visitor: FlaskClient) -> None:
    everything = lines(visitor, "services")
    some = everything[0]
    organization = some["organization_id"]
    term = next(a["taxonomy_term_id"] for a in some["attributes"] if a["link_type"] == "category")

    def of(record: dict[str, Any]) -> bool:
        terms = {attribute["taxonomy_term_id"] for attribute in record["attributes"]}
        return record["organization_id"] == organization and term in terms

    found = lines(visitor, f"services?organization_id={organization}&taxonomy_term_id={term}")
    none = visitor.get(f"/hsds/services?organization_id={organization}&taxonomy_term_id={NOBODY}").json
    at_places = lines(visitor, f"service_at_locations?organization_id={organization}")

    assert [record["id"] for record in found] == [record["id"] for record in everything if of(record)]
    assert none["contents"] == [] and none["empty"]
    assert {record["service"]["organization_id"] for record in at_places} == {organization}


@pytest.mark.parametrize("link_type", ["service", "category", "life_event", "component"])
def test_a_term_finds_the_services_that_carry_it(visitor: FlaskClient, link_type: str) -> None:
    everything = lines(visitor, "services")
    terms = {record["id"]: record for record in lines(visitor, "taxonomy_terms")}
    carried = [a for record in everything for a in record["attributes"] if a["link_type"] == link_type]
    term = carried[0]["taxonomy_term_id"]

    by_term = lines(visitor, f"services?taxonomy_term_id={term}&minimal=true")
    by_taxonomy = lines(visitor, f"services?taxonomy_id={terms[term]['taxonomy_id']}&minimal=true")

    def carries(record: dict[str, Any], wanted: set[str]) -> bool:
        return bool(wanted & {attribute["taxonomy_term_id"] for attribute in record["attributes"]})

    of_taxonomy = {one["id"] for one in terms.values() if one["taxonomy_id"] == terms[term]["taxonomy_id"]}
    assert [r["id"] for r in by_term] == [r["id"] for r in everything if carries(r, {term})]
    assert [r["id"] for r in by_taxonomy] == [r["id"] for r in everything if carries(r, of_taxonomy)]
    assert {a["taxonomy_term_id"] for record in everything for a in record["attributes"]} <= terms.keys()


@pytest.mark.parametrize(
    "query",
    [
        "nonsense=1",
        "page=0",
        "per_page=101",
        "organization_id=x",
        "modified_after=soon",
        "format=xml",
        "full=ja",
    ],
)
def test_what_cannot_be_asked_is_named(visitor: FlaskClient, query: str) -> None:
    answer = visitor.get(f"/hsds/services?{query}")

    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.json["errors"][0]["path"] == query.partition("=")[0]


def test_the_root_leads_to_a_description_of_all_addresses(visitor: FlaskClient) -> None:
    root = visitor.get("/hsds/").json
    described = visitor.get("/hsds/openapi.json").json
    rules = {
        rule.rule for rule in visitor.application.url_map.iter_rules() if rule.endpoint.startswith("hsds.")
    }

    assert root["openapi_url"].endswith("/hsds/openapi.json")
    assert not list(validator("oruk/validator-schemas/V3.0/api_details.json").iter_errors(root))
    assert visitor.get("/hsds").status_code == 308
    plain = {path.partition("<")[0] + "{id}" if "<" in path else path for path in rules}
    assert {f"/hsds{path}" for path in described["paths"]} == plain - {"/hsds", "/hsds/openapi.json"}


def test_the_language_is_the_one_that_is_preferred(visitor: FlaskClient) -> None:
    some = next(r for r in lines(visitor, "services") if "sertipikat" in r["name"])

    english = visitor.get(f"/hsds/services/{some['id']}", headers={"Accept-Language": "en"})
    indonesian = visitor.get(f"/hsds/services/{some['id']}", headers={"Accept-Language": "id"})

    assert english.json["name"] != indonesian.json["name"] == some["name"]
    assert english.json["url"].startswith("http") and "/en/standar/" in english.json["url"]
    assert "Accept-Language" in english.headers["Vary"]


def test_fees_and_times_are_those_of_the_standard(visitor: FlaskClient) -> None:
    for record in visitor.get("/hsds/services?full=true&per_page=40").json["contents"]:
        document = visitor.get(f"/api/v1/standards/{record['id']}").json["document"]
        fees = document.get("fees")
        nought = 0 if fees and fees["fee_kind"] == "free" else None
        amounts = [line.get("amount_idr", nought) for line in (fees["lines"] or [{}])] if fees else []
        said = {a["taxonomy_term"]["code"]: a.get("value") for a in record["attributes"]}

        assert [cost.get("amount") for cost in record.get("cost_options", [])] == amounts
        assert all(
            str(limit["amount_max"]) in said["processing_time"] for limit in document["processing_time"]
        )
        steps = [step["text"] for step in document["procedure"]]
        assert [line.partition(". ")[2] for line in record["application_process"].split("\n")] == steps


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The cast, committed."""
    begin_writing(db)
    made = people_and_places()
    db.session.commit()
    return made


def changed_since(client: FlaskClient, moment: str) -> set[str]:
    """The services that changed after a moment: those that say so themselves, and no others."""
    escaped = moment.replace("+", "%2B")
    told = {record["id"] for record in lines(client, f"services?modified_after={escaped}")}
    everything = lines(client, "services?minimal=true")
    assert told == {record["id"] for record in everything if record["last_modified"] > moment}
    return told


def newest(client: FlaskClient) -> str:
    """The moment of the last change of any service."""
    return max(record["last_modified"] for record in lines(client, "services?minimal=true"))


def test_a_service_has_changed_when_what_belongs_to_it_has(cast: Cast, client: FlaskClient) -> None:
    one, other = published(cast, title="Satu"), published(cast, title="Dua")
    offerings.set_offerings(one.id, [OfferedAt(cast.mall.id)], by=cast.publisher)
    before = newest(client)
    assert changed_since(client, before) == set()

    offerings.set_offerings(other.id, [OfferedAt(cast.mall.id)], by=cast.publisher)
    assert changed_since(client, before) == {str(other.id)}

    before = newest(client)
    places.set_location(cast.mall.id, {"name": "MPP Baru"}, by=cast.manager)
    assert changed_since(client, before) == {str(one.id), str(other.id)}

    before = newest(client)
    offerings.set_offerings(one.id, [], by=cast.publisher)
    assert changed_since(client, before) == {str(one.id)}


def test_a_withdrawn_standard_is_gone_and_says_why(cast: Cast, client: FlaskClient) -> None:
    standard: Standard = published(cast)
    commands.withdraw(standard.id, reason="Digabung", by=cast.publisher)

    answer = client.get(f"/hsds/services/{standard.id}")

    assert answer.status_code == 410
    assert answer.json["gone"]["reason"] == "Digabung"
    assert client.get("/hsds/services").json["empty"]


def test_the_hours_of_a_place_are_told_in_its_time_zone(cast: Cast, client: FlaskClient) -> None:
    standard = published(cast)
    offerings.set_offerings(standard.id, [OfferedAt(cast.mall.id)], by=cast.publisher)
    spans = [places.Span(1, time(8), time(12)), places.Span(1, time(13), time(15))]
    places.set_hours(cast.mall.id, spans, by=cast.manager)

    [record] = client.get("/hsds/service_at_locations").json["contents"]

    told = [(s["byday"], s["opens_at"], s["closes_at"], s["timezone"]) for s in record["schedules"]]
    assert told == [("MO", "08:00", "12:00", 8), ("MO", "13:00", "15:00", 8)]
    rules = validator("hsds/3.0/schema/compiled/service_at_location.json")
    assert not list(rules.iter_errors(record))


def test_services_are_found_by_when_and_where_they_are_had(cast: Cast, client: FlaskClient) -> None:
    standard, nowhere = published(cast), published(cast, title="Tanpa tempat")
    offerings.set_offerings(standard.id, [OfferedAt(cast.mall.id)], by=cast.publisher)
    places.set_location(
        cast.mall.id, {"latitude": -3.99, "longitude": 122.51, "coordinate_quality": "building"},
        by=cast.manager,
    )  # fmt: skip
    places.set_hours(cast.mall.id, [places.Span(1, time(8), time(15))], by=cast.manager)

    def found(query: str, path: str = "services") -> set[str]:
        records = client.get(f"/hsds/{path}?{query}").json["contents"]
        return {record.get("service_id", record["id"]) for record in records}

    one, both = {str(standard.id)}, {str(standard.id), str(nowhere.id)}
    for path in ("services", "service_at_locations"):
        assert found("day=MO&start_time=08:30&end_time=15:00", path) == one
        assert (
            found("day=TU", path) == found("start_time=07:59", path) == found("end_time=15:01", path) == set()
        )
    assert found("minimum_age=18&maximum_age=60") == both
    assert found("postcode=-3.99,122.511&proximity=500", "service_at_locations") == one
    assert found("postcode=-3.99,122.6&proximity=500", "service_at_locations") == set()
    for bad in ("day=MON", "start_time=8", "end_time=24:00", "minimum_age=-1"):
        assert client.get(f"/hsds/services?{bad}").status_code == 422
    for bad in ("postcode=93111", "proximity=0"):
        assert client.get(f"/hsds/service_at_locations?{bad}").status_code == 422


def ids_of(value: Any) -> list[str]:
    """Every identifier in a record, in its order."""
    if isinstance(value, list):
        return [one for each in value for one in ids_of(each)]
    if not isinstance(value, dict):
        return []
    own = [value["id"]] if "id" in value else []
    return own + [one for each in value.values() for one in ids_of(each)]


def test_identifiers_are_the_same_in_every_language_and_edition(cast: Cast, client: FlaskClient) -> None:
    standard = published(cast)
    offerings.set_offerings(standard.id, [OfferedAt(cast.mall.id)], by=cast.publisher)
    address = f"/hsds/services/{standard.id}"
    first, english = client.get(address).json, client.get(f"{address}?lang=en").json

    draft = commands.open_draft(standard.id, document(title="Nama lain"), by=cast.author)
    commands.submit(standard.id, by=cast.author)
    commands.publish(standard.id, by=cast.publisher)
    after = client.get(address).json

    assert draft.number == 2 and after["name"] == "Nama lain"
    assert ids_of(first) == ids_of(english) == ids_of(after)
    assert len(ids_of(first)) > 10
    assert after["last_modified"] > first["last_modified"]

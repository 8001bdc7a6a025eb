"""The description of the API: true, readable without scripts, and asking no other host."""

from __future__ import annotations

import re
from typing import Any

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.locales import catalogue_of
from siapa.web import errors
from siapa.web.api import links, reference
from tests.web.registry import SIM_RENEWAL, the_standard

PAGES = ("/api/v1/docs", "/api/v1/docs?lang=en", "/api/v1/docs/try")


def described(client: FlaskClient) -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
    return document


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every operation of ``document``."""
    return [
        entry
        for methods in document["paths"].values()
        for name, entry in methods.items()
        if name != "parameters"
    ]


def test_the_document_is_openapi_3_1_and_tells_every_address(reader: FlaskClient, small_app: Flask) -> None:
    document = described(reader)

    routes = {rule.rule for rule in small_app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    assert document["openapi"] == "3.1.0"
    assert {re.sub(r"{(\w+)}", "", path) for path in document["paths"]} == {
        re.sub(r"<[^>]+>", "", route) for route in routes
    }


def test_every_parameter_and_every_operation_is_explained(reader: FlaskClient) -> None:
    for operation in operations(described(reader)):
        assert operation["summary"], operation["operationId"]
        for parameter in operation["parameters"]:
            told = parameter.get("description") or parameter["schema"].get("description")
            assert told, (operation["operationId"], parameter["name"])


def test_errors_are_described_as_what_they_are(reader: FlaskClient) -> None:
    document = described(reader)

    for name in ("UNPROCESSABLE_ENTITY", "NOT_FOUND", "TOO_MANY_REQUESTS"):
        assert list(document["components"]["responses"][name]["content"]) == ["application/problem+json"]
    assert all("422" in operation["responses"] for operation in operations(document))


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_strict_html_without_inline_script_or_other_hosts(reader: FlaskClient, path: str) -> None:
    response = reader.get(path)

    page = response.get_data(as_text=True)
    html5lib.HTMLParser(strict=True).parse(page)
    assert response.status_code == 200
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "style=" not in page and "onload=" not in page
    assert not re.findall(r'(?:src|<link[^>]+stylesheet[^>]+href)="(?!/)', page)


@pytest.mark.parametrize("path", PAGES)
def test_every_file_a_page_asks_for_is_there(reader: FlaskClient, path: str) -> None:
    page = reader.get(path).get_data(as_text=True)

    addresses = re.findall(r'(?:src|href)="(/[^"]*)"', page)
    assert addresses
    for address in addresses:
        assert reader.get(address.replace("&amp;", "&"), buffered=True).status_code == 200, address


def test_the_console_gives_away_only_its_own_files(reader: FlaskClient) -> None:
    assert reader.get("/api/v1/docs/try/swagger-ui.css", buffered=True).status_code == 200
    for name in ("index.css", "LICENSE", "..", "..%2f..%2fREADME.md", "swagger-ui.js"):
        assert reader.get(f"/api/v1/docs/try/{name}").status_code == 404, name


def test_the_page_names_every_address_and_every_kind_of_problem(reader: FlaskClient) -> None:
    page = reader.get("/api/v1/docs?lang=en").get_data(as_text=True)

    paths = described(reader)["paths"]
    assert len(paths) > 10
    for path, methods in paths.items():
        for method in methods.keys() - {"parameters"}:
            assert f"<code>{method.upper()} {path}</code>" in page
    for kind in errors.KINDS.values():
        assert f'id="problem-{kind}"' in page


def test_all_that_the_page_says_is_said_in_indonesian_too(reader: FlaskClient, small_app: Flask) -> None:
    document = described(reader)
    said: set[str] = {str(title) for title in errors.TITLES.values() if isinstance(title, str)}
    for _subject, found in reference._subjects(document):
        for operation in found:
            said.add(operation["summary"])
            said |= {entry["description"] for entry in (*operation["parameters"], *operation["body"])}
            said |= {meaning for _name, _type, meaning in operation["answer"]}

    catalogue = catalogue_of("id")
    assert not sorted(text for text in said - {""} if catalogue.gettext(text) == text)


#: Read with a token, or written to: ``test_worklist``, ``test_drafting``, ``test_tending`` … try them.
SIGNED = {
    reference.EXAMPLES[name]
    for name in (
        "list_waiting_queries",
        "get_draft",
        "get_place_record",
        "list_webhooks",
        "show_import",
        "hand_in_import",
        *reference.SENT,
    )
}


@pytest.mark.parametrize("example", sorted({*reference.EXAMPLES.values()} - SIGNED))
def test_every_example_works(reader: FlaskClient, small_app: Flask, example: str) -> None:
    with small_app.app_context():
        standard = the_standard("polresta-kendari", SIM_RENEWAL).id
    path = example.replace("/ID", f"/{standard}").replace("CODE", SIM_RENEWAL)
    path = path.replace("/malls/SLUG", "/malls/mpp-kendari").replace(
        "/agencies/SLUG", "/agencies/polresta-kendari"
    )

    response = reader.get(f"/api/v1{path}")

    # The small registry has one edition of each standard, and none of it on that day.
    absent = "as_of" in path or "editions/2" in path
    assert response.status_code == (404 if absent else 200), response.get_data(as_text=True)


def test_addresses_in_answers_are_those_of_the_pages(small_app: Flask) -> None:
    with small_app.test_request_context("/"):
        build = small_app.jinja_env.globals["page_url"]

        assert links.service("a b") == build("service", slug="a b")
        assert links.mall("mpp-kendari") == build("mall", slug="mpp-kendari")
        assert links.agency("x") == build("agency", slug="x")
        assert links.region("74.71") == build("region", code="74.71")
        assert links.standard("a", "b") == build("standard", agency_slug="a", slug="b")


def test_addresses_stand_under_their_subjects_beginning_with_search(reader: FlaskClient) -> None:
    document = described(reader)

    used = [operation["tags"][0] for operation in operations(document)]
    assert list(dict.fromkeys(used)) == [tag["name"] for tag in document["tags"]] == list(reference.SUBJECTS)

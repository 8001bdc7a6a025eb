"""Linked data: valid under the shapes of others, and the same graph however it is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyshacl import validate
from rdflib import DCTERMS, RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from siapa.opendata.rdf.graph import json_ld, node, texts, turtle
from tests.opendata.conformance import conformance

CV = Namespace("http://data.europa.eu/m8g/")
CPSV = Namespace("http://purl.org/vocab/cpsv#")


@pytest.fixture
def visitor(seeded_app: Flask) -> FlaskClient:
    """A program that reads the seeded registry."""
    return seeded_app.test_client()


@pytest.fixture(scope="module")
def everything(seeded_app: Flask) -> Graph:
    """All standards of the seeded registry in one graph."""
    return Graph().parse(data=seeded_app.test_client().get("/data/cpsv-ap.ttl").data, format="turtle")


def faults(graph: Graph, *shapes: str) -> str:
    """What the shapes of the kit find wrong with ``graph``; empty if it conforms."""
    rules = Graph()
    for path in shapes:
        rules.parse(conformance(path))
    conforms, _, text = validate(graph, shacl_graph=rules, inference="none", do_owl_imports=False)
    return "" if conforms else str(text)


def some(graph: Graph) -> URIRef:
    """A standard of ``graph``."""
    return next(URIRef(one) for one in sorted(graph.subjects(RDF.type, CPSV.PublicService)))


def test_every_standard_conforms_to_cpsv_ap(everything: Graph, visitor: FlaskClient) -> None:
    services = set(everything.subjects(RDF.type, CPSV.PublicService))

    assert len(services) == visitor.get("/hsds/services").json["total_items"]
    assert not faults(everything, "cpsv-ap/3.2.0/shacl/cpsv-ap-SHACL.ttl")


def test_a_standard_without_its_agency_does_not_conform(visitor: FlaskClient, everything: Graph) -> None:
    identifier = everything.value(some(everything), DCTERMS.identifier)
    graph = Graph().parse(data=visitor.get(f"/data/standards/{identifier}.ttl").data, format="turtle")
    assert not faults(graph, "cpsv-ap/3.2.0/shacl/cpsv-ap-SHACL.ttl")

    graph.remove((None, CV.hasCompetentAuthority, None))

    assert "hasCompetentAuthority" in faults(graph, "cpsv-ap/3.2.0/shacl/cpsv-ap-SHACL.ttl")


def test_the_catalogue_conforms_to_dcat_ap_and_lists_every_table(visitor: FlaskClient) -> None:
    graph = Graph().parse(data=visitor.get("/data/catalog.ttl").data, format="turtle")
    addresses = set(graph.objects(None, URIRef("http://www.w3.org/ns/dcat#downloadURL")))

    shapes = "dcat-ap/3.0.1/html-shacl"
    assert not faults(graph, f"{shapes}/shapes.ttl", f"{shapes}/range.ttl")
    assert len(addresses) > 40
    for address in addresses:
        path = "/" + str(address).split("/", 3)[3]
        assert visitor.head(path).status_code == 200, path


@pytest.mark.parametrize("path", ["catalog", "standards"])
def test_turtle_and_json_ld_are_the_same_graph(visitor: FlaskClient, everything: Graph, path: str) -> None:
    if path == "standards":
        path += f"/{everything.value(some(everything), DCTERMS.identifier)}"

    as_turtle, as_json = visitor.get(f"/data/{path}.ttl"), visitor.get(f"/data/{path}.jsonld")

    assert (as_turtle.mimetype, as_json.mimetype) == ("text/turtle", "application/ld+json")
    assert isomorphic(
        Graph().parse(data=as_turtle.data, format="turtle"),
        Graph().parse(data=as_json.data, format="json-ld"),
    )
    assert isinstance(json.loads(as_json.data)["@context"], dict)


def test_odd_texts_come_back_as_they_were() -> None:
    text = 'a "quoted" \\ line\nnext\ttab \r \x01 é 😀 <b> ^^@en'
    made = [node("https://siapa.example/x", "skos:Concept", skos_prefLabel=texts(text, text), skos_note=text)]

    for written, form in ((turtle(made), "turtle"), (json_ld(made), "json-ld")):
        found = set(Graph().parse(data=b"".join(written), format=form).objects())
        assert {Literal(text, lang="id"), Literal(text, lang="en"), Literal(text)} <= found


def test_fees_times_and_texts_are_those_of_the_standard(everything: Graph, visitor: FlaskClient) -> None:
    units = {"minute": "PT{}M", "hour": "PT{}H", "day": "P{}D", "working_day": "P{}D", "month": "P{}M"}
    for service in sorted(everything.subjects(RDF.type, CPSV.PublicService))[:25]:
        identifier = everything.value(service, DCTERMS.identifier)
        document: dict[str, Any] = visitor.get(f"/api/v1/standards/{identifier}").json["document"]
        fees = document.get("fees")
        nought = 0 if fees and fees["fee_kind"] == "free" else None
        amounts = [line.get("amount_idr", nought) for line in (fees["lines"] or [{}])] if fees else []
        told = {f"{service}#cost-{place}": amount for place, amount in enumerate(amounts, 1)}

        values = {
            str(cost): everything.value(cost, CV.hasValue) for cost in everything.objects(service, CV.hasCost)
        }
        duration = everything.value(service, CV.processingTime)
        titles = {str(title) for title in everything.objects(service, DCTERMS.title)}

        said = {key: None if value is None else value.toPython() for key, value in values.items()}
        assert said == told
        limits = [units[one["unit"]].format(one["amount_max"]) for one in document["processing_time"]]
        assert duration in [Literal(limit, datatype=XSD.duration) for limit in limits]
        assert titles == {document["title"], document.get("title_en", document["title"])}


@pytest.mark.parametrize(
    ("path", "status"),
    [("standards/00000000-0000-4000-8000-000000000000.ttl", 404), ("standards/x.ttl", 404),
     ("catalog.rdf", 404), ("cpsv-ap.xml", 404), ("cpsv-ap.jsonld", 200)],
)  # fmt: skip
def test_what_is_not_there_is_not_found(visitor: FlaskClient, path: str, status: int) -> None:
    with visitor.get(f"/data/{path}") as answer:
        assert answer.status_code == status


def test_the_page_of_a_standard_leads_to_it(visitor: FlaskClient, everything: Graph) -> None:
    service = some(everything)
    identifier = everything.value(service, DCTERMS.identifier)

    page = visitor.get("/" + str(service).split("/", 3)[3]).text

    assert f'href="/data/standards/{identifier}.ttl"' in page
    assert f'href="/data/standards/{identifier}.jsonld"' in page

"""OAI-PMH 2.0: an independent harvester takes all, in parts, and what is deleted; each fault has its code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import rdflib
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from sickle import Sickle
from sickle.oaiexceptions import NoRecordsMatch

from siapa.extensions import db
from siapa.opendata import oai as harvest
from siapa.publishing import commands
from siapa.records import Change, Edition, Standard, State
from siapa.records.engine import begin_writing
from tests.opendata.conformance import conformance
from tests.publishing.cast import Cast, document, people_and_places, published

OAI = "{http://www.openarchives.org/OAI/2.0/}"
HOST = "siapa.localhost"


@pytest.fixture
def cast(app: Flask) -> Cast:
    begin_writing(db)
    found = people_and_places()
    db.session.commit()
    return found


def answer(client: FlaskClient, **arguments: Any) -> etree._Element:
    """What is answered; arguments named with a final ``_`` are Python's own words."""
    asked = {name.rstrip("_"): value for name, value in arguments.items()}
    response = client.get("/oai", query_string=asked)
    assert (response.status_code, response.mimetype) == (200, "text/xml")
    return etree.fromstring(response.data)


def code(client: FlaskClient, **arguments: Any) -> str:
    """The code of the fault."""
    found = answer(client, **arguments).find(f"{OAI}error")
    return "" if found is None else found.attrib["code"]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The registry behind a real server of HTTP."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/oai"
        server.shutdown()


def test_a_harvester_takes_all_in_parts_with_what_is_deleted(
    cast: Cast, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harvest, "PART", 3)
    standards = [published(cast, title=f"Layanan {number} & <satu>") for number in range(7)]
    ids = [str(one.id) for one in standards]
    commands.open_standard(cast.own.id, document("Rancangan"), by=cast.author)
    commands.withdraw(standards[2].id, reason="Digabung", by=cast.publisher)

    sickle = Sickle(address)
    records = list(sickle.ListRecords(metadataPrefix="oai_dc"))
    headers = list(sickle.ListIdentifiers(metadataPrefix="cpsv_ap"))
    left = list(sickle.ListRecords(metadataPrefix="oai_dc", ignore_deleted=True))

    assert [one.header.identifier for one in records] == [f"oai:{HOST}:{one}" for one in sorted(ids)]
    assert [one.identifier for one in headers] == [one.header.identifier for one in records]
    assert [one.header.identifier[-36:] for one in records if one.header.deleted] == [ids[2]]
    assert len(left) == 6 and all(one.metadata["creator"] == ["Dinas Dukcapil"] for one in left)
    assert sorted(one.metadata["title"][0] for one in left)[0] == "Layanan 0 & <satu>"
    assert [one.setSpec for one in sickle.ListSets()] == ["dukcapil"]
    assert {one.metadataPrefix for one in sickle.ListMetadataFormats()} == {"oai_dc", "cpsv_ap"}
    assert sickle.Identify().deletedRecord == "persistent"
    one = sickle.GetRecord(identifier=f"oai:{HOST}:{ids[0]}", metadataPrefix="cpsv_ap")
    rdf = etree.fromstring(one.raw).find(".//{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF")
    graph = rdflib.Graph().parse(data=etree.tostring(rdf), format="xml")
    assert (None, rdflib.DCTERMS.identifier, rdflib.Literal(ids[0])) in graph


def test_what_changed_since_is_harvested_and_nothing_else(cast: Cast, address: str) -> None:
    first, second = published(cast, title="Satu"), published(cast, title="Dua")
    with db.engine.begin() as connection:  # as if it had been long ago
        connection.execute(sa.text("DROP TRIGGER change_is_not_changed"))
        connection.execute(sa.update(Change.__table__).values(at=datetime(2026, 1, 2, 3, 4, 5, 600_000, UTC)))
    commands.withdraw(second.id, reason="Dihapus", by=cast.publisher)
    sickle = Sickle(address)
    today = datetime.now(UTC)

    new = list(sickle.ListIdentifiers(**{"metadataPrefix": "oai_dc", "from": "2026-02-01"}))
    old = list(sickle.ListIdentifiers(metadataPrefix="oai_dc", until="2026-01-02T03:04:05Z"))
    own = list(sickle.ListIdentifiers(metadataPrefix="oai_dc", set="dukcapil"))

    assert [(one.identifier[-36:], one.deleted) for one in new] == [(str(second.id), True)]
    assert new[0].datestamp[:10] == f"{today:%Y-%m-%d}"
    assert [(one.identifier[-36:], one.datestamp) for one in old] == [(str(first.id), "2026-01-02T03:04:05Z")]
    assert len(own) == 2
    with pytest.raises(NoRecordsMatch):
        sickle.ListIdentifiers(metadataPrefix="oai_dc", until="2026-01-02T03:04:04Z")


def test_every_fault_has_its_code(cast: Cast, client: FlaskClient) -> None:
    known = f"oai:{HOST}:{published(cast).id}"
    dc = {"metadataPrefix": "oai_dc"}

    assert (
        code(client) == code(client, verb="Sing") == code(client, verb=["Identify", "Identify"]) == "badVerb"
    )
    bad = (
        {"verb": "Identify", "set": "x"}, {"verb": "ListRecords"}, {"verb": "GetRecord", **dc},
        {"verb": "GetRecord", "identifier": known}, {"verb": "ListRecords", **dc, "from_": "kemarin"},
        {"verb": "ListRecords", **dc, "from_": "2026-02-30"},
        {"verb": "ListRecords", **dc, "from_": "2026-01-02", "until": "2026-01-03T00:00:00Z"},
        {"verb": "ListRecords", **dc, "from_": "2026-01-03", "until": "2026-01-02"},
        {"verb": "ListRecords", **dc, "resumptionToken": "x"},
        {"verb": "ListRecords", "metadataPrefix": ["a", "b"]},
    )  # fmt: skip
    assert {code(client, **one) for one in bad} == {"badArgument"}
    tokens = ("x", "!!", "W10", "bnVsbA", "WyJvYWlfZGMiLDEsMiwzLDQsNV0")
    assert {code(client, verb="ListRecords", resumptionToken=one) for one in tokens} == {"badResumptionToken"}
    assert code(client, verb="ListSets", resumptionToken="%%") == "badResumptionToken"
    assert (
        code(client, verb="GetRecord", identifier=known, metadataPrefix="marc") == "cannotDisseminateFormat"
    )
    assert code(client, verb="ListRecords", metadataPrefix="marc") == "cannotDisseminateFormat"
    for unknown in (f"oai:{HOST}:x", known[:-1] + "!", "oai:other:1"):
        assert code(client, verb="GetRecord", identifier=unknown, **dc) == "idDoesNotExist"
        assert code(client, verb="ListMetadataFormats", identifier=unknown) == "idDoesNotExist"
    assert code(client, verb="ListRecords", **dc, from_="2999-01-01") == "noRecordsMatch"
    assert code(client, verb="ListRecords", **dc, set="nobody") == "noRecordsMatch"
    assert client.post("/oai", data={"verb": "Identify"}).status_code == 200


_ANYTHING = '<xs:complexType><xs:sequence><xs:any processContents="skip" maxOccurs="unbounded"/>'
#: Of XML's own namespace, and of RDF (of which no schema holds all), only what the others point at.
OTHERS = {
    "xml.xsd": ("http://www.w3.org/XML/1998/namespace", '<xs:attribute name="lang" type="xs:language"/>'),
    "rdf.xsd": (
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        f'<xs:element name="RDF">{_ANYTHING}</xs:sequence></xs:complexType></xs:element>',
    ),
}
XSD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{}">{}</xs:schema>'


def schema_in(folder: Path) -> etree.XMLSchema:
    """The schemas of the protocol and of Dublin Core as they were published, put into ``folder``."""
    for name in ("OAI-PMH.xsd", "oai_dc.xsd", "simpledc20021212.xsd"):
        text = conformance(f"oai-pmh/{name}").read_text()
        (folder / name).write_text(text.replace("http://www.w3.org/2001/03/xml.xsd", "xml.xsd"))
    for name, (namespace, content) in OTHERS.items():
        (folder / name).write_text(XSD.format(namespace, content))
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{name}"/>'
        for namespace, name in (
            ("http://www.openarchives.org/OAI/2.0/", "OAI-PMH.xsd"),
            ("http://www.openarchives.org/OAI/2.0/oai_dc/", "oai_dc.xsd"),
            (OTHERS["rdf.xsd"][0], "rdf.xsd"),
        )
    )
    (folder / "all.xsd").write_text(XSD.format("urn:all", imports))
    return etree.XMLSchema(etree.parse(str(folder / "all.xsd")))


def test_answers_are_valid_under_the_published_schemas(
    visitor: FlaskClient, seeded: Flask, tmp_path: Path
) -> None:
    oai = schema_in(tmp_path)
    standard = db.session.scalar(sa.select(Standard.id).join(Edition).where(Edition.state == State.PUBLISHED))
    asked = (
        {"verb": "Identify"}, {"verb": "ListSets"}, {"verb": "ListMetadataFormats"},
        {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"},
        {"verb": "ListRecords", "metadataPrefix": "x"},
        {"verb": "ListRecords", "metadataPrefix": "cpsv_ap"}, {"verb": "Sing"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "polresta-kendari"},
        {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": f"oai:{HOST}:{standard}"},
    )  # fmt: skip
    for one in asked:
        oai.assertValid(answer(visitor, **one))


def test_a_harvest_is_one_state_that_goes_on(
    cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harvest, "PART", 1)
    published(cast, title="Satu"), published(cast, title="Dua")
    first = answer(client, verb="ListRecords", metadataPrefix="oai_dc")
    token = first.find(f".//{OAI}resumptionToken")

    last = answer(client, verb="ListRecords", resumptionToken=token.text)

    assert token.attrib["cursor"] == "0"
    end = last.find(f".//{OAI}resumptionToken")
    assert end is not None and (end.text, end.attrib["cursor"]) == (None, "1")
    said = datetime.fromisoformat(last.findtext(f"{OAI}responseDate"))
    assert abs(datetime.now(UTC) - said) < timedelta(minutes=5)

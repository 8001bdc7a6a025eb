"""The open data as its readers meet them: a page, and files that stream."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa import create_app
from siapa.extensions import db
from siapa.opendata import TABLES, snapshots
from siapa.publishing import commands
from siapa.records.engine import begin_writing
from siapa.web.opendata import slots
from tests.conftest import config_at
from tests.publishing.cast import document, people_and_places, published
from tests.web.site.reading import read


@pytest.fixture
def visitor(seeded_app: Flask) -> FlaskClient:
    """A visitor of the seeded registry."""
    return seeded_app.test_client()


@pytest.mark.parametrize("address", ["/data", "/en/data"])
def test_the_page_leads_to_every_table_in_every_form(visitor: FlaskClient, address: str) -> None:
    page = read(visitor, address)

    wanted = {
        f"/data/{table.name}.{end}"
        for table in TABLES
        for end in ("csv", "csv.gz", "jsonl", "jsonl.gz", "xlsx")
    }
    assert wanted <= set(page.links())
    assert visitor.head(sorted(wanted)[0]).status_code == 200


def test_a_table_is_had_plain_and_compressed(visitor: FlaskClient) -> None:
    plain, packed = visitor.get("/data/fees.csv"), visitor.get("/data/fees.csv.gz")
    lines = visitor.get("/data/fees.jsonl").data.splitlines()

    assert plain.mimetype == "text/csv"
    assert gzip.decompress(packed.data) == plain.data
    assert len(list(csv.DictReader(StringIO(plain.text, newline="")))) == len(lines)
    assert plain.headers["Content-Disposition"] == 'attachment; filename="fees.csv"'
    assert plain.headers["Access-Control-Allow-Origin"] == "*"


def test_each_fee_of_the_table_is_that_of_the_api(visitor: FlaskClient) -> None:
    by_standard: dict[str, list[int | None]] = {}
    for line in visitor.get("/data/fees.jsonl").data.splitlines():
        row = json.loads(line)
        by_standard.setdefault(row["standard_id"], []).append(row["amount_idr"])

    for card in visitor.get("/api/v1/standards?per_page=20").json["results"]:
        fees = visitor.get(f"/api/v1/standards/{card['id']}").json["document"].get("fees")
        nought = 0 if fees and fees["fee_kind"] == "free" else None
        said = [line.get("amount_idr", nought) for line in (fees["lines"] or [{}])] if fees else []
        assert by_standard.get(card["id"], []) == said


def test_who_has_this_state_need_not_take_it_again(visitor: FlaskClient) -> None:
    with visitor.get("/data/regions.csv") as first:
        assert first.status_code == 200

    again = visitor.get("/data/regions.csv", headers={"If-None-Match": first.headers["ETag"]})
    head = visitor.head("/data/regions.csv")

    assert (again.status_code, again.data) == (304, b"")
    assert head.headers["ETag"] == first.headers["ETag"]
    assert "Content-Length" not in head.headers
    assert "Content-Length" not in first.headers


@pytest.mark.parametrize(
    "address",
    ["officer.csv", "standards.orc", "standards.csv.gz.gz", "standards", "..csv", "standards.CSV"],
)
def test_there_is_no_other_table_and_no_other_form(visitor: FlaskClient, address: str) -> None:
    assert visitor.get(f"/data/{address}").status_code == 404


def test_who_comes_when_all_places_are_taken_is_told_when_to_try_again(visitor: FlaskClient) -> None:
    held = [slots.Slot(slots.STREAMS) for _ in range(4)]

    refused = visitor.get("/data/fees.csv")
    for slot in held:
        slot.let_go()
        slot.let_go()
    with visitor.get("/data/fees.csv") as taken:
        assert taken.status_code == 200

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")


def test_a_place_is_given_back_after_each_download_and_for_what_is_not_sent(visitor: FlaskClient) -> None:
    for _ in range(6):
        assert visitor.get("/data/categories.csv").data
        assert visitor.head("/data/categories.csv").status_code == 200
        with visitor.get("/data/changes.csv") as gone_away:
            assert next(gone_away.iter_encoded())

    held = [slots.Slot(slots.STREAMS) for _ in range(4)]

    for slot in held:
        slot.let_go()


def test_the_whole_is_had_as_one_workbook_and_described(visitor: FlaskClient) -> None:
    book = visitor.get("/data/siapa.xlsx")
    package = visitor.get("/data/datapackage.json").json

    assert book.data.startswith(b"PK")
    assert [resource["path"].rpartition("/")[2] for resource in package["resources"]] == [
        f"{table.name}.csv" for table in TABLES
    ]
    assert visitor.get("/data/README.md").status_code == 200
    assert b"cff-version" in visitor.get("/data/CITATION.cff").data


@pytest.fixture(scope="module")
def keeper(seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A visitor of a registry that has made a snapshot."""
    folder = tmp_path_factory.mktemp("keeper")
    shutil.copytree(seeded_folder / "instance", folder / "instance")
    app = create_app(config_at(folder))
    with app.app_context():
        snapshots.make(folder / "instance" / "snapshots", "https://siapa.example", tells=lambda _name: None)
    return app.test_client()


def test_without_a_snapshot_the_pages_say_so(visitor: FlaskClient) -> None:
    page = read(visitor, "/en/data/snapshots")

    assert "No snapshot has been made yet." in page.text
    assert visitor.get("/data/snapshots/index.json").json == {"snapshots": []}
    assert visitor.get("/data/snapshots/1").status_code == 404
    assert visitor.get("/data/snapshots/1/manifest.json").status_code == 404
    assert visitor.get("/data/snapshots/1-2.jsonl").status_code == 404
    for number in ("9" * 16, "9" * 300, "-1", "x"):
        assert visitor.get(f"/data/snapshots/{number}").status_code == 404
        assert visitor.get(f"/data/snapshots/{number}/manifest.json").status_code == 404


def test_a_snapshot_is_listed_shown_and_had_file_by_file(keeper: FlaskClient, tmp_path: Path) -> None:
    [told] = keeper.get("/data/snapshots/index.json").json["snapshots"]
    number = told["number"]
    below = f"/data/snapshots/{number}/"
    links = read(keeper, f"/data/snapshots/{number}").links()
    files = [link for link in links if link.startswith(below) and "proof" not in link]

    (tmp_path / "got").mkdir()
    for link in files:
        (tmp_path / "got" / link.rpartition("/")[2]).write_bytes(keeper.get(link).data)

    assert keeper.get("/data/snapshots/").status_code == 308
    assert f"/en/data/snapshots/{number}" in read(keeper, "/en/data/snapshots").links()
    assert f"/data/snapshots/{number}" in read(keeper, "/data").links()
    assert not list(snapshots.faults(tmp_path / "got"))
    manifest = keeper.get(f"/data/snapshots/{number}/manifest.json")
    assert "immutable" in manifest.headers["Cache-Control"]
    assert snapshots.manifest_of(tmp_path / "got").digest == told["manifest_sha256"]


def test_a_proof_and_a_difference_are_had_and_nothing_outside_of_the_folder(keeper: FlaskClient) -> None:
    number = keeper.get("/data/snapshots/index.json").json["snapshots"][0]["number"]
    manifest = keeper.get(f"/data/snapshots/{number}/manifest.json").data

    proof = keeper.get(f"/data/snapshots/{number}/proof/regions/74.71").json

    assert not list(snapshots.proof_faults(proof, manifest))
    assert keeper.get(f"/data/snapshots/{number}-{number}.jsonl").data == b""
    for address in (
        "proof/regions/99",
        "proof/officer/1",
        "proof/fees/1",
        "x.txt",
        "x" * 300,
        "..%2f.lock",
        "%2e%2e/secret_key",
    ):
        assert keeper.get(f"/data/snapshots/{number}/{address}").status_code == 404, address


ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: FlaskClient, address: str) -> ElementTree.Element:
    """The feed at ``address``; it must have all that RFC 4287 demands."""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml"), answer.text
    told = ElementTree.fromstring(answer.data)
    for part in (told, *told.iter(f"{ATOM}entry")):
        assert all(part.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert len({one.text for one in told.iter(f"{ATOM}id")}) == len(list(told.iter(f"{ATOM}id")))
    return told


def test_the_feed_tells_what_was_published_last(visitor: FlaskClient) -> None:
    entries = list(feed(visitor, "/feed.atom").iter(f"{ATOM}entry"))
    moments = [entry.findtext(f"{ATOM}updated") for entry in entries]

    assert len(entries) == 50
    assert moments == sorted(moments, reverse=True)
    link = entries[0].find(f"{ATOM}link")
    assert link is not None
    assert visitor.get("/" + link.attrib["href"].split("/", 3)[3]).status_code == 200


def test_the_feed_of_an_agency_tells_of_withdrawals_and_of_no_draft(app: Flask, client: FlaskClient) -> None:
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    gone = published(cast, title="Akan <dicabut> & hilang")
    commands.withdraw(gone.id, reason="Digabung & selesai", by=cast.publisher)
    draft = published(cast, title="Tetap")
    commands.open_draft(draft.id, document("Rahasia"), by=cast.author)

    own, other = feed(client, "/en/feed.atom?agency=dukcapil"), feed(client, "/feed.atom?agency=dinkes")

    titles = [entry.findtext(f"{ATOM}title") for entry in own.iter(f"{ATOM}entry")]
    assert titles == [
        "Tetap, Dinas Dukcapil",
        "Withdrawn: Akan <dicabut> & hilang, Dinas Dukcapil",
        "Akan <dicabut> & hilang, Dinas Dukcapil",
    ]
    assert "Digabung & selesai" in [entry.findtext(f"{ATOM}summary") for entry in own.iter(f"{ATOM}entry")]
    assert not list(other.iter(f"{ATOM}entry"))
    assert client.get("/feed.atom?agency=nobody").status_code == 404

"""A search can be followed: its feed tells of what it finds as it is published, and of nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree import ElementTree

from flask import Flask
from flask.testing import FlaskClient

from siapa import search
from siapa.extensions import db
from siapa.publishing import commands
from siapa.records.engine import begin_writing
from tests.publishing.cast import document, people_and_places, published

ATOM = "{http://www.w3.org/2005/Atom}"


def titles(client: FlaskClient, address: str) -> list[str]:
    """What the feed at ``address`` tells of."""
    told = ElementTree.fromstring(client.get(address).data)
    return [entry.findtext(f"{ATOM}title", "") for entry in told.iter(f"{ATOM}entry")]


def test_a_search_is_followed_from_its_results_page(app: Flask, client: FlaskClient) -> None:
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    published(cast, title="Izin reklame")
    other = published(cast, title="Akta kelahiran")
    search.follow()
    page = client.get("/en/cari?q=reklame&sort=name").text
    address = "/en/feed.atom?q=reklame"
    assert f'type="application/atom+xml" title="This search as a feed" href="{address}"' in page

    before = client.get(address)
    again = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    commands.open_draft(other.id, document("Izin reklame berjalan"), by=cast.author)
    commands.submit(other.id, by=cast.author)
    commands.publish(other.id, by=cast.publisher)
    search.follow()
    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})

    assert again.status_code == 304
    assert after.status_code == 200
    assert titles(client, address) == [
        "Izin reklame berjalan, Dinas Dukcapil", "Akta kelahiran, Dinas Dukcapil",
        "Izin reklame, Dinas Dukcapil",
    ]  # fmt: skip
    assert titles(client, "/feed.atom?q=paspor") == []
    assert titles(client, "/feed.atom?q=reklame&agency=dinkes") == []
    assert client.get("/feed.atom?q=reklame&max_days=x").status_code == 422
    link = ElementTree.fromstring(before.data).find(f"{ATOM}link[@rel='self']")
    assert link is not None and urlsplit(link.attrib["href"]).query == "q=reklame"

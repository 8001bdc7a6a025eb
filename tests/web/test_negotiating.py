"""A standard has one address: people read the page there, programs are shown to what they can read."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing import commands
from siapa.records import now
from siapa.records.engine import begin_writing
from siapa.web.negotiating import HTML, wanted
from tests.publishing.cast import Cast, people_and_places, published

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture
def cast(app: Flask) -> Cast:
    begin_writing(db)
    found = people_and_places()
    db.session.commit()
    return found


@pytest.mark.parametrize(
    ("accepted", "kind"),
    [
        ("", HTML), ("*/*", HTML), (BROWSER, HTML), ("image/png", HTML), ("application/rdf+xml", HTML),
        ("application/json", "application/json"), ("application/ld+json", "application/ld+json"),
        ("text/turtle", "text/turtle"), ("text/turtle;q=0.5, application/ld+json", "application/ld+json"),
        ("application/json, text/html", HTML), ("text/html;q=0.1, application/json", "application/json"),
        ("text/turtle;q=0, */*;q=0.1", HTML), ("a" * 500, HTML), (";;,,q=", HTML),
    ],
)  # fmt: skip
def test_each_gets_what_they_like_best(accepted: str, kind: str) -> None:
    assert wanted(accepted) == kind


def test_who_asks_for_data_at_the_page_is_sent_to_it(cast: Cast, client: FlaskClient) -> None:
    standard = published(cast)
    path = f"/standar/dukcapil/{standard.slug}"
    page = client.get(path, headers={"Accept": BROWSER})

    for accepted, mimetype in (
        ("application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("text/turtle", "text/turtle"),
    ):
        sent_on = client.get(path, headers={"Accept": accepted})
        assert (sent_on.status_code, sent_on.headers["Vary"]) == (303, "Accept")
        found = client.get(sent_on.headers["Location"], headers={"Accept": accepted})
        assert (found.status_code, found.mimetype) == (200, mimetype)
        assert f'{sent_on.headers["Location"]}>; rel="alternate"; type="{mimetype}"' in page.headers["Link"]
    again = client.get(path, headers={"Accept": "*/*"})
    kept = client.get(path, headers={"Accept": BROWSER})
    assert page.mimetype == again.mimetype == kept.mimetype == "text/html"
    assert {one.headers["Vary"] for one in (page, again, kept)} == {"Accept, Accept-Encoding"}
    assert (
        kept.headers["Link"] == page.headers["Link"] and f'{path}>; rel="canonical"' in page.headers["Link"]
    )


def test_data_of_what_is_gone_and_of_what_was_are_said_too(cast: Cast, client: FlaskClient) -> None:
    standard = published(cast)
    path, before = f"/standar/dukcapil/{standard.slug}", now().isoformat()
    commands.withdraw(standard.id, reason="Dihapus", by=cast.publisher)
    as_json = {"Accept": "application/json"}

    gone = client.get(path, headers=as_json, follow_redirects=True)
    stood = client.get(path, headers=as_json, query_string={"known_at": before}, follow_redirects=True)

    assert (gone.status_code, stood.status_code) == (410, 200)
    assert stood.json["id"] == str(standard.id)
    assert client.get("/standar/dukcapil/tidak-ada", headers=as_json).status_code == 404

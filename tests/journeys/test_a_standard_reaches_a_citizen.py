"""The whole way of a standard: written by one officer, published by another, found, read, taken down."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from siapa.config import ROOT
from siapa.document.intake import read_document
from siapa.errors import NotAllowed
from siapa.extensions import db
from siapa.publishing import Standin, commands, people
from siapa.publishing.offerings import OfferedAt, set_offerings
from siapa.records import Agency, Location, Officer, Role, Standard

WORD = "kincirangin"  # in no other text of the registry
ADDRESS = "/standar/polresta-kendari/izin-kincirangin"


@pytest.fixture
def visitor(own_seeded) -> FlaskClient:
    """A citizen's browser."""
    return own_seeded.test_client()


@pytest.fixture
def author(own_seeded) -> Officer:
    """Writes for Polresta Kendari."""
    return people.add_officer(
        "ani@contoh.id", "Ani", Role.OPERATOR, by=Standin.OPERATOR, agency_id=agency().id
    )


@pytest.fixture
def publisher(own_seeded) -> Officer:
    """Publishes for Polresta Kendari."""
    return people.add_officer(
        "budi@contoh.id", "Budi", Role.PUBLISHER, by=Standin.OPERATOR, agency_id=agency().id
    )


def agency() -> Agency:
    return db.session.scalars(sa.select(Agency).where(Agency.slug == "polresta-kendari")).one()


def document(**changed):
    file = ROOT / "seed_data" / "standards" / "polresta-kendari" / "SIM-C-PANJANG.json"
    return read_document({**json.loads(file.read_text())["document"], "title": f"Izin {WORD}", **changed})


def places_where_it_shows(visitor: FlaskClient) -> list[str]:
    """The public addresses on which a random word of the standard can be read."""
    mall = db.session.scalars(sa.select(Location).where(Location.slug == "mpp-kota-kendari")).one()
    addresses = (
        ADDRESS, f"/en{ADDRESS}", "/instansi/polresta-kendari", f"/mpp/{mall.slug}", f"/cari?q={WORD}",
        f"/api/v1/search?q={WORD}", "/api/v1/standards?agency=polresta-kendari&per_page=100",
        f"/api/v1/malls/{mall.slug}/offerings?per_page=100", f"/api/v1/malls/{mall.slug}",
        "/api/v1/agencies/polresta-kendari", "/sitemap.xml", f"/saran?q={WORD[:6]}",
        f"/api/v1/suggest?q={WORD[:6]}",
    )  # fmt: skip
    return [address for address in addresses if shows(visitor, address)]


def shows(visitor: FlaskClient, address: str) -> bool:
    answer = visitor.get(address)
    text = answer.get_data(as_text=True).lower()
    if answer.status_code == 404 or WORD not in text:
        return False
    # What was asked for is said back; that alone is no find.
    return "q=" not in address or ADDRESS.rsplit("/", 1)[1] in text


def test_a_standard_reaches_a_citizen_and_leaves_again(visitor, author, publisher):
    standard = given_a_draft(author)
    assert places_where_it_shows(visitor) == []

    when_it_is_published(standard, author, publisher)
    shown = places_where_it_shows(visitor)
    assert ADDRESS in shown and f"/cari?q={WORD}" in shown and f"/api/v1/search?q={WORD}" in shown
    assert "/mpp/mpp-kota-kendari" in shown and "/instansi/polresta-kendari" in shown

    commands.withdraw(standard.id, by=publisher, reason="Tidak berlaku lagi")
    assert set(places_where_it_shows(visitor)) <= {ADDRESS, f"/en{ADDRESS}"}, (
        "only its own page stays, to say so"
    )
    page = visitor.get(ADDRESS)
    assert page.status_code == 410
    assert "Tidak berlaku lagi" in page.get_data(as_text=True)
    assert visitor.get(f"/api/v1/standards/{standard.id}").status_code == 410


def test_a_revised_standard_replaces_the_one_before_it_everywhere(visitor, author, publisher):
    standard = given_a_draft(author)
    when_it_is_published(standard, author, publisher)
    commands.open_draft(standard.id, document(summary="Kini dengan turbin."), by=author)
    assert "turbin" not in visitor.get(ADDRESS).get_data(as_text=True)

    when_it_is_published(standard, author, publisher)

    page = visitor.get(ADDRESS).get_data(as_text=True)
    answer = visitor.get(f"/api/v1/standards/{standard.id}").get_json()
    assert "turbin" in page
    assert answer["edition_number"] == 2
    earlier = visitor.get(f"/api/v1/standards/{standard.id}/editions/1")
    assert earlier.status_code == 200
    assert "turbin" not in earlier.get_data(as_text=True)


def test_whoever_submitted_an_edition_does_not_publish_it(author, publisher):
    standard = given_a_draft(publisher)
    commands.submit(standard.id, by=publisher)

    with pytest.raises(NotAllowed):
        commands.publish(standard.id, by=publisher)


def given_a_draft(author: Officer) -> Standard:
    standard = commands.open_standard(agency().id, document(), by=author)
    mall = db.session.scalars(sa.select(Location).where(Location.slug == "mpp-kota-kendari")).one()
    set_offerings(standard.id, [OfferedAt(mall.id)], by=author)
    return standard


def when_it_is_published(standard: Standard, author: Officer, publisher: Officer) -> None:
    commands.submit(standard.id, by=author)
    commands.publish(standard.id, by=publisher)

"""Regulations at the desk: kept by curators, ended with a day, and what an agency is asked to look at."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing import commands
from siapa.records import Agency, Officer, Regulation, RegulationState, Standard
from tests.publishing.cast import document
from tests.web.desk.conftest import ADMIN, AUTHOR, PUBLISHER, STRANGER
from tests.web.desk.visiting import send, signed_in

CURATOR = "curator@example.go.id"
PP = {"type": "PP", "number": "76", "year": "2020", "title": "Tarif", "url": ""}
CITES = [{"title": "Tarif", "type": "PP", "number": "76", "year": 2020}]


@pytest.fixture
def curator(desk_app: Flask) -> FlaskClient:
    """A curator's browser."""
    return signed_in(desk_app, CURATOR)


@pytest.fixture
def path(curator: FlaskClient) -> str:
    """Where a regulation stands that was just kept."""
    location: str = send(curator, "/meja/peraturan/baru", **PP).location
    return location


def in_force(app: Flask, title: str = "Penerbitan SIM", **changes: object) -> str:
    """The address at the desk of a standard in force."""
    with app.app_context():
        found = {one.email: one for one in db.session.scalars(sa.select(Officer))}
        own = db.session.scalars(sa.select(Agency).where(Agency.slug == "dukcapil")).one()
        standard = commands.open_standard(own.id, document(title, **changes), by=found[AUTHOR])
        commands.submit(standard.id, by=found[AUTHOR])
        commands.publish(standard.id, by=found[PUBLISHER])
        return f"/meja/standar/{standard.id}"


def state_of(app: Flask) -> RegulationState:
    """What became of the one regulation."""
    with app.app_context():
        return db.session.scalars(sa.select(Regulation.state)).one()


def test_a_repeal_reaches_the_agency_and_is_settled_there(
    desk_app: Flask, curator: FlaskClient, path: str
) -> None:
    standard, author = in_force(desk_app, legal_bases=CITES), signed_in(desk_app, AUTHOR)

    asked = curator.get(f"{path}/penyebut").text
    ended = send(curator, f"{path}/berakhir", state="repealed", on="2024-01-02", through="")
    start, listed, page = (author.get(at).text for at in ("/meja", "/meja/perlu-ditinjau", standard))
    mark = page.partition('name="mark" value="')[2].partition('"')[0]
    settled = send(author, f"{standard}/sudah-ditinjau", mark=mark, note="Tarif sama")
    again = send(author, f"{standard}/sudah-ditinjau", mark=mark)

    assert "1 standar berlaku menyebutnya" in asked and ended.status_code == 303
    assert "/meja/perlu-ditinjau" in start and standard in listed
    assert "PP 76/2020 dicabut sejak 2 Januari 2024" in page
    assert (settled.status_code, again.status_code) == (303, 409)
    assert "Tidak ada yang perlu ditinjau" in author.get("/meja/perlu-ditinjau").text


def test_what_is_wrong_with_an_end_is_said_and_nothing_is_marked(
    desk_app: Flask, curator: FlaskClient, path: str
) -> None:
    nothing = send(curator, f"{path}/berakhir")
    odd = send(curator, f"{path}/berakhir", state="repealed", on="2024-01-02", through="PP 99/1999")
    ahead = send(curator, f"{path}/berakhir", state="amended", on="2999-01-01")

    assert [answer.status_code for answer in (nothing, odd, ahead)] == [422, 422, 422]
    assert 'id="on-problem"' in nothing.text and 'value="PP 99/1999"' in odd.text
    assert state_of(desk_app) is RegulationState.IN_FORCE


def test_a_regulation_is_kept_once_and_corrected(desk_app: Flask, curator: FlaskClient, path: str) -> None:
    double = send(curator, "/meja/peraturan/baru", **{**PP, "type": "Peraturan Pemerintah"})
    odd = send(curator, "/meja/peraturan/baru", **{**PP, "year": "MMXX", "url": "ftp://x"})
    corrected = send(curator, path, **{**PP, "title": "Tarif PNBP"})

    assert (double.status_code, odd.status_code, corrected.status_code) == (422, 422, 303)
    assert 'id="year-problem"' in odd.text and 'value="MMXX"' in odd.text
    assert "Tarif PNBP" in curator.get("/meja/peraturan?q=pnbp+76").text


def test_a_fee_without_a_basis_is_said_where_it_is_written_and_when_it_is_to_be_published(
    desk_app: Flask,
) -> None:
    with desk_app.app_context():
        found = {one.email: one for one in db.session.scalars(sa.select(Officer))}
        own = db.session.scalars(sa.select(Agency).where(Agency.slug == "dukcapil")).one()
        fees = {"fee_kind": "fixed", "lines": [{"amount_idr": 5000}]}
        path = f"/meja/standar/{commands.open_standard(own.id, document(fees=fees), by=found[AUTHOR]).id}"
    author, publisher = signed_in(desk_app, AUTHOR), signed_in(desk_app, PUBLISHER)

    page, step = author.get(path).text, author.get(f"{path}/langkah/waktu-biaya").text
    send(author, f"{path}/ajukan", version="1")
    review = publisher.get(f"{path}/tinjau").text

    wanted = "Biaya memerlukan peraturan yang berlaku"
    assert [wanted in text for text in (page, step, review)] == [True, True, True]
    assert 'href="#fees.lines[0].legal_basis"' in step


@pytest.mark.parametrize("email", [AUTHOR, PUBLISHER, ADMIN])
def test_nobody_of_an_agency_keeps_regulations(desk_app: Flask, path: str, email: str) -> None:
    officer = signed_in(desk_app, email)

    seen = [officer.get(at).status_code for at in ("/meja/peraturan", "/meja/peraturan/baru", path)]
    done = [
        send(officer, at, **PP, state="repealed", on="2024-01-02").status_code
        for at in ("/meja/peraturan/baru", path, f"{path}/berakhir", f"{path}/berlaku")
    ]

    assert set(seen) == set(done) == {403}


def test_another_agency_settles_nothing_here(desk_app: Flask, curator: FlaskClient, path: str) -> None:
    standard = in_force(desk_app, legal_bases=CITES)
    send(curator, f"{path}/berakhir", state="repealed", on="2024-01-02")

    answer = send(signed_in(desk_app, STRANGER), f"{standard}/sudah-ditinjau", mark="x")

    assert answer.status_code == 403
    with desk_app.app_context():
        assert db.session.scalars(sa.select(Standard)).one().live is not None

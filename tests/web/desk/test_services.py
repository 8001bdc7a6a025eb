"""The national catalogue at the desk: kept by curators, guarded against doubles, merged, retired, linked."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from siapa import search
from siapa.extensions import db
from siapa.publishing import commands, services
from siapa.records import Agency, Officer, Service, ServiceStatus, Standard
from tests.publishing.cast import document
from tests.web.desk.conftest import ADMIN, AUTHOR, NATIONAL, PUBLISHER
from tests.web.desk.visiting import send, signed_in

CURATOR = "curator@example.go.id"
NEW = {
    "code": "kk-baru", "name": "Penerbitan Kartu Keluarga baru", "name_en": "New family card",
    "agency_kind": "dinas_dukcapil", "category_code": "kependudukan", "aliases_id": "bikin kk\nurus kk",
}  # fmt: skip


def who(name: str) -> Officer:
    """The officer of the cast with this name."""
    return db.session.scalars(sa.select(Officer).where(Officer.email == f"{name}@example.go.id")).one()


@pytest.fixture
def desk(desk_app: Flask) -> Flask:
    """The desk with a subject, one service, and a stray draft of the civil registry office."""
    with desk_app.app_context():
        subject = {"name": "Kependudukan", "name_en": "Civil", "position": 1}
        services.put_category("kependudukan", subject, by=who("curator"))
        values = {key: NEW[key] for key in ("name", "name_en", "agency_kind", "category_code")}
        services.add_service("KK-BARU", values, by=who("curator"))
        own = db.session.scalars(sa.select(Agency).where(Agency.slug == "dukcapil")).one()
        commands.open_standard(own.id, document("Pembuatan kartu keluarga baru"), by=who("author"))
        search.rebuild()
        db.session.remove()
    return desk_app


@pytest.fixture
def curator(desk: Flask) -> FlaskClient:
    """A curator's browser."""
    return signed_in(desk, CURATOR)


def service_of(app: Flask, code: str) -> Service | None:
    """The service as it stands now."""
    with app.app_context():
        found = db.session.scalar(sa.select(Service).where(Service.code == code))
        if found is not None:
            assert found.aliases is not None
            db.session.expunge_all()
        return found


def seen_on(page: str) -> str:
    """What the form on ``page`` was made from."""
    return page.partition('name="seen" value="')[2].partition('"')[0]


def test_a_second_entry_for_one_thing_is_made_only_when_it_is_said_to_be_another(
    desk: Flask, curator: FlaskClient
) -> None:
    double = {**NEW, "code": "kk-dua", "name": "Pengurusan Kartu Kelurga baru", "name_en": "Card"}

    asked = send(curator, "/meja/layanan/baru", **double)
    before = service_of(desk, "KK-DUA")
    told = send(curator, "/meja/layanan/baru", **double, different="1")
    made = service_of(desk, "KK-DUA")

    assert asked.status_code == 422 and "/meja/layanan/KK-BARU" in asked.text
    assert 'value="Pengurusan Kartu Kelurga baru"' in asked.text and before is None
    assert told.location == "/meja/layanan/KK-DUA" and made is not None
    assert {alias.text for alias in made.aliases} == {"bikin kk", "urus kk"}


def test_what_is_wrong_with_a_new_entry_is_said_and_what_was_typed_stays(curator: FlaskClient) -> None:
    wrong = {**NEW, "code": "apa saja", "name": "Izin budidaya lobster", "name_en": "", "category_code": "x"}

    answer = send(curator, "/meja/layanan/baru", **wrong)
    taken = send(
        curator, "/meja/layanan/baru", **{**wrong, **NEW, "name": "Izin lobster", "name_en": "Lobster"}
    )

    assert answer.status_code == 422 and 'value="Izin budidaya lobster"' in answer.text
    assert 'href="#code"' in answer.text and 'id="code-problem"' in answer.text
    assert taken.status_code == 409 and 'value="Izin lobster"' in taken.text


def test_an_entry_is_changed_unless_somebody_else_did_meanwhile(desk: Flask, curator: FlaskClient) -> None:
    seen = seen_on(curator.get("/meja/layanan/KK-BARU").text)
    changed = {**NEW, "name": "Kartu Keluarga baru", "aliases_en": "family card", "slug": "kk", "seen": seen}

    saved = send(curator, "/meja/layanan/KK-BARU", **changed)
    again = send(curator, "/meja/layanan/KK-BARU", **{**changed, "name": "Yang kedua"})
    service = service_of(desk, "KK-BARU")

    assert (saved.status_code, again.status_code) == (303, 409)
    assert 'value="Yang kedua"' in again.text
    assert service is not None and (service.name, service.slug) == ("Kartu Keluarga baru", "kk")
    assert {alias.text for alias in service.aliases} == {"bikin kk", "urus kk", "family card"}


def test_the_list_is_searched_by_names_codes_and_aliases(desk: Flask, curator: FlaskClient) -> None:
    send(curator, "/meja/layanan/KK-BARU", **NEW, seen=seen_on(curator.get("/meja/layanan/KK-BARU").text))

    found = [
        curator.get(f"/meja/layanan?q={words}").text for words in ("urus+kk", "kk-baru", "kartu", "paspor")
    ]

    assert ["/meja/layanan/KK-BARU" in page for page in found] == [True, True, True, False]
    assert "1 standar tanpa layanan" in found[0]


def test_a_merge_is_shown_first_and_done_then(desk: Flask, curator: FlaskClient) -> None:
    send(curator, "/meja/layanan/baru", **{**NEW, "code": "kk-dua"}, different="1")

    shown = curator.get("/meja/layanan/KK-DUA/gabung?into=kk-baru")
    absent = curator.get("/meja/layanan/KK-DUA/gabung?into=kk-tiga")
    done = send(curator, "/meja/layanan/KK-DUA/gabung", into="KK-BARU")
    gone = service_of(desk, "KK-DUA")

    assert shown.status_code == 200 and "Gabungkan keduanya" in shown.text
    assert absent.status_code == 422
    assert done.location == "/meja/layanan/KK-BARU"
    assert gone is not None and gone.status is ServiceStatus.RETIRED
    assert desk.test_client().get("/api/v1/services/KK-DUA").location.endswith("/api/v1/services/KK-BARU")


def test_taking_an_entry_out_of_use_wants_a_tick_and_a_successor_that_is_there(
    desk: Flask, curator: FlaskClient
) -> None:
    unticked = send(curator, "/meja/layanan/KK-BARU/hentikan", successor="tidak-ada")
    done = send(curator, "/meja/layanan/KK-BARU/hentikan", sure="1")
    retired = service_of(desk, "KK-BARU")

    assert unticked.status_code == 422 and "tidak-ada" in unticked.text
    assert done.status_code == 303
    assert retired is not None and retired.status is ServiceStatus.RETIRED
    assert "tidak dipakai" in curator.get("/meja/layanan/KK-BARU").text


def test_a_stray_standard_is_suggested_a_service_and_linked_with_a_tick(
    desk: Flask, curator: FlaskClient
) -> None:
    page = curator.get("/meja/layanan/tanpa-layanan").text
    standard_id = page.partition('name="standard" value="')[2].partition('"')[0]
    row = {"standard": standard_id, "service": "KK-BARU", "other": ""}

    unticked = send(curator, "/meja/layanan/tanpa-layanan", **row)
    wrong = send(curator, "/meja/layanan/tanpa-layanan", **{**row, "other": "kk-tiga"}, chosen=standard_id)
    linked = send(curator, "/meja/layanan/tanpa-layanan", **row, chosen=standard_id)

    assert '<option value="KK-BARU" selected>' in page
    assert (unticked.status_code, wrong.status_code, linked.status_code) == (422, 422, 303)
    assert 'value="kk-tiga"' in wrong.text
    with desk.app_context():
        standard = db.session.get_one(Standard, uuid.UUID(standard_id))
        assert standard.service is not None and standard.service.code == "KK-BARU"


@pytest.mark.parametrize("email", [AUTHOR, PUBLISHER, ADMIN])
def test_nobody_of_an_agency_sees_or_changes_the_catalogue(desk: Flask, email: str) -> None:
    officer = signed_in(desk, email)

    seen = [
        officer.get(f"/meja/layanan{path}").status_code
        for path in ("", "/baru", "/tanpa-layanan", "/KK-BARU")
    ]
    done = [
        send(officer, f"/meja/layanan/{path}", into="KK-BARU", sure="1", **NEW).status_code
        for path in ("baru", "KK-BARU", "KK-BARU/gabung", "KK-BARU/hentikan", "tanpa-layanan")
    ]

    assert set(seen) == set(done) == {403}
    assert "/meja/layanan" not in officer.get("/meja").text
    assert "/meja/layanan" in signed_in(desk, NATIONAL).get("/meja").text

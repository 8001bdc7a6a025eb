"""Tending places at the desk: what is said of them, when they are open, and by whom."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing import places
from siapa.records import Agency, Location, LocationKind, Officer
from tests.web.desk.conftest import ADMIN, AUTHOR, NATIONAL, STRANGER
from tests.web.desk.visiting import send, signed_in

MANAGER, CURATOR = "manager@example.go.id", "curator@example.go.id"
DATA = {"kind": "mall", "name": "MPP Kota", "region": "74.71 Kota Kendari"}


def the(app: Flask, slug: str = "mpp") -> str:
    """The address of a place at the desk."""
    with app.app_context():
        return f"/meja/tempat/{db.session.query(Location).filter_by(slug=slug).one().id}"


def read(app: Flask, *names: str, slug: str = "mpp") -> list[Any]:
    """What stands of a place."""
    with app.app_context():
        place = db.session.query(Location).filter_by(slug=slug).one()
        return [getattr(place, name) for name in names]


def an_office(app: Flask, agency: str, name: str) -> str:
    """The address at the desk of a new office of an agency."""
    with app.app_context():
        national = db.session.query(Officer).filter_by(email=NATIONAL).one()
        owner = db.session.query(Agency).filter_by(slug=agency).one()
        made = places.add_location(LocationKind.OFFICE, name, by=national, agency_id=owner.id)
        return f"/meja/tempat/{made.id}"


def seen(client: FlaskClient, path: str) -> str:
    """The version that a form was made from."""
    found = re.search(r'name="seen" value="(\w+)"', client.get(path).text)
    assert found is not None
    return found[1]


def write(client: FlaskClient, path: str, **fields: Any) -> Any:
    """Open a form, and send it with ``fields``."""
    return send(client, path, seen=seen(client, path), **fields)


@pytest.fixture
def manager(desk_app: Flask) -> FlaskClient:
    """The browser of who manages the mall."""
    return signed_in(desk_app, MANAGER)


def test_everybody_finds_the_places_they_tend_and_no_others(desk_app: Flask) -> None:
    offices = {agency: an_office(desk_app, agency, f"Kantor {agency}") for agency in ("uptd", "dinkes")}
    within = {
        MANAGER: {"mpp"}, ADMIN: {"uptd"}, AUTHOR: {"uptd"}, STRANGER: {"dinkes"},
        NATIONAL: {"mpp", "uptd", "dinkes"}, CURATOR: set(),
    }  # fmt: skip
    paths = {"mpp": the(desk_app), **offices}

    for email, own in within.items():
        officer = signed_in(desk_app, email)
        listed = officer.get("/meja/tempat").text
        assert {name for name, path in paths.items() if path in listed} == own, email
        assert {name for name, path in paths.items() if officer.get(path).status_code == 200} == own, email


def test_a_tenant_finds_the_mall_of_its_counter_and_changes_that_alone(desk_app: Flask) -> None:
    path, author = the(desk_app), signed_in(desk_app, AUTHOR)
    with desk_app.app_context():
        by = db.session.query(Officer).filter_by(email=MANAGER).one()
        own, other = (db.session.query(Agency).filter_by(slug=s).one().id for s in ("dukcapil", "dinkes"))
        mall = db.session.query(Location).filter_by(slug="mpp").one().id
        mine = places.add_counter(mall, "Loket kami", {"agency_id": own}, by=by).id
        theirs = places.add_counter(mall, "Loket lain", {"agency_id": other}, by=by).id

    page = author.get(path).text

    assert f"/loket/{mine}" in page and f"/loket/{theirs}" not in page and "/jam" not in page
    renamed = {"name": "Loket A", "agency": "Dinas Dukcapil", "status": "listed"}
    assert write(author, f"{path}/loket/{mine}", **renamed).status_code == 303
    for closed in ("/data", "/jam", "/libur", "/fasilitas", "/alamat", "/loket/baru", f"/loket/{theirs}"):
        assert author.get(path + closed).status_code == 403, closed
    for closed in ("/periksa", "/tutup", "/alamat", "/data", "/jam", f"/loket/{theirs}/periksa"):
        assert send(author, path + closed, name="x", status="closed").status_code == 403, closed


def test_the_list_is_searched_and_paged(desk_app: Flask) -> None:
    for number in range(27):
        an_office(desk_app, "uptd", f"Kantor {number:02}")
    admin = signed_in(desk_app, ADMIN)

    first, last = admin.get("/meja/tempat").text, admin.get("/meja/tempat?page=2").text
    found = admin.get("/meja/tempat?q=kantor+26").text

    assert ("Kantor 00" in first, "Kantor 26" in first, "Kantor 26" in last) == (True, False, True)
    assert "Kantor 26" in found and "Kantor 00" not in found
    assert "Kantor 0" not in admin.get("/meja/tempat?q=%25").text


def test_an_admin_adds_an_office_for_an_agency_within_reach_only(desk_app: Flask) -> None:
    admin = signed_in(desk_app, ADMIN)
    office = {
        "kind": "office",
        "name": "Kantor Baru",
        "region": "Kota Kendari",
        "address": "Jl. Balai Kota",
    }

    added = send(admin, "/meja/tempat/baru", agency="UPTD Dukcapil", **office)
    wrong = send(admin, "/meja/tempat/baru", agency="Dinas Kesehatan", **office)
    none = send(admin, "/meja/tempat/baru", **office)

    assert (added.status_code, wrong.status_code, none.status_code) == (303, 422, 422)
    assert 'href="#agency"' in wrong.text and "Jl. Balai Kota" in wrong.text
    assert read(desk_app, "region_code", "address", slug="kantor-baru") == ["74.71", "Jl. Balai Kota"]
    for email in (MANAGER, AUTHOR, CURATOR):
        assert signed_in(desk_app, email).get("/meja/tempat/baru").status_code == 403


def test_what_is_said_of_a_place_is_kept_and_public(desk_app: Flask, manager: FlaskClient) -> None:
    path = the(desk_app) + "/data"
    point = {"latitude": "-3,9724", "longitude": "122.5149", "coordinate_quality": "building"}

    answer = write(manager, path, **DATA, **point, phone="0401-1", opened_on="2022-10-04")

    assert answer.status_code == 303
    names = ("name", "latitude", "coordinate_quality", "opened_on")
    assert read(desk_app, *names) == ["MPP Kota", -3.9724, "building", date(2022, 10, 4)]
    assert "0401-1" in desk_app.test_client().get("/mpp/mpp").text


WRONG_DATA: tuple[tuple[dict[str, str], str], ...] = (
    ({"name": ""}, "name"),
    ({"kind": "kastil"}, "kind"),
    ({"region": "Negeri Dongeng"}, "region"),
    ({"region": "99.99 Entah"}, "region"),
    ({"latitude": "utara", "longitude": "122"}, "latitude"),
    ({"latitude": "91", "longitude": "122"}, "latitude"),
    ({"latitude": "-3.9"}, "longitude"),
    ({"opened_on": "04-10-2022"}, "opened_on"),
    ({"website": "javascript:x"}, "website"),
)


def test_what_cannot_be_is_named_at_its_field_and_all_that_was_typed_stays(
    desk_app: Flask, manager: FlaskClient
) -> None:
    path = the(desk_app) + "/data"
    version = seen(manager, path)

    for wrong, field in WRONG_DATA:
        sent = {**DATA, "address": "Jl. Sorumba 5", **wrong}
        answer = send(manager, path, seen=version, **sent)
        assert answer.status_code == 422, wrong
        assert f'href="#{field}"' in answer.text and "Jl. Sorumba 5" in answer.text, wrong

    assert read(desk_app, "name", "address") == ["MPP", None]


LATE: tuple[tuple[str, dict[str, str]], ...] = (
    ("/data", {**DATA, "name": "MPP Terlambat"}),
    ("/jam", {"hours.1.0.opens_at": "07:00", "hours.1.0.closes_at": "07:30"}),
    ("/fasilitas", {"facility": "wifi"}),
    ("/alamat", {"slug": "terlambat"}),
    ("/libur", {"closures[0].from_on": "2099-01-01", "closures[0].reason": "Terlambat"}),
)


def test_what_somebody_else_said_meanwhile_is_not_overwritten(desk_app: Flask, manager: FlaskClient) -> None:
    path = the(desk_app)
    old = seen(manager, path + "/jam")
    write(signed_in(desk_app, NATIONAL), f"{path}/data", **DATA)

    for form, fields in LATE:
        late = send(manager, path + form, seen=old, **fields)
        assert late.status_code == 409, form
        assert all(value in late.text for value in fields.values()), form

    assert read(desk_app, "name", "hours", "facilities", "slug") == ["MPP Kota", [], [], "mpp"]


def test_facilities_are_ticked_and_what_a_place_says_in_its_own_words_stays(
    desk_app: Flask, manager: FlaskClient
) -> None:
    path = the(desk_app) + "/fasilitas"
    own = {"own[0].text": "Taman baca", "own[0].accessible": "1"}

    write(manager, path, facility=["ramp", "wifi", "istana"], **own)
    first = read(desk_app, "facilities")[0]
    write(manager, path, facility="wifi", **own, **{"own[1].text": "Taman baca 2", "own[1].gone": "1"})

    assert [(one["text"], one["accessible"]) for one in first] == [
        ("Jalur landai (ramp) untuk kursi roda", True), ("Wi-Fi gratis", False), ("Taman baca", True),
    ]  # fmt: skip
    assert [one["text"] for one in read(desk_app, "facilities")[0]] == ["Wi-Fi gratis", "Taman baca"]
    assert write(manager, path, **{"own[0].text": "x" * 301}).status_code == 422
    assert write(manager, path, **{"own[0].text": "", "own[0].text_en": "Park"}).status_code == 422


def test_a_renamed_place_is_found_at_both_addresses(desk_app: Flask, manager: FlaskClient) -> None:
    path, visitor = the(desk_app) + "/alamat", desk_app.test_client()

    renamed = write(manager, path, slug="MPP-Kota")
    wrong = write(manager, path, slug="mpp kota!")

    assert (renamed.status_code, wrong.status_code) == (303, 422)
    assert visitor.get("/mpp/mpp").location.endswith("/mpp/mpp-kota")
    assert visitor.get("/mpp/mpp-kota").status_code == 200


def test_a_place_is_closed_from_a_day_that_has_come_and_opened_again(
    desk_app: Flask, manager: FlaskClient
) -> None:
    path, visitor = the(desk_app), desk_app.test_client()
    version = seen(manager, f"{path}/alamat")

    ahead = send(manager, f"{path}/tutup", seen=version, closed_on="2999-01-01")
    closed = send(manager, f"{path}/tutup", seen=version, closed_on="2026-01-31")
    page, listed = visitor.get("/mpp/mpp").text, visitor.get("/mpp").text
    opened = send(manager, f"{path}/tutup", seen=seen(manager, f"{path}/alamat"), closed_on="")

    assert (ahead.status_code, closed.status_code, opened.status_code) == (422, 303, 303)
    assert 'href="#closed_on"' in ahead.text
    assert "31 Januari 2026" in page and 'href="/mpp/mpp"' not in listed
    assert 'href="/mpp/mpp"' in visitor.get("/mpp").text


def test_a_national_admin_says_who_runs_a_place_and_rights_follow(
    desk_app: Flask, manager: FlaskClient
) -> None:
    path, national = the(desk_app), signed_in(desk_app, NATIONAL)
    before = signed_in(desk_app, STRANGER).get(path).status_code

    given = send(national, f"{path}/pengelola", agency="Dinas Kesehatan")
    wrong = send(national, f"{path}/pengelola", agency="Dinas Entah")

    assert (before, given.status_code, wrong.status_code) == (404, 303, 422)
    assert 'href="#agency"' in wrong.text and "Dinas Entah" in wrong.text
    assert signed_in(desk_app, STRANGER).get(path).status_code == 200
    assert send(manager, f"{path}/pengelola", agency="").status_code == 403

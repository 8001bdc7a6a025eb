"""The tree of agencies at the desk: each admin's own part of it, nothing changed behind anybody's back."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.records import Agency
from tests.web.desk.conftest import ADMIN, NATIONAL, PUBLISHER
from tests.web.desk.visiting import send, signed_in

PROFILE = {"name": "Dinas Dukcapil", "website": "https://dukcapil.example.go.id"}


def page_of(app: Flask, slug: str) -> str:
    """The address of the page of the agency that stands at ``slug``."""
    with app.app_context():
        return f"/meja/instansi/{db.session.query(Agency).filter_by(slug=slug).one().id}"


def seen_on(client: FlaskClient, page: str) -> str:
    """What the forms of the page carry of what they were made from."""
    found = re.search(r'name="seen" value="(\w+)"', client.get(page).text)
    assert found is not None
    return found[1]


def test_an_admin_sees_the_own_part_of_the_tree_and_a_national_one_its_top(desk_app: Flask) -> None:
    own = signed_in(desk_app, ADMIN).get("/meja/instansi").text
    top = signed_in(desk_app, NATIONAL).get("/meja/instansi").text
    found = signed_in(desk_app, NATIONAL).get("/meja/instansi?q=KESEH").text

    assert "Dinas Dukcapil" in own and "Pemerintah Kota" not in own and "Tambah instansi" not in own
    assert "Pemerintah Kota" in top and "Dinas Dukcapil" not in top and "Tambah instansi" in top
    assert "Dinas Kesehatan" in found and "Dinas Dukcapil" not in found


@pytest.mark.parametrize(
    ("slug", "status"), [("dukcapil", 200), ("uptd", 200), ("dinkes", 404), ("pemkot", 404)]
)
def test_an_admin_reaches_the_own_agency_and_below(desk_app: Flask, slug: str, status: int) -> None:
    admin, page = signed_in(desk_app, ADMIN), page_of(desk_app, slug)

    assert admin.get(page).status_code == status
    assert send(admin, f"{page}/profil", **PROFILE, seen="x").status_code == {200: 409}.get(status, status)


def test_a_profile_is_saved_once_and_a_form_made_before_that_is_told_so(desk_app: Flask) -> None:
    admin, page = signed_in(desk_app, ADMIN), page_of(desk_app, "dukcapil")
    seen = seen_on(admin, page)

    wrong = send(admin, f"{page}/profil", name="Dinas Dukcapil", website="javascript:1", seen=seen)
    saved = send(admin, f"{page}/profil", **PROFILE, seen=seen)
    late = send(admin, f"{page}/profil", name="Dinas Lama", seen=seen)

    assert (wrong.status_code, saved.status_code, late.status_code) == (422, 303, 409)
    assert 'value="javascript:1"' in wrong.text and 'href="#website"' in wrong.text
    assert 'value="Dinas Lama"' in late.text
    assert "dukcapil.example.go.id" in desk_app.test_client().get("/instansi/dukcapil").text


def test_a_former_address_leads_to_the_new_one(desk_app: Flask) -> None:
    admin, page = signed_in(desk_app, ADMIN), page_of(desk_app, "dukcapil")

    taken = send(admin, f"{page}/alamat", slug="dinkes", seen=seen_on(admin, page))
    moved = send(admin, f"{page}/alamat", slug="disdukcapil", seen=seen_on(admin, page))

    assert (taken.status_code, moved.status_code) == (422, 303)
    assert desk_app.test_client().get("/instansi/dukcapil").location.endswith("/instansi/disdukcapil")


def test_only_a_national_admin_moves_and_adds_and_never_below_itself(desk_app: Flask) -> None:
    admin, national = signed_in(desk_app, ADMIN), signed_in(desk_app, NATIONAL)
    page = page_of(desk_app, "uptd")
    fields = {"parent": "dinkes", "kind": "uptd", "seen": seen_on(national, page)}

    refused = send(admin, f"{page}/pindah", **fields)
    ring = send(national, f"{page_of(desk_app, 'pemkot')}/pindah", parent="uptd", kind="pemda",
                seen=seen_on(national, page_of(desk_app, "pemkot")))  # fmt: skip
    moved = send(national, f"{page}/pindah", **fields)

    assert (refused.status_code, ring.status_code, moved.status_code) == (403, 422, 303)
    assert admin.get(page).status_code == 404
    assert send(admin, "/meja/instansi/baru", name="Baru", kind="uptd").status_code == 403


def test_a_new_agency_stands_where_it_was_put(desk_app: Flask) -> None:
    national = signed_in(desk_app, NATIONAL)

    wrong = send(national, "/meja/instansi/baru", name="", kind="", parent="tidak-ada")
    added = send(national, "/meja/instansi/baru", name="UPTD Baru", kind="uptd", parent="dukcapil")

    assert (wrong.status_code, added.status_code) == (422, 303)
    assert "UPTD Baru" in signed_in(desk_app, ADMIN).get(page_of(desk_app, "dukcapil")).text


@pytest.mark.parametrize("path", ["/meja/instansi", "/meja/instansi/baru"])
def test_whoever_is_no_admin_has_no_tree(desk_app: Flask, path: str) -> None:
    assert signed_in(desk_app, PUBLISHER).get(path).status_code == 403

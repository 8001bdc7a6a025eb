"""The officers' pages: an admin rules in their own tree, sees nobody else, and everything holds at once."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from siapa.errors import NotAllowed
from siapa.extensions import db
from siapa.publishing import people
from siapa.records import Membership, Officer, Token
from tests.web.desk.conftest import ADMIN, AUTHOR, NATIONAL, PASSWORD, PUBLISHER, STRANGER
from tests.web.desk.phone import set_up_phone
from tests.web.desk.visiting import send, signed_in

_LINK = re.compile(r'<code class="secret">http://127\.0\.0\.1:8000(/meja/tautan\?kunci=([\w-]+))</code>')
CURATOR, MANAGER = "curator@example.go.id", "manager@example.go.id"


def page_of(app: Flask, email: str) -> str:
    """The address of the page of the officer with this e-mail address."""
    with app.app_context():
        return f"/meja/petugas/{db.session.query(Officer).filter_by(email=email).one().id}"


def roles_of(app: Flask, email: str) -> set[str]:
    """The codes of the roles that the officer holds."""
    with app.app_context():
        held = db.session.query(Membership).join(Officer).filter(Officer.email == email)
        return {one.role.value for one in held}


def test_an_admin_sees_the_officers_of_the_own_tree_and_a_national_admin_all(desk_app: Flask) -> None:
    own = signed_in(desk_app, ADMIN).get("/meja/petugas").text
    everybody = signed_in(desk_app, NATIONAL).get("/meja/petugas").text

    assert {AUTHOR, PUBLISHER, ADMIN} <= set(re.findall(r"[\w.]+@example\.go\.id", own))
    assert not {STRANGER, NATIONAL, CURATOR, MANAGER} & set(re.findall(r"[\w.]+@example\.go\.id", own))
    assert {STRANGER, NATIONAL, CURATOR, MANAGER, AUTHOR} <= set(
        re.findall(r"[\w.]+@example\.go\.id", everybody)
    )


def test_the_list_is_narrowed_by_a_part_of_name_or_address(desk_app: Flask) -> None:
    national = signed_in(desk_app, NATIONAL)

    found = national.get("/meja/petugas?q=AUTH").text
    none = national.get("/meja/petugas?q=%25_").text

    assert AUTHOR in found and PUBLISHER not in found
    assert "Tidak ada yang ditemukan" in none


@pytest.mark.parametrize("email", [AUTHOR, PUBLISHER, CURATOR, MANAGER])
def test_whoever_rules_over_nobody_has_no_such_page(desk_app: Flask, email: str) -> None:
    officer = signed_in(desk_app, email)

    answers = [
        officer.get(path).status_code
        for path in ("/meja/petugas", "/meja/petugas/baru", page_of(desk_app, AUTHOR))
    ]
    invited = send(officer, "/meja/petugas/baru", email="x@example.go.id", name="X", role="curator")

    assert answers == [403, 403, 403] and invited.status_code == 403
    assert "/meja/petugas" not in officer.get("/meja").text


def test_an_officer_of_another_agency_is_not_there_whatever_is_asked(desk_app: Flask) -> None:
    admin, theirs = signed_in(desk_app, ADMIN), page_of(desk_app, STRANGER)
    acts = ("peran", "tutup", "buka", "tautan", "lepas-langkah-kedua")

    answers = {
        act: send(admin, f"{theirs}/{act}", role="operator", agency="dukcapil").status_code for act in acts
    }

    assert admin.get(theirs).status_code == 404
    assert answers == dict.fromkeys(acts, 404)
    assert roles_of(desk_app, STRANGER) == {"publisher"}


def test_an_invited_officer_gets_in_with_the_link_and_the_role(desk_app: Flask) -> None:
    admin = signed_in(desk_app, ADMIN)

    made = send(
        admin, "/meja/petugas/baru", email="Dewi@Example.go.id", name="Dewi", role="operator", agency="uptd"
    )
    link = _LINK.search(made.text)
    assert link is not None
    dewi = desk_app.test_client()
    send(
        dewi,
        "/meja/tautan",
        kunci=link[2],
        password="sawah hijau di kaki gunung",
        repeated="sawah hijau di kaki gunung",
    )
    send(dewi, "/meja/masuk", email="dewi@example.go.id", password="sawah hijau di kaki gunung")
    set_up_phone(dewi)

    page = dewi.get("/meja").text
    assert "Selamat bekerja, Dewi" in page and "UPTD Dukcapil" in page
    assert link[2] not in admin.get("/meja/petugas").text


def test_an_admin_gives_no_role_beside_or_above_and_no_national_one(desk_app: Flask) -> None:
    admin = signed_in(desk_app, ADMIN)
    author = page_of(desk_app, AUTHOR)

    outside = [
        send(admin, f"{author}/peran", role="publisher", agency=agency).status_code
        for agency in ("dinkes", "pemkot")
    ]
    national = send(admin, f"{author}/peran", role="national_admin")
    new = send(
        admin, "/meja/petugas/baru", email="n@example.go.id", name="N", role="publisher", agency="dinkes"
    )

    assert [*outside, national.status_code, new.status_code] == [403] * 4
    assert roles_of(desk_app, AUTHOR) == {"operator"}


def test_a_role_is_given_and_ended_at_once(desk_app: Flask) -> None:
    admin, author = signed_in(desk_app, ADMIN), page_of(desk_app, AUTHOR)

    send(admin, f"{author}/peran", role="publisher", agency="dukcapil")
    with_both = roles_of(desk_app, AUTHOR)
    twice = send(admin, f"{author}/peran", role="publisher", agency="dukcapil")
    first_end = re.findall(rf'action="({author}/peran/[\w-]+/akhiri)"', admin.get(author).text)[0]
    send(admin, first_end)

    assert with_both == {"operator", "publisher"}
    assert twice.status_code == 409 and "sudah" in twice.text
    assert roles_of(desk_app, AUTHOR) == {"publisher"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"role": ""}, "Pilih peran"),
        ({"role": "raja"}, "Pilih peran"),
        ({"role": "operator", "agency": ""}, "Pilih instansi"),
        ({"role": "operator", "agency": "tidak-ada"}, "Pilih instansi"),
        ({"role": "operator", "agency": "dukcapil", "email": "bukan alamat"}, "bukan alamat surel"),
        ({"role": "operator", "agency": "dukcapil", "email": AUTHOR}, "sudah terdaftar"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_at_its_field(
    desk_app: Flask, fields: dict[str, str], said: str
) -> None:
    admin = signed_in(desk_app, ADMIN)

    refused = send(admin, "/meja/petugas/baru", **{"email": "baru@example.go.id", "name": "Baru", **fields})

    assert refused.status_code in (409, 422) and said in refused.text.replace("\n", " ")
    assert 'aria-invalid="true"' in refused.text and 'value="Baru"' in refused.text


def test_a_closed_account_is_out_at_once_and_comes_back_by_the_same_page(desk_app: Flask) -> None:
    admin, author = signed_in(desk_app, ADMIN), signed_in(desk_app, AUTHOR)
    page = page_of(desk_app, AUTHOR)

    send(admin, f"{page}/tutup")
    out = author.get("/meja").status_code
    refused = send(desk_app.test_client(), "/meja/masuk", email=AUTHOR, password=PASSWORD).status_code
    send(admin, f"{page}/buka")
    let_in = send(desk_app.test_client(), "/meja/masuk", email=AUTHOR, password=PASSWORD).status_code

    assert (out, refused, let_in) == (303, 422, 303)


def test_an_admin_helps_an_officer_who_lost_phone_and_password(desk_app: Flask) -> None:
    author = desk_app.test_client()
    send(author, "/meja/masuk", email=AUTHOR, password=PASSWORD)
    set_up_phone(author)
    admin, page = signed_in(desk_app, ADMIN), page_of(desk_app, AUTHOR)

    offered = admin.get(page).text
    send(admin, f"{page}/lepas-langkah-kedua")
    made = send(admin, f"{page}/tautan")

    assert "lepas langkah kedua" in offered and "lepas langkah kedua" not in admin.get(page).text
    assert author.get("/meja").status_code == 303
    assert _LINK.search(made.text) and "satu jam" in made.text


def test_a_token_is_shown_once_used_and_revoked(desk_app: Flask) -> None:
    author = signed_in(desk_app, AUTHOR)

    made = send(author, "/meja/akun/token", name="Antrean", scope="read", days="90")
    (secret,) = re.findall(r'<code class="secret">(siapa_[\w-]+)</code>', made.text)
    asked = desk_app.test_client().get(
        "/api/v1/search/worklist", headers={"Authorization": f"Bearer {secret}"}
    )
    page = author.get("/meja/akun/token").text
    (revoke,) = re.findall(r'action="(/meja/akun/token/[\w-]+/cabut)"', page)
    send(author, revoke)

    assert asked.status_code == 403  # known, though an operator may not read this list
    assert secret not in page and "Antrean" in page
    assert "Anda tidak memiliki token" in author.get("/meja/akun/token").text
    with desk_app.app_context(), pytest.raises(NotAllowed, match="dicabut"):
        people.token_of(secret)


def test_nobody_revokes_the_token_of_a_stranger(desk_app: Flask) -> None:
    with desk_app.app_context():
        owner = db.session.query(Officer).filter_by(email=STRANGER).one()
        issued = people.issue_token("Milik sendiri", by=owner)
        token_id, secret = issued.token.id, issued.secret

    answers = [
        send(signed_in(desk_app, email), f"/meja/akun/token/{token_id}/cabut").status_code
        for email in (AUTHOR, ADMIN)
    ]

    assert answers == [403, 403]
    with desk_app.app_context():
        assert people.token_of(secret).id == token_id


def test_a_token_for_an_agency_is_offered_to_its_admin_alone(desk_app: Flask) -> None:
    admin, author = signed_in(desk_app, ADMIN), signed_in(desk_app, AUTHOR)

    made = send(admin, "/meja/akun/token", name="Sistem", scope="write", agency="uptd", days="30")
    refused = [
        send(one, "/meja/akun/token", name="Sistem", scope="write", agency=agency).status_code
        for one, agency in ((author, "dukcapil"), (admin, "dinkes"))
    ]

    assert made.status_code == 200 and refused == [422, 422]
    assert "hanya untuk UPTD Dukcapil" in admin.get("/meja/akun/token").text


def test_the_use_of_a_token_is_noted(desk_app: Flask) -> None:
    with desk_app.app_context():
        owner = db.session.query(Officer).filter_by(email=CURATOR).one()
        issued = people.issue_token("Kurator", by=owner)
        secret, token_id = issued.secret, issued.token.id

    asked = desk_app.test_client().get(
        "/api/v1/search/worklist", headers={"Authorization": f"Bearer {secret}"}
    )

    assert asked.status_code == 200
    with desk_app.app_context():
        assert db.session.get_one(Token, token_id).last_used_at is not None

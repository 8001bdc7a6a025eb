"""The usual content of a service at the desk: written, issued, answered part by part and in bulk."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing import commands, services
from siapa.publishing.outlines import issue_outline, revisions, write_outline
from siapa.publishing.starting import begin_from_service
from siapa.records import Agency, Officer, Service, Standard
from tests.publishing.cast import document
from tests.web.desk.conftest import AUTHOR, STRANGER
from tests.web.desk.visiting import send, signed_in

CURATOR = "curator@example.go.id"
ISI = "/meja/layanan/KK-BARU/isi"
ROW = "requirements[0]."


def who(name: str) -> Officer:
    """The officer of the cast with this name."""
    return db.session.scalars(sa.select(Officer).where(Officer.email == f"{name}@example.go.id")).one()


def usual(*texts: str):
    """Usual content that asks for these."""
    return document(requirements=[{"text": text, "kind": "document"} for text in texts])


@pytest.fixture
def standards(desk_app: Flask) -> list[str]:
    """The addresses of two standards that began with the usual content; the second has words of its own."""
    made = []
    with desk_app.app_context():
        subject = {"name": "Kependudukan", "name_en": "Civil", "position": 1}
        services.put_category("kependudukan", subject, by=who("curator"))
        values = {"name": "Kartu Keluarga", "name_en": "Family card", "agency_kind": "dinas_dukcapil",
                  "category_code": "kependudukan"}  # fmt: skip
        service = services.add_service("KK-BARU", values, by=who("curator"))
        services.set_outline(service.id, usual("KTP", "KK"), by=who("curator"))
        for slug in ("dukcapil", "uptd"):
            agency = db.session.scalars(sa.select(Agency).where(Agency.slug == slug)).one()
            made.append(begin_from_service(agency.id, service.id, by=who("author")).id)
        commands.revise(made[1], usual("KTP", "KK", "Surat RT"), version=1, by=who("author"))
        db.session.remove()
    return [f"/meja/standar/{one}" for one in made]


def issue(app: Flask, *texts: str) -> None:
    """Issue the next revision."""
    with app.app_context():
        service = db.session.scalars(sa.select(Service)).one()
        write_outline(service.id, usual(*texts), ["Surat RT"], by=who("curator"))
        issue_outline(service.id, note="Permendagri baru", by=who("curator"))
        db.session.remove()


def asks(app: Flask, path: str) -> list[str]:
    """What the draft of a standard asks for."""
    with app.app_context():
        edition = db.session.get_one(Standard, uuid.UUID(path.rpartition("/")[2])).open_edition
        assert edition is not None
        return [row["text"] for row in edition.document["requirements"]]


def seen_on(page: str) -> str:
    """What the form on ``page`` was made from."""
    return page.partition('name="seen" value="')[2].partition('"')[0]


def test_a_curator_writes_a_revision_and_issues_it(desk_app: Flask, standards: list[str]) -> None:
    curator = signed_in(desk_app, CURATOR)
    seen = seen_on(curator.get(f"{ISI}/persyaratan").text)
    typed = {f"{ROW}text": "KTP-el", f"{ROW}kind": "document", "seen": seen}

    more = send(curator, f"{ISI}/persyaratan", **typed, act="add:requirements")
    wrong = send(curator, f"{ISI}/persyaratan", **{**typed, f"{ROW}kind": "x"})
    saved = send(curator, f"{ISI}/persyaratan", **typed)
    late = send(curator, f"{ISI}/persyaratan", **typed, act="save")
    abolished = send(curator, ISI, abolished="Surat RT", seen=seen_on(curator.get(ISI).text))
    page = curator.get(ISI).text
    issued = send(curator, f"{ISI}/terbitkan", note="Permendagri baru")

    assert (more.status_code, wrong.status_code, saved.status_code, late.status_code) == (200, 422, 303, 409)
    assert abolished.status_code == 303 and "Berbeda secara makna" in page and "Surat RT" in page
    assert issued.location == "/meja/layanan/KK-BARU/tanggapan"
    listed = curator.get(issued.location).text
    assert "Dinas Dukcapil" in listed and "masih meminta yang dihapus" in listed
    with desk_app.app_context():
        (service,) = db.session.scalars(sa.select(Service))
        assert [one.number for one in revisions(service.id)] == [1, 2]


def test_an_agency_sees_three_versions_and_answers(desk_app: Flask, standards: list[str]) -> None:
    issue(desk_app, "KTP", "Akta")
    author, path = signed_in(desk_app, AUTHOR), f"{standards[1]}/perubahan-layanan"

    start, page = author.get("/meja").text, author.get(path).text
    unanswered = send(author, path, number="2")
    answered = send(author, path, number="2", **{"way.requirements": "merge"})
    again = send(author, path, number="2", **{"way.requirements": "take"})

    assert "/meja/perubahan-layanan" in start
    assert [
        words in page for words in ("Lazim sebelumnya", "Punya Anda", "Lazim sekarang", "Permendagri baru")
    ] == [True] * 4
    assert (unanswered.status_code, answered.status_code, again.status_code) == (422, 303, 409)
    assert asks(desk_app, standards[1]) == ["KTP", "Surat RT", "Akta"]


def test_many_standards_take_at_once_what_nobody_touched(desk_app: Flask, standards: list[str]) -> None:
    issue(desk_app, "KTP")
    author = signed_in(desk_app, AUTHOR)
    page = author.get("/meja/perubahan-layanan").text
    ids = [path.rpartition("/")[2] for path in standards]

    nothing = send(author, "/meja/perubahan-layanan")
    odd = send(author, "/meja/perubahan-layanan", standard=["x", str(uuid.uuid4())])
    done = send(author, "/meja/perubahan-layanan", standard=ids)

    assert page.count('name="standard"') == 2 and page.count(" checked") == 1
    assert (nothing.status_code, odd.status_code, done.status_code) == (422, 422, 303)
    assert [asks(desk_app, path) for path in standards] == [["KTP"], ["KTP", "KK", "Surat RT"]]


def test_another_agency_neither_sees_nor_answers(desk_app: Flask, standards: list[str]) -> None:
    issue(desk_app, "KTP")
    stranger, path = signed_in(desk_app, STRANGER), f"{standards[0]}/perubahan-layanan"

    seen, answered = stranger.get(path), send(stranger, path, number="2", **{"way.requirements": "take"})
    bulk = send(stranger, "/meja/perubahan-layanan", standard=standards[0].rpartition("/")[2])

    assert (seen.status_code, answered.status_code, bulk.status_code) == (404, 404, 422)
    assert asks(desk_app, standards[0]) == ["KTP", "KK"]


def test_an_abolished_requirement_is_said_at_the_standard(desk_app: Flask, standards: list[str]) -> None:
    issue(desk_app, "KTP", "KK")
    author: FlaskClient = signed_in(desk_app, AUTHOR)

    page, step = author.get(standards[1]).text, author.get(f"{standards[1]}/langkah/persyaratan").text

    assert "sudah menghapus persyaratan ini" in page and "sudah menghapus persyaratan ini" in step

"""A spreadsheet at the desk: template, upload, preview, taking in and taking back, with plain forms."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from siapa.extensions import db
from siapa.publishing import spreadsheet
from siapa.records import ImportBatch, Standard, now
from siapa.records.engine import begin_writing
from siapa.web.desk import importing
from tests.publishing.spreadsheet.sheets import NEW, Sheets, cells_of, plus, workbook
from tests.web.desk.conftest import ADMIN, AUTHOR, STRANGER
from tests.web.desk.visiting import send, signed_in

PAGE = "/meja/impor"


@pytest.fixture
def author(desk_app: Flask) -> FlaskClient:
    """The browser of who writes."""
    return signed_in(desk_app, AUTHOR)


def template(client: FlaskClient) -> Sheets:
    """The template that the page offers, as cells."""
    return cells_of(client.get(f"{PAGE}/templat?agency=dukcapil").data)


def handed_in(client: FlaskClient, content: bytes, name: str = "daftar.xlsx") -> TestResponse:
    """The answer to an upload."""
    return send(client, PAGE, agency="dukcapil", file=(BytesIO(content), name))


def preview_of(client: FlaskClient, content: bytes, name: str = "daftar.xlsx") -> str:
    """The address of the preview of an upload."""
    sent = handed_in(client, content, name)
    assert sent.status_code == 303, sent.text
    return str(sent.location)


def slugs(app: Flask) -> list[str]:
    """The standards there are."""
    with app.app_context():
        return list(db.session.scalars(sa.select(Standard.slug)))


def counted(page: str) -> list[int]:
    """New, changed, the same, with errors, as the page says."""
    return [int(number) for number in re.findall(r"<dd>(\d+)</dd>", page)][:4]


def test_a_file_is_looked_at_taken_in_and_taken_back(desk_app: Flask, author: FlaskClient) -> None:
    offered = author.get(PAGE)
    assert "templat?agency=dukcapil" in offered.text

    path = preview_of(author, workbook(plus(template(author), NEW)))
    assert counted(author.get(path).text) == [1, 0, 0, 0]
    assert slugs(desk_app) == []
    assert send(author, f"{path}/ambil").status_code == 303
    assert slugs(desk_app) == ["kartu-baru"]
    assert send(author, f"{path}/batal").status_code == 422
    assert send(author, f"{path}/batal", sure="1").status_code == 303

    assert slugs(desk_app) == []
    assert "dibatalkan" in author.get(path).text


def test_errors_stand_by_cell_and_the_marked_file_can_be_had(author: FlaskClient) -> None:
    sheets = plus(template(author), {**NEW, "Jangka waktu": {**NEW["Jangka waktu"], "Satuan waktu": "pekan"}})

    path = preview_of(author, workbook(sheets))
    page = author.get(path).text
    marked = author.get(f"{path}/berkas")

    assert counted(page) == [0, 0, 0, 1]
    assert "Jangka waktu!E2" in page and "pekan" in page and "hari kerja" in page
    assert marked.headers["Content-Disposition"].endswith("daftar-diperiksa.xlsx")
    assert cells_of(marked.data)["Kesalahan"][1][0] == "Jangka waktu!E2"


def test_with_errors_only_the_valid_ones_are_taken_in_when_asked_for(
    desk_app: Flask, author: FlaskClient
) -> None:
    sheets = plus(plus(template(author), NEW), {"Standar": {"Kode standar": "lain"}})
    path = preview_of(author, workbook(sheets))

    assert send(author, f"{path}/ambil").status_code == 409
    assert slugs(desk_app) == []
    assert send(author, f"{path}/ambil", only_valid="1").status_code == 303

    assert slugs(desk_app) == ["kartu-baru"]


def test_an_older_sheet_shows_what_it_was_taken_for_and_can_be_corrected(author: FlaskClient) -> None:
    content = b"Nama layanan;Syarat;Perihal\nAkta;1. KTP 2. KK;3 hari kerja\n"
    path = preview_of(author, content, "lama.csv")
    page = author.get(path).text
    assert "KTP; " in page and "Dokumen yang dibawa" in page and 'name="column-2"' in page

    again = send(author, f"{path}/kolom", **{"column-0": "title", "column-1": "requirements",
                                             "column-2": "processing_time"})  # fmt: skip

    assert again.status_code == 303 and again.location != path
    assert "3 hari kerja" in author.get(again.location).text


def test_a_file_that_cannot_be_read_says_why(desk_app: Flask, author: FlaskClient) -> None:
    refused = handed_in(author, b"%PDF-1.7", "daftar.pdf")
    nothing = send(author, PAGE, agency="dukcapil")

    assert (refused.status_code, nothing.status_code) == (422, 422)
    assert "Jenis berkas ini tidak dapat dibaca" in refused.text
    assert 'href="#file"' in nothing.text


def test_a_large_file_is_read_beside_while_the_page_says_how_far(
    author: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "READ_AT_ONCE_BYTES", 0)

    path = preview_of(author, workbook(plus(template(author), NEW)))
    until = time.monotonic() + 20
    while "Refresh" in (page := author.get(path)).headers and time.monotonic() < until:
        time.sleep(0.1)

    assert counted(page.text) == [1, 0, 0, 0]


def test_nobody_sees_or_takes_in_the_file_of_another_agency(desk_app: Flask, author: FlaskClient) -> None:
    path = preview_of(author, workbook(plus(template(author), NEW)))
    stranger, admin = signed_in(desk_app, STRANGER), signed_in(desk_app, ADMIN)

    for client in (stranger, admin):
        assert client.get(path).status_code == 404
        assert client.get(f"{path}/berkas").status_code == 404
        assert send(client, f"{path}/ambil").status_code == 404
        assert handed_in(client, b"x").status_code == 422
        assert client.get(f"{PAGE}/templat?agency=dukcapil").status_code == 422
    assert slugs(desk_app) == []


def test_a_file_is_forgotten_after_ninety_days_and_its_preview_stays(
    desk_app: Flask, author: FlaskClient
) -> None:
    ours = preview_of(author, workbook(plus(template(author), {"Standar": {"Kode standar": "lain"}})))
    older = preview_of(author, b"Nama layanan;Syarat\nAkta;1. KTP 2. KK\n", "lama.csv")

    moved_back(desk_app, days=89)
    early = forgotten(desk_app)
    moved_back(desk_app, days=91)
    late, again = forgotten(desk_app), forgotten(desk_app)

    page, refused = author.get(ours), send(author, f"{older}/kolom", **{"column-0": "title"})
    assert (early, late, again) == (0, 2, 0)
    assert counted(page.text)[3] == 1 and "disimpan selama 90 hari" in page.text
    assert "/berkas" not in page.text and author.get(f"{ours}/berkas").status_code == 404
    assert 'name="column-0"' not in author.get(older).text
    assert (refused.status_code, "tidak disimpan lagi" in refused.text) == (409, True)


def moved_back(app: Flask, *, days: int) -> None:
    """Let every file have been handed in so many days ago."""
    with app.app_context():
        begin_writing(db)
        db.session.execute(sa.update(ImportBatch).values(created_at=now() - timedelta(days=days)))
        db.session.commit()


def forgotten(app: Flask) -> int:
    """How many files were forgotten now."""
    with app.app_context():
        return spreadsheet.forget_files()

"""The decree as a file: only whole PDFs, kept under their digest, given to citizens as a download."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from siapa.publishing import verifying
from siapa.publishing.decrees import LARGEST_BYTES, _plain_name
from tests.web.desk.conftest import AUTHOR, PUBLISHER, STRANGER
from tests.web.desk.test_standards import begun
from tests.web.desk.visiting import form_token, send, signed_in

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
DECREE = {"decree": {"number": "12/SK/2026"}}


@pytest.fixture
def author(desk_app: Flask) -> FlaskClient:
    """The browser of who writes."""
    return signed_in(desk_app, AUTHOR)


def hand_up(client: FlaskClient, path: str, content: bytes, name: str = "SK 12.pdf") -> TestResponse:
    """Send a file as the page would."""
    data = {"csrf_token": form_token(client), "file": (BytesIO(content), name)}
    return client.post(f"{path}/sk", data=data, content_type="multipart/form-data")


def stored(app: Flask) -> list[Path]:
    """The files that are kept."""
    return sorted(Path(app.config["SIAPA"].instance_dir).glob("decrees/*/*"))


def test_a_decree_reaches_citizens_as_a_download_that_can_do_nothing(
    desk_app: Flask, author: FlaskClient
) -> None:
    path = begun(desk_app, **DECREE)
    publisher, citizen = signed_in(desk_app, PUBLISHER), desk_app.test_client()

    handed = hand_up(author, path, PDF, "../SK 12<b>.pdf")
    hidden = citizen.get("/standar/dukcapil/penerbitan-kartu-keluarga/riwayat/1/sk").status_code
    send(author, f"{path}/ajukan")
    send(publisher, f"{path}/terbitkan", when="now")

    page = citizen.get("/standar/dukcapil/penerbitan-kartu-keluarga").text
    given = citizen.get("/standar/dukcapil/penerbitan-kartu-keluarga/riwayat/1/sk")
    assert (handed.status_code, hidden, given.status_code) == (303, 404, 200)
    assert 'href="/standar/dukcapil/penerbitan-kartu-keluarga/riwayat/1/sk"' in page
    assert (given.data, given.mimetype) == (PDF, "application/pdf")
    assert given.headers["Content-Disposition"] == 'attachment; filename="SK 12b.pdf"'
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'; sandbox" in given.headers.getlist("Content-Security-Policy")
    assert [file.stem for file in stored(desk_app)] == [sha256(PDF).hexdigest()]
    with desk_app.app_context():
        assert verifying.verify() == []


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>%PDF-1.7 %%EOF", PDF[:30], b"%PDF-" + b"x" * LARGEST_BYTES + b"%%EOF"],
    ids=["nothing", "a page", "half a file", "too large"],
)
def test_what_is_no_whole_pdf_is_refused_and_not_kept(
    desk_app: Flask, author: FlaskClient, content: bytes
) -> None:
    path = begun(desk_app, **DECREE)

    answer = hand_up(author, path, content)

    assert answer.status_code == 422
    assert 'href="#file"' in answer.text
    assert stored(desk_app) == []


def test_a_body_far_too_large_is_refused_before_it_is_read(desk_app: Flask, author: FlaskClient) -> None:
    path = begun(desk_app, **DECREE)

    assert hand_up(author, path, b"x" * (LARGEST_BYTES + 300_000)).status_code == 413


def test_a_file_needs_the_number_of_its_decree(desk_app: Flask, author: FlaskClient) -> None:
    path = begun(desk_app)

    answer = hand_up(author, path, PDF)

    assert answer.status_code == 422
    assert f'href="{path}/langkah/penetapan"' in answer.text


def test_a_file_is_taken_away_and_strangers_see_none(desk_app: Flask, author: FlaskClient) -> None:
    path = begun(desk_app, **DECREE)
    hand_up(author, path, PDF)
    stranger = signed_in(desk_app, STRANGER)

    seen = [author.get(f"{path}/sk").status_code, stranger.get(f"{path}/sk").status_code]
    refused = hand_up(stranger, path, PDF).status_code
    send(author, f"{path}/sk", act="remove")

    assert (seen, refused) == ([200, 404], 404)
    assert author.get(f"{path}/sk").status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("SK 12.pdf", "SK 12.pdf"),
        ("C:\\surat\\sk.PDF", "sk.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ('a"\r\nb.pdf', "ab.pdf"),
        ("", "decree.pdf"),
        ("x" * 400, "x" * 196 + ".pdf"),
    ],
)
def test_names_of_files_are_plain(given: str, kept: str) -> None:
    assert _plain_name(given) == kept


def test_a_decree_whose_file_is_gone_or_was_changed_is_found(desk_app: Flask, author: FlaskClient) -> None:
    folder = Path(desk_app.config["SIAPA"].instance_dir)
    hand_up(author, begun(desk_app, **DECREE), PDF)
    (file,) = stored(desk_app)

    with desk_app.app_context():
        as_it_was = verifying.verify_files(folder)
        file.write_bytes(PDF + b"%")
        (changed,) = verifying.verify_files(folder)
        file.unlink()
        (gone,) = verifying.verify_files(folder)

    assert as_it_was == []
    assert changed.what == gone.what == "decree file"
    assert f"was {file.stem}" in changed.detail
    assert "No such file" in gone.detail

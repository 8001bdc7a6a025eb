"""Agencies' programs hand in spreadsheets: preview, taking in, taking back, and who may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from siapa.extensions import db
from siapa.publishing import spreadsheet
from siapa.records import Agency, Role, Standard, seed_id
from siapa.web.api.imports import XLSX
from tests.publishing.spreadsheet.sheets import NEW, cells_of, plus, workbook
from tests.web.api.programs import Program, program_of


@pytest.fixture
def inside(own_app: Flask) -> Iterator[Flask]:
    """The registry of this test's own, in its context."""
    with own_app.app_context():
        yield own_app


@pytest.fixture
def writer(inside: Flask, visitor: FlaskClient) -> Program:
    """Writes for Polresta Kendari."""
    return program_of(visitor, Role.OPERATOR)


def file(**changes: Any) -> bytes:
    """The template of the agency with one more standard, whose time limit may be changed."""
    agency = db.session.get_one(Agency, seed_id("agency", "polresta-kendari"))
    lines = {**NEW, "Jangka waktu": {**NEW["Jangka waktu"], **changes}}
    return workbook(plus(cells_of(spreadsheet.template(agency)), lines))


def sent(program: Program, content: bytes, query: str = "", kind: str = XLSX, **headers: str) -> TestResponse:
    """The answer to a file."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    known = {"Authorization": f"Bearer {program.secret}", "Accept-Language": "en", "Content-Type": kind}
    path = f"/api/v1/imports?agency=polresta-kendari{query}"
    return program.client.post(path, data=content, headers={**known, **told})


def there() -> bool:
    """Whether the new standard is there."""
    db.session.rollback()
    return db.session.scalar(sa.select(Standard.id).where(Standard.slug == "kartu-baru")) is not None


def test_a_file_is_tried_taken_in_and_taken_back(writer: Program) -> None:
    tried = sent(writer, file(), "&dry_run=true")
    assert (tried.status_code, tried.get_json()["new"], there()) == (201, 1, False)
    path = tried.headers["Location"].removeprefix("/api/v1")

    taken = writer.post(f"{path}/take-in")
    assert (taken.status_code, taken.get_json()["state"], there()) == (200, "committed", True)
    undone = writer.post(f"{path}/undo")

    assert (undone.status_code, writer.get(path).get_json()["state"], there()) == (200, "undone", False)


def test_errors_name_their_cells_and_stop_the_whole(writer: Program) -> None:
    wrong = file(**{"Satuan waktu": "pekan"})

    tried, refused = sent(writer, wrong, "&dry_run=true"), sent(writer, wrong)
    left_out = sent(writer, wrong, "&only_valid=true")

    (fault,) = tried.get_json()["faults"]
    assert (fault["sheet"], fault["value"], fault["standard"]) == ("Jangka waktu", "pekan", "kartu-baru")
    assert "working days" in fault["allowed"]
    assert refused.status_code == 422 and not there()
    assert refused.get_json()["errors"][0]["path"] == f"Jangka waktu!{fault['cell']}"
    assert (left_out.status_code, left_out.get_json()["errors"]) == (201, 1)


def test_csv_is_taken_and_the_same_file_under_one_key_once(writer: Program) -> None:
    content = b"Slug;Nama layanan;Biaya\nkartu-baru;Kartu baru;Gratis\n"

    first = sent(writer, content, kind="text/csv", Idempotency_Key="satu")
    again = sent(writer, content, kind="text/csv", Idempotency_Key="satu")

    assert first.status_code == again.status_code == 201
    assert first.get_json()["id"] == again.get_json()["id"] and there()


def test_what_cannot_be_read_is_refused_with_its_reason(writer: Program) -> None:
    pdf = sent(writer, b"%PDF-1.7" + b" " * 1_500_000)
    nothing = sent(writer, b"{}", kind="application/json")
    nobody = sent(writer, file(), "&lang=en&x=1")

    assert (pdf.status_code, nothing.status_code, nobody.status_code) == (422, 415, 422)
    assert "kind of file is not read" in pdf.get_json()["errors"][0]["message"]


def test_who_does_not_write_there_hands_in_and_sees_nothing(writer: Program, visitor: FlaskClient) -> None:
    path = sent(writer, file(), "&dry_run=true").headers["Location"].removeprefix("/api/v1")
    stranger = program_of(visitor, Role.PUBLISHER, "dukcapil-kendari")
    reader = program_of(visitor, Role.OPERATOR, scope="read")

    assert sent(stranger, file()).status_code == 403
    assert stranger.get(path).status_code == stranger.post(f"{path}/take-in").status_code == 404
    assert reader.get(path).status_code == 200
    assert reader.post(f"{path}/take-in").status_code == 403
    assert visitor.get(f"/api/v1{path}").status_code == 401
    assert not there()

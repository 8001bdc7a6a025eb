"""``siapa sheet`` and ``siapa import`` of a spreadsheet, as processes; one of them is killed half-way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.cli.acting import officer_named
from siapa.extensions import db
from siapa.publishing import people, spreadsheet
from siapa.publishing.permissions import Standin
from siapa.publishing.verifying import verify
from siapa.records import Agency, AuditEvent, ImportBatch, ImportState, Role, Standard, seed_id
from tests.cli.operator import Operator
from tests.publishing.spreadsheet.sheets import NEW, cells_of, named, plus, workbook

AGENCY = "polresta-kendari"

#: Takes a batch in, and says when the first half is written and not yet committed.
SLOWLY = """
import sys, time, uuid
from siapa import create_app
from siapa.publishing import spreadsheet
from siapa.records import ImportBatch
from siapa.extensions import db

def wait(done, total):
    print(done, total, flush=True)
    time.sleep(60)

with create_app().app_context():
    batch = db.session.get(ImportBatch, uuid.UUID(sys.argv[1]))
    spreadsheet.take_in(batch.id, by=batch.officer, progress=wait)
"""


@pytest.fixture
def operator(own_seeded: Flask, tmp_path: Path) -> Operator:
    """An operator of a seeded registry with an officer who writes."""
    people.add_officer(
        "penulis@contoh.go.id", "Penulis", Role.OPERATOR, by=Standin.OPERATOR,
        agency_id=seed_id("agency", AGENCY),
    )  # fmt: skip
    return Operator(tmp_path)


def test_a_sheet_goes_out_and_comes_in_and_is_taken_back(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "standar.xlsx"
    told = operator.says("sheet", "template", str(file), "--agency", AGENCY)
    assert told.returncode == 0, told.stderr
    file.write_bytes(workbook(plus(cells_of(file.read_bytes()), NEW)))

    tried = operator.says("import", str(file), "--agency", AGENCY, "--dry-run")
    taken = operator.says("import", str(file), "--agency", AGENCY)
    undone = operator.says("sheet", "undo", taken.stdout.split()[-1])

    assert (tried.returncode, taken.returncode, undone.returncode) == (0, 0, 0), taken.stderr + undone.stderr
    assert "new     1\nchanged 0\n" in tried.stdout and "nothing was taken in" in tried.stdout
    assert "error   0\n" in taken.stdout
    assert db.session.scalar(sa.select(Standard).where(Standard.slug == "kartu-baru")) is None


def test_errors_are_named_and_nothing_is_taken_in(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "standar.xlsx"
    operator.says("sheet", "template", str(file), "--agency", AGENCY)
    wrong = {**NEW, "Jangka waktu": {**NEW["Jangka waktu"], "Satuan waktu": "pekan"}}
    file.write_bytes(workbook(plus(cells_of(file.read_bytes()), wrong)))

    told = operator.says("import", str(file), "--agency", AGENCY)

    assert told.returncode == 1
    assert "('pekan'): This is not one of the values that may be chosen. [menit, jam," in told.stdout
    assert "1 standards have errors" in told.stderr


def test_an_import_that_is_killed_half_way_leaves_nothing(operator: Operator, tmp_path: Path) -> None:
    agency = db.session.get_one(Agency, seed_id("agency", AGENCY))
    sheets = plus(cells_of(spreadsheet.template(agency)), NEW)
    for number in range(1200):
        plus(sheets, named(NEW, f"kartu-{number}", f"Kartu nomor {number}"))
    writer = officer_named("penulis@contoh.go.id")
    batch_id = spreadsheet.preview(agency.id, workbook(sheets), file_name="x.xlsx", by=writer).id
    counted = [sa.select(sa.func.count()).select_from(kind) for kind in (Standard, AuditEvent)]
    before = [db.session.scalar(count) for count in counted]
    db.session.rollback()

    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", SLOWLY, str(batch_id)],
        env={**os.environ, **operator.settings}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    told = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    assert told == "500 1201\n"
    assert [db.session.scalar(count) for count in counted] == before
    assert db.session.get_one(ImportBatch, batch_id).state is ImportState.READY
    assert verify() == []
    db.session.rollback()
    done = spreadsheet.take_in(batch_id, by=writer)
    assert (done.state, db.session.scalar(counted[0])) == (ImportState.COMMITTED, before[0] + 1201)

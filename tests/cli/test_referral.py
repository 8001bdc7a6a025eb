"""``siapa import hsds``: from the API of a running registry, and from a file, into drafts of an agency."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.cli import referral
from siapa.cli.fetching import fetched
from siapa.errors import Rejected
from siapa.extensions import db
from siapa.publishing import people
from siapa.publishing.permissions import Standin
from siapa.records import Role, Standard, seed_id
from tests.browser.conftest import serving
from tests.cli.operator import Operator
from tests.publishing.spreadsheet.referrals import ORGANIZATION, A, as_json, package, service

AGENCY = "polresta-kendari"


@pytest.fixture
def operator(own_seeded: Flask, tmp_path: Path) -> Operator:
    """An operator of a seeded registry with an officer who writes."""
    people.add_officer(
        "penulis@contoh.go.id", "Penulis", Role.OPERATOR, by=Standin.OPERATOR,
        agency_id=seed_id("agency", AGENCY),
    )  # fmt: skip
    return Operator(tmp_path)


def test_the_api_of_a_registry_gives_its_services_whole(seeded_app: Flask) -> None:
    visitor = seeded_app.test_client()
    lines = visitor.get("/hsds/services?format=ndjson&search=sim").data.splitlines()
    records = {record["id"]: record for record in map(json.loads, lines)}

    with serving(seeded_app) as address, pytest.MonkeyPatch.context() as patched:
        # As a registry with few services on each page; all of them would take the test too long.
        patched.setattr(referral, "PER_PAGE", f"{max(1, len(records) // 2)}&search=sim")
        got = {record["id"]: record for record in referral._services(f"{address}/hsds")}
        with pytest.raises(Rejected, match="404"):
            fetched(f"{address}/hsds/nothing")
        with pytest.raises(Rejected, match="308"):
            fetched(f"{address}/hsds")
        with pytest.raises(Rejected, match="JSON"):
            fetched(f"{address}/robots.txt")
    with pytest.raises(Rejected):
        fetched(f"{address}/hsds/")

    assert got == records and len(got) > 1


def test_a_package_becomes_drafts_once_and_says_whose_services_it_holds(
    operator: Operator, tmp_path: Path
) -> None:
    file = tmp_path / "paket.zip"
    other = {**ORGANIZATION, "id": A, "name": "Badan Lain"}
    file.write_bytes(
        package(service(), service(id=ORGANIZATION["id"], organization=other, organization_id=A))
    )
    words = ("import", "hsds", str(file), "--agency", AGENCY)

    nobody = operator.says(*words, "--dry-run")
    taken = operator.says(*words, "--organization", "Dinas Lain")
    again = operator.says(*words, "--organization", "Dinas Lain")

    assert "left out: services of 'Badan Lain'" in nobody.stdout
    assert "--organization" in nobody.stdout
    assert (taken.returncode, again.returncode) == (0, 0), taken.stderr + again.stderr
    assert "new     1\n" in taken.stdout and "same    1\n" in again.stdout
    assert (
        db.session.scalar(sa.select(sa.func.count(Standard.id)).where(Standard.slug == "surat-pindah")) == 1
    )


def test_what_cannot_be_read_is_said_in_one_line(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(as_json(service(cost_options=[{"amount": "banyak", "option": "x"}])))

    wrong = operator.says("import", "hsds", str(file), "--agency", AGENCY)
    missing = operator.says("import", "hsds", str(tmp_path / "none.zip"), "--agency", AGENCY)
    away = operator.says("import", "hsds", "http://127.0.0.1:9/hsds", "--agency", AGENCY)

    assert wrong.returncode == 1 and "services!1.cost_options[0] ('banyak')" in wrong.stdout
    assert (missing.returncode, away.returncode) == (2, 1)
    assert (
        away.stderr.startswith("siapa: http://127.0.0.1:9/hsds/services") and "Traceback" not in away.stderr
    )

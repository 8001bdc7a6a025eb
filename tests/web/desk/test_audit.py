"""The audit at the desk: for admins, narrowed to their tree, and to take along without a formula in it."""

from __future__ import annotations

import csv
import io
import json

import pytest
from flask import Flask

from siapa.extensions import db
from siapa.publishing import commands, people
from siapa.records import Officer, Role
from tests.publishing.cast import document
from tests.web.desk.conftest import ADMIN, AUTHOR, NATIONAL, PUBLISHER, STRANGER
from tests.web.desk.visiting import signed_in


def person(email: str) -> Officer:
    """The officer with this address."""
    return db.session.query(Officer).filter_by(email=email).one()


@pytest.fixture
def two_acts(desk_app: Flask) -> Flask:
    """A draft of ``own`` begun from an address, with a note that looks like a formula; one of ``sibling``."""
    with desk_app.app_context():
        author, stranger = person(AUTHOR), person(STRANGER)
        commands.open_standard(
            author.memberships[0].agency_id, document("Kartu Keluarga"), by=author,
            note="=HYPERLINK(1)", origin="203.0.113.77",
        )  # fmt: skip
        commands.open_standard(stranger.memberships[0].agency_id, document("Imunisasi"), by=stranger)
    return desk_app


@pytest.mark.parametrize("path", ["/meja/audit", "/meja/audit.csv", "/meja/audit.jsonl"])
def test_only_admins_have_the_trail(desk_app: Flask, path: str) -> None:
    answers = {
        email: signed_in(desk_app, email).get(path).status_code for email in (ADMIN, NATIONAL, PUBLISHER)
    }

    assert answers == {ADMIN: 200, NATIONAL: 200, PUBLISHER: 403}


def test_an_admin_sees_the_own_tree_with_shortened_networks_and_nothing_of_a_sibling(two_acts: Flask) -> None:
    own = signed_in(two_acts, ADMIN).get("/meja/audit").text
    everything = signed_in(two_acts, NATIONAL).get("/meja/audit").text

    assert "Kartu Keluarga" in own and "203.0.113.0/24" in own and "203.0.113.77" not in own
    assert "Imunisasi" not in own and "Imunisasi" in everything
    assert "/meja/standar/" in everything and "/meja/standar/" not in own


def test_a_day_that_is_none_is_told_at_its_field_and_finds_nothing(two_acts: Flask) -> None:
    national = signed_in(two_acts, NATIONAL)

    page = national.get("/meja/audit?from=2026-02-31").text
    taken = national.get("/meja/audit.jsonl?agency=tidak-ada").text

    assert 'href="#from"' in page and "Tidak ada baris yang cocok" in page
    assert taken == ""


def test_an_export_is_what_the_page_was_asked_for_and_no_program_runs_it(two_acts: Flask) -> None:
    national = signed_in(two_acts, NATIONAL)

    answer = national.get("/meja/audit.csv?action=open")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    lines = [json.loads(line) for line in national.get("/meja/audit.jsonl?action=open").text.splitlines()]

    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert [row["note"] for row in rows] == ["'=HYPERLINK(1)", ""]
    assert [line["note"] for line in lines] == ["=HYPERLINK(1)", ""]
    assert [line["officer"] for line in lines] == [AUTHOR, STRANGER]
    assert int(rows[0]["number"]) == lines[0]["number"] and rows[0]["hash"] == lines[0]["hash"]


def test_the_trail_of_an_officer_with_a_role_elsewhere_is_not_the_first_admins(two_acts: Flask) -> None:
    with two_acts.app_context():
        people.grant(
            person(AUTHOR).id, Role.OPERATOR, by=person(NATIONAL),
            agency_id=person(STRANGER).memberships[0].agency_id,
        )  # fmt: skip

    own = signed_in(two_acts, ADMIN).get("/meja/audit?action=grant").text

    assert '<p class="row-name">' not in own

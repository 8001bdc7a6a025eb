"""Reporting at the desk what was measured, and where everybody sees it then."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.records import Officer, Standard
from tests.publishing.cast import Cast, published
from tests.web.desk.conftest import AUTHOR, STRANGER
from tests.web.desk.visiting import send, signed_in

QUARTER = {"from_on": "2026-07-01", "until_on": "2026-09-30", "applications": "1.200",
           "within_promise": "1140", "target_percent": "95", "median_days": "2,5"}  # fmt: skip


@pytest.fixture
def in_force(desk_app: Flask) -> tuple[str, str]:
    """The address at the desk of a standard in force, and its public one."""
    with desk_app.app_context():
        people = {one.name.lower(): one for one in db.session.query(Officer)}
        own = people["author"].memberships[0].agency
        cast = Cast(own, own, own, own, None, people)
        standard: Standard = published(cast, title="Akta lahir")
        return f"/meja/standar/{standard.id}/capaian", f"/standar/{own.slug}/{standard.slug}"


def test_what_is_reported_stands_on_the_public_pages(desk_app: Flask, in_force: tuple[str, str]) -> None:
    path, public = in_force
    author = signed_in(desk_app, AUTHOR)
    before = author.get(public).text

    sent = send(author, path, **QUARTER)

    shown = author.get(public).text
    assert sent.status_code == 303
    assert "belum melaporkan seberapa sering" in before
    assert "1.200" in shown
    assert "95,00%" in shown
    assert "target tercapai" in shown
    assert "Within the promise" in author.get(f"/en{public}").text
    assert "Akta lahir" in author.get("/instansi/dukcapil").text


def test_a_correction_shows_both_entries(desk_app: Flask, in_force: tuple[str, str]) -> None:
    path, public = in_force
    author = signed_in(desk_app, AUTHOR)
    send(author, path, **QUARTER)

    refused = send(author, path, **QUARTER | {"within_promise": "1000"})
    send(author, path, **QUARTER | {"within_promise": "1000", "note": "Salah hitung"})

    shown = author.get(public).text
    assert refused.status_code == 422
    assert "Sebutkan alasan pembetulannya" in refused.text
    assert 'value="1000"' in refused.text
    assert "Salah hitung" in shown
    assert "sudah dibetulkan" in shown
    assert "target tidak tercapai" in shown


@pytest.mark.parametrize(
    ("field", "text"),
    [("from_on", ""), ("until_on", "besok"), ("applications", "banyak"), ("target_percent", "-3"),
     ("median_days", "x"), ("within_promise", "99999")],
)  # fmt: skip
def test_each_field_that_is_wrong_is_named(
    desk_app: Flask, in_force: tuple[str, str], field: str, text: str
) -> None:
    author = signed_in(desk_app, AUTHOR)

    answer = send(author, in_force[0], **QUARTER | {field: text})

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_strangers_report_nothing(desk_app: Flask, in_force: tuple[str, str]) -> None:
    client: FlaskClient = signed_in(desk_app, STRANGER)

    assert send(client, in_force[0], **QUARTER).status_code == 403

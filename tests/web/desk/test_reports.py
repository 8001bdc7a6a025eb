"""Citizens' reports at the desk: listed by urgency, answered by who may, hidden from everybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from siapa.extensions import db
from siapa.records import Feedback, Location, now
from siapa.records.engine import begin_writing
from tests.web.desk.conftest import ADMIN, NATIONAL, STRANGER
from tests.web.desk.test_officers import CURATOR, MANAGER
from tests.web.desk.visiting import send, signed_in


@pytest.fixture
def report(desk_app: Flask) -> str:
    """The address of an overdue report on the mall."""
    with desk_app.app_context():
        mall = db.session.query(Location).one()
        db.session.remove()
        begin_writing(db)
        one = Feedback(
            code="AB12", location_id=mall.id, text="Gerainya <b>tutup</b>", due_at=now() - timedelta(1)
        )
        db.session.add(one)
        db.session.commit()
        return f"/meja/laporan/{one.id}"


def test_a_report_is_on_the_start_page_and_in_the_list_until_it_is_answered(
    desk_app: Flask, report: str
) -> None:
    manager = signed_in(desk_app, MANAGER)
    before = manager.get("/meja").text, manager.get("/meja/laporan").text

    answer = send(manager, report, outcome="corrected", answer="Jam buka sudah kami perbaiki.")
    again = send(manager, report, outcome="answered", answer="Sekali lagi")

    assert all("lewat tenggat" in page and "&lt;b&gt;tutup" in page for page in before)
    assert (answer.status_code, answer.location, again.status_code) == (303, "/meja/laporan", 409)
    assert "Tidak ada laporan yang menunggu jawaban." in manager.get("/meja").text
    assert "Gerainya" in manager.get("/meja/laporan?state=closed").text
    assert "Jam buka sudah kami perbaiki." in manager.get(report).text


def test_a_refused_answer_keeps_what_was_typed(desk_app: Flask, report: str) -> None:
    page = send(signed_in(desk_app, NATIONAL), report, answer="Sudah <dicek>")

    assert page.status_code == 422
    assert "Sudah &lt;dicek&gt;</textarea>" in page.text and 'href="#outcome"' in page.text


def test_a_report_on_another_place_is_not_there(desk_app: Flask, report: str) -> None:
    stranger, admin = signed_in(desk_app, STRANGER), signed_in(desk_app, ADMIN)

    answers = [stranger.get(report), send(stranger, report, outcome="answered", answer="Ya")]

    assert [one.status_code for one in answers] == [404, 404]
    assert [one.get("/meja/laporan").status_code for one in (admin, signed_in(desk_app, CURATOR))] == [
        403,
        403,
    ]

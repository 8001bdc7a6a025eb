"""Telling what is wrong, as a visitor without scripts does it: form, code, answer; and its limits."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing import reports
from siapa.records import Feedback, FeedbackState, Officer, seed_id
from siapa.web.site.telling import LIMITS
from tests.web.registry import SIM_RENEWAL, the_standard
from tests.web.site.reading import read

STANDARD, MALL = "/standar/polresta-kendari/perpanjangan-sim-c", "/mpp/mpp-kendari"
TEXT = "Biayanya sekarang Rp80.000 menurut loket."


@pytest.fixture
def citizen(own_app: Flask) -> Iterator[FlaskClient]:
    """A visitor of a small registry of this test's own."""
    with own_app.test_client() as client:
        yield client


def test_a_report_is_followed_from_the_form_to_the_answer(citizen: FlaskClient, own_app: Flask) -> None:
    form = read(citizen, f"{STANDARD}/lapor?part=fees")
    chosen = [one.get("value") for one in form.all(".//option[@selected]")]

    sent = citizen.post(f"{STANDARD}/lapor", data={"part": "fees", "text": TEXT})
    code = re.findall(r"/lapor/([A-Z0-9]{10})", sent.location)[0]
    waiting = read(citizen, sent.location)
    with own_app.app_context():
        row = db.session.query(Feedback).one()
        by = db.session.get_one(Officer, seed_id("officer", "author"))
        reports.answer(row.id, "Terima kasih, sudah dibetulkan.", FeedbackState.CORRECTED, by=by)

    assert (chosen, sent.status_code) == (["fees"], 303)
    assert "Menunggu jawaban" in waiting.text
    assert "Catat kode ini" in waiting.text
    answered = read(citizen, f"/lapor/{code[:5].lower()}-{code[5:]}")
    assert "Diperbaiki" in answered.text
    assert "sudah dibetulkan" in answered.text
    assert citizen.get(f"/lapor/{code}").headers["Cache-Control"] == "no-store"


def test_a_report_at_one_place_is_kept_with_its_offering(citizen: FlaskClient, own_app: Flask) -> None:
    form = read(citizen, f"{STANDARD}/lapor")
    place = next(one.get("value", "") for one in form.all(".//optgroup/option"))

    citizen.post(f"{STANDARD}/lapor", data={"part": place, "text": TEXT})

    with own_app.app_context():
        row = db.session.query(Feedback).one()
        assert row.offering_id is not None
        assert row.standard_id == the_standard("polresta-kendari", SIM_RENEWAL).id
        assert row.edition_number == 1


def test_the_page_says_what_is_open_and_when_it_was_confirmed(citizen: FlaskClient) -> None:
    before = read(citizen, MALL)

    citizen.post(f"{MALL}/lapor", data={"part": "hours", "text": "Jumat tutup jam dua siang."})
    confirmed = [citizen.post(f"{MALL}/benar") for _ in range(3)]
    after = read(citizen, confirmed[0].location.split("#")[0])

    assert "Tidak ada laporan yang menunggu jawaban" in before.text
    assert "1 laporan menunggu jawaban : jam buka (1)" in after.text
    assert "Terakhir dibenarkan warga" in after.text
    assert "1 kali dalam 13 bulan" in after.text
    assert {answer.status_code for answer in confirmed} == {303}


def test_a_refused_form_keeps_what_was_typed_and_names_the_field(citizen: FlaskClient) -> None:
    typed = "Telepon 0812 3456 7890 <b>saya</b>"

    answer = citizen.post(f"/en{STANDARD}/lapor", data={"part": "fees", "text": typed})

    assert answer.status_code == 422
    assert "&lt;b&gt;saya" in answer.text
    assert 'href="#text"' in answer.text
    assert 'value="fees" selected' in answer.text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"part": "at:x", "text": TEXT},
        {"part": "at:" + "9" * 400, "text": TEXT},
        {"part": "x" * 9_000, "text": "y" * 90_000},
    ],
)
def test_odd_forms_are_refused_in_words(citizen: FlaskClient, data: dict[str, str]) -> None:
    assert [citizen.post(f"{one}/lapor", data=data).status_code for one in (STANDARD, MALL)] == [422, 422]


def test_one_network_reports_only_so_often(citizen: FlaskClient) -> None:
    most = int(LIMITS["report"].split()[0])

    statuses = [
        citizen.post(f"{MALL}/lapor", data={"text": f"Keliru yang ke-{n} di sini"}).status_code
        for n in range(most + 1)
    ]

    assert statuses == [303] * most + [429]


@pytest.mark.parametrize(
    "path", ["/lapor/TIDAKADA22", "/standar/a/b/lapor", "/mpp/tidak-ada/lapor", "/lapor/-"]
)
def test_what_is_not_there_is_404(citizen: FlaskClient, path: str) -> None:
    assert citizen.get(path).status_code == 404


def test_a_code_is_typed_into_a_form(citizen: FlaskClient) -> None:
    answer = citizen.get("/lapor?code=abcde-23456")

    assert (answer.status_code, answer.location) == (303, "/lapor/abcde-23456")


@pytest.mark.parametrize("code", ["/", "..", "%00", "%E2%80%A6", "x" * 2_000])
def test_odd_codes_are_answered_in_words(citizen: FlaskClient, code: str) -> None:
    assert citizen.get(f"/lapor?code={code}", follow_redirects=True).status_code in (200, 400, 404)


def test_another_site_cannot_make_a_visitor_tell(citizen: FlaskClient) -> None:
    cross = {"Sec-Fetch-Site": "cross-site"}

    answers = [
        citizen.post(f"{STANDARD}/{act}", data={"text": TEXT}, headers=cross) for act in ("lapor", "benar")
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_no_cookie_is_set_by_telling(citizen: FlaskClient) -> None:
    answers = [
        citizen.get(f"{STANDARD}/lapor"),
        citizen.post(f"{STANDARD}/lapor", data={"text": TEXT}),
        citizen.post(f"{STANDARD}/benar"),
    ]

    assert not [answer for answer in answers if "Set-Cookie" in answer.headers]

"""Reporting satisfaction surveys at the desk, and where everybody sees index and grade then."""

from __future__ import annotations

import pytest
from flask import Flask

from siapa.extensions import db
from siapa.publishing import offerings
from siapa.publishing.offerings import OfferedAt
from siapa.publishing.verifying import verify
from siapa.records import Agency, Location, Officer, SatisfactionResult
from tests.publishing.cast import Cast, published
from tests.web.desk.conftest import AUTHOR, STRANGER
from tests.web.desk.visiting import send, signed_in

MEANS = {f"element_means[{number}]": "3,4" for number in range(9)}
SURVEY = {"from_on": "2026-01-01", "until_on": "2026-06-30", "respondents": "50", "population": "10.000",
          **MEANS}  # fmt: skip


@pytest.fixture
def path(desk_app: Flask) -> str:
    """The address at the desk of the author's agency."""
    with desk_app.app_context():
        return f"/meja/skm/{db.session.query(Agency).filter_by(slug='dukcapil').one().id}"


def at_the_mall(app: Flask) -> tuple[str, str]:
    """Let a standard of the agency be had at the mall: the ids of the mall and of the standard."""
    with app.app_context():
        people = {one.name.lower(): one for one in db.session.query(Officer)}
        own = people["author"].memberships[0].agency
        mall = db.session.query(Location).one()
        standard = published(Cast(own, own, own, own, mall, people), title="Akta lahir")
        offerings.set_offerings(standard.id, [OfferedAt(mall.id)], by=people["author"])
        return str(mall.id), str(standard.id)


def test_a_survey_stands_with_index_and_grade_on_agency_mall_and_standard(desk_app: Flask, path: str) -> None:
    mall, standard = at_the_mall(desk_app)
    author = signed_in(desk_app, AUTHOR)

    sent = send(author, path, **SURVEY | {"location": mall, "standard": standard})

    assert sent.status_code == 303
    for page in ("/instansi/dukcapil", "/mpp/mpp", "/standar/dukcapil/akta-lahir"):
        shown = author.get(page).text
        assert "85,00" in shown, page
        assert "Baik" in shown
        assert "Terlalu sedikit: peraturan menghendaki 370" in shown
    assert "85.00" in author.get("/en/mpp/mpp").text
    assert "Akta lahir" in author.get(path).text


def test_a_correction_stays_beside_what_it_corrects(desk_app: Flask, path: str) -> None:
    author = signed_in(desk_app, AUTHOR)
    send(author, path, **SURVEY)

    refused = send(author, path, **SURVEY | {"respondents": "500"})
    send(author, path, **SURVEY | {"respondents": "500", "note": "Kuesioner kedua belum dihitung"})

    with desk_app.app_context():
        held = db.session.query(SatisfactionResult).order_by(SatisfactionResult.number).all()
        assert [(one.number, one.respondents) for one in held] == [(1, 50), (2, 500)]
        assert not verify()
    shown = author.get("/instansi/dukcapil").text
    assert refused.status_code == 422
    assert "Kuesioner kedua" in shown
    assert "sudah dibetulkan" in shown


@pytest.mark.parametrize(
    ("field", "text"),
    [("respondents", ""), ("respondents", "0"), ("population", "49"), ("element_means[8]", "4,1"),
     ("element_means[0]", ""), ("element_means[3]", "baik"), ("until_on", "2099-01-01"),
     ("location", "entah"), ("standard", "00000000-0000-4000-8000-000000000000")],
)  # fmt: skip
def test_each_field_that_is_wrong_is_named(desk_app: Flask, path: str, field: str, text: str) -> None:
    author = signed_in(desk_app, AUTHOR)

    answer = send(author, path, **SURVEY | {field: text})

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_strangers_report_nothing(desk_app: Flask, path: str) -> None:
    stranger = signed_in(desk_app, STRANGER)

    assert send(stranger, path, **SURVEY).status_code == 403
    assert stranger.get(path).status_code == 403

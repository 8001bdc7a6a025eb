"""Your list, your date: answers reduce what is asked for, a day becomes a deadline, a link tells changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.records import seed_id
from tests.web.registry import publish_next
from tests.web.site.cast import KTP
from tests.web.site.reading import read

STANDARD = "/standar/" + "/".join(KTP)
SIM = "/standar/polresta-kendari/perpanjangan-sim-c"
LINE = {"label": "PNBP", "amount_idr": 90_000, "legal_basis": "PP 76/2020"}
SIM_ID = seed_id("standard", "polresta-kendari/SIM-C-PANJANG")


@pytest.fixture
def citizen(own_app: Flask) -> Iterator[FlaskClient]:
    """A visitor of a registry that this test may change."""
    with own_app.test_client() as client:
        yield client


def question(visitor: FlaskClient) -> str:
    """The name of the one question on the standard's page."""
    (name,) = {box.get("name", "") for box in read(visitor, STANDARD).all(".//input[@type='radio']")}
    return name


def test_no_leaves_out_what_belongs_to_the_case_and_yes_keeps_it(visitor: FlaskClient) -> None:
    name = question(visitor)

    no, yes = read(visitor, f"{STANDARD}?{name}=no"), read(visitor, f"{STANDARD}?{name}=yes")

    assert "Surat kehilangan dari polisi" not in no.text
    assert "1 persyaratan tidak berlaku menurut jawaban Anda" in no.text
    assert "Kartu Keluarga" in no.text
    assert "Surat kehilangan dari polisi" in yes.text
    assert [box.get("value") for box in no.all(".//input[@type='radio'][@checked]")] == ["no"]


def test_other_ticks_belong_to_another_list(visitor: FlaskClient) -> None:
    def key(page: str) -> str | None:
        return read(visitor, page).all(".//ul[@data-checklist]")[0].get("data-checklist")

    assert key(STANDARD) != key(f"{STANDARD}?{question(visitor)}=no")


def test_a_day_becomes_a_deadline_with_its_calendar(visitor: FlaskClient) -> None:
    page = read(visitor, f"{STANDARD}?on=2026-12-23")
    english = read(visitor, f"/en{STANDARD}?on=2026-11-29")

    # Three working days after Wednesday; Thursday is leave, Friday Christmas.
    assert "Rabu, 30 Desember 2026" in page.text
    assert "25 Desember 2026 (Hari Raya Natal)" in page.text
    assert "holidays 0." in page.text
    assert "Thursday, 3 December 2026" in english.text
    assert "is no working day, so it counts from 30 November 2026" in english.text


@pytest.mark.parametrize(
    "asked", ["on=x", "on=1900-01-01", "on=9999-12-31", "on=2026-02-30", "seen=x", "seen=0"]
)
def test_what_cannot_be_is_refused_in_words(visitor: FlaskClient, asked: str) -> None:
    assert read(visitor, f"{STANDARD}?{asked}", status=422).words(".//ul[@class='problems']/li")


def test_a_link_says_in_sentences_what_changed_since(citizen: FlaskClient, own_app: Flask) -> None:
    shared = re.findall(r'data-address="([^"]*)"', citizen.get(SIM).text)[0]
    seen = shared.partition("8000")[2]
    before = read(citizen, seen)
    with own_app.app_context():
        publish_next(
            SIM_ID, title="Perpanjangan SIM C",
            fees={"fee_kind": "fixed", "lines": [LINE]},
            requirements=[{"text": "Sertifikat kursus", "kind": "document"}],
        )  # fmt: skip

    after = read(citizen, seen)

    assert seen.endswith("?seen=1")
    assert "Yang berubah sejak" not in before.text
    told = after.words(".//section[@aria-labelledby='since']//li")
    assert any(re.fullmatch(r"Biaya/tarif: dulu .*, sekarang Rp90\.000\.", one) for one in told)
    assert any("baru: “Sertifikat kursus”" in one and "tidak lagi: " in one for one in told)


def test_a_link_to_an_edition_that_never_was_tells_nothing(visitor: FlaskClient) -> None:
    assert "Yang berubah sejak" not in read(visitor, f"{STANDARD}?seen=77").text

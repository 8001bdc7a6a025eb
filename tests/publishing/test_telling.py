"""Citizens tell: a report reaches its agency, keeps nothing of the person, and is counted once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa import catalogue
from siapa.errors import NotFound, Rejected
from siapa.extensions import db
from siapa.publishing import reports, telling, verifying
from siapa.publishing.permissions import Standin, may
from siapa.publishing.telling import About
from siapa.publishing.workflow import Action
from siapa.records import AuditEvent, Confirmation, FeedbackState, new_id
from tests.publishing.cast import Cast, published

TEXT = "Biayanya sekarang lain dari yang tertulis."


def test_a_report_waits_at_the_desk_of_its_agency_for_three_days(cast: Cast) -> None:
    standard = published(cast)

    row = telling.report(About(standard_id=standard.id, edition_number=1), f"  {TEXT}\n", part="fees")

    (waiting, about), *rest = reports.reports_for(cast.author).reports
    assert (waiting.id, waiting.text, waiting.component, about) == (row.id, TEXT, "fees", standard)
    assert waiting.due_at - waiting.received_at == timedelta(days=3)
    assert not rest
    assert not reports.reports_for(cast.stranger).reports


def test_it_is_audited_without_a_person_or_a_network(cast: Cast) -> None:
    standard = published(cast)

    row = telling.report(About(standard_id=standard.id), TEXT)

    event = db.session.scalar(sa.select(AuditEvent).where(AuditEvent.subject_id == str(row.id)))
    assert event is not None
    assert (event.action, event.officer_id, event.origin) == ("report", None, None)
    assert not verifying.verify()


def test_whoever_has_the_code_sees_the_answer(cast: Cast) -> None:
    standard = published(cast)
    code = telling.report(About(standard_id=standard.id), TEXT).code
    (waiting, _about), *_rest = reports.reports_for(cast.author).reports

    reports.answer(waiting.id, "Sudah kami betulkan.", FeedbackState.CORRECTED, by=cast.author)

    seen = catalogue.report_by_code(f" {code[:5].lower()}-{code[5:]} ")
    assert (seen.state, seen.answer) == (FeedbackState.CORRECTED, "Sudah kami betulkan.")
    assert seen.standard == ("dukcapil", standard.slug)
    assert catalogue.told_of_standard(standard.id).open_count == 0
    with pytest.raises(NotFound):
        catalogue.report_by_code("")


def test_the_same_sent_twice_is_one_report_until_it_is_answered(cast: Cast) -> None:
    standard = published(cast)
    about = About(standard_id=standard.id)

    first, again = telling.report(about, TEXT, part="fees"), telling.report(about, TEXT, part="fees")
    other = telling.report(about, TEXT)

    assert first.id == again.id != other.id
    assert catalogue.told_of_standard(standard.id).open_reports == ((None, 1), ("fees", 1))


@pytest.mark.parametrize(
    ("text", "part", "path"),
    [
        ("pendek", None, "text"),
        ("x" * 2_001, None, "text"),
        (" " * 50, None, "text"),
        (TEXT, "hours", "part"),
        (TEXT, "\x00", "part"),
        ("NIK saya 7471010101010001 tertulis salah", None, "text"),
        ("Hubungi saya di 0812-3456-7890 saja ya", None, "text"),
        ("Kirim jawaban ke budi@example.com saja", None, "text"),
    ],
)
def test_odd_texts_and_numbers_of_persons_are_refused(
    cast: Cast, text: str, part: str | None, path: str
) -> None:
    about = About(standard_id=published(cast).id)

    with pytest.raises(Rejected) as refused:
        telling.report(about, text, part=part)

    assert {problem.path for problem in refused.value.problems} == {path}


def test_hours_and_amounts_are_no_numbers_of_persons(cast: Cast) -> None:
    row = telling.report(
        About(location_id=cast.mall.id), "Buka 08.00-14.30, biaya Rp350.000 sejak 2026", part="hours"
    )

    assert row.state is FeedbackState.OPEN
    assert [one.id for one, _ in reports.reports_for(cast.manager).reports] == [row.id]


def test_a_citizen_may_report_and_nothing_else(cast: Cast) -> None:
    allowed = {action for action in Action if may(Standin.CITIZEN, action, cast.own)}

    assert allowed == {Action.REPORT}


def test_confirmations_are_counted_by_day(either_app: Flask) -> None:
    subject = new_id()

    telling.confirm(subject)
    telling.confirm(subject)

    told = catalogue.told_of_standard(subject)
    assert (told.confirmations, told.confirmed_on is not None) == (2, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Confirmation)) == 1

"""Results are reported by those who answer for them, stay for ever, and are corrected by another entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa import catalogue
from siapa.errors import NotAllowed, Rejected
from siapa.extensions import db
from siapa.publishing import commands
from siapa.publishing.results import Measured, set_performance
from siapa.publishing.verifying import verify
from siapa.records import AuditEvent, Change, ChangeKind, ServicePerformance, now
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, document, people_and_places, published

QUARTER = Measured(date(2026, 7, 1), date(2026, 9, 30), 120, 114, 95.0, 2.5)


def told(problems: Rejected) -> list[str]:
    return [one.path for one in problems.problems]


def test_a_correction_is_another_entry_and_the_first_stays(cast: Cast) -> None:
    standard = published(cast)
    set_performance(standard.id, QUARTER, by=cast.author)

    set_performance(standard.id, replace(QUARTER, within_promise=100, note="Salah hitung"), by=cast.publisher)

    newest, first = catalogue.performance_of_standard(standard.id)
    assert (newest.number, newest.is_current, newest.percent_within, newest.is_met) == (2, True, 83.33, False)
    assert (first.number, first.is_current, first.percent_within, first.is_met) == (1, False, 95.0, True)
    assert newest.note == "Salah hitung"
    (shown,) = catalogue.performance_of_agency(cast.own.id)
    assert shown.id == newest.id
    assert not verify()


def test_it_stands_in_the_audit_and_in_the_log(cast: Cast) -> None:
    standard = published(cast)

    row = set_performance(standard.id, QUARTER, by=cast.author)

    event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    line = db.session.scalars(sa.select(Change).order_by(Change.number.desc())).first()
    assert (event.action, event.subject_kind, event.subject_id) == (
        "set_result", "service_performance", str(row.id),
    )  # fmt: skip
    assert event.officer_id == cast.author.id
    assert (line.kind, line.subject_id) == (ChangeKind.OFFERING_CHANGED, str(standard.id))


def test_what_says_the_same_is_no_second_entry(cast: Cast) -> None:
    standard = published(cast)

    first = set_performance(standard.id, QUARTER, by=cast.author)

    assert set_performance(standard.id, QUARTER, by=cast.author).id == first.id
    assert db.session.query(ServicePerformance).count() == 1


def test_blank_is_not_nought_and_no_result_follows(cast: Cast) -> None:
    standard = published(cast)

    set_performance(standard.id, replace(QUARTER, within_promise=None, target_percent=None), by=cast.author)

    (shown,) = catalogue.performance_of_standard(standard.id)
    assert (shown.applications, shown.within_promise, shown.percent_within, shown.is_met) == (
        120, None, None, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"until_on": date(2026, 6, 30)}, "until_on"),
        ({"from_on": date(2025, 1, 1)}, "until_on"),
        ({"until_on": now().date() + timedelta(days=2)}, "until_on"),
        ({"within_promise": 121}, "within_promise"),
        ({"applications": None}, "applications"),
        ({"applications": -1, "within_promise": None}, "applications"),
        ({"applications": 10**10}, "applications"),
        ({"target_percent": 100.5}, "target_percent"),
        ({"target_percent": float("nan")}, "target_percent"),
        ({"median_days": -0.5}, "median_days"),
        ({"applications": None, "within_promise": None, "median_days": None}, "applications"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_figures_that_cannot_be_are_refused_with_their_field(cast: Cast, changes, path) -> None:
    standard = published(cast)

    with pytest.raises(Rejected) as refused:
        set_performance(standard.id, replace(QUARTER, **changes), by=cast.author)

    assert path in told(refused.value)
    assert not db.session.query(ServicePerformance).count()


def test_a_correction_without_its_reason_is_refused(cast: Cast) -> None:
    standard = published(cast)
    set_performance(standard.id, QUARTER, by=cast.author)

    with pytest.raises(Rejected) as refused:
        set_performance(standard.id, replace(QUARTER, applications=121), by=cast.author)

    assert told(refused.value) == ["note"]


def test_only_a_standard_in_force_has_a_result(cast: Cast) -> None:
    draft = commands.open_standard(cast.own.id, document("Draf"), by=cast.author)
    withdrawn = published(cast, title="Lama")
    set_performance(withdrawn.id, QUARTER, by=cast.author)
    commands.withdraw(withdrawn.id, by=cast.publisher, reason="Dihapus")

    with pytest.raises(Rejected):
        set_performance(draft.id, QUARTER, by=cast.author)

    assert catalogue.performances(agency=cast.own.slug).total == 0


@pytest.mark.parametrize("name", ["stranger", "manager", "curator", "admin"])
def test_who_does_not_write_for_the_agency_reports_nothing(cast: Cast, name: str) -> None:
    standard = published(cast)

    with pytest.raises(NotAllowed):
        set_performance(standard.id, QUARTER, by=getattr(cast, name))


@pytest.mark.postgres
def test_it_is_the_same_on_postgresql(postgresql_app: Flask) -> None:
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    standard = published(cast)

    set_performance(standard.id, QUARTER, by=cast.author)
    set_performance(standard.id, replace(QUARTER, median_days=3.25, note="Salah"), by=cast.author)

    assert [one.median_days for one in catalogue.performance_of_standard(standard.id)] == [3.25, 2.5]
    assert catalogue.performances(agency="dukcapil", is_current=True).total == 1
    assert not verify()

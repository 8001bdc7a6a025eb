"""The figures follow the log a little behind it, made by one process at a time, and say how far they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from siapa import figures
from siapa.cli.statistics import statistics
from siapa.errors import Unavailable
from siapa.extensions import db
from siapa.figures import refreshing
from siapa.records import FigureState, now
from siapa.records.engine import begin_writing
from tests.web.registry import make_registry, make_standard


def test_before_they_are_made_it_is_said(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/statistics")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    with pytest.raises(Unavailable):
        figures.standing()


def test_a_duty_makes_them_when_the_log_has_moved_on_and_they_have_rested(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_registry()
    assert figures.refresh_if_due()
    assert figures.refresh_if_due() is None, "nothing is new"

    make_standard("polresta-kendari", "KTP-BARU", title="KTP-el di polres")

    assert figures.behind() > 0
    assert figures.refresh_if_due() is None, "they rest"
    monkeypatch.setattr(refreshing, "AT_LEAST_SECONDS", 0.0)
    monkeypatch.setattr(refreshing, "TIMES_AS_LONG", 0)
    made = figures.refresh_if_due()
    assert made is not None
    db.session.rollback()
    assert figures.behind() == 0
    assert figures.national().standard_count == 3


def test_another_day_makes_them_anew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_registry()
    figures.refresh()
    monkeypatch.setattr(refreshing, "AT_LEAST_SECONDS", 0.0)
    monkeypatch.setattr(refreshing, "TIMES_AS_LONG", 0)
    monkeypatch.setattr(refreshing, "today", lambda: date(2099, 1, 1))

    assert figures.refresh_if_due()

    assert figures.national().overdue_count == 2


@pytest.mark.postgres
def test_one_process_at_a_time_makes_them_and_a_broken_turn_ends(either_app: Flask) -> None:
    make_registry()
    _say_turn(now())

    assert figures.refresh() is None
    _say_turn(now() - timedelta(hours=1))

    assert figures.refresh()
    assert figures.refresh(), "the turn was given back"


def test_the_command_says_as_of_when_they_are(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("siapa.cli.running.create_app", lambda _config=None: app)
    make_registry()

    made = CliRunner().invoke(statistics, ["refresh"])
    is_new = CliRunner().invoke(statistics, ["state"])
    make_standard("polresta-kendari", "KTP-BARU", title="KTP-el di polres")
    is_old = CliRunner().invoke(statistics, ["state"])

    assert "figures as of change" in made.output
    assert (is_new.exit_code, is_old.exit_code) == (0, 1)
    assert "changes behind" in is_old.output


def _say_turn(at: object) -> None:
    begin_writing(db)
    db.session.execute(sa.update(FigureState).values(begun_at=at))
    db.session.commit()

"""By when a promise is due: weekends, national holidays and collective leave are not counted."""

from __future__ import annotations

from datetime import date

import pytest

from siapa.catalogue.deadlines import Deadline, deadline
from siapa.document.standard_document import TimeLimit, Unit


def due(amount: int, unit: Unit, on: date) -> Deadline:
    """The deadline of a promise."""
    found = deadline(TimeLimit(amount_max=amount, unit=unit), on)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("amount", "unit", "complete_on", "due_on"),
    [
        (1, "working_day", date(2026, 11, 29), date(2026, 12, 1)),  # a Sunday counts as Monday
        (1, "working_day", date(2026, 11, 30), date(2026, 12, 1)),
        (5, "working_day", date(2026, 11, 30), date(2026, 12, 7)),
        (1, "working_day", date(2026, 12, 23), date(2026, 12, 28)),  # Thursday leave, Friday Christmas
        (2, "hour", date(2026, 12, 1), date(2026, 12, 1)),
        (30, "minute", date(2026, 12, 5), date(2026, 12, 7)),
        (16, "hour", date(2026, 12, 1), date(2026, 12, 3)),
        (14, "day", date(2026, 12, 1), date(2026, 12, 15)),
        (1, "month", date(2027, 1, 29), date(2027, 2, 28)),
        (12, "month", date(2027, 12, 31), date(2028, 12, 31)),
    ],
)
def test_a_promise_is_due_on(amount: int, unit: Unit, complete_on: date, due_on: date) -> None:
    assert due(amount, unit, complete_on).due_on == due_on


def test_the_days_that_were_not_counted_are_named() -> None:
    found = due(1, "working_day", date(2026, 12, 23))

    assert [one.day for one in found.days_off] == [date(2026, 12, 24), date(2026, 12, 25)]
    assert "Natal" in found.days_off[1].name


def test_calendar_days_pass_over_nothing() -> None:
    found = due(7, "day", date(2026, 12, 21))

    assert (found.is_by_calendar, found.days_off, found.due_on) == (True, (), date(2026, 12, 28))


def test_a_promise_of_many_years_is_not_counted_out() -> None:
    assert deadline(TimeLimit(amount_max=10**9, unit="working_day"), date(2026, 12, 1)) is None
    assert deadline(TimeLimit(amount_max=10**6, unit="month"), date(2026, 12, 1)) is None

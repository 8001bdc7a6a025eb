"""Opening hours: the OpenStreetMap string is made by us, and holidays close a place."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from siapa.catalogue.closing import Days
from siapa.catalogue.opening import opening_hours, opening_state
from siapa.records import Hours

WITA = ZoneInfo("Asia/Makassar")
OFFICE = "Mo-Th 08:00-15:00; Fr 08:00-11:00,13:30-15:00; PH off"


def row(weekday, opens, closes):
    return Hours(weekday=weekday, opens_at=time.fromisoformat(opens), closes_at=time.fromisoformat(closes))


def test_equal_neighbouring_days_are_joined():
    rows = [row(day, "08:00", "15:00") for day in (1, 2, 3, 4)]
    rows += [row(5, "13:30", "15:00"), row(5, "08:00", "11:00")]

    assert opening_hours(rows) == OFFICE


def test_a_gap_in_the_week_is_not_joined():
    assert opening_hours([row(1, "08:00", "12:00"), row(3, "08:00", "12:00")]) == (
        "Mo 08:00-12:00; We 08:00-12:00; PH off"
    )


def test_no_rows_are_unknown_hours_and_not_closed():
    state = opening_state(opening_hours([]), "Asia/Makassar", datetime(2026, 11, 24, tzinfo=UTC))

    assert (state.hours, state.is_open, state.changes_at) == (None, None, None)


@pytest.mark.parametrize(
    ("at", "is_open", "changes_at"),
    [
        ("2026-11-24 09:00", True, "2026-11-24 15:00"),
        ("2026-11-24 15:00", False, "2026-11-25 08:00"),
        ("2026-11-27 12:00", False, "2026-11-27 13:30"),
        ("2026-11-28 09:00", False, "2026-11-30 08:00"),
        # Christmas is a public holiday; Monday follows a Friday holiday and its weekend.
        ("2026-12-25 09:00", False, "2026-12-28 08:00"),
    ],
)
def test_a_place_is_open_by_its_own_clock(at, is_open, changes_at):
    moment = datetime.fromisoformat(at).replace(tzinfo=WITA)

    state = opening_state(OFFICE, "Asia/Makassar", moment.astimezone(UTC))

    assert state.is_open is is_open
    assert state.changes_at == datetime.fromisoformat(changes_at).replace(tzinfo=WITA)


def test_collective_leave_closes_a_place_though_it_is_no_public_holiday():
    leave = datetime(
        2026, 12, 24, 9, 0, tzinfo=WITA
    )  # cuti bersama before Christmas 2026 (SKB three ministers)

    state = opening_state(OFFICE, "Asia/Makassar", leave)

    assert state.is_open is False
    assert state.changes_at == datetime(2026, 12, 28, 8, 0, tzinfo=WITA)


def test_days_that_a_place_tells_close_it_and_the_next_opening_comes_after_them():
    closed = [Days(date(2026, 11, 24), date(2026, 11, 25))]
    tuesday, thursday = (datetime(2026, 11, day, 9, tzinfo=WITA) for day in (24, 26))

    shut = opening_state(OFFICE, "Asia/Makassar", tuesday, closed)

    assert (shut.is_open, shut.changes_at) == (False, datetime(2026, 11, 26, 8, tzinfo=WITA))
    assert opening_state(OFFICE, "Asia/Makassar", thursday, closed).is_open is True
    eve = opening_state(OFFICE, "Asia/Makassar", datetime(2026, 11, 23, 16, tzinfo=WITA), closed)
    assert eve.changes_at == datetime(2026, 11, 26, 8, tzinfo=WITA)

"""Making the kept figures anew when the log has moved on, or the day is another.

One process at a time does so (its turn stands in ``figure_state``); it counts in one view of the
database and only then takes the lock for writing, for as long as some hundred rows need. The time
between two runs grows with what one takes: at most a twentieth of it is spent counting.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog

from siapa.extensions import db
from siapa.figures import counting
from siapa.records import HOME_ZONE, Counting, Figure, FigureState, Movement, now
from siapa.records.engine import WRITES, one_view

log = structlog.get_logger(__name__)

#: So long the figures are left alone at least, although the log has moved on.
AT_LEAST_SECONDS = 30.0
#: And so many times as long as making them took.
TIMES_AS_LONG = 20
#: A turn that was begun so long ago was broken off.
TURN_SECONDS = 900.0
#: The longest that one statement may count, in milliseconds: the limit for requests is too short for it.
COUNTING_MS = 600_000


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What was made: the newest change that stands in it, and how long it took."""

    number: int
    day: date
    rows: int
    took_ms: int


def today() -> date:
    """The day as of which something is overdue, in the registry's home zone."""
    return datetime.now(ZoneInfo(HOME_ZONE)).date()


def refresh() -> Refreshed | None:
    """Make all figures anew; None while another process does so."""
    if not _take_turn():
        return None
    try:
        return _made_anew()
    finally:
        _give_turn_back()


def refresh_if_due() -> Refreshed | None:
    """Make them anew if they are older than the log or the day, and not too fresh: a duty of the server."""
    with db.engine.connect() as connection:
        state = connection.execute(sa.select(FigureState.__table__)).mappings().first()
        last = _newest(connection)
    if state is not None and state["change_number"] is not None:
        if (state["change_number"], state["day"]) == (last, today()):
            return None
        rest = max(AT_LEAST_SECONDS, TIMES_AS_LONG * state["took_ms"] / 1000)
        if now() < state["made_at"] + timedelta(seconds=rest):
            return None
    return refresh()


def is_made() -> bool:
    """Whether there are figures at all."""
    made = sa.select(FigureState.change_number)
    return db.session.scalar(made) is not None


def _made_anew() -> Refreshed:
    began, day = time.monotonic(), today()
    with one_view(db.engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text(f"SET LOCAL statement_timeout = {COUNTING_MS}"))
        number = _newest(connection)
        rows = list(counting.figures(connection, day))
        moved = list(counting.movements(connection))
    took_ms = round((time.monotonic() - began) * 1000)
    state = {"change_number": number, "day": day, "made_at": now(), "took_ms": took_ms}
    with _writing() as connection:
        for table, values in ((Figure, rows), (Movement, moved)):
            connection.execute(sa.delete(table))
            if values:
                connection.execute(sa.insert(table), values)
        connection.execute(sa.update(FigureState).values(**state))
    log.info("figures made", number=number, rows=len(rows), took_ms=took_ms)
    return Refreshed(number, day, len(rows) + len(moved), took_ms)


def _newest(connection: sa.Connection) -> int:
    return connection.scalar(sa.select(Counting.last_number).where(Counting.log == "change")) or 0


def _take_turn() -> bool:
    """Whether it is ours to make them; nobody else does so then."""
    long_ago = now() - timedelta(seconds=TURN_SECONDS)
    is_free = FigureState.begun_at.is_(None) | (FigureState.begun_at < long_ago)
    with _writing() as connection:
        taken = connection.execute(sa.update(FigureState).where(is_free).values(begun_at=now()))
        return taken.rowcount == 1


def _give_turn_back() -> None:
    with _writing() as connection:
        connection.execute(sa.update(FigureState).values(begun_at=None))


@contextmanager
def _writing() -> Iterator[sa.Connection]:
    """A transaction of its own that writes."""
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        yield connection

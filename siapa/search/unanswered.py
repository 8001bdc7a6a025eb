"""Searches that found nothing teach: their words are counted, and nothing else is kept of them.

Never who asked, from where, when in the day or with which browser. A text that looks as if
it held a number of a person, an address or a whole sentence is not kept at all, a place and
the words of asking are left out, and nobody is shown words that were not asked again and
again (``worklist``). What was not asked so is deleted after ``UNSHOWN_DAYS``, the rest after
``KEPT_DAYS``.

A search only adds one to a number in memory. A background duty of the server
(``write_down``) brings the numbers into the database, in a transaction of its own; what a
process has not written when it is killed is lost, and the counts are a little too low.
"""

from __future__ import annotations

import re
import threading
import weakref
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite

from siapa.extensions import db
from siapa.records import HOME_ZONE, LONGEST_UNANSWERED, DismissedQuery, UnansweredQuery
from siapa.records.engine import WRITES
from siapa.search.found import Found
from siapa.search.query import Query, parse
from siapa.search.stems import stems
from siapa.search.text import plain, words

log = structlog.get_logger(__name__)

#: Days for which words are kept that were asked often enough to be shown, and for which others are.
KEPT_DAYS, UNSHOWN_DAYS = 180, 30
#: Words are shown once they were asked on so many days, or so many times in all.
SHOWN_AFTER_DAYS, SHOWN_AFTER_TIMES = 3, 10
#: More words than these are a sentence.
MOST_WORDS = 8
#: Different queries kept a day; the least asked make room.
MOST_A_DAY = 1_000
#: Different queries noted by a process between two writings.
MOST_NOTED = 1_000

#: What parts the digits of one number as people write it.
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.,:/()+\-]+(?=\d)")
#: Numbers of persons, phones, accounts and births are that long; years and articles are not.
_LONG_NUMBER = re.compile(r"\d{6}")
_ADDRESS = re.compile(r"@|://|\bwww\.")

Counts = dict[tuple[date, str], int]


class Ledger:
    """What a process has counted and not yet written; safe for threads, and bounded."""

    def __init__(self, most: int = MOST_NOTED) -> None:
        self._most = most
        self._counts: Counts = {}
        self._lock = threading.Lock()
        #: The day on which this process has last deleted what is old.
        self.tidied_on: date | None = None

    def add(self, counts: Mapping[tuple[date, str], int]) -> None:
        """Count; what is new is passed over once there are too many different ones."""
        with self._lock:
            for key, times in counts.items():
                if key in self._counts or len(self._counts) < self._most:
                    self._counts[key] = self._counts.get(key, 0) + times

    def take(self) -> Counts:
        """All that was counted; from now on it is the caller's."""
        with self._lock:
            taken, self._counts = self._counts, {}
        return taken


_ledgers: weakref.WeakKeyDictionary[sa.Engine, Ledger] = weakref.WeakKeyDictionary()


def note(query: Query, found: Found) -> None:
    """Count ``query`` if ``found`` shows that its words are not understood; never raises, never waits."""
    try:
        telling = words_to_keep(query, found)
        if telling is not None:
            _ledger().add({(today(), telling): 1})
    except Exception as error:  # a count is not worth a citizen's answer
        log.warning("an unanswered search could not be counted", error=repr(error))


def words_to_keep(query: Query, found: Found) -> str | None:
    """The words of ``query`` that found nothing, in plain form; None when nothing is to be learnt or kept.

    A filter that leaves nothing, a further page and a place that was found teach nothing of words.
    """
    if not _teaches(query, found) or looks_personal(query.text) or parse(query.text).excluded:
        return None
    places = Counter(found.region_text.split())
    kept = []
    for word in words(query.text):
        if places[word] > 0:
            places[word] -= 1
        elif not stems().is_small(word):
            kept.append(word)
    line = " ".join(kept)
    return line if 0 < len(line) <= LONGEST_UNANSWERED else None


def _teaches(query: Query, found: Found) -> bool:
    filters = (query.mall, query.agency, query.category, query.life_event, query.max_days)
    is_narrowed = any(value is not None for value in (*filters, query.free, query.online))
    is_of_words = not (is_narrowed or found.is_open_now or query.exact or query.page > 1)
    is_answered = found.total > 0 and not found.is_partial
    return is_of_words and not (is_answered or found.is_empty_question or found.places)


def looks_personal(text: str) -> bool:
    """Whether ``text`` may tell of a person: a long number, an address, or a whole sentence."""
    seen = plain(text)
    if len(text) > LONGEST_UNANSWERED or len(words(text)) > MOST_WORDS:
        return True
    return bool(_ADDRESS.search(seen) or _LONG_NUMBER.search(_BETWEEN_DIGITS.sub("", seen)))


def write_down() -> int:
    """Bring what this process has counted into the database; how many queries that were.

    Deletes what is old once a day. When it cannot write, nothing is lost but what exceeds
    the bounds: the next call tries again.
    """
    ledger, day = _ledger(), today()
    taken = ledger.take()
    if not taken and ledger.tidied_on == day:
        return 0
    try:
        with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            _count(connection, taken)
            for asked_on in sorted({asked_on for asked_on, _words in taken}):
                _make_room(connection, asked_on)
            if ledger.tidied_on != day:
                _tidy(connection, day)
    except Exception:
        ledger.add(taken)
        raise
    ledger.tidied_on = day
    return len(taken)


def today() -> date:
    """The day that is counted now, in the registry's home zone."""
    return datetime.now(ZoneInfo(HOME_ZONE)).date()


def asked_enough() -> sa.ColumnElement[bool]:
    """Of rows grouped by their words: whether these were asked often enough to be shown to somebody."""
    return (sa.func.count() >= SHOWN_AFTER_DAYS) | (sa.func.sum(UnansweredQuery.times) >= SHOWN_AFTER_TIMES)


def _ledger() -> Ledger:
    return _ledgers.setdefault(db.engine, Ledger())


def _count(connection: sa.Connection, counts: Counts) -> None:
    """Add to the rows; in one order everywhere, so that two hosts never wait for each other in a ring."""
    set_aside = _set_aside(connection, {telling for _day, telling in counts})
    rows = [
        {"day": day, "words": telling, "times": times}
        for (day, telling), times in sorted(counts.items())
        if telling not in set_aside
    ]
    if not rows:
        return
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(UnansweredQuery)
    added = UnansweredQuery.times + insert.excluded.times
    connection.execute(
        insert.on_conflict_do_update(index_elements=["day", "words"], set_={"times": added}), rows
    )


def _set_aside(connection: sa.Connection, asked: Collection[str]) -> set[str]:
    query = sa.select(DismissedQuery.words).where(DismissedQuery.words.in_(asked))
    return set(connection.scalars(query))


def _make_room(connection: sa.Connection, day: date) -> None:
    """Keep the most asked of ``day``; among equals chance decides, so that no flood drives out all others."""
    of_day = UnansweredQuery.day == day
    order = (UnansweredQuery.times.desc(), sa.func.random())
    surplus = sa.select(UnansweredQuery.words).where(of_day).order_by(*order).offset(MOST_A_DAY)
    if too_many := list(connection.scalars(surplus)):
        connection.execute(sa.delete(UnansweredQuery).where(of_day, UnansweredQuery.words.in_(too_many)))


def _tidy(connection: sa.Connection, day: date) -> None:
    """Delete what has been kept for its time."""
    connection.execute(
        sa.delete(UnansweredQuery).where(UnansweredQuery.day < day - timedelta(days=KEPT_DAYS))
    )
    shown = sa.select(UnansweredQuery.words).group_by(UnansweredQuery.words).having(asked_enough())
    connection.execute(
        sa.delete(UnansweredQuery).where(
            UnansweredQuery.day < day - timedelta(days=UNSHOWN_DAYS), UnansweredQuery.words.not_in(shown)
        )
    )

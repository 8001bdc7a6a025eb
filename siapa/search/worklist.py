"""What curators may teach the search: queries that found nothing, the most asked first.

Each is asked again as the search stands now, so what a new alias, synonym or service has
answered meanwhile drops out by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from rapidfuzz import fuzz, process

from siapa.extensions import db
from siapa.records import DismissedQuery, UnansweredQuery
from siapa.search.finding import find
from siapa.search.found import Found, Suggestion
from siapa.search.naming import suggestion
from siapa.search.query import Query
from siapa.search.room import room
from siapa.search.suggesting import suggest
from siapa.search.tables import Named
from siapa.search.text import words
from siapa.search.unanswered import KEPT_DAYS, asked_enough, today

#: Services offered as what a query may have meant.
CANDIDATES = 3
#: Queries that are asked again for one list; what lies further on waits for its turn.
MOST_LOOKED_AT = 500
#: How alike (of 100) a name must be to be offered.
_ALIKE = 65
#: Names alike that are looked through for different services.
MOST_COMPARED = 50


@dataclass(frozen=True)
class Waiting:
    """A query that was not understood: how often, on how many days and when last it was asked."""

    words: str
    times: int
    days: int
    last_on: date
    #: The words that the search looks for when it is asked now, mended.
    understood: str
    #: What it finds now: ``nothing``, ``partly`` (no result has all the words) or ``found``.
    now: str
    #: Services it may mean, the likeliest first.
    candidates: tuple[Suggestion, ...]


def worklist(limit: int = 50, *, include_answered: bool = False) -> tuple[Waiting, ...]:
    """Up to ``limit`` queries that were asked often enough to be shown, the most asked first.

    What is answered by now is left out unless ``include_answered``.
    """
    chosen: list[Waiting] = []
    names = _Names(room().tables().services)
    for row in _asked():
        if len(chosen) >= limit:
            break
        found = find(Query(text=row.words, per_page=CANDIDATES, facets=()))
        now = "nothing" if not found.total else "partly" if found.is_partial else "found"
        if now != "found" or include_answered:
            chosen.append(
                Waiting(row.words, row.times, row.days, row.last_on, found.understood, now,
                        names.candidates(row.words, found))
            )  # fmt: skip
    return tuple(chosen)


def set_aside() -> tuple[str, ...]:
    """The queries that curators have dismissed, in the order of the alphabet."""
    return tuple(db.session.scalars(sa.select(DismissedQuery.words).order_by(DismissedQuery.words)))


def _asked() -> list[sa.Row[tuple[str, int, int, date]]]:
    times = sa.func.sum(UnansweredQuery.times).label("times")
    last_on = sa.func.max(UnansweredQuery.day).label("last_on")
    days = sa.func.count().label("days")
    query = (
        sa.select(UnansweredQuery.words, times, days, last_on)
        .where(
            UnansweredQuery.day >= today() - timedelta(days=KEPT_DAYS),
            UnansweredQuery.words.not_in(sa.select(DismissedQuery.words)),
        )
        .group_by(UnansweredQuery.words)
        .having(asked_enough())
        .order_by(times.desc(), last_on.desc(), UnansweredQuery.words)
        .limit(MOST_LOOKED_AT)
    )
    return list(db.session.execute(query))


class _Names:
    """The names of all services, ready to be compared with what was asked."""

    def __init__(self, services: Mapping[str, Named]) -> None:
        self._services = services
        self._names = [(code, " ".join(words(name))) for code, one in services.items() for name in one.names]
        self._lines = [line for _code, line in self._names]

    def candidates(self, asked: str, found: Found) -> tuple[Suggestion, ...]:
        """Services by the beginning of their names, by what was found after all, and by likeness."""
        codes = [one.key for one in suggest(asked) if one.kind == "service"]
        codes += [hit.service_code for hit in found.results if hit.service_code]
        near = process.extract(
            asked, self._lines, scorer=fuzz.token_set_ratio, score_cutoff=_ALIKE, limit=MOST_COMPARED
        )
        codes += [self._names[place][0] for _line, _likeness, place in near]
        known = [self._services[code] for code in dict.fromkeys(codes) if code in self._services]
        return tuple(suggestion(named) for named in known[:CANDIDATES])

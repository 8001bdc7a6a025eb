"""How it is found: words to services, standards and places.

The doors use what is named here. The index behind it is derived from the database, follows
its log, and may be thrown away at any time: ``rebuild`` makes it again, ``check`` compares.
"""

from __future__ import annotations

import structlog

from siapa.errors import Unavailable
from siapa.search.finding import find
from siapa.search.following import Difference
from siapa.search.found import FacetValue, Found, Hit, Nearest, Run, Suggestion
from siapa.search.locking import Busy
from siapa.search.naming import suggestion
from siapa.search.places import Place
from siapa.search.query import FACETS, GROUPS, LONGEST_TEXT, MOST_TERMS, SORTS, Query
from siapa.search.room import init_app, room
from siapa.search.similar import is_for_meaning, meaning
from siapa.search.suggesting import suggest

log = structlog.get_logger(__name__)

__all__ = [
    "FACETS", "GROUPS", "LONGEST_TEXT", "MOST_TERMS", "SORTS", "Busy", "Difference", "FacetValue", "Found",
    "Hit", "Nearest", "Place", "Query", "Run", "Suggestion", "check", "find", "follow", "init_app", "load",
    "missing_roots", "position", "rebuild", "similar", "suggest", "tend",
]  # fmt: skip


def load() -> None:
    """Read index and tables into memory now: a server does so before it forks its workers.

    Without an index that can be had the server starts all the same, and says so where it is asked.
    """
    try:
        sight = room().sight()
    except Unavailable as error:
        log.warning("there is no search index to be loaded", error=str(error))
        return
    for text in ("surat keterangan", ""):  # a common question, and everything there is
        find(Query(text=text))
    suggest("ka")
    if room().is_semantic:
        meaning().alike("surat", sight)


def similar(query: Query, found: Found) -> tuple[Suggestion, ...]:
    """The services that ``query``, whose words have ``found`` nothing, may mean; none unless switched on."""
    here = room()
    if not here.is_semantic or found.total or found.is_empty_question or not is_for_meaning(query):
        return ()
    return tuple(suggestion(one) for one in meaning().alike(query.text, here.sight()))


def follow() -> int:
    """Apply what is new in the log to the index; how many changes that were."""
    return room().follower.follow()


def tend() -> None:
    """Follow, mend, and fold small parts together when there are many: a duty, not a request's work.

    A fault is written down and tried again at a later turn, never raised.
    """
    room().tend()


def rebuild() -> int:
    """Build the index anew and switch to it; the number of documents. ``Busy`` while another does."""
    return room().follower.rebuild()


def check() -> list[Difference]:
    """Every difference between the index and the database."""
    return room().follower.check()


def position() -> int:
    """The change up to which the index has read; -1 when it cannot be read."""
    return room().follower.position()


def missing_roots(limit: int = 100) -> list[tuple[str, int]]:
    """The affixed words of the index that no listed root explains, the most frequent first."""
    here = room()
    written = here.sight().shelf.lexicon.written()
    found = [(word, count) for word, count in written.items() if here.stems.lacks_root(word)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]

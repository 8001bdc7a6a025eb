"""From a query to results: understand, rank, filter, group, and ask the database last.

The order answers two questions one after the other: which service is meant, then who
gives it (the asked place, then near, then the rest; a standard that is due for review
comes after those that are not; on equal terms a mall before an office).
"""

from __future__ import annotations

from dataclasses import replace

from siapa.errors import Problem, Rejected
from siapa.locales import lazy as _l
from siapa.search.counting import facets
from siapa.search.found import Found
from siapa.search.gathering import Gathered
from siapa.search.query import Parsed, Query, parse, problems_of
from siapa.search.ranking import rank, rank_office
from siapa.search.results import Results
from siapa.search.room import Sight, room
from siapa.search.tables import KNOWN
from siapa.search.understanding import Asked, understand
from siapa.search.verifying import illuminated, still_live

#: How often hits that are no longer live may be taken out before the page is given up to be short.
_MOST_LOOKS = 4


def find(query: Query, sight: Sight | None = None) -> Found:
    """Answer ``query``, from what is indexed now or from ``sight``.

    Raises ``Rejected`` for what cannot be asked, ``Unavailable`` without an index.
    """
    parsed = _checked(query)
    here = room()
    sight = sight or here.sight()
    _refuse_unknown(query, sight)
    asked = understand(query, parsed, sight, here.stems)
    if asked.is_empty_question:
        return _nothing(asked)
    by = rank_office if asked.named.is_office else rank
    ranking = by(sight.shelf, sight.labels, asked.reading) if asked.has_words else None
    gone: set[str] = set()
    for _look in range(_MOST_LOOKS):
        results = Results(asked, sight, ranking, here.stems, gone)
        page, fallen = still_live(results.page(), asked.region_code)
        if not fallen:
            break
        gone |= fallen
    page = [replace(hit, explanation=results.explain(hit)) for hit in page] if query.explain else page
    return Found(
        understood=asked.reading.understood,
        corrected=asked.corrected,
        region=asked.region,
        region_text=asked.recognised.taken,
        region_alternatives=asked.other_regions,
        is_partial=ranking is not None and ranking.is_partial and bool(results.gathered.total),
        is_grouped=asked.is_grouped,
        total=results.gathered.total,
        page=query.page,
        per_page=query.per_page,
        results=illuminated(page, asked.reading.marks(), here.stems),
        facets=facets(
            sight.shelf, results.gathered, asked.query.facets, sight.tables, asked.region_code
        ),
        places=asked.named.places,
        is_open_now=asked.query.open_now,
    )  # fmt: skip


def gather(query: Query, sight: Sight) -> tuple[Gathered, str | None]:
    """Everything that answers ``query``, unordered, and the region that was asked for or named.

    Raises as ``find`` does. Here nothing is asked of the database: what was withdrawn a moment
    ago may still be among it.
    """
    parsed = _checked(query)
    _refuse_unknown(query, sight)
    stems = room().stems
    asked = understand(query, parsed, sight, stems)
    by = rank_office if asked.named.is_office else rank
    ranking = by(sight.shelf, sight.labels, asked.reading) if asked.has_words else None
    return Gathered(asked, sight.shelf, ranking, stems, set()), asked.region_code


def _nothing(asked: Asked) -> Found:
    """The answer to a question without a word: nothing, which is not the same as no match."""
    query = asked.query
    return Found(
        understood="",
        corrected=None,
        region=None,
        region_text="",
        region_alternatives=(),
        is_partial=False,
        is_grouped=asked.is_grouped,
        total=0,
        page=query.page,
        per_page=query.per_page,
        results=(),
        facets=dict.fromkeys(query.facets, ()),
        is_empty_question=True,
    )


def _checked(query: Query) -> Parsed:
    """The text taken apart; ``Rejected`` with everything that is wrong."""
    problems = problems_of(query)
    try:
        parsed = parse(query.text)
    except Rejected as rejected:
        raise Rejected([*rejected.problems, *problems]) from None
    if problems:
        raise Rejected(problems)
    return parsed


def _refuse_unknown(query: Query, sight: Sight) -> None:
    problems = []
    for path, table in KNOWN.items():
        value = getattr(query, path)
        if value is not None and value not in table(sight.tables):
            message = _l("There is no such value; the lists say which there are.")
            problems.append(Problem(path, message, value))
    if problems:
        raise Rejected(problems)

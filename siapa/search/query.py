"""What may be asked: the query with its filters, and the small grammar of its text.

The text is words, "phrases" and -words, nothing else. It never reaches the engine's own
query language, which a public text can drive into the ground.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import chain

from siapa.errors import Problem, Rejected
from siapa.locales import lazy as _l
from siapa.search.stems import stems
from siapa.search.text import plain, words

LONGEST_TEXT = 200
#: So many words besides those that say nothing of the subject: people ask in whole sentences.
MOST_TERMS = 16
MOST_PER_PAGE = 100
#: A page behind this result is refused: no registry has so many.
DEEPEST_RESULT = 10_000_000

SORTS = ("relevance", "distance", "fee", "time", "name")
GROUPS = ("auto", "service", "standard")
FACETS = ("region", "category", "agency", "fee", "channel", "time", "mall")

_QUOTES = str.maketrans("“”„«»", '"""""')
_EXCLUDED = re.compile(r"(?:^|\s)[-\u2010-\u2015\u2212]([^\s\"]+)")


@dataclass(frozen=True)
class Query:
    """One question to the search: words and filters, which all must hold.

    ``region`` a Kemendagri code (a province covers its regencies); ``mall`` and
    ``agency`` slugs (an agency covers those below it); ``max_days`` working days;
    ``near`` (latitude, longitude) in degrees. ``group``: ``service`` gives one result
    a national service, ``standard`` one a standard, ``auto`` the former unless a
    regency, a city or a mall is asked for. ``exact``: the words as typed, no spelling mended.
    """

    text: str = ""
    region: str | None = None
    mall: str | None = None
    agency: str | None = None
    category: str | None = None
    life_event: str | None = None
    free: bool | None = None
    online: bool | None = None
    max_days: int | None = None
    open_now: bool = False
    near: tuple[float, float] | None = None
    group: str = "auto"
    sort: str = "relevance"
    page: int = 1
    per_page: int = 20
    facets: tuple[str, ...] = FACETS
    exact: bool = False
    #: Whether each result tells how it came to its score.
    explain: bool = False


@dataclass(frozen=True)
class Parsed:
    """The text of a query, taken apart; every word in its plain form."""

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for by words."""
        return not (self.words or self.phrases or self.excluded)


def parse(text: str) -> Parsed:
    """Take ``text`` apart; ``Rejected`` (path ``q``) when it is too long or has too many words."""
    problem = _problem_of(text)
    if problem is not None:
        raise Rejected([problem])
    text = text.translate(_QUOTES)
    excluded = [word for found in _EXCLUDED.findall(text) for word in words(found)]
    text = _EXCLUDED.sub(" ", text)
    pieces = text.split('"')
    if len(pieces) % 2 == 0:  # the last quote is never closed: it is no quote
        pieces[-2:] = [" ".join(pieces[-2:])]
    phrases = [tuple(words(piece)) for piece in pieces[1::2]]
    parsed = Parsed(
        words=tuple(word for place, piece in enumerate(pieces) if place % 2 == 0 for word in words(piece)),
        phrases=tuple(phrase for phrase in phrases if phrase),
        excluded=tuple(excluded),
    )
    is_small = stems().is_small
    asked = (*parsed.words, *parsed.excluded, *chain.from_iterable(parsed.phrases))
    terms = sum(not is_small(word) for word in asked)
    if terms > MOST_TERMS:
        message = _l("Search for at most %(most)s words at a time.", most=MOST_TERMS)
        raise Rejected([Problem("q", message, terms)])
    return parsed


def _problem_of(text: str) -> Problem | None:
    if len(text.strip()) > LONGEST_TEXT or len(plain(text[: LONGEST_TEXT * 2]).strip()) > LONGEST_TEXT * 2:
        message = _l("A search may have at most %(most)s characters.", most=LONGEST_TEXT)
        return Problem("q", message, len(text))
    return None


def problems_of(query: Query) -> list[Problem]:
    """What is wrong with the figures and names of ``query`` that no table is needed to see."""
    problems = []
    choices = [("sort", query.sort, SORTS), ("group", query.group, GROUPS)]
    choices += [("facets", facet, FACETS) for facet in query.facets]
    for path, value, allowed in choices:
        if value not in allowed:
            message = _l("Choose one of: %(allowed)s.", allowed=", ".join(allowed))
            problems.append(Problem(path, message, value))
    if not 1 <= query.per_page <= MOST_PER_PAGE:
        problems.append(_between("per_page", query.per_page, 1, MOST_PER_PAGE))
    elif not 1 <= query.page <= DEEPEST_RESULT // query.per_page:
        problems.append(_between("page", query.page, 1, DEEPEST_RESULT // query.per_page))
    if query.max_days is not None and not 0 <= query.max_days <= 3650:
        problems.append(_between("max_days", query.max_days, 0, 3650))
    if query.near is not None and not _is_point(query.near):
        message = _l("Give a point as latitude and longitude in degrees, such as -3.97,122.51.")
        problems.append(Problem("near", message, query.near))
    if query.sort == "distance" and query.near is None:
        message = _l("Sorting by distance needs the place you start from (near).")
        problems.append(Problem("sort", message, "distance"))
    return problems


def _between(path: str, value: int, low: int, high: int) -> Problem:
    message = _l("Give a whole number from %(low)s to %(high)s.", low=low, high=high)
    return Problem(path, message, value if abs(value) < 10**18 else None)


def _is_point(point: tuple[float, float]) -> bool:
    latitude, longitude = point
    return (
        math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    )

"""From a query to results: understand, rank, filter, group, and ask the database last.

The order answers two questions one after the other: which service is meant, then who
gives it (the asked place, then near, then the rest; a standard that is due for review
comes after those that are not).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from siapa.catalogue.distance import distance_km
from siapa.errors import Problem, Rejected
from siapa.locales import lazy as _l
from siapa.search.filtering import asks_for_standards, facets, holds, is_about, is_within
from siapa.search.found import Found, Hit
from siapa.search.query import Parsed, Query, parse, problems_of
from siapa.search.ranking import Ranking, allowed, rank, rank_office
from siapa.search.room import Sight, room
from siapa.search.scoring import Score
from siapa.search.stems import Stems
from siapa.search.tables import KNOWN
from siapa.search.understanding import Asked, understand
from siapa.search.verifying import illuminated, open_standards, still_live

Row = dict[str, Any]
_UNSCORED = Score(0.0, 0.0)
#: How often hits that are no longer live may be taken out before the page is given up to be short.
_MOST_LOOKS = 4


@dataclass
class _Group:
    """What is shown together: one service, or one standard that belongs to none."""

    service: Row | None
    name: str
    standards: list[tuple[Row, Score]] = field(default_factory=list)
    score: float = 0.0


def find(query: Query) -> Found:
    """Answer ``query``. Raises ``Rejected`` for what cannot be asked, ``Unavailable`` without an index."""
    parsed = _checked(query)
    here = room()
    sight = here.sight()
    _refuse_unknown(query, sight)
    asked = understand(query, parsed, sight, here.stems)
    if asked.is_empty_question:
        return _nothing(asked)
    by = rank_office if asked.named.is_office else rank
    ranking = by(sight.shelf, sight.labels, asked.reading) if asked.has_words else None
    gone: set[str] = set()
    for _look in range(_MOST_LOOKS):
        groups = _groups(asked, sight, ranking, here.stems, gone)
        hits = _hits(asked, groups, sight)
        start = (query.page - 1) * query.per_page
        page, fallen = still_live(hits[start : start + query.per_page], asked.region_code)
        if not fallen:
            break
        gone |= fallen
    return Found(
        understood=asked.reading.understood,
        corrected=asked.corrected,
        region=asked.region,
        region_text=asked.recognised.taken,
        region_alternatives=asked.other_regions,
        is_partial=ranking is not None and ranking.is_partial and bool(hits),
        is_grouped=asked.is_grouped,
        total=len(hits),
        page=query.page,
        per_page=query.per_page,
        results=illuminated(page, asked.reading.marks(), here.stems),
        facets=_facets(asked, groups, sight),
        places=asked.named.places,
        is_open_now=asked.query.open_now,
    )


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


# ----------------------------------------------------------------------- grouping


def _groups(
    asked: Asked, sight: Sight, ranking: Ranking | None, stems: Stems, gone: set[str]
) -> list[_Group]:
    """What passes the filters, under its service, in the order of relevance."""
    shelf = sight.shelf
    services, standards = _candidates(asked, sight, ranking, stems)
    groups: dict[str, _Group] = {}
    by_id = {row["id"]: row for row in shelf.services}
    passing = [
        (shelf.standards[place], score)
        for place, score in standards.items()
        if _passes(shelf.standards[place], asked, gone)
    ]
    if asked.query.open_now:
        opened = open_standards([row["id"] for row, _score in passing], asked.region_code, asked.query.mall)
        passing = [(row, score) for row, score in passing if row["id"] in opened]
    for row, score in passing:
        service = by_id.get(row["service"])
        name = service["name"] if service else row["title"]
        group = groups.setdefault(row["service"] or row["id"], _Group(service, name))
        group.standards.append((row, score))
        group.score = max(group.score, score.value)
    if _admits_bare_services(asked):
        for place, score in services.items():
            row = shelf.services[place]
            if row["id"] in gone or not is_about(row, asked.query):
                continue
            group = groups.setdefault(row["id"], _Group(row, row["name"]))
            group.score = max(group.score, score.value)
    ordered = sorted(groups.values(), key=lambda one: (-round(one.score, 4), -len(one.standards), one.name))
    for group in ordered:
        group.standards.sort(key=lambda pair: _by_provider(asked, *pair))
    return ordered


def _passes(row: Row, asked: Asked, gone: set[str]) -> bool:
    return row["id"] not in gone and holds(row, asked.query, asked.region_code)


def _candidates(
    asked: Asked, sight: Sight, ranking: Ranking | None, stems: Stems
) -> tuple[dict[int, Score], dict[int, Score]]:
    """The services and standards that the words allow; all of them when there are no words."""
    shelf = sight.shelf
    services = ranking.services if ranking else dict.fromkeys(range(len(shelf.services)), _UNSCORED)
    standards = ranking.standards if ranking else dict.fromkeys(range(len(shelf.standards)), _UNSCORED)
    if asked.parsed.phrases or asked.parsed.excluded:
        some_services, some_standards = allowed(shelf, asked.parsed, stems)
        services = {place: score for place, score in services.items() if place in some_services}
        standards = {place: score for place, score in standards.items() if place in some_standards}
    return services, standards


def _admits_bare_services(asked: Asked) -> bool:
    """Whether a service that nobody (there) has published is a result too.

    It is when a service is meant, by words or by subject. A filter on what only a
    standard has, or a place alone, leaves it out.
    """
    if asks_for_standards(asked.query):
        return False
    by_subject = asked.query.category is not None or asked.query.life_event is not None
    return asked.has_words or by_subject or asked.region is None


def _by_provider(asked: Asked, row: Row, score: Score) -> tuple[Any, ...]:
    """Who comes first among those that give one service."""
    today = datetime.now(UTC).date().isoformat()
    away = _distance(asked, row)
    is_stale = row["due"] is not None and row["due"] < today
    return (
        -round(score.value, 2),
        away if away is not None else float("inf"),
        is_stale,
        not row["places"],
        -row["given"],
        row["title"],
        row["id"],
    )


# ----------------------------------------------------------------------- the hits


def _hits(asked: Asked, groups: Sequence[_Group], sight: Sight) -> list[Hit]:
    given: dict[str, int] = {}
    for row in sight.shelf.standards:
        if row["service"]:
            given[row["service"]] = given.get(row["service"], 0) + 1
    pairs: list[tuple[Hit, Row | None]] = []
    for group in groups:
        if not group.standards and group.service is not None:
            bare = _bare(group.service, group.score)
            pairs.append((replace(bare, available_elsewhere=given.get(group.service["id"], 0)), None))
        elif asked.is_grouped:
            row, _score = group.standards[0]
            hit = _hit(asked, group, row, group.score)
            places = {place[0] for one, _score in group.standards for place in one["places"]}
            pairs.append((replace(hit, standards=len(group.standards), places=len(places)), row))
        else:
            pairs.extend((_hit(asked, group, row, score.value), row) for row, score in group.standards)
    return _sorted(asked, pairs, {hit.service_code: group.name for group, hit in _named(groups)})


def _named(groups: Iterable[_Group]) -> Iterable[tuple[_Group, Hit]]:
    return ((group, _bare(group.service, 0.0)) for group in groups if group.service is not None)


def _sorted(asked: Asked, pairs: list[tuple[Hit, Row | None]], names: dict[str | None, str]) -> list[Hit]:
    """In the order asked for; what is not known comes last, and equals keep their relevance."""
    sort = asked.query.sort
    if sort == "relevance" and not asked.has_words:
        sort = "name"
    if sort == "name":
        pairs.sort(key=lambda pair: (pair[1]["title"] if pair[1] else names[pair[0].service_code]).casefold())
    elif sort == "distance":
        pairs.sort(key=lambda pair: _last_if_unknown(pair[0].distance_km))
    elif sort in ("fee", "time"):
        pairs.sort(key=lambda pair: _last_if_unknown(_figure(pair[1], sort)))
    return [hit for hit, _row in pairs]


def _figure(row: Row | None, sort: str) -> float | None:
    if row is None:
        return None
    if sort == "fee":
        return 0 if row["free"] else row["fee"]
    return None if row["days"] is None else float(row["days"])


def _last_if_unknown(value: float | None) -> tuple[bool, float]:
    return value is None, value or 0.0


def _bare(service: Row, score: float) -> Hit:
    return Hit(uuid.UUID(service["id"]), service["code"], None, score=round(score, 4))


def _hit(asked: Asked, group: _Group, row: Row, score: float) -> Hit:
    places = sorted(row["places"], key=lambda place: _by_place(asked, place))
    return Hit(
        service_id=uuid.UUID(row["service"]) if row["service"] else None,
        service_code=group.service["code"] if group.service else None,
        standard_id=uuid.UUID(row["id"]),
        edition=row["edition"],
        location_ids=tuple(uuid.UUID(place[0]) for place in places),
        distance_km=_distance(asked, row),
        score=round(score, 4),
        standards=1,
        places=len(places),
    )


def _by_place(asked: Asked, place: list[Any]) -> tuple[Any, ...]:
    """The places of one standard: the asked one, then the near ones, then the rest."""
    away = _away(asked, place)
    outside = asked.region is not None and not is_within(place[1], asked.region.code)
    other_mall = asked.query.mall is not None and place[4] != asked.query.mall
    return outside, other_mall, away is None, away or 0.0


def _distance(asked: Asked, row: Row) -> float | None:
    """The way to the nearest place of a standard that the asked place allows, in kilometres."""
    if asked.query.near is None:
        return None
    code = asked.region_code
    inside = [place for place in row["places"] if code is None or is_within(place[1], code)]
    ways = [away for place in inside if (away := _away(asked, place)) is not None]
    return min(ways, default=None)


def _away(asked: Asked, place: list[Any]) -> float | None:
    near = asked.query.near
    if near is None or place[2] is None or place[3] is None:
        return None
    return distance_km(near[0], near[1], place[2], place[3])


def _facets(asked: Asked, groups: Sequence[_Group], sight: Sight) -> dict[str, Any]:
    if not asked.query.facets:
        return {}
    results: list[tuple[list[Row], Row | None]] = []
    for group in groups:
        rows = [row for row, _score in group.standards]
        if asked.is_grouped or not rows:
            results.append((rows, group.service if not rows else None))
        else:
            results.extend(([row], None) for row in rows)
    return facets(results, asked.query.facets, sight.tables, asked.region_code)

"""Offerings and facets on arrays say what counting one by one says, on made-up standards and seeded ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from siapa.catalogue.distance import distance_km
from siapa.extensions import db
from siapa.search import FACETS, Query, counting, find
from siapa.search.documents import Documents
from siapa.search.engine import Shelf
from siapa.search.engine.offers import has_places, least, offered, places_of, spread
from siapa.search.filtering import is_within
from siapa.search.gathering import Many
from siapa.search.room import room
from siapa.search.tables import Tables
from siapa.search.ways import ways
from tests.search.shelving import Corpus, shelved

#: Places as ``Documents`` gives them: id, region, latitude, longitude, slug of the mall, counter.
PLACES = (
    ["place-a", "32.04", -7.1, 107.6, None], ["place-b", "32.73", -6.9, 107.6, "mpp-bandung"],
    ["place-c", "74", None, None, None], ["place-d", "74.71", -4.0, 122.5, "mpp-kendari"],
    ["place-e", "74.71", -4.0, 122.5, None], ["place-f", None, None, None, None],
)  # fmt: skip
COUNTERS = (None, "counter-1", "counter-2")
SERVICES = (None, ["ktp", "kependudukan", []], ["sim", "kendaraan", []], ["kk", "kependudukan", []])
AGENCIES = ([["dinas-a", "pemkot"], "74.71"], [["dinas-b"], "32.04"], [["pusat"], None], [[], None])

Row = dict[str, Any]


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """What a standard is filed under; at several places, and at one place at several counters."""
    offered_at = draw(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(COUNTERS)), max_size=5))
    # In the order in which the documents have them: by region, then by place.
    ordered = sorted(offered_at, key=lambda pair: (pair[0][1] or "", pair[0][0]))
    is_free = draw(st.booleans())
    return {
        "service": draw(st.sampled_from(SERVICES)),
        "agency": draw(st.sampled_from(AGENCIES)),
        "places": [[*place, counter] for place, counter in ordered],
        "free": is_free,
        "priced": is_free or draw(st.booleans()),
        "online": draw(st.booleans()),
        "days": draw(st.sampled_from([None, 0, 1, 2, 3, 7, 8, 30, 31, 900])),
    }


@dataclass(frozen=True)
class Registry:
    """Standards in up to three parts, some of them dead."""

    rows: list[Row]
    corpus: Corpus


@st.composite
def registries(draw: st.DrawFn) -> Registry:
    """A few standards with the values of ``rows`` and no words."""
    held = draw(st.lists(rows(), max_size=14))
    count = len(held)
    ends = sorted(draw(st.lists(st.integers(0, count), max_size=2)))
    dead = draw(st.frozensets(st.integers(0, count - 1))) if count else frozenset()
    return Registry(held, Corpus([], [{} for _ in held], ends, dead))


# ------------------------------------------------------------------ offerings


def name_of(shelf: Shelf, number: int) -> str:
    return str(shelf.table("places")[number][0])


@given(registries(), st.data())
def test_offerings_are_those_of_their_standards(registry: Registry, data: st.DataObject) -> None:
    some = [at for at in range(len(registry.rows)) if data.draw(st.booleans())]

    with shelved(registry.corpus, registry.rows) as (shelf, _folders):
        for at, row in enumerate(registry.rows):
            names = [name_of(shelf, int(number)) for number in places_of(shelf, at)]
            assert names == [place[0] for place in row["places"]]

        owners, numbers = spread(shelf, np.array(some, np.uint32))
        pairs = [
            (some[owner], name_of(shelf, shelf.column("offer_place")[number]))
            for owner, number in zip(owners.tolist(), numbers.tolist(), strict=True)
        ]
        assert pairs == [(at, place[0]) for at in some for place in registry.rows[at]["places"]]
        with_places = [bool(registry.rows[at]["places"]) for at in some]
        assert has_places(shelf, np.array(some, np.uint32)).tolist() == with_places


@given(registries(), st.sets(st.sampled_from([place[0] for place in PLACES])), st.data())
def test_which_standards_are_offered_at_some_places_and_how_near(
    registry: Registry, meant: set[str], data: st.DataObject
) -> None:
    some = [at for at in range(len(registry.rows)) if data.draw(st.booleans())]
    ways = {place[0]: float(7 * at % 5) for at, place in enumerate(PLACES)}

    with shelved(registry.corpus, registry.rows) as (shelf, _folders):
        names = [name_of(shelf, number) for number in shelf.column("offer_place").tolist()]
        is_meant = np.array([name in meant for name in names], bool)
        distances = np.array([ways[name] for name in names])
        # Few standards are looked up, many are swept over; both must say the same.
        for wanted in ([*some], *([at] for at in some)):
            standards = np.array(wanted, np.uint32)
            places = [{place[0] for place in registry.rows[at]["places"]} for at in wanted]
            assert offered(shelf, standards, lambda offers: is_meant[offers]).tolist() == [
                bool(one & meant) for one in places
            ]
            nearest = least(shelf, standards, lambda offers: distances[offers])
            assert nearest.tolist() == [min(map(ways.__getitem__, one), default=np.inf) for one in places]


# ------------------------------------------------------------------ facets


def values_of(row: Row, region: str | None) -> dict[str, set[str]]:
    """The values under which one standard is counted, facet by facet."""
    regions = {place[1] for place in row["places"]} if row["places"] else {row["agency"][1]}
    days = row["days"]
    return {
        "region": {
            code if region is not None else code.partition(".")[0]
            for code in regions
            if code is not None and (region is None or is_within(code, region))
        },
        "category": {row["service"][1]} if row["service"] else set(),
        "agency": set(row["agency"][0][:1]),
        "fee": {"free"} if row["free"] else {"paid"} if row["priced"] else set(),
        "channel": ({"online"} if row["online"] else set()) | ({"counter"} if row["places"] else set()),
        "time": {str(most) for most in (1, 3, 7, 14, 30) if days is not None and days <= most},
        "mall": {place[4] for place in row["places"] if place[4]},
    }


def counted(results: Iterable[Sequence[Row]], region: str | None) -> dict[str, dict[str, int]]:
    """For each facet how many results have each value; a result is one standard or several."""
    found: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for result in results:
        for facet in FACETS:
            found[facet].update({value for row in result for value in values_of(row, region)[facet]})
    return {facet: dict(counts) for facet, counts in found.items()}


def told(facets: Any) -> dict[str, dict[str, int]]:
    """The counts of ``facets`` by value; each value stands there once, the most frequent first."""
    for facet, values in facets.items():
        assert len({one.value for one in values}) == len(values)
        if facet != "time":
            assert [one.count for one in values] == sorted((one.count for one in values), reverse=True)
    return {facet: {one.value: one.count for one in values} for facet, values in facets.items()}


@dataclass(frozen=True)
class Some:
    """What of a registry is counted, as the facets take it."""

    standards: Any
    many: Many | None
    bare_rows: Sequence[Row] = ()


@given(registries(), st.sampled_from([None, "32", "74", "74.71", "99"]), st.booleans(), st.data())
def test_facets_are_what_counting_one_by_one_gives(
    registry: Registry, region: str | None, is_grouped: bool, data: st.DataObject
) -> None:
    living = [at for at in range(len(registry.rows)) if at not in registry.corpus.dead]
    some = [at for at in living if data.draw(st.booleans())]
    by_service: dict[str, list[Row]] = {}
    for at in some:
        row = registry.rows[at]
        by_service.setdefault(
            row["service"][0] if row["service"] and is_grouped else f"alone-{at}", []
        ).append(row)
    results = list(by_service.values())
    of_several = [one for one in results if len(one) > 1]
    of = [
        next((i for i, one in enumerate(of_several) if any(row is registry.rows[at] for row in one)), None)
        for at in some
    ]
    many = Many(np.array([len(of_several) if one is None else one for one in of], int), len(of_several))

    for most_marked in (counting._MOST_MARKED, 0):  # a table of marks, or sorted pairs when it would be large
        with (
            shelved(registry.corpus, registry.rows) as (shelf, _folders),
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setattr(counting, "_MOST_MARKED", most_marked)
            gathered: Any = Some(np.array(some, np.uint32), many if is_grouped else None)
            facets = counting.facets(shelf, gathered, FACETS, Tables(0), region)

        assert told(facets) == counted(results, region)


@pytest.mark.parametrize(
    "query",
    [
        Query(group="standard"),
        Query("ktp", group="standard"),
        Query("surat keterangan", group="standard"),
        Query("izin kendari", group="standard"),
        Query("kartu keluarga", region="74", group="standard"),
        Query(region="74.71", group="standard"),
        Query("sim", free=False, group="standard"),
        Query(max_days=3, group="service"),
        Query(free=True, region="74", group="service"),
        Query("kartu", free=True, group="service"),
    ],
    ids=lambda query: f"{query.text or 'all'}-{query.group}-{query.region or query.max_days or query.free}",
)
def test_on_the_seeded_registry_facets_are_what_counting_one_by_one_gives(
    seeded: Flask, query: Query
) -> None:
    rows_by_id = {one.id: one.row for one in Documents(db.session.connection()).standards()}
    standards = every_result(Query(**{**query.__dict__, "group": "standard"}))
    results: dict[str, list[Row]] = {}
    for hit in standards:
        if hit.standard_id is not None:
            key = hit.service_id if query.group == "service" and hit.service_id else hit.standard_id
            results.setdefault(str(key), []).append(rows_by_id[str(hit.standard_id)])

    found = find(query)

    region = found.region.code if found.region else query.region
    naive = counted(results.values(), region)
    bare = Counter(hit.service_code for hit in standards if hit.standard_id is None)
    assert len(results) >= 3
    assert found.total == len(results) + len(bare)
    facets = told(found.facets)
    if bare:  # services that nobody has published count under their category alone
        assert sum(facets.pop("category").values()) == sum(naive.pop("category").values()) + len(bare)
    assert facets == naive


def every_result(query: Query) -> list[Any]:
    """All hits of ``query``, page by page."""
    hits: list[Any] = []
    while True:
        found = find(Query(**{**query.__dict__, "page": len(hits) // 100 + 1, "per_page": 100}))
        hits.extend(found.results)
        if not found.results or len(hits) >= found.total:
            return hits


@pytest.mark.parametrize("near", [(-3.97, 122.52), (0.0, 0.0), (-90.0, 180.0)])
def test_on_arrays_the_way_to_every_place_is_the_distance_that_pages_show(
    seeded: Flask, near: tuple[float, float]
) -> None:
    shelf = room().sight().shelf

    found = ways(shelf, *near)

    told = [
        distance_km(*near, row[2], row[3]) if row[2] is not None else np.inf for row in shelf.table("places")
    ]
    np.testing.assert_allclose(found, [*told, np.inf], atol=0.1001)
    assert np.isfinite(found).sum() >= 5

"""Each figure leads to its rows: as many as it says, and the explorer comes to the same figures by itself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa import figures, search
from siapa.extensions import db
from siapa.locales import using
from siapa.search.exploring import GROUPINGS, ORDERS, Narrower, explore
from siapa.search.query import Query
from siapa.web.site import statistics
from siapa.web.site.measures import MEASURES
from tests.figures import honest
from tests.figures.test_equal import generated as generated
from tests.figures.test_equal import made as made


@pytest.fixture(autouse=True)
def indexed(made: Flask) -> None:
    """The index of the registry, made at the first test."""
    search.follow()
    db.session.rollback()


@pytest.fixture
def reader(made: Flask) -> FlaskClient:
    """A visitor of it."""
    return made.test_client()


def told(reader: FlaskClient, asked: str) -> Any:
    """The JSON of what the explorer shows."""
    answer = reader.get(f"/data/jelajah.json?{asked}")
    assert answer.status_code == 200, answer.text[:300]
    return answer.get_json(force=True)


def test_every_figure_counts_as_many_as_the_rows_it_leads_to(made: Flask, reader: FlaskClient) -> None:
    with made.test_request_context("/statistik"), using("id"):
        lines = [statistics.line_of(None, figures.national(), {}, "")]
        lines += [statistics._of_province(one) for one in figures.of_provinces()[::6]]
        lines += [statistics._of_service(one) for one in figures.of_services(per_page=6).results]
        counts = [
            [
                measure.over(one.figures) if measure.over else one.figures.standard_count
                for measure in MEASURES
            ]
            for one in (*figures.of_provinces()[::6], *figures.of_services(per_page=6).results)
        ]

    followed = 0
    for line, expected in zip(lines[1:], counts, strict=True):
        for cell, count in zip(line.cells, expected, strict=True):
            if cell.url and count:
                followed += 1
                assert told(reader, urlsplit(cell.url).query + "&column=id")["standards"] == count, cell
    assert followed > 40


@pytest.mark.parametrize("by", ["province", "service"])
def test_the_groups_of_the_explorer_are_the_kept_figures(reader: FlaskClient, by: str) -> None:
    rows = {one["key"]: one for one in told(reader, f"by={by}")["rows"]}

    kept = {one.region.code: one.figures for one in figures.of_provinces() if one.region}
    if by == "service":
        kept = {
            one.service.code: one.figures
            for one in figures.of_services(per_page=1_000).results
            if one.service
        }
    for code, expected in kept.items():
        if expected.standard_count:
            row = rows.pop(code)
            assert {name: row[name] for name in asdict(expected)} == asdict(expected), code
    assert not rows


def test_the_whole_is_what_anybody_counts_from_the_download(reader: FlaskClient) -> None:
    dump = honest.Dump(reader)["standards"]

    found = explore(Query(), Narrower())

    assert asdict(found.figures()) == honest.of(dump, figures.today())
    assert {str(one) for one in found.ids()} == {one["id"] for one in dump}
    for by in GROUPINGS:
        assert all(group.figures.standard_count <= found.total for group in found.groups(by))


@pytest.mark.parametrize("order", ORDERS)
def test_pages_of_any_order_come_to_the_whole_and_blanks_come_last(made: Flask, order: str) -> None:
    found = explore(Query(), Narrower())

    pages = [one for start in range(0, found.total, 70) for one in found.ids(order, start, start + 70)]

    assert pages == found.ids(order)
    assert len(set(pages)) == found.total


def test_the_download_has_the_rows_of_all_pages_in_their_order(reader: FlaskClient) -> None:
    asked = "region=32&sort=-fee&column=title,fee_min_idr,id"

    lines = reader.get(f"/data/jelajah.csv?{asked}").text.splitlines()
    rows = told(reader, asked)["rows"]

    assert lines[0] == "title,fee_min_idr,id"
    assert len(lines) - 1 == len(rows) == told(reader, asked)["standards"]
    fees = [row["fee_min_idr"] for row in rows]
    known = [fee for fee in fees if fee is not None]
    assert known == sorted(known, reverse=True)
    assert fees[len(known) :] == [None] * (len(fees) - len(known))
    shown = reader.get(f"/data/jelajah?{asked}").text
    assert parse_qs(asked)["region"] == ["32"]
    assert "jelajah.csv?region=32" in shown

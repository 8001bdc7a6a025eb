"""Every figure is what anybody would count from the download, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from siapa import figures
from siapa.extensions import db
from siapa.figures import counting
from siapa.records.copying import copy_all, opened
from tests.conftest import Copies, make_app
from tests.figures import honest
from tests.publishing.generated import make
from tests.web.registry import SIM_RENEWAL, make_registry, make_standard

MADE = 400


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A registry on SQLite with made-up standards."""
    app = make_app(tmp_path_factory.mktemp("generated"))
    with app.app_context():
        make(MADE, seed=7)
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def made(
    request: pytest.FixtureRequest, generated: Flask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """It, or its copy on PostgreSQL, with its figures; read only."""
    app = generated
    if request.param == "postgresql":
        copies: Copies = request.getfixturevalue("postgresql_copies")
        address = copies.take()
        app = make_app(tmp_path_factory.mktemp("copied"), SIAPA_DATABASE_URL=address)
        owner = copies.as_owner(str(sa.make_url(address).database))
        with generated.app_context(), opened(owner) as target:
            copy_all(db.engine, target)
    with app.app_context():
        assert figures.refresh()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def reader(made: Flask) -> FlaskClient:
    """A visitor of it."""
    return made.test_client()


@pytest.fixture
def dump(reader: FlaskClient) -> honest.Dump:
    """What a visitor downloads."""
    return honest.Dump(reader)


def test_those_of_the_whole_country(reader: FlaskClient, dump: honest.Dump) -> None:
    told = reader.get("/api/v1/statistics").json

    standards = dump["standards"]
    assert told["figures"] == honest.of(standards, figures.today())
    assert told["as_of"]["day"] == str(figures.today())
    assert told["figures"]["standard_count"] == reader.get("/api/v1/standards").json["total"] == MADE


def test_those_of_every_province(reader: FlaskClient, dump: honest.Dump) -> None:
    told = reader.get("/api/v1/statistics/provinces").json["results"]

    expected = honest.by_province(dump, figures.today())
    assert len([one for one in told if one["region"]]) == 38
    for one in told:
        code = one["region"]["code"] if one["region"] else ""
        assert one["figures"] == expected.pop(code, honest.of((), figures.today())), code
        alone = reader.get(f"/api/v1/statistics/provinces/{code}") if code else None
        assert alone is None or alone.json["result"] == one
    assert not expected


def test_those_of_every_service(reader: FlaskClient, dump: honest.Dump) -> None:
    expected = honest.by_service(dump, figures.today())
    address: str | None = "/api/v1/statistics/services?per_page=100&sort=-time"
    told: list[Any] = []
    while address:
        page = reader.get(address).json
        told += page["results"]
        address = page["next"]

    medians = [one["figures"]["days_median"] for one in told if one["service"]]
    assert medians == sorted(medians, key=lambda days: -1 if days is None else days, reverse=True)
    assert page["total"] == len(told) == len({str(one["service"]) for one in told})
    for one in told:
        code = one["service"]["code"] if one["service"] else ""
        assert one["figures"] == expected.pop(code, honest.of((), figures.today())), code
    assert not expected


def test_what_began_and_ended(reader: FlaskClient, dump: honest.Dump) -> None:
    told = reader.get("/api/v1/statistics/time").json["movements"]

    months = {one["period"]: (one["begun"], one["ended"], one["new"]) for one in told["standards"]}
    assert months == honest.in_force(dump)
    assert told["standards"][-1]["standing"] == MADE
    malls = [one for one in dump["locations"] if one["kind"] == "mall"]
    known = [one["opened_on"][:4] for one in malls if one["opened_on"]]
    assert told["malls_of_unknown_opening"] == len(malls) - len(known)
    assert {one["period"]: one["begun"] for one in told["malls"]} == {
        year: known.count(year) for year in known
    }


@settings(max_examples=40)
@given(
    values=st.lists(
        st.tuples(st.sampled_from("ab"), st.none() | st.integers(0, 10**12)), min_size=1, max_size=9
    )
)
def test_a_median_passes_over_blanks_whatever_the_values(
    made: Flask, values: list[tuple[str, int | None]]
) -> None:
    with made.app_context(), db.engine.connect() as connection:
        number = sa.BigInteger()
        rows = [
            sa.select(sa.literal(key).label("key"), sa.cast(sa.literal(value, number), number).label("value"))
            for key, value in values
        ]
        facts = sa.union_all(*rows).cte("facts")
        ranked = sa.select(facts.c.key, *counting.ranked(facts, "value")).cte("ranked")
        counted = sa.select(ranked.c.key, counting.median(ranked, "value")).group_by(ranked.c.key)
        found = {row[0]: row[1] for row in connection.execute(counted)}

    for key in {key for key, _value in values}:
        known = [value for one, value in values if one == key and value is not None]
        assert found[key] == (float(median(known)) if known else None)


def test_a_blank_is_no_zero_and_a_fee_of_nothing_is_one(app: Flask) -> None:
    make_registry()
    line = {"label": "Per meter persegi", "amount_idr": 5, "legal_basis": "PP 1/2020"}
    by_area = {"fee_kind": "formula", "lines": [line]}
    make_standard("dukcapil-kendari", None, title="Retribusi menurut luas", fees=by_area)
    figures.refresh()
    db.session.rollback()

    told = figures.national()

    assert (told.standard_count, told.fee_count, told.free_count) == (3, 2, 1)
    assert figures.of_service("KTP-BARU").figures.fee_median_idr == 0
    assert figures.of_service(SIM_RENEWAL).figures.paid_count == 1
    stray = figures.of_services().results[-1]
    assert (stray.service, stray.figures.fee_median_idr, stray.figures.fee_count) == (None, None, 0)

"""The tables hold what is public, whole and joined, and nothing else."""

from __future__ import annotations

import json
from contextlib import nullcontext
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.catalogue import standards
from siapa.catalogue.measures import grade_of, index_of
from siapa.extensions import db
from siapa.opendata import TABLES, Table, table_named
from siapa.opendata.formats import jsonl
from siapa.opendata.table import Row
from siapa.publishing import commands, offerings
from siapa.publishing.offerings import OfferedAt
from siapa.records import Agency
from tests.publishing.cast import Cast, a_service, document, published

every_table = pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])


def rows_of(table: Table | str) -> list[Row]:
    """All rows of a table of the registry in whose context the test stands."""
    found = table_named(table) if isinstance(table, str) else table
    return list(found.read(db.engine.connect))


def objects_of(name: str) -> list[dict[str, Any]]:
    """The rows of a table as a reader of JSON lines has them."""
    table = table_named(name)
    return [json.loads(line) for line in b"".join(jsonl(table, rows_of(table))).splitlines()]


def faults(table: Table, rows: list[Row]) -> list[str]:
    """What keeps ``rows`` from being what ``table`` says of itself."""
    keys = [tuple(row[place] for place in table.key_places) for row in rows]
    found = [] if keys == sorted(keys) else ["not in the order of the key"]
    found += [] if len(set(keys)) == len(keys) else ["a key stands twice"]
    for row in rows:
        for field, value in zip(table.fields, row, strict=True):
            if (value is None or value == "") and (field.is_required or field.name in table.key):
                found.append(f"{field.name} is empty")
            if value is not None and field.choices and value not in field.choices:
                found.append(f"{field.name} is {value}")
    return found


def dangling(table: Table) -> list[str]:
    """Each foreign key of ``table`` that leads nowhere."""
    rows = [dict(zip(table.names, row, strict=True)) for row in rows_of(table)]
    found = []
    for key in table.foreign_keys:
        other = table_named(key.table)
        places = [other.names.index(name) for name in key.references]
        known = {tuple(row[place] for place in places) for row in rows_of(other)}
        for row in rows:
            value = tuple(row[name] for name in key.columns)
            if None not in value and value not in known:
                found.append(f"{table.name}.{key.columns} -> {key.table}: {value}")
    return found


@every_table
def test_its_rows_are_what_it_says_of_itself(seeded: Flask, table: Table) -> None:
    rows = rows_of(table)

    assert not faults(table, rows)


@every_table
def test_what_it_refers_to_is_there(seeded: Flask, table: Table) -> None:
    assert not dangling(table)


@every_table
def test_every_column_is_described(table: Table) -> None:
    assert all(str(field.description).endswith(".") for field in table.fields)
    assert table.shape.__doc__


def test_a_planted_empty_cell_is_found(seeded: Flask) -> None:
    table = table_named("categories")
    broken = [(row[0], None, *row[2:]) for row in rows_of(table)]

    assert "name is empty" in faults(table, broken)


def test_every_standard_that_is_listed_is_there_once(seeded: Flask) -> None:
    listed = standards(per_page=100).total

    assert len(rows_of("standards")) == listed
    assert len(rows_of("editions")) == listed


def test_on_either_database_a_published_standard_is_there_in_all_its_parts(either_cast: Cast) -> None:
    cast = either_cast
    line = {"label": "Baru", "amount_idr": 50000, "legal_basis": "PP 76/2020"}
    standard = published(cast, fees={"fee_kind": "fixed", "lines": [line]})
    offerings.set_offerings(standard.id, [OfferedAt(cast.mall.id)], by=cast.publisher)

    assert [row["id"] for row in objects_of("standards")] == [str(standard.id)]
    assert objects_of("standards")[0]["path"] == "/standar/dukcapil/penerbitan-kartu-keluarga"
    assert objects_of("fees")[0]["amount_idr"] == 50000
    assert objects_of("processing_times")[0]["working_days_max"] == 1
    assert objects_of("editions")[0]["document"]["title"] == "Penerbitan Kartu Keluarga"
    assert objects_of("offerings")[0]["location_id"] == str(cast.mall.id)
    assert not [fault for table in TABLES for fault in [*faults(table, rows_of(table)), *dangling(table)]]


def test_what_is_free_is_a_line_of_nought_and_what_is_not_known_is_none(cast: Cast) -> None:
    published(cast)

    lines = objects_of("fees")

    assert [(line["fee_kind"], line["amount_idr"]) for line in lines] == [("free", 0)]


def test_no_draft_and_no_officer_is_in_any_table(cast: Cast) -> None:
    standard = published(cast)
    commands.open_draft(standard.id, document("Rancangan rahasia"), by=cast.author)
    commands.open_standard(cast.sibling.id, document("Belum terbit"), by=cast.national)

    everything = b"".join(piece for table in TABLES for piece in jsonl(table, rows_of(table)))

    assert b"Penerbitan Kartu Keluarga" in everything
    for hidden in (b"rahasia", b"Belum terbit", b"@example.go.id", str(cast.author.id).encode()):
        assert hidden not in everything


def test_a_withdrawn_standard_leaves_the_tables_and_its_reason_stays(cast: Cast) -> None:
    standard = published(cast)

    commands.withdraw(standard.id, reason="Digabung dengan layanan lain", by=cast.publisher)

    assert not rows_of("standards")
    assert not rows_of("requirements")
    [gone] = objects_of("withdrawals")
    assert (gone["standard_id"], gone["reason"]) == (str(standard.id), "Digabung dengan layanan lain")
    assert [row["state"] for row in objects_of("editions")] == ["withdrawn"]


def test_a_table_longer_than_a_part_is_read_whole_and_in_order(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in ("A", "B", "C"):
        a_service(cast, code)
    db.session.add_all(Agency(slug=f"a-{n}", name=f"A {n}", kind="dinas") for n in range(9))
    db.session.commit()
    monkeypatch.setattr("siapa.opendata.table.PART", 2)

    agencies, services, aliases = rows_of("agencies"), rows_of("services"), rows_of("service_aliases")

    assert len(agencies) == 13
    assert len(services) == 3
    assert not faults(table_named("agencies"), agencies)
    assert not faults(table_named("service_aliases"), aliases)


def test_one_connection_may_serve_all_parts(cast: Cast) -> None:
    with db.engine.connect() as connection:
        found = list(table_named("agencies").read(lambda: nullcontext(connection)))

    assert len(found) == db.session.scalar(sa.select(sa.func.count()).select_from(Agency))


@pytest.mark.parametrize(
    ("mean", "index", "grade"),
    [(4.0, "100.00", "A"), (3.5324, "88.31", "A"), (3.5321, "88.30", "B"), (3.0643, "76.61", "B"),
     (3.064, "76.60", "C"), (2.6, "65.00", "C"), (2.5996, "64.99", "D"), (1.0, "25.00", "D")],
)  # fmt: skip
def test_the_index_of_satisfaction_is_rounded_before_it_is_graded(
    mean: float, index: str, grade: str
) -> None:
    found = index_of([mean] * 9)

    assert found == Decimal(index)
    assert grade_of(found) == grade

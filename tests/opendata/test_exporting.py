"""An export is whole, described as others expect it, and says in every form the same."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import python_calamine
from flask import Flask

from siapa.opendata import TABLES, exporting, table_named
from siapa.opendata.formats import compressed, delimited, jsonl, workbook
from siapa.opendata.package import schema as table_schema
from tests.cli.operator import Operator
from tests.opendata.conformance import schema
from tests.opendata.test_tables import rows_of


@pytest.fixture
def folder(seeded: Flask, tmp_path: Path) -> Path:
    """An export of the seeded registry."""
    exporting.export(tmp_path, "https://siapa.example", formats=("csv", "jsonl"), tells=lambda _name: None)
    return tmp_path


def test_the_data_package_is_valid_and_tells_what_the_files_hold(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_bytes())

    assert not list(
        jsonschema_rs.validator_for(schema("frictionless/2.0/datapackage.json")).iter_errors(package)
    )
    resource_rules = jsonschema_rs.validator_for(schema("frictionless/2.0/dataresource.json"))
    table_rules = jsonschema_rs.validator_for(schema("frictionless/2.0/tableschema.json"))
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
        assert not list(resource_rules.iter_errors(resource))
        assert not list(table_rules.iter_errors(resource["schema"]))


def test_the_data_package_names_every_table_and_nothing_that_is_not_there(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_bytes())
    names = {resource["name"] for resource in package["resources"]}

    referred = {
        key["reference"]["resource"]
        for resource in package["resources"]
        for key in resource["schema"].get("foreignKeys", ())
        if "resource" in key["reference"]
    }

    assert {table.name for table in TABLES} <= names
    assert referred <= names
    assert (folder / "CITATION.cff").read_text().startswith("cff-version: 1.2.0\n")
    assert "## standards" in (folder / "README.md").read_text()


def read_back(cell: str, kind: str) -> Any:
    """A cell of CSV as the value that JSON has for it."""
    if cell == "":
        return None
    if kind in ("integer", "number", "boolean", "array", "object"):
        return json.loads(cell)
    return cell


@pytest.mark.parametrize("name", ["regions", "editions", "fees", "requirements", "changes"])
def test_csv_and_json_lines_say_the_same(folder: Path, name: str) -> None:
    kinds = {field["name"]: field["type"] for field in table_schema(table_named(name))["fields"]}
    text = (folder / f"{name}.csv").read_bytes().decode()

    from_csv = [
        {column: read_back(cell, kinds[column]) for column, cell in row.items()}
        for row in csv.DictReader(StringIO(text, newline=""))
    ]

    assert from_csv == [json.loads(line) for line in (folder / f"{name}.jsonl").open("rb")]


def test_a_workbook_holds_the_rows_of_every_table(seeded: Flask, tmp_path: Path) -> None:
    fees = rows_of("fees")
    workbook(tmp_path / "book.xlsx", ((table, rows_of(table)) for table in TABLES))

    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "book.xlsx"))

    assert book.sheet_names == [table.name for table in TABLES]
    read = book.get_sheet_by_name("fees").to_python()
    place = read[0].index("amount_idr")
    assert [row[place] for row in read[1:]] == [row[place] if row[place] is not None else "" for row in fees]


def test_more_rows_than_a_sheet_takes_stand_on_the_next(
    seeded: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("siapa.opendata.formats.SHEET_ROWS", 10)
    rows = rows_of("categories")

    workbook(tmp_path / "book.xlsx", [(table_named("categories"), rows)])

    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "book.xlsx"))
    assert book.sheet_names == ["categories", "categories 2"]
    codes = [row[0] for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()[1:]]
    assert codes == [row[0] for row in rows]


def test_a_cell_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    table = table_named("categories")

    workbook(tmp_path / "book.xlsx", [(table, [("=1+1", "=2", "https://a.example", 1)])])

    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "book.xlsx"))
    assert book.get_sheet_by_name("categories").to_python()[1][:3] == ["=1+1", "=2", "https://a.example"]


def test_a_compressed_stream_is_the_same_bytes_each_time_and_holds_the_plain_one() -> None:
    table = table_named("categories")
    rows = [(f"code-{n}", 'Nama, "kutip"\nbaris', "Name", n) for n in range(2_000)]

    plain = b"".join(delimited(table, rows))
    packed = [b"".join(compressed(delimited(table, rows))) for _ in range(2)]

    assert packed[0] == packed[1]
    assert gzip.decompress(packed[0]) == plain
    assert len(b"".join(jsonl(table, rows)).splitlines()) == 2_000


def test_the_command_writes_what_it_is_asked_for(seeded_folder: Path, tmp_path: Path) -> None:
    operator = Operator(seeded_folder)

    done = operator.says("export", str(tmp_path / "out"), "--format", "csv,xlsx")
    wrong = operator.says("export", str(tmp_path / "other"), "--format", "pdf")

    assert done.returncode == 0, done.stderr
    assert "as of change" in done.stdout
    assert {"standards.csv", "siapa.xlsx", "datapackage.json"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }
    assert wrong.returncode == 2
    assert not (tmp_path / "other").exists()

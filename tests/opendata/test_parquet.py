"""Parquet says what the other forms say, with types, by the real DuckDB; without it that is said plainly."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import pytest
from flask import Flask

from siapa.opendata import TABLES, exporting, parquet, table_named
from siapa.opendata.parquet import write_parquet
from siapa.web.opendata import files
from tests.opendata.test_tables import rows_of


def read(path: Path) -> list[tuple[Any, ...]]:
    """The rows of a Parquet file, moments as UTC."""
    with duckdb.connect(":memory:", config={"autoload_known_extensions": False}) as connection:
        found = connection.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)])
        return found.fetchall()


def types(path: Path) -> dict[str, str]:
    """The columns of a Parquet file with their types."""
    with duckdb.connect(":memory:") as connection:
        found = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)])
        return {row[0]: row[1] for row in found.fetchall()}


def said(value: Any) -> str | None:
    """A value of ours as DuckDB writes it as text."""
    match value:
        case None | "":
            return None
        case bool():
            return str(value).lower()
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}" + f".{value.microsecond:06d}".rstrip(
                "0"
            ).rstrip(".")
        case date() | time():
            return value.isoformat()
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


@pytest.mark.parametrize("name", ["regions", "standards", "editions", "fees", "changes", "hours"])
def test_every_row_is_that_of_the_table(seeded: Flask, tmp_path: Path, name: str) -> None:
    table, path = table_named(name), tmp_path / "made.parquet"
    rows = rows_of(table)

    write_parquet(path, table, rows)

    found = read(path)
    assert len(found) == len(rows)
    for ours, theirs in zip(rows, found, strict=True):
        for field, value, text in zip(table.fields, ours, theirs, strict=True):
            if field.type == "datetime" and value is not None:
                value = datetime.fromisoformat(str(value))
            assert (text or "").removesuffix("+00") == (said(value) or ""), (field.name, ours[0])
    assert list(types(path)) == list(table.names)
    assert not [one for one in tmp_path.iterdir() if one != path]


def test_columns_keep_their_types(seeded: Flask, tmp_path: Path) -> None:
    path = tmp_path / "made.parquet"

    write_parquet(path, table_named("standards"), rows_of("standards"))

    kinds = types(path)
    assert (kinds["fee_min_idr"], kinds["is_free"], kinds["effective_from"]) == ("BIGINT", "BOOLEAN", "DATE")
    assert (kinds["published_at"], kinds["title"]) == ("TIMESTAMP WITH TIME ZONE", "VARCHAR")


def test_an_export_describes_it_and_the_page_offers_it(seeded_app: Flask, tmp_path: Path) -> None:
    with seeded_app.app_context():
        exporting.export(tmp_path, "https://x.example", formats=("parquet",), tells=lambda _name: None)
    visitor = seeded_app.test_client()

    package = json.loads((tmp_path / "datapackage.json").read_bytes())
    answer = visitor.get("/data/fees.parquet")

    assert {one["path"] for one in package["resources"]} == {f"{table.name}.parquet" for table in TABLES}
    assert {one["mediatype"] for one in package["resources"]} == {"application/vnd.apache.parquet"}
    assert answer.mimetype == "application/vnd.apache.parquet"
    assert answer.data == (tmp_path / "fees.parquet").read_bytes()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="fees.parquet"'
    assert 'href="/data/fees.parquet"' in visitor.get("/data").text


def test_without_the_extra_it_is_neither_offered_nor_made(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet.importlib.util, "find_spec", lambda _name: None)
    visitor = app.test_client()

    answer = visitor.get("/data/fees.parquet")

    assert answer.status_code == 503 and "[parquet]" in answer.text
    assert "fees.parquet" not in visitor.get("/data").text
    with pytest.raises(exporting.parquet.Unavailable, match="parquet"), app.app_context():
        exporting.export(tmp_path / "x", "https://x.example", formats=("parquet",), tells=lambda _name: None)
    assert not (tmp_path / "x").exists()


def test_too_many_rows_are_not_waited_for(seeded_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_AT_ONCE", 3)

    assert seeded_app.test_client().get("/data/fees.parquet").status_code == 503
    assert seeded_app.test_client().get("/data/hours.parquet").status_code == 200

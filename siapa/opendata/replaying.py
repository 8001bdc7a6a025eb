"""The tables made of nothing but the public feed: who follows it from 0 on holds the registry.

Nothing here asks a database of the registry: what comes in are the answers of
``/api/v1/changes?records=true``, what goes out are the same files as those of ``siapa export``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from siapa.opendata.exporting import Tells, write_tables
from siapa.opendata.history import live_document
from siapa.opendata.package import Standing
from siapa.opendata.recording import KEPT
from siapa.opendata.table import Part, Row, Table
from siapa.opendata.tables import TABLES
from siapa.records import State

_AT_ONCE = 1_000


class Gap(ValueError):
    """The answers do not follow each other, or are none of the feed; the message says where."""


def replay(
    pages: Iterable[Mapping[str, Any]],
    folder: Path,
    public_url: str,
    *,
    formats: Collection[str],
    tells: Tells,
) -> Standing:
    """Fold ``pages`` of the feed, from its first line on, and write the tables as of the last of them.

    Raises ``Gap`` where a line is missing or has no records.
    """
    with TemporaryDirectory() as place, closing(sqlite3.connect(Path(place) / "state.db")) as state:
        state.execute(
            "CREATE TABLE stands (name TEXT, key TEXT, record BLOB, PRIMARY KEY (name, key)) WITHOUT ROWID"
        )
        number, at = 0, None
        for line in _lines(pages):
            number, at = line["number"], datetime.fromisoformat(line["at"])
            _take(state, line)
        standing = Standing(number, at, public_url)
        tables = [_table(state, table) for table in TABLES]
        # The parts are read from the state that was folded: there is no database of the registry.
        no_connection: Any = nullcontext
        write_tables(folder, tables, standing, formats, tells, no_connection)
    return standing


def _lines(pages: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    number = 0
    for page in pages:
        try:
            lines = page["changes"]
            for line in lines:
                number += 1
                if line["number"] != number:
                    raise Gap(f"line {number} is missing: the next is {line['number']}")
                if line["records"] is None:
                    raise Gap(f"line {number} has no records: ask with records=true")
                yield line
        except (KeyError, TypeError) as error:
            raise Gap(f"after line {number} comes what is no answer of the feed ({error})") from None


def _take(state: sqlite3.Connection, line: Mapping[str, Any]) -> None:
    told = {name: line[name] for name in ("number", "at", "kind", "edition_number")}
    _put(state, "changes", f"{line['number']:015d}", {**told, "subject_id": line["subject"]})
    for one in line["records"]:
        if one["record"] is None:
            state.execute("DELETE FROM stands WHERE name = ? AND key = ?", (one["table"], one["key"]))
        else:
            _put(state, one["table"], one["key"], one["record"])


def _put(state: sqlite3.Connection, name: str, key: str, record: Mapping[str, Any]) -> None:
    state.execute("INSERT OR REPLACE INTO stands VALUES (?, ?, ?)", (name, key, orjson.dumps(record)))


def _table(state: sqlite3.Connection, table: Table) -> Table:
    """``table`` with the rows that stand in ``state``, or that follow from its documents."""
    is_kept = table.name in KEPT or table.name == "changes"
    expand = table.reads.expand

    def part(_connection: Any, after: Any) -> Part:
        name = table.name if is_kept else "editions"
        found = state.execute(
            "SELECT key, record FROM stands WHERE name = ? AND key > ? ORDER BY key LIMIT ?",
            (name, after or "", _AT_ONCE),
        ).fetchall()
        records = [orjson.loads(record) for _key, record in found]
        rows = map(table.row_of, records) if is_kept else _derived(records)
        return Part(list(rows), found[-1][0] if len(found) == _AT_ONCE else None)

    def _derived(records: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
        assert expand is not None, "a table that is not kept is made of documents"
        for one in records:
            if one["state"] == State.PUBLISHED:
                yield from expand(live_document(one))

    return replace(table, reads=replace(table.reads, part=part))

"""What is other in one snapshot than in another, record by record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from siapa.opendata.snapshots.manifest import file_name, lines
from siapa.opendata.table import Table
from siapa.opendata.tables import TABLES

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that is other: the line before and after, None where there is none."""

    table: Table
    key: Key
    before: bytes | None
    after: bytes | None

    @property
    def kind(self) -> str:
        """``added``, ``removed`` or ``changed``."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def difference(older: Path, newer: Path) -> Iterator[bytes]:
    """The difference of two snapshots as JSON lines: table, key, change, before and after."""
    for table in TABLES:
        for one in changed(older, newer, table):
            yield orjson.dumps(
                {
                    "table": table.name,
                    "key": dict(zip(table.key, one.key, strict=True)),
                    "change": one.kind,
                    "before": orjson.Fragment(one.before) if one.before else None,
                    "after": orjson.Fragment(one.after) if one.after else None,
                },
                option=orjson.OPT_APPEND_NEWLINE,
            )


def changed(older: Path, newer: Path, table: Table) -> Iterator[Changed]:
    """The records of ``table`` that are other in ``newer``; both are in the order of the key."""
    one, other = _keyed(older, table), _keyed(newer, table)
    before, after = next(one, None), next(other, None)
    while before or after:
        if after is None or (before is not None and before[0] < after[0]):
            assert before is not None
            yield Changed(table, before[0], before[1], None)
            before = next(one, None)
        elif before is None or after[0] < before[0]:
            yield Changed(table, after[0], None, after[1])
            after = next(other, None)
        else:
            if before[1] != after[1]:
                yield Changed(table, after[0], before[1], after[1])
            before, after = next(one, None), next(other, None)


def _keyed(folder: Path, table: Table) -> Iterator[tuple[Key, bytes]]:
    """The records with their keys; none where the snapshot does not have the table yet."""
    if not (folder / file_name(table.name, "jsonl")).exists():
        return
    for line in lines(folder, table.name):
        record = orjson.loads(line)
        yield tuple(record[name] for name in table.key), line

"""What the audit keeps of rows that are written in bulk: the same snapshots as of rows made by commands.

``snapshots`` reads what stands in the database; here the rows are at hand before they
are written. ``PARTS`` says which belong together, for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from siapa.document.digest import canonical
from siapa.publishing.snapshots import LEFT_OUT, PARTS, Part, Snapshot

Row = dict[str, Any]

#: The parts of a kind, by the tables they stand in.
_PARTS = {kind: {part.table.name: part for part in parts} for kind, parts in PARTS.items()}
#: Stands where the parts are to stand; no text of ours holds it.
_HERE = "\ufffc"


@cache
def _columns(table: sa.Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.name not in LEFT_OUT)


def row_told(kind: type[Any], row: Row) -> Snapshot:
    """What ``row`` of ``kind`` says by itself; it names all columns of its table that a snapshot tells of."""
    table: sa.Table = sa.inspect(kind).local_table
    content = Part(table, "").said({name: row[name] for name in _columns(table)})
    del content["part"]
    return content


def part_told(kind: type[Any], table: str, row: Row) -> Snapshot:
    """What stands of ``row`` of ``table`` in the snapshot of its ``kind``."""
    part = _PARTS[kind][table]
    return part.said({name: row[name] for name in _columns(part.table) if name in row})


def snapshot_of(kind: type[Any], row: Row, parts: Mapping[str, Sequence[Row]]) -> Snapshot:
    """The snapshot of ``row`` with the rows of ``parts`` (by table), as the database would give it."""
    content = row_told(kind, row)
    told = [part_told(kind, name, one) for name, rows in parts.items() for one in rows]
    return {**content, "parts": sorted(told, key=canonical)} if told else content


class Growing:
    """The digest of one snapshot while its parts change; only the parts are written out anew."""

    def __init__(self, alone: Snapshot) -> None:
        form = canonical({**alone, "parts": [_HERE]})
        self._head, self._tail = form.split(canonical(_HERE))

    def digest(self, parts: Iterable[bytes]) -> str:
        """The digest with ``parts``, of which there is one at least, in their canonical form."""
        return sha256(self._head + b",".join(sorted(parts)) + self._tail).hexdigest()

"""The whole registry taken from one database into another, whatever kind each of them is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from siapa.extensions import db
from siapa.records.engine import WRITES, engine_options, listen, one_view

#: Rows held in memory at a time.
AT_ONCE = 1_000
#: Where nothing stands in these, nobody has worked yet.
_OF_WORK = ("change", "audit_event", "officer")

Tell = Callable[[str, int], None]


@contextmanager
def opened(url: str) -> Iterator[sa.Engine]:
    """The database at ``url``, opened as the application opens its own; closed afterwards."""
    engine = sa.create_engine(url, **engine_options(url))
    listen(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def is_bare(engine: sa.Engine) -> bool:
    """Whether nobody has worked in this database yet: no tables, or no officer, act or change."""
    present = set(sa.inspect(engine).get_table_names())
    with engine.connect() as connection:
        return not any(
            connection.scalar(sa.select(sa.literal(1)).select_from(db.metadata.tables[name]).limit(1))
            for name in _OF_WORK
            if name in present
        )


def copy_all(source: sa.Engine, target: sa.Engine, tell: Tell = lambda table, rows: None) -> dict[str, int]:
    """Copy every row of ``source``, as it is at one moment, into ``target``; the number of rows by table.

    Both must stand at the newest migration, and ``target`` be bare (``is_bare``): what the migrations
    put there is replaced. It is one transaction: all of it, or nothing. ``tell`` is told of each table.
    """
    copied: dict[str, int] = {}
    with (
        one_view(source) as reading,
        target.connect().execution_options(**{WRITES: True}) as writing,
        writing.begin(),
    ):
        if writing.dialect.name == "postgresql":
            writing.exec_driver_sql("SET LOCAL statement_timeout = 0")
        for table in reversed(db.metadata.sorted_tables):
            writing.execute(table.delete())
        for table in db.metadata.sorted_tables:
            copied[table.name] = _copy(table, reading, writing)
            tell(table.name, copied[table.name])
        _go_on_counting(writing)
    return copied


def _copy(table: sa.Table, reading: sa.Connection, writing: sa.Connection) -> int:
    """Copy one table; a column that names a row of the same table is filled in when all rows are there."""
    within = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    keys = list(table.primary_key.columns)
    count = 0
    for rows in _rows(table, reading):
        writing.execute(table.insert(), [{**row, **dict.fromkeys(within)} for row in rows])
        count += len(rows)
    if not within:
        return count
    is_this = sa.and_(*(key == sa.bindparam(f"key_{key.name}") for key in keys))
    # What a change of the row would set stays as it is.
    kept = {column.name: column for column in table.columns if column.onupdate is not None}
    named: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in within}
    pointing = table.update().where(is_this).values({**kept, **named})
    for rows in _rows(table, reading):
        changes = [
            {f"key_{key.name}": row[key.name] for key in keys} | {f"to_{name}": row[name] for name in within}
            for row in rows
            if any(row[name] is not None for name in within)
        ]
        if changes:
            writing.execute(pointing, changes)
    return count


def _rows(table: sa.Table, reading: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    found = reading.execution_options(yield_per=AT_ONCE).execute(sa.select(table))
    for rows in found.mappings().partitions(AT_ONCE):
        yield [dict(row) for row in rows]


def _go_on_counting(writing: sa.Connection) -> None:
    """Let PostgreSQL give numbers out behind those that were copied; SQLite does so by itself."""
    if writing.dialect.name != "postgresql":
        return
    for table in db.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            highest = sa.select(sa.func.max(column)).scalar_subquery()
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
            writing.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1))))

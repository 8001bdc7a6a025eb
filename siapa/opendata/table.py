"""What a table of the open data is: a documented shape, its keys, and how its rows are read in parts.

The shape is a frozen dataclass whose fields say what they hold; the rows themselves are plain
tuples in the order of its fields, since making a million values of a class would cost more
than reading them. For the same reason identifiers, moments and days are the texts that are written.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from siapa.locales import Words
from siapa.records.columns import UtcDateTime

#: Rows of the database that are read at once: what a stream holds in memory.
PART = 1_000

#: One row, in the order of the fields of its table's shape.
Row = tuple[Any, ...]
#: Opens a connection for one part: always the same (one view of all), or a fresh one (no long transaction).
Opens = Callable[[], AbstractContextManager[sa.Connection]]

#: What a value is called in a table schema (Frictionless Table Schema, version 2), with its format.
_TYPES: dict[type, tuple[str, str | None]] = {
    str: ("string", None),
    bool: ("boolean", None),
    int: ("integer", None),
    float: ("number", None),
    UUID: ("string", "uuid"),
    date: ("date", None),
    datetime: ("datetime", None),
    time: ("time", None),
    list: ("array", None),
    dict: ("object", None),
}


def column(description: Words, *, unit: str | None = None) -> Any:
    """A field of a shape: what it holds, and in which unit."""
    return dataclasses.field(metadata={"description": description, "unit": unit})


@dataclass(frozen=True, slots=True)
class Field:
    """A column as it is described to readers."""

    name: str
    #: As Frictionless Table Schema calls it: string, integer, number, boolean, date, array, object …
    type: str
    format: str | None
    is_required: bool
    #: The only values there are; empty where any may stand.
    choices: tuple[str, ...]
    description: Words
    unit: str | None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values stand as key in another table; all of them, or none where they may be empty."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table, and the key after which the next part begins; None after the last."""

    rows: Iterable[Row]
    last: Any


#: A column of the database.
Column = sa.ColumnElement[Any] | InstrumentedAttribute[Any]
#: Makes the rows of a table of one row of the database.
Expand = Callable[[Row], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class Reads:
    """How a table is read: part after part, or only what satisfies a condition."""

    #: The part that begins after a key (None: the first).
    part: Callable[[sa.Connection, Any], Part]
    statement: sa.Select[*tuple[Any, ...]]
    expand: Expand | None = None

    def where(self, connection: sa.Connection, condition: sa.ColumnElement[bool]) -> Iterator[Row]:
        """The rows that satisfy ``condition``, in no order."""
        found = (tuple(row) for row in connection.execute(_lean(self.statement).where(condition)))
        yield from _expanded(found, self.expand)


@dataclass(frozen=True)
class Table:
    """A table of the open data; ``read`` gives its rows in the order of its key."""

    name: str
    title: Words
    shape: type
    key: tuple[str, ...]
    reads: Reads
    foreign_keys: tuple[ForeignKey, ...] = ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The columns, in their order."""
        hints = get_type_hints(self.shape)
        return tuple(_described(one, hints[one.name]) for one in dataclasses.fields(self.shape))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(field.name for field in self.fields)

    @cached_property
    def key_places(self) -> tuple[int, ...]:
        """Where in a row its key stands."""
        return tuple(self.names.index(name) for name in self.key)

    def key_of(self, row: Row) -> str:
        """The key of ``row`` as text; texts are in the order of the keys where they are compared bytewise."""
        return "/".join(_key_text(row[place]) for place in self.key_places)

    def row_of(self, record: Mapping[str, Any]) -> Row:
        """The row that was written as the JSON object ``record``."""
        return tuple(
            record.get(field.name)
            if field.type in _TEXT_IN_A_ROW
            else _revived(record.get(field.name), field.type)
            for field in self.fields
        )

    def values_of(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The values that were written as ``record``, by their names, identifiers and days as such."""
        return {
            field.name: _revived(record.get(field.name), field.format or field.type) for field in self.fields
        }

    def read(self, opens: Opens) -> Iterator[Row]:
        """Every row, in parts of which each is read over a connection from ``opens``."""
        after: Any = None
        while True:
            with opens() as connection:
                part = self.reads.part(connection, after)
                rows = list(part.rows)
            yield from rows
            if part.last is None:
                return
            after = part.last


def _described(field: dataclasses.Field[Any], hint: Any) -> Field:
    kinds = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    kind = next(one for one in kinds if one is not types.NoneType)
    choices = _choices(kind)
    told, form = _TYPES[str if choices else get_origin(kind) or kind]
    description, unit = field.metadata["description"], field.metadata["unit"]
    return Field(field.name, told, form, types.NoneType not in kinds, choices, description, unit)


#: By the format of a column, or else its type: how its values are read from JSON.
_REVIVES: dict[str, Callable[[str], Any]] = {
    "uuid": UUID,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
}
#: Of these a row holds the text.
_TEXT_IN_A_ROW = ("string", "date", "datetime")


def _revived(value: Any, kind: str) -> Any:
    revive = _REVIVES.get(kind)
    return value if value is None or revive is None else revive(value)


def _key_text(value: Any) -> str:
    """A value of a key: whole numbers with so many digits that texts are in their order."""
    if isinstance(value, int):
        return f"{value:010d}"
    return value.isoformat() if isinstance(value, time) else str(value)


def _choices(kind: Any) -> tuple[str, ...]:
    """The only values that ``kind`` has; empty where any may stand."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return tuple(member.value for member in kind)
    return ()


class _AsText(sa.types.UserDefinedType[str]):
    """A value as the text that every form writes: making an object of it costs more than all the rest."""

    cache_ok = True

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], str | None]:
        """What makes the text of what the driver gives: SQLite keeps texts, PostgreSQL gives objects."""
        return _TEXTS_OF[self.kind]


def _id_text(value: Any) -> str | None:
    if type(value) is str and len(value) == 32:
        return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
    return None if value is None else str(value)


def _moment_text(value: Any) -> str | None:
    if type(value) is str:
        fraction = value[19:26]
        return f"{value[:10]}T{value[11:19]}{'' if fraction in ('', '.000000') else fraction}Z"
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _day_text(value: Any) -> str | None:
    return value if value is None or type(value) is str else value.isoformat()


_TEXTS_OF: dict[type, Callable[[Any], str | None]] = {
    sa.Uuid: _id_text, UtcDateTime: _moment_text, sa.Date: _day_text,
}  # fmt: skip


def _lean(statement: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    """``statement`` with its identifiers, moments and days as texts."""
    columns = []
    for one in statement.selected_columns:
        kind = next((kind for kind in _TEXTS_OF if isinstance(one.type, kind)), None)
        columns.append(sa.type_coerce(one, _AsText(kind)) if kind else one)
    return statement.with_only_columns(*columns, maintain_column_froms=True)


def by_key(
    statement: sa.Select[*tuple[Any, ...]],
    key: Column,
    expand: Expand | None = None,
) -> Reads:
    """Reads ``statement`` in the order of ``key``, its first column, which no two rows share.

    ``expand`` makes the rows of the table of one row of the database; without it they are the same.
    """
    lean, is_id = _lean(statement), isinstance(key.type, sa.Uuid)

    def read(connection: sa.Connection, after: Any) -> Part:
        asked = lean.order_by(key).limit(PART)
        if after is not None:
            asked = asked.where(key > (UUID(after) if is_id else after))
        found = connection.execute(asked).all()
        last = found[-1][0] if len(found) == PART else None
        return Part(_expanded(found, expand), last)  # rows of the database are tuples

    return Reads(read, statement, expand)


def _expanded(found: Iterable[Row], expand: Expand | None) -> Iterable[Row]:
    return found if expand is None else (row for one in found for row in expand(one))


def by_owner(
    statement: sa.Select[*tuple[Any, ...]],
    owner: Column,
    owners: Column,
    order: Callable[[Row], Any],
) -> Reads:
    """Reads ``statement``, whose column ``owner`` refers to the key ``owners``: all of some owners at once.

    ``order`` is the order of the rows; it is made here, for databases order texts each in their own way.
    It must begin with the owner.
    """
    lean = _lean(statement)

    def read(connection: sa.Connection, after: Any) -> Part:
        asked = sa.select(owners).order_by(owners).limit(PART)
        if after is not None:
            asked = asked.where(owners > after)
        ids = connection.scalars(asked).all()
        if not ids:
            return Part((), None)
        found = connection.execute(lean.where(owner.between(ids[0], ids[-1])))
        rows = sorted((tuple(row) for row in found), key=order)
        return Part(rows, ids[-1] if len(ids) == PART else None)

    return Reads(read, statement)


def all_at_once(statement: sa.Select[*tuple[Any, ...]], order: Callable[[Row], Any]) -> Reads:
    """Reads ``statement`` whole: for what there are only hundreds of."""
    lean = _lean(statement)

    def read(connection: sa.Connection, after: Any) -> Part:
        return Part(sorted((tuple(row) for row in connection.execute(lean)), key=order), None)

    return Reads(read, statement)


def columns_of(shape: type, record: Any, **others: Any) -> tuple[Any, ...]:
    """The columns of ``record`` that have the names of the fields of ``shape``, or what ``others`` say."""
    names = (field.name for field in dataclasses.fields(shape))
    return tuple(others[name] if name in others else getattr(record, name) for name in names)

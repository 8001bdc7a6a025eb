"""Column types, identifiers and mixins that several tables share."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
import uuid6
from sqlalchemy.orm import Mapped, mapped_column

#: The namespace of seeded rows (RFC 9562 version 5), so that two clones agree on every id.
SEED_NAMESPACE = uuid.UUID("5f0c1e2a-7f4e-5b1e-9a55-51a9a0000001")


#: The moment that counts as this one, where one is said (``dated``).
_said: ContextVar[datetime | None] = ContextVar("siapa_moment", default=None)


def now() -> datetime:
    """This moment, aware, in UTC; within ``dated`` the one that is said there."""
    return _said.get() or clock()


def clock() -> datetime:
    """What the clock says, whatever is said."""
    return datetime.now(UTC)


@contextmanager
def dated(moment: datetime) -> Iterator[None]:
    """Let ``moment`` be the one of all that is written inside: seed data carry the date of their release."""
    token = _said.set(moment)
    try:
        yield
    finally:
        _said.reset(token)


def new_id() -> uuid.UUID:
    """A version 7 UUID: unique, and growing with time (RFC 9562 section 5.7)."""
    return uuid.UUID(int=uuid6.uuid7().int)


def seed_id(kind: str, key: str) -> uuid.UUID:
    """The version 5 UUID of a seeded row: the same key gives the same id everywhere."""
    return uuid.uuid5(SEED_NAMESPACE, f"{kind}:{key}")


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment: refuses naive values, stores UTC, gives back aware values.

    SQLite forgets the zone, PostgreSQL keeps it; with this type both answer alike.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a moment without a zone; ``ValueError`` is a bug of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give the zone back that SQLite dropped."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def enum_of(kind: type[StrEnum], *, name: str, length: int = 20) -> sa.Enum:
    """``kind`` stored as its plain values, checked by the database under ``name``."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )


#: Where the groups of a UUID's text begin among its digits, and how long each is.
_PARTS_OF_AN_ID = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))

#: A JSON value; absent is SQL NULL, not JSON null.
Json = sa.JSON(none_as_null=True)


def id_as_text(column: Any) -> sa.ColumnElement[str]:
    """A column of ids in the form in which logs write them (``str`` of a UUID), on either database."""
    plain = sa.func.replace(sa.cast(column, sa.String(36)), "-", "")
    parts = [sa.func.substr(plain, start, length) for start, length in _PARTS_OF_AN_ID]
    text: sa.ColumnElement[str] = parts[0]
    for part in parts[1:]:
        text = text + "-" + part
    return text


class Confidence(StrEnum):
    """How far a fact is supported."""

    SOURCED = "sourced"
    IMPLIED = "implied"
    GENERAL = "general"


class Sourced:
    """Where a row's facts come from, shown on the page beside them."""

    #: One or more addresses, parted by ``; ``; NULL where the fact is general knowledge.
    source_address: Mapped[str | None] = mapped_column(sa.Text)
    source_as_of: Mapped[date | None]
    source_note: Mapped[str | None] = mapped_column(sa.Text)
    confidence: Mapped[Confidence | None] = mapped_column(enum_of(Confidence, name="confidence"))

    @property
    def is_verified(self) -> bool:
        """Whether a source (or the agency itself, which leaves ``confidence`` empty) stands behind it."""
        return self.confidence in (None, Confidence.SOURCED)


JsonValue = dict[str, Any] | list[Any]

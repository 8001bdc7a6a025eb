"""Putting plain values into a row: only the named columns, trimmed, of the right kind and length.

What commands on places, agencies, services and people have in common. Whoever calls has
locked the row (``changing``).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from enum import Enum
from typing import Any

import sqlalchemy as sa

from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.records.columns import Sourced

#: Where a fact is from; may always be given with the fact.
SOURCE = frozenset({"source_address", "source_as_of", "source_note", "confidence"})
#: Bounds of numbers, by column.
BOUNDS = {
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "position": (0, 10_000),
    "year": (1900, 2100),
    "reported_agencies": (0, 100_000),
    "reported_services": (0, 1_000_000),
}
LONGEST_TEXT = 5_000
ADDRESSES = frozenset({"website", "booking_url", "url"})


def fill(row: object, values: Mapping[str, object], allowed: frozenset[str]) -> None:
    """Set ``values`` on ``row``; raise ``Rejected`` with every problem, and then set none.

    A fact changed without naming a source is the word of the agency itself: what stood
    there of a source is taken away.
    """
    columns = {attr.key: attr.columns[0] for attr in sa.inspect(type(row)).column_attrs}
    may_be_set = allowed | SOURCE if isinstance(row, Sourced) else allowed
    problems: list[Problem] = []
    cleaned: dict[str, object] = {}
    for name, value in values.items():
        if name not in may_be_set:
            problems.append(Problem(name, _l("This cannot be set here.")))
            continue
        cleaned[name] = clean = _clean(value, columns[name])
        problems += (Problem(name, wrong, value) for wrong in _faults(clean, name, columns[name]))
    if problems:
        raise Rejected(problems)
    if isinstance(row, Sourced) and not SOURCE & cleaned.keys() and _differs(row, cleaned):
        cleaned |= dict.fromkeys(SOURCE)
    for name, value in cleaned.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


@contextmanager
def problems_below(place: str) -> Iterator[None]:
    """Let the paths of problems found inside begin with ``place``: that is where this stands in the whole."""
    try:
        yield
    except Rejected as refused:
        raise Rejected(
            Problem(f"{place}.{one.path}" if one.path else place, one.message, one.value)
            for one in refused.problems
        ) from None


def _differs(row: object, values: Mapping[str, object]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _clean(value: object, column: sa.Column[Any]) -> object:
    if isinstance(value, str):
        value = unicodedata.normalize("NFC", value).strip() or None
    if isinstance(column.type, sa.Enum) and isinstance(value, str) and not isinstance(value, Enum):
        kind = column.type.enum_class
        return kind(value) if kind and value in {member.value for member in kind} else value
    if isinstance(column.type, sa.Float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _faults(value: object, name: str, column: sa.Column[Any]) -> Iterator[Words]:
    if value is None:
        if not column.nullable:
            yield _l("This must be given.")
        return
    if not _is_of_kind(value, column):
        yield _l("This is not a value of the right kind.")
        return
    if isinstance(value, str) and not isinstance(value, Enum):
        yield from _faults_of_text(value, name, column)
    low, high = BOUNDS.get(name, (None, None))
    if low is not None and high is not None and isinstance(value, int | float) and not low <= value <= high:
        yield _l("This must lie between %(low)s and %(high)s.", low=low, high=high)
    for key in column.foreign_keys:
        if not db.session.scalar(sa.select(sa.literal(1)).where(key.column == value)):
            yield _l("There is no such entry.")


def can_be_shown(text: str) -> bool:
    """Whether there is nothing in ``text`` but what a page can show: no control signs, no half letters."""
    return not any(unicodedata.category(letter) in ("Cc", "Cs") and letter != "\n" for letter in text)


def faults_of_text(text: str, most: int = LONGEST_TEXT) -> Iterator[Words]:
    """What is wrong with ``text`` wherever it stands: longer than ``most``, or not to be shown or stored."""
    if len(text) > most:
        yield _l("Write at most %(most)s characters.", most=most)
    if not can_be_shown(text):
        yield _l("This holds characters that cannot be shown.")


def _faults_of_text(text: str, name: str, column: sa.Column[Any]) -> Iterator[Words]:
    yield from faults_of_text(text, getattr(column.type, "length", None) or LONGEST_TEXT)
    if name in ADDRESSES and not text.startswith(("https://", "http://")):
        yield _l("An address must begin with https:// or http://.")


def _is_of_kind(value: object, column: sa.Column[Any]) -> bool:
    kind = column.type
    if isinstance(kind, sa.Enum):
        return isinstance(value, kind.enum_class or str)
    if isinstance(kind, sa.JSON):
        return isinstance(value, list | dict)
    if isinstance(kind, sa.Date):
        return type(value) is date
    if isinstance(value, bool):
        return isinstance(kind, sa.Boolean)
    return isinstance(value, kind.python_type)

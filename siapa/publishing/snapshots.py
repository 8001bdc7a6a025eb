"""What a row says, with the rows that belong to it, as one JSON value.

The audit keeps the digest of it before and after an act; an act after which it is the
same did nothing, and leaves no trace.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time
from enum import Enum
from typing import Any

import rfc8785
import sqlalchemy as sa

from siapa.document.digest import digest
from siapa.extensions import db
from siapa.publishing.workflow import Action
from siapa.records import (
    Closure,
    Counter,
    Hours,
    Location,
    Offering,
    Officer,
    Service,
    ServiceAlias,
    Standard,
    State,
)

#: Columns that tell of the writing and not of the thing, secrets, and what a digest stands for.
LEFT_OUT = frozenset(
    {"modified_at", "revised_at", "last_used_at", "password_hash", "session_epoch", "secret_hash", "document"}
)
#: Rows that are written anew as a whole; their numbers mean nothing.
WITHOUT_ID = (Hours, Closure, ServiceAlias)

Snapshot = dict[str, Any]


def snapshot(subject: object) -> Snapshot:
    """The columns of ``subject`` and, under ``parts``, of the rows that belong to it."""
    content = _columns(subject)
    parts = [_columns(part) for part in _parts_of(subject)]
    if parts:
        content["parts"] = sorted(parts, key=rfc8785.dumps)
    return content


def audited_digest(subject: object, action: Action, content: Snapshot | None) -> str | None:
    """What the audit keeps of ``content``: SHA-256 over its canonical form, in hex.

    Of a publication it is the digest of the edition in force, so that the chain vouches
    for what the public was promised (``verifying``).
    """
    if content is None:
        return None
    if isinstance(subject, Standard) and action is Action.PUBLISH:
        in_force = (part for part in content.get("parts", ()) if part.get("state") == State.PUBLISHED)
        return next((str(part["digest"]) for part in in_force), None)
    return digest(content)


def kind_of(subject: object) -> str:
    """The word by which the audit names the kind of ``subject``: its table."""
    return str(sa.inspect(type(subject)).local_table.name)


def id_of(subject: object) -> str:
    """The primary key of ``subject`` as text."""
    mapper = sa.inspect(type(subject))
    return "/".join(str(part) for part in mapper.primary_key_from_instance(subject))


def _parts_of(subject: object) -> Iterable[object]:
    session = db.session
    match subject:
        case Standard():
            yield from subject.editions
            yield from session.scalars(sa.select(Offering).where(Offering.standard_id == subject.id))
        case Location():
            yield from subject.hours
            yield from session.scalars(sa.select(Closure).where(Closure.location_id == subject.id))
        case Service():
            yield from subject.aliases
            yield from subject.life_events
        case Officer():
            yield from subject.memberships
        case Counter():
            yield from subject.hours


def _columns(row: object) -> Snapshot:
    mapper = sa.inspect(type(row))
    left_out = LEFT_OUT | {"id"} if isinstance(row, WITHOUT_ID) else LEFT_OUT
    return {
        column.key: _plain(getattr(row, column.key))
        for column in mapper.column_attrs
        if column.key not in left_out
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value

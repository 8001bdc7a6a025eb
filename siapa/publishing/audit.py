"""The two numbered logs: the chained audit, and the changes that became public.

Numbers come from the rows of ``Counting``, taken in the transaction that writes the
lines, so there are no gaps and the order is the order of commits. They are taken last:
nobody waits for them longer than a commit takes.
"""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from siapa.document.digest import digest
from siapa.extensions import db
from siapa.records import AuditEvent, Change, ChangeKind, Counting

#: What stands before the first event of the chain.
FIRST_HASH = "0" * 64
LONGEST_NOTE = 2000
LONGEST_ORIGIN = 60


@dataclass(frozen=True)
class Act:
    """One line of the audit before it has a number."""

    at: datetime
    officer_id: uuid.UUID | None
    action: str
    subject_kind: str
    subject_id: str
    before_digest: str | None = None
    after_digest: str | None = None
    note: str = ""
    origin: str | None = None


@dataclass(frozen=True)
class Became:
    """One line of the change log before it has a number."""

    at: datetime
    kind: ChangeKind
    subject_id: str
    edition_number: int | None = None


def append(acts: Sequence[Act], changes: Sequence[Became]) -> None:
    """Write both logs; numbers of changes are always taken first, so two writers never wait for each other.

    The last event vouches for the lines written with it (``change_number``, ``change_digest``).
    """
    lines = list(_numbered(changes)) if changes else []
    if lines:
        _insert(Change, lines)
    if acts:
        number, previous_hash = _take("audit_event", len(acts))
        rows = list(_chained(acts, number, previous_hash or FIRST_HASH, lines))
        _insert(AuditEvent, rows)
        db.session.execute(
            sa.update(Counting).where(Counting.log == "audit_event").values(last_hash=rows[-1]["hash"])
        )


def digest_of(lines: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over the RFC 8785 form of ``lines`` of the change log."""
    told = [
        {
            "number": line["number"],
            "at": _moment(line["at"]),
            "kind": ChangeKind(line["kind"]).value,
            "subject_id": line["subject_id"],
            "edition_number": line["edition_number"],
        }
        for line in lines
    ]
    return digest({"lines": told})


def hash_of(event: dict[str, Any]) -> str:
    """SHA-256 over the RFC 8785 form of all columns of ``event`` but ``hash``."""
    content = {name: value for name, value in event.items() if name != "hash"}
    content["at"] = _moment(event["at"])
    content["officer_id"] = None if event["officer_id"] is None else str(event["officer_id"])
    return digest(content)


def verify_chain(connection: sa.Connection) -> Iterator[tuple[int, str]]:
    """Each place where the chain does not hold, as (number, what is wrong); nothing when it does."""
    number, previous_hash = 0, FIRST_HASH
    columns = sa.inspect(AuditEvent).columns
    for row in connection.execute(sa.select(*columns).order_by(AuditEvent.number)):
        event = dict(row._mapping)
        if event["number"] != number + 1:
            yield event["number"], f"follows number {number}"
        elif event["previous_hash"] != previous_hash:
            yield event["number"], "does not name the hash of the event before it"
        if event["hash"] != hash_of(event):
            yield event["number"], "does not have the hash of its content"
        number, previous_hash = event["number"], event["hash"]
    counting = sa.select(Counting.last_number, Counting.last_hash).where(Counting.log == "audit_event")
    counted, last_hash = connection.execute(counting).one_or_none() or (0, None)
    if counted != number:
        yield number, f"is the last event, {counted} were counted"
    elif number and last_hash != previous_hash:
        yield number, "is not the event that was counted last"


def verify_lines(connection: sa.Connection) -> Iterator[tuple[int, str]]:
    """Each place where the change log is not what the audit saw written, as (number, what is wrong)."""
    vouched = connection.execute(
        sa.select(AuditEvent.change_number, AuditEvent.change_digest)
        .where(AuditEvent.change_number.is_not(None))
        .order_by(AuditEvent.number)
    ).all()
    lines = iter(
        connection.execute(sa.select(*sa.inspect(Change).columns).order_by(Change.number)).mappings()
    )
    line = next(lines, None)
    for last, expected in vouched:
        assert last is not None, "asked for"
        written: list[dict[str, Any]] = []
        while line is not None and line["number"] <= last:
            written.append(dict(line))
            line = next(lines, None)
        if not written or digest_of(written) != expected:
            yield last, "and the lines written with it are not what the audit saw written"
    if line is not None:
        yield line["number"], "and what follows were not seen by the audit"


def shortened(origin: str | None) -> str | None:
    """``origin`` without its last part when it is a network address: where from, but not who."""
    if origin is None:
        return None
    try:
        address = ipaddress.ip_address(origin.strip())
    except ValueError:
        return origin[:LONGEST_ORIGIN]
    kept = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, kept), strict=False))


def _take(log: str, count: int) -> tuple[int, str | None]:
    """``count`` numbers of ``log``: the first of them, and the hash that stood last."""
    session = db.session
    session.execute(
        sa.text("INSERT INTO counting (log, last_number) VALUES (:log, 0) ON CONFLICT DO NOTHING"),
        {"log": log},
    )
    last, last_hash = session.execute(
        sa.update(Counting)
        .where(Counting.log == log)
        .values(last_number=Counting.last_number + count)
        .returning(Counting.last_number, Counting.last_hash)
        .execution_options(synchronize_session=False)
    ).one()
    return last - count + 1, last_hash


def _insert(kind: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """All rows in one round trip: past the models, which part them by the columns that are NULL."""
    db.session.execute(sa.insert(kind.__table__), rows)


def _numbered(changes: Sequence[Became]) -> Iterator[dict[str, Any]]:
    number, _ = _take("change", len(changes))
    for place, one in enumerate(changes):
        yield {
            "number": number + place,
            "at": one.at,
            "kind": one.kind,
            "subject_id": one.subject_id,
            "edition_number": one.edition_number,
        }


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _chained(
    acts: Sequence[Act], number: int, previous_hash: str, lines: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    for act in acts:
        vouches = bool(lines) and act is acts[-1]
        event: dict[str, Any] = {
            "number": number,
            "at": act.at,
            "officer_id": act.officer_id,
            "action": act.action,
            "subject_kind": act.subject_kind,
            "subject_id": act.subject_id,
            "before_digest": act.before_digest,
            "after_digest": act.after_digest,
            "note": act.note[:LONGEST_NOTE],
            "change_number": lines[-1]["number"] if vouches else None,
            "change_digest": digest_of(lines) if vouches else None,
            "origin": shortened(act.origin),
            "previous_hash": previous_hash,
        }
        event["hash"] = hash_of(event)
        yield event
        number, previous_hash = number + 1, event["hash"]

"""The two numbered logs: the chained audit, and the changes that became public.

Numbers come from the rows of ``Counting``, taken in the transaction that writes the
lines, so there are no gaps and the order is the order of commits. They are taken last:
nobody waits for them longer than a commit takes.
"""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Iterator, Sequence
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
    """Write both logs; always the audit first, so that two writers never wait for each other."""
    if acts:
        number, previous_hash = _take("audit_event", len(acts))
        rows = list(_chained(acts, number, previous_hash or FIRST_HASH))
        db.session.execute(sa.insert(AuditEvent), rows)
        db.session.execute(
            sa.update(Counting).where(Counting.log == "audit_event").values(last_hash=rows[-1]["hash"])
        )
    if changes:
        number, _ = _take("change", len(changes))
        db.session.execute(
            sa.insert(Change),
            [
                {
                    "number": number + place,
                    "at": one.at,
                    "kind": one.kind,
                    "subject_id": one.subject_id,
                    "edition_number": one.edition_number,
                }
                for place, one in enumerate(changes)
            ],
        )


def hash_of(event: dict[str, Any]) -> str:
    """SHA-256 over the RFC 8785 form of all columns of ``event`` but ``hash``."""
    content = {name: value for name, value in event.items() if name != "hash"}
    content["at"] = event["at"].astimezone(UTC).isoformat(timespec="microseconds")
    content["officer_id"] = None if event["officer_id"] is None else str(event["officer_id"])
    return digest(content)


def verify_chain() -> Iterator[tuple[int, str]]:
    """Each place where the chain does not hold, as (number, what is wrong); nothing when it does."""
    number, previous_hash = 0, FIRST_HASH
    columns = sa.inspect(AuditEvent).columns
    rows = db.session.execute(
        sa.select(*columns).order_by(AuditEvent.number).execution_options(yield_per=1000)
    )
    for row in rows:
        event = dict(row._mapping)
        if event["number"] != number + 1:
            yield event["number"], f"follows number {number}"
        elif event["previous_hash"] != previous_hash:
            yield event["number"], "does not name the hash of the event before it"
        if event["hash"] != hash_of(event):
            yield event["number"], "does not have the hash of its content"
        number, previous_hash = event["number"], event["hash"]
    counted = db.session.get(Counting, "audit_event", populate_existing=True)
    if (counted.last_number if counted else 0) != number:
        yield number, f"is the last event, {counted.last_number if counted else 0} were counted"
    elif counted is not None and counted.last_hash != previous_hash:
        yield number, "is not the event that was counted last"


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


def _chained(acts: Sequence[Act], number: int, previous_hash: str) -> Iterator[dict[str, Any]]:
    for act in acts:
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
            "origin": shortened(act.origin),
            "previous_hash": previous_hash,
        }
        event["hash"] = hash_of(event)
        yield event
        number, previous_hash = number + 1, event["hash"]

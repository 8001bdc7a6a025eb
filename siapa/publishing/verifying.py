"""Everything that must hold, checked against the database itself: it finds, and repairs nothing.

The audit chain vouches for every publication, so a published document that was changed
past the commands shows even when its digest was changed with it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa

from siapa.document.standard_document import from_stored
from siapa.extensions import db
from siapa.publishing import audit
from siapa.publishing.becoming import TOLD
from siapa.publishing.permissions import with_parents
from siapa.publishing.workflow import Action
from siapa.publishing.writing import derived
from siapa.records import (
    OPEN_STATES,
    PUBLIC_STATES,
    Agency,
    AuditEvent,
    Change,
    ChangeKind,
    Counter,
    Counting,
    Edition,
    FormerSlug,
    Location,
    Offering,
    Standard,
    State,
)

#: Rows read at a time.
AT_ONCE = 500


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold: which rule, of what, and how."""

    what: str
    subject: str
    detail: str

    def __str__(self) -> str:
        return f"{self.what}: {self.subject} {self.detail}"


def verify() -> list[Finding]:
    """Every finding; an empty list when everything holds."""
    # What this session has read before could hide what stands in the database now.
    db.session.expire_all()
    checks = (_audit, _changes, _editions, _states, _publications, _lines, _offerings, _addresses, _tree)
    return [finding for check in checks for finding in check()]


def _audit() -> Iterator[Finding]:
    for number, detail in audit.verify_chain():
        yield Finding("audit chain", f"event {number}", detail)


def _changes() -> Iterator[Finding]:
    last = 0
    for number in db.session.scalars(sa.select(Change.number).order_by(Change.number)):
        if number != last + 1:
            yield Finding("change log", f"line {number}", f"follows line {last}")
        last = number
    counted = db.session.scalar(sa.select(Counting.last_number).where(Counting.log == "change")) or 0
    if counted != last:
        yield Finding("change log", f"line {last}", f"is the last, {counted} were counted")


def _editions() -> Iterator[Finding]:
    """Documents against their digests and derived columns; numbers of editions."""
    columns = [column for column in sa.inspect(Edition).columns if column.key != "source_note"]
    query = sa.select(*columns).order_by(Edition.standard_id, Edition.number)
    rows = db.session.execute(query.execution_options(yield_per=AT_ONCE)).mappings()
    for standard_id, editions in groupby(rows, key=lambda row: row["standard_id"]):
        for expected, row in enumerate(editions, 1):
            subject = f"standard {standard_id} edition {row['number']}"
            if row["number"] != expected:
                yield Finding("numbers of editions", subject, f"should be number {expected}")
            yield from _derived_columns(subject, row)


def _derived_columns(subject: str, row: sa.RowMapping) -> Iterator[Finding]:
    try:
        expected = derived(from_stored(row["document"]))
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        yield Finding("document", subject, f"cannot be read: {error}")
        return
    if expected["document"] != row["document"]:
        yield Finding("document", subject, "is not in the form in which documents are kept")
    for name, value in expected.items():
        if name != "document" and row[name] != value:
            rule = "digest" if name == "digest" else "derived column"
            yield Finding(rule, subject, f"{name} is {row[name]!r}, by its document {value!r}")


def _states() -> Iterator[Finding]:
    for name, states in (("in force", {State.PUBLISHED}), ("open", OPEN_STATES)):
        query = (
            sa.select(Edition.standard_id, sa.func.count())
            .where(Edition.state.in_(states))
            .group_by(Edition.standard_id)
            .having(sa.func.count() > 1)
        )
        for standard_id, count in db.session.execute(query):
            yield Finding("one edition", f"standard {standard_id}", f"has {count} editions {name}")
    unfinished = sa.select(Edition.standard_id, Edition.number).where(
        Edition.state.in_(PUBLIC_STATES), Edition.published_at.is_(None)
        | ((Edition.state != State.PUBLISHED) & Edition.ended_at.is_(None))
        | ((Edition.state == State.PUBLISHED) & Edition.ended_at.is_not(None))
    )  # fmt: skip
    for standard_id, number in db.session.execute(unfinished):
        detail = "does not say from when until when it was in force"
        yield Finding("times", f"standard {standard_id} edition {number}", detail)


def _publications() -> Iterator[Finding]:
    """What is or was public is what the audit saw go public, in that order."""
    seen: dict[str, list[str | None]] = {}
    acts = sa.select(AuditEvent.subject_id, AuditEvent.after_digest).where(
        AuditEvent.action == Action.PUBLISH.value, AuditEvent.subject_kind == "standard"
    )
    for subject_id, after in db.session.execute(acts.order_by(AuditEvent.number)):
        seen.setdefault(subject_id, []).append(after)
    public = (
        sa.select(Edition.standard_id, Edition.number, Edition.digest)
        .where(Edition.state.in_(PUBLIC_STATES))
        .order_by(Edition.standard_id, Edition.number)
    )
    for standard_id, editions in groupby(db.session.execute(public), key=lambda row: row[0]):
        audited = seen.pop(str(standard_id), [])
        held = [(number, digest) for _, number, digest in editions]
        for place, (number, digest) in enumerate(held):
            if place >= len(audited) or audited[place] != digest:
                subject = f"standard {standard_id} edition {number}"
                yield Finding("publication", subject, "is not what the audit saw published")
        if len(audited) > len(held):
            yield _missing(standard_id, len(audited), len(held))
    for subject_id, audited in seen.items():
        yield _missing(subject_id, len(audited), 0)


def _missing(standard_id: uuid.UUID | str, audited: int, held: int) -> Finding:
    return Finding(
        "publication", f"standard {standard_id}", f"published {audited} times, has {held} editions"
    )


def _lines() -> Iterator[Finding]:
    """Every edition that became public, and every end of one, has its line in the log."""
    told = sa.select(Change.kind, Change.subject_id, Change.edition_number)
    lines = {tuple(row) for row in db.session.execute(told.where(Change.edition_number.is_not(None)))}
    public = sa.select(Edition.standard_id, Edition.number, Edition.state)
    for standard_id, number, state in db.session.execute(public.where(Edition.state.in_(PUBLIC_STATES))):
        for kind in {ChangeKind.STANDARD_PUBLISHED, TOLD[state]}:
            if (kind, str(standard_id), number) not in lines:
                subject = f"standard {standard_id} edition {number}"
                yield Finding("change log", subject, f"has no line {kind.value}")


def _offerings() -> Iterator[Finding]:
    lost = (
        ("is of a standard that is not there", Standard, Standard.id == Offering.standard_id),
        ("is at a place that is not there", Location, Location.id == Offering.location_id),
    )
    for detail, table, condition in lost:
        query = sa.select(Offering.id).where(~sa.exists().where(condition).select_from(table))
        for offering_id in db.session.scalars(query):
            yield Finding("offering", str(offering_id), detail)
    elsewhere = sa.select(Offering.id).join(Counter, Counter.id == Offering.counter_id)
    for offering_id in db.session.scalars(elsewhere.where(Counter.location_id != Offering.location_id)):
        yield Finding("offering", str(offering_id), "is at a counter that is not in its place")


def _addresses() -> Iterator[Finding]:
    query = (
        sa.select(Standard.id, FormerSlug.slug)
        .join(Agency, Agency.id == Standard.agency_id)
        .join(
            FormerSlug,
            (FormerSlug.kind == "standard") & (FormerSlug.slug == Agency.slug + "/" + Standard.slug),
        )
    )
    for standard_id, slug in db.session.execute(query):
        yield Finding("address", f"standard {standard_id}", f"stands where another one stood: {slug}")


def _tree() -> Iterator[Finding]:
    agencies = {agency.id: agency for agency in db.session.scalars(sa.select(Agency))}
    for agency in agencies.values():
        above = with_parents(agency)
        if agencies[above[-1]].parent_id is not None:
            yield Finding("agency tree", agency.slug, "stands in or below a ring")

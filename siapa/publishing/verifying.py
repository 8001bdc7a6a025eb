"""Everything that must hold, checked against the database itself: it finds, and repairs nothing.

The audit chain vouches for what the last act left of everything, and for every line of
the change log; so what was changed past the commands shows, even when the digests and
columns that follow from it were changed along. It looks at one moment of the database,
so it may run while others write.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import file_digest
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa

from siapa.document.digest import digest
from siapa.document.standard_document import from_stored
from siapa.extensions import db
from siapa.publishing import audit
from siapa.publishing.becoming import TOLD
from siapa.publishing.decrees import path_of
from siapa.publishing.permissions import MOST_LEVELS
from siapa.publishing.snapshots import AUDITED, Snapshot, all_snapshots, kind_of
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
    Decree,
    Edition,
    FormerSlug,
    Location,
    Offering,
    Standard,
    State,
)
from siapa.records.engine import one_view
from siapa.records.frozen import missing_triggers

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
    checks = (
        _triggers, _audit, _changes, _trails, _editions, _states, _publications, _lines, _offerings,
        _addresses, _tree,
    )  # fmt: skip
    with one_view(db.engine) as connection:
        return [finding for check in checks for finding in check(connection)]


def verify_files(folder: Path) -> list[Finding]:
    """Every decree whose file is not there or is not what was handed in; ``folder`` holds them all."""
    query = sa.select(Decree.id, Decree.file_digest).where(Decree.file_digest.is_not(None))
    with one_view(db.engine) as connection:
        decrees = connection.execute(query.order_by(Decree.id)).all()
    wrong = ((decree_id, _wrong_file(folder, kept or "")) for decree_id, kept in decrees)
    return [Finding("decree file", str(decree_id), detail) for decree_id, detail in wrong if detail]


def _wrong_file(folder: Path, digest_kept: str) -> str:
    """What is wrong with the file of this digest; "" where nothing is."""
    try:
        with path_of(folder, digest_kept).open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
    except ValueError:
        return f"is named by no digest but {digest_kept!r}"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if found == digest_kept else f"has the digest {found}, was {digest_kept}"


def _triggers(connection: sa.Connection) -> Iterator[Finding]:
    for name in missing_triggers(connection):
        yield Finding("trigger", name, "is missing or switched off")


def _audit(connection: sa.Connection) -> Iterator[Finding]:
    for number, detail in audit.verify_chain(connection):
        yield Finding("audit chain", f"event {number}", detail)


def _changes(connection: sa.Connection) -> Iterator[Finding]:
    last = 0
    for number in connection.scalars(sa.select(Change.number).order_by(Change.number)):
        if number != last + 1:
            yield Finding("change log", f"line {number}", f"follows line {last}")
        last = number
    counted = connection.scalar(sa.select(Counting.last_number).where(Counting.log == "change")) or 0
    if counted != last:
        yield Finding("change log", f"line {last}", f"is the last, {counted} were counted")
    for number, detail in audit.verify_lines(connection):
        yield Finding("change log", f"line {number}", detail)


def _trails(connection: sa.Connection) -> Iterator[Finding]:
    """Everything with a trail is as the last act in it left it."""
    left: dict[tuple[str, str], str | None] = {}
    acts = sa.select(AuditEvent.subject_kind, AuditEvent.subject_id, AuditEvent.after_digest)
    done = acts.where(AuditEvent.action.not_like("denied:%")).order_by(AuditEvent.number)
    for kind, subject_id, after in connection.execute(done):
        left[kind, subject_id] = after
    for kind, subject_id, content in _present(connection):
        # What no act told of was there before there were any acts.
        if (kind, subject_id) in left and left.pop((kind, subject_id)) != digest(content):
            yield Finding("content", f"{kind} {subject_id}", "is not as the last audited act left it")
    for (kind, subject_id), after in left.items():
        if after is not None:
            yield Finding("content", f"{kind} {subject_id}", "is gone, and no audited act removed it")


def _present(connection: sa.Connection) -> Iterator[tuple[str, str, Snapshot]]:
    for kind in AUDITED:
        for subject_id, content in all_snapshots(connection, kind):
            yield kind_of(kind), subject_id, content


def _editions(connection: sa.Connection) -> Iterator[Finding]:
    """Documents against their digests and derived columns; numbers of editions."""
    columns = [column for column in sa.inspect(Edition).columns if column.key != "source_note"]
    query = sa.select(*columns).order_by(Edition.standard_id, Edition.number)
    rows = connection.execute(query.execution_options(yield_per=AT_ONCE)).mappings()
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


def _states(connection: sa.Connection) -> Iterator[Finding]:
    for name, states in (("in force", {State.PUBLISHED}), ("open", OPEN_STATES)):
        query = (
            sa.select(Edition.standard_id, sa.func.count())
            .where(Edition.state.in_(states))
            .group_by(Edition.standard_id)
            .having(sa.func.count() > 1)
        )
        for standard_id, count in connection.execute(query):
            yield Finding("one edition", f"standard {standard_id}", f"has {count} editions {name}")
    unfinished = sa.select(Edition.standard_id, Edition.number).where(
        Edition.state.in_(PUBLIC_STATES), Edition.published_at.is_(None)
        | ((Edition.state != State.PUBLISHED) & Edition.ended_at.is_(None))
        | ((Edition.state == State.PUBLISHED) & Edition.ended_at.is_not(None))
    )  # fmt: skip
    for standard_id, number in connection.execute(unfinished):
        detail = "does not say from when until when it was in force"
        yield Finding("times", f"standard {standard_id} edition {number}", detail)


def _publications(connection: sa.Connection) -> Iterator[Finding]:
    """As many editions are or were public as the audit saw go public."""
    audited = connection.execute(
        sa.select(AuditEvent.subject_id, sa.func.count())
        .where(AuditEvent.action == Action.PUBLISH.value, AuditEvent.subject_kind == "standard")
        .group_by(AuditEvent.subject_id)
    )
    seen = {row[0]: row[1] for row in audited}
    public = connection.execute(
        sa.select(Edition.standard_id, sa.func.count())
        .where(Edition.state.in_(PUBLIC_STATES))
        .group_by(Edition.standard_id)
    )
    held = {str(standard_id): count for standard_id, count in public}
    for standard_id in sorted(seen.keys() | held.keys()):
        times, editions = seen.get(standard_id, 0), held.get(standard_id, 0)
        if times != editions:
            detail = f"was published {times} times, has {editions} public editions"
            yield Finding("publication", f"standard {standard_id}", detail)


def _lines(connection: sa.Connection) -> Iterator[Finding]:
    """Every edition that became public, and every end of one, has its line in the log."""
    told = sa.select(Change.kind, Change.subject_id, Change.edition_number)
    lines = {tuple(row) for row in connection.execute(told.where(Change.edition_number.is_not(None)))}
    public = sa.select(Edition.standard_id, Edition.number, Edition.state)
    for standard_id, number, state in connection.execute(public.where(Edition.state.in_(PUBLIC_STATES))):
        for kind in {ChangeKind.STANDARD_PUBLISHED, TOLD[state]}:
            if (kind, str(standard_id), number) not in lines:
                subject = f"standard {standard_id} edition {number}"
                yield Finding("change log", subject, f"has no line {kind.value}")


def _offerings(connection: sa.Connection) -> Iterator[Finding]:
    lost = (
        ("is of a standard that is not there", Standard, Standard.id == Offering.standard_id),
        ("is at a place that is not there", Location, Location.id == Offering.location_id),
    )
    for detail, table, condition in lost:
        query = sa.select(Offering.id).where(~sa.exists().where(condition).select_from(table))
        for offering_id in connection.scalars(query):
            yield Finding("offering", str(offering_id), detail)
    elsewhere = sa.select(Offering.id).join(Counter, Counter.id == Offering.counter_id)
    for offering_id in connection.scalars(elsewhere.where(Counter.location_id != Offering.location_id)):
        yield Finding("offering", str(offering_id), "is at a counter that is not in its place")


def _addresses(connection: sa.Connection) -> Iterator[Finding]:
    query = (
        sa.select(Standard.id, FormerSlug.slug)
        .join(Agency, Agency.id == Standard.agency_id)
        .join(
            FormerSlug,
            (FormerSlug.kind == "standard") & (FormerSlug.slug == Agency.slug + "/" + Standard.slug),
        )
    )
    for standard_id, slug in connection.execute(query):
        yield Finding("address", f"standard {standard_id}", f"stands where another one stood: {slug}")


def _tree(connection: sa.Connection) -> Iterator[Finding]:
    agencies = {
        row.id: row for row in connection.execute(sa.select(Agency.id, Agency.slug, Agency.parent_id))
    }
    for agency in agencies.values():
        above, seen = agency, {agency.id}
        while above.parent_id is not None and above.parent_id not in seen and len(seen) < MOST_LEVELS:
            above = agencies[above.parent_id]
            seen.add(above.id)
        if above.parent_id is not None:
            yield Finding("agency tree", agency.slug, "stands in or below a ring")

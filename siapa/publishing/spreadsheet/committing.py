"""A preview happens: every standard it says is new or changed, in one transaction.

New drafts are written in bulk, as commands would leave them; changed ones go through the
commands. A process that dies half-way leaves nothing, and what changed since the preview
stops the whole, so that nobody's work is written over.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from siapa.document.digest import digest
from siapa.document.standard_document import from_stored
from siapa.errors import Conflict
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import commands, editions
from siapa.publishing.audit import Act
from siapa.publishing.changing import in_bulk, together
from siapa.publishing.generating.telling import snapshot_of
from siapa.publishing.permissions import Actor, person_of
from siapa.publishing.spreadsheet.previewing import Progress, batch_of
from siapa.publishing.workflow import Action
from siapa.publishing.writing import derived, provenance_of
from siapa.records import (
    Agency,
    Edition,
    FormerSlug,
    ImportBatch,
    ImportEntry,
    ImportOutcome,
    ImportState,
    Standard,
    State,
    new_id,
    now,
)

AT_ONCE = 500
Row = dict[str, Any]
#: Entry, standard, edition, what stood there before.
Left = tuple[int, uuid.UUID, Row]


def take_in(
    batch_id: uuid.UUID,
    *,
    by: Actor,
    only_valid: bool = False,
    publisher: Actor | None = None,
    origin: str | None = None,
    progress: Progress | None = None,
) -> ImportBatch:
    """Take in what the batch found new and changed, as drafts; all of it happens, or nothing.

    With errors in it, a batch is only taken in when ``only_valid`` says that the rest is
    wanted. With a ``publisher`` each standard is submitted by ``by`` and published by them.
    Raises ``Conflict`` when it happened already, or something changed since the preview.
    """
    batch_of(batch_id, by=by)
    with together():
        batch = locked(batch_id)
        if batch.state is not ImportState.READY:
            raise Conflict(_l("This import is not waiting to be taken in."))
        if batch.error_count and not only_valid:
            raise Conflict(
                _l(
                    "%(count)s standards have errors. Mend the file, or take in only the valid ones.",
                    count=batch.error_count,
                )
            )
        work = _Work(batch, by, publisher, origin)
        total, done = batch.new_count + batch.changed_count, 0
        for outcome, take in ((ImportOutcome.NEW, work.take_new), (ImportOutcome.CHANGED, work.take_changed)):
            for entries in entries_in_chunks(batch_id, outcome):
                _keep_left(batch_id, take(entries))
                done += len(entries)
                if progress:
                    progress(done, total)
        batch.state, batch.committed_at = ImportState.COMMITTED, now()
    return db.session.get_one(ImportBatch, batch_id)


def locked(batch_id: uuid.UUID) -> ImportBatch:
    """The batch, locked until the transaction ends, as it stands now."""
    query = sa.select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def entries_in_chunks(batch_id: uuid.UUID, outcome: ImportOutcome) -> Iterator[list[Row]]:
    """The entries with ``outcome`` as plain rows, in the order of the file."""
    after = 0
    while True:
        query = (
            sa.select(*sa.inspect(ImportEntry).columns)
            .where(ImportEntry.batch_id == batch_id, ImportEntry.outcome == outcome)
            .where(ImportEntry.position > after)
            .order_by(ImportEntry.position)
            .limit(AT_ONCE)
        )
        rows = [dict(row) for row in db.session.execute(query).mappings()]
        if not rows:
            return
        yield rows
        after = rows[-1]["position"]


def _keep_left(batch_id: uuid.UUID, left: Sequence[Left]) -> None:
    table = _table(ImportEntry)
    query = (
        sa.update(table)
        .where(table.c.batch_id == batch_id, table.c.position == sa.bindparam("at"))
        .values(standard_id=sa.bindparam("standard"), left=sa.bindparam("what"))
    )
    rows = [{"at": position, "standard": standard_id, "what": what} for position, standard_id, what in left]
    db.session.connection().execute(query, rows)


class _Work:
    """One commit: who acts, and for what."""

    def __init__(self, batch: ImportBatch, by: Actor, publisher: Actor | None, origin: str | None) -> None:
        self._agency_id = batch.agency_id
        self._agency_slug = batch.agency.slug
        self._by = by
        self._publisher = publisher
        self._origin = origin
        self._note = f"import {batch.id}"

    def take_new(self, entries: list[Row]) -> list[Left]:
        """Begin a standard with its first draft for each of ``entries``."""
        within = (Agency, self._agency_id)
        made = [self._made(entry) for entry in entries]
        with in_bulk([(self._by, Action.OPEN)], within=within) as bulk:
            self._check_free([standard for standard, _edition in made])
            db.session.execute(sa.insert(_table(Standard)), [standard for standard, _edition in made])
            db.session.execute(sa.insert(_table(Edition)), [edition for _standard, edition in made])
            bulk.acts.extend(self._act(standard, edition) for standard, edition in made)
        left = []
        for entry, (standard, edition) in zip(entries, made, strict=True):
            self._publish(standard["id"])
            left.append((entry["position"], standard["id"], _left(edition, self._publisher, None)))
        return left

    def take_changed(self, entries: list[Row]) -> list[Left]:
        """Make each of ``entries`` the draft of its standard, if that stands as it did."""
        left = [self._change(entry) for entry in entries]
        db.session.flush()
        return left

    def _change(self, entry: Row) -> Left:
        standard_id, base = entry["standard_id"], entry["base"]
        document, was = from_stored(entry["document"]), None
        asked: Row = {"by": self._by, "origin": self._origin}
        if "draft" in base:
            draft = db.session.get(Edition, uuid.UUID(base["draft"]))
            if draft is None or draft.version != base["version"]:
                raise _changed_since(entry["key"])
            was = {"document": draft.document, "provenance": _provenance(draft)}
            edition = draft
            if self._publisher is None or draft.digest != digest(entry["document"]):
                edition = commands.revise(standard_id, document, version=base["version"], **asked)
        else:
            edition = commands.open_draft(standard_id, document, note=self._note, **asked)
        live = edition.standard.live
        if (str(live.id) if live else None) != base.get("live"):
            raise _changed_since(entry["key"])
        self._publish(standard_id)
        row = {"id": edition.id, "digest": edition.digest, "state": edition.state.value}
        return entry["position"], standard_id, _left(row, self._publisher, was)

    def _publish(self, standard_id: uuid.UUID) -> None:
        if self._publisher is not None:
            commands.submit(standard_id, by=self._by, note=self._note, origin=self._origin)
            commands.publish(
                standard_id, by=self._publisher, note=self._note, as_found=True, origin=self._origin
            )

    def _made(self, entry: Row) -> tuple[Row, Row]:
        """The rows of a new standard and its draft, as ``open_standard`` makes them."""
        at = now()
        standard = {
            "id": uuid.UUID(known) if (known := entry["base"].get("id")) else new_id(),
            "agency_id": self._agency_id, "service_id": entry["service_id"],
            "slug": entry["key"], "replaced_by_id": None, "created_at": at,
        }  # fmt: skip
        edition = {column.name: None for column in _table(Edition).columns} | {
            "id": new_id(),
            "standard_id": standard["id"],
            "number": 1,
            "state": State.DRAFT,
            "version": 1,
            **derived(from_stored(entry["document"])),
            "sourced_components": [],
            "remarks": {},
            "created_by_id": editions.id_of_actor(self._by),
            "created_at": at,
            "revised_at": at,
        }
        return standard, edition

    def _act(self, standard: Row, edition: Row) -> Act:
        person = person_of(self._by)
        told = snapshot_of(Standard, standard, {Edition.__tablename__: [edition]})
        return Act(
            at=standard["created_at"],
            officer_id=person.id if person else None,
            action=Action.OPEN.value,
            subject_kind=Standard.__tablename__,
            subject_id=str(standard["id"]),
            after_digest=digest(told),
            note=self._note,
            origin=self._origin,
        )

    def _check_free(self, standards: list[Row]) -> None:
        slugs = [one["slug"] for one in standards]
        ids = {one["id"]: one["slug"] for one in standards}
        for known in db.session.scalars(sa.select(Standard.id).where(Standard.id.in_(ids))):
            raise _changed_since(ids[known])
        held = sa.select(Standard.slug).where(Standard.agency_id == self._agency_id, Standard.slug.in_(slugs))
        names = [f"{self._agency_slug}/{slug}" for slug in slugs]
        former = sa.select(FormerSlug.slug).where(FormerSlug.kind == "standard", FormerSlug.slug.in_(names))
        taken = db.session.scalar(held) or db.session.scalar(former)
        if taken is not None:
            raise _changed_since(taken)


def _changed_since(key: str) -> Conflict:
    return Conflict(_l("%(key)s has changed since the preview. Hand the file in again.", key=key))


def _table(kind: type[Any]) -> sa.Table:
    table: sa.Table = sa.inspect(kind).local_table
    return table


def _left(edition: Row, publisher: Actor | None, was: Row | None) -> Row:
    # What was returned stays returned until it is handed in again.
    state = edition.get("state", State.DRAFT) if publisher is None else State.PUBLISHED
    left: Row = {"edition": str(edition["id"]), "digest": edition["digest"], "state": str(state)}
    return left | ({"was": was} if was else {})


def _provenance(edition: Edition) -> Row:
    held = provenance_of(edition)
    return {
        "source_address": held.source_address,
        "source_as_of": held.source_as_of.isoformat() if held.source_as_of else None,
        "source_note": held.source_note,
        "confidence": held.confidence.value if held.confidence else None,
        "sourced_components": list(held.sourced_components),
    }

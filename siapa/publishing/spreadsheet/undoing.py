"""An import is taken back: by further acts, each in the trail, and only while nothing stands on it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from siapa.document.standard_document import from_stored
from siapa.errors import Conflict
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import commands
from siapa.publishing.changing import together
from siapa.publishing.permissions import Actor
from siapa.publishing.spreadsheet.committing import entries_in_chunks, locked
from siapa.publishing.spreadsheet.previewing import batch_of
from siapa.publishing.writing import Provenance
from siapa.records import (
    Confidence,
    Edition,
    ImportBatch,
    ImportOutcome,
    ImportState,
    Standard,
    State,
    now,
)

MOST_NAMED = 5
Row = dict[str, Any]


def undo(
    batch_id: uuid.UUID, *, by: Actor, publisher: Actor | None = None, origin: str | None = None
) -> ImportBatch:
    """Take back what the batch did: drafts go or say again what they said, what went live goes back.

    Standards that the import published are withdrawn, or their former edition is published
    anew by ``publisher``. Raises ``Conflict``, and changes nothing, when any of them was
    worked on since; it names them.
    """
    batch_of(batch_id, by=by)
    with together():
        batch = locked(batch_id)
        if batch.state is not ImportState.COMMITTED:
            raise Conflict(_l("This import has not happened, or was taken back already."))
        _check_nothing_stands_on_it(batch_id)
        undoing = _Undoing(batch, by, publisher, origin)
        for outcome, take_back in (
            (ImportOutcome.CHANGED, undoing.change_back),
            (ImportOutcome.NEW, undoing.remove),
        ):
            _for_each(batch_id, outcome, take_back)
        batch.state, batch.undone_at = ImportState.UNDONE, now()
    return db.session.get_one(ImportBatch, batch_id)


def _for_each(batch_id: uuid.UUID, outcome: ImportOutcome, act: Callable[[Row], object]) -> None:
    for entries in entries_in_chunks(batch_id, outcome):
        for entry in entries:
            if entry["left"] is not None:
                act(entry)
        db.session.flush()


def _check_nothing_stands_on_it(batch_id: uuid.UUID) -> None:
    later: list[str] = []

    def look(entry: Row) -> None:
        if not _is_as_left(entry):
            later.append(entry["key"])

    for outcome in (ImportOutcome.NEW, ImportOutcome.CHANGED):
        _for_each(batch_id, outcome, look)
    if later:
        raise Conflict(
            _l(
                "%(count)s standards were worked on since the import, so it cannot be taken back: %(names)s.",
                count=len(later),
                names=", ".join(later[:MOST_NAMED]),
            )
        )


def _is_as_left(entry: Row) -> bool:
    left = entry["left"]
    edition = db.session.get(Edition, uuid.UUID(left["edition"]))
    if edition is None or edition.digest != left["digest"] or edition.state.value != left["state"]:
        return False
    standard = edition.standard
    return edition.state is not State.PUBLISHED or standard.open_edition is None


class _Undoing:
    """One undo: who acts."""

    def __init__(self, batch: ImportBatch, by: Actor, publisher: Actor | None, origin: str | None) -> None:
        self._by = by
        self._publisher = publisher or by
        self._origin = origin
        self._note = f"undo of import {batch.id}"
        self._reason = str(_l("The import that brought this standard was taken back."))

    def remove(self, entry: Row) -> None:
        """Take away a standard that the import began."""
        standard_id = entry["standard_id"]
        if entry["left"]["state"] == State.DRAFT:
            commands.discard(standard_id, by=self._by, origin=self._origin)
            return
        commands.withdraw(standard_id, by=self._publisher, reason=self._reason, origin=self._origin)

    def change_back(self, entry: Row) -> None:
        """Let a standard say again what it said before the import."""
        standard_id, left, base = entry["standard_id"], entry["left"], entry["base"]
        if left["state"] == State.PUBLISHED:
            self._publish_former(entry)
        elif "was" in left:
            draft = db.session.get_one(Standard, standard_id).open_edition
            assert draft is not None, "it is as the import left it"
            commands.revise(
                standard_id, from_stored(left["was"]["document"]), version=draft.version, by=self._by,
                provenance=_provenance(left["was"]["provenance"]), origin=self._origin,
            )  # fmt: skip
        else:
            assert "draft" not in base, "a draft that stood there is kept in what was left"
            commands.discard(standard_id, by=self._by, origin=self._origin)

    def _publish_former(self, entry: Row) -> None:
        standard_id, number = entry["standard_id"], entry["base"].get("live_number")
        if number is None:
            commands.withdraw(standard_id, by=self._publisher, reason=self._reason, origin=self._origin)
            return
        commands.restore(standard_id, number, by=self._by, note=self._note, origin=self._origin)
        commands.submit(standard_id, by=self._by, note=self._note, origin=self._origin)
        commands.publish(standard_id, by=self._publisher, note=self._note, as_found=True, origin=self._origin)


def _provenance(kept: Row) -> Provenance:
    day, confidence = kept["source_as_of"], kept["confidence"]
    return Provenance(
        kept["source_address"],
        date.fromisoformat(day) if day else None,
        kept["source_note"],
        Confidence(confidence) if confidence else None,
        tuple(kept["sourced_components"]),
    )

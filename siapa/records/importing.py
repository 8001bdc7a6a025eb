"""Spreadsheets that were handed in: the file, what it says of each standard, what came of it.

Rows of this kind are no content of the registry. What an import changes is told in the
trail of each standard, as of every other act; here stands only what belongs together.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.agency import Agency
from siapa.records.columns import Json, UtcDateTime, enum_of, new_id, now
from siapa.records.officer import Officer


class ImportState(StrEnum):
    """Where an import stands."""

    #: The file is being read into its preview.
    READING = "reading"
    #: The preview is whole; nothing of it has happened.
    READY = "ready"
    #: It happened, as one change set.
    COMMITTED = "committed"
    #: It happened, and was taken back.
    UNDONE = "undone"
    #: It could not be read to its end.
    FAILED = "failed"


class ImportOutcome(StrEnum):
    """What the file means for one standard."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERROR = "error"


class ImportBatch(Model):
    """One file of one agency, with its preview; it stays, whatever was decided about it."""

    __tablename__ = "import_batch"
    __table_args__ = (sa.Index("ix_import_batch__agency_id__created_at", "agency_id", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("agency.id"))
    #: Who handed it in; NULL when no person did.
    officer_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("officer.id"))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    #: SHA-256 of the file, in hex.
    digest: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[ImportState] = mapped_column(enum_of(ImportState, name="import_state"))
    #: Standards looked at so far, and how many there are.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    new_count: Mapped[int] = mapped_column(default=0)
    changed_count: Mapped[int] = mapped_column(default=0)
    same_count: Mapped[int] = mapped_column(default=0)
    error_count: Mapped[int] = mapped_column(default=0)
    #: For a sheet that is not ours: which column was taken for what.
    mapping: Mapped[dict[str, str] | None] = mapped_column(Json)
    #: Why it could not be read: place, value, message by language.
    failure: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    committed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agency: Mapped[Agency] = relationship()
    officer: Mapped[Officer | None] = relationship()


class ImportEntry(Model):
    """What one file says of one standard."""

    __tablename__ = "import_entry"

    batch_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("import_batch.id", ondelete="CASCADE"), primary_key=True
    )
    #: 1, 2, 3 … in the order of the file.
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: By what the file names the standard, and where: sheet and row.
    key: Mapped[str] = mapped_column(sa.String(200))
    place: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(200))
    outcome: Mapped[ImportOutcome] = mapped_column(enum_of(ImportOutcome, name="import_outcome"))
    standard_id: Mapped[uuid.UUID | None]
    service_id: Mapped[uuid.UUID | None]
    document: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: Sheet, cell, value, message by language, allowed values; one for each thing that is wrong.
    problems: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    #: What was read out of a free text: component, the text, what was made of it.
    guesses: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    #: What it was compared with: the editions that stood there, and how often the draft was saved.
    base: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: What the commit left, and what it took the place of; by this an undo knows later work.
    left: Mapped[dict[str, Any] | None] = mapped_column(Json)

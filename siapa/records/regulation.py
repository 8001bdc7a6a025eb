"""The law behind standards: regulations, the decrees that set editions, and charters."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.columns import Sourced, UtcDateTime, enum_of, new_id, now


class RegulationState(StrEnum):
    """Whether a regulation still holds."""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    REPEALED = "repealed"


class Regulation(Sourced, Model):
    """A law or rule that standards cite, with its state."""

    __tablename__ = "regulation"
    __table_args__ = (sa.UniqueConstraint("type", "number", "year"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    #: UU, PP, Perpres, PermenPANRB …
    type: Mapped[str] = mapped_column(sa.String(60))
    number: Mapped[str] = mapped_column(sa.String(40))
    year: Mapped[int]
    title: Mapped[str] = mapped_column(sa.Text)
    url: Mapped[str | None] = mapped_column(sa.String(300))
    state: Mapped[RegulationState] = mapped_column(
        enum_of(RegulationState, name="state"), default=RegulationState.IN_FORCE
    )
    state_since: Mapped[date | None]
    replaced_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("regulation.id"))


class ReviewMark(Model):
    """A standard that cites a regulation which was amended or repealed: to be looked at by its agency."""

    __tablename__ = "review_mark"
    __table_args__ = (
        sa.Index("ix_review_mark__standard_id__settled_at", "standard_id", "settled_at"),
        sa.Index("ix_review_mark__regulation_id__settled_at", "regulation_id", "settled_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    regulation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("regulation.id"))
    standard_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("standard.id"))
    #: What became of the regulation: amended or repealed.
    state: Mapped[RegulationState] = mapped_column(enum_of(RegulationState, name="state"))
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    #: When an edition that cites it no more went live, or its agency said that nothing changes.
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("officer.id"))
    #: Why nothing changes, in the words of the agency.
    note: Mapped[str | None] = mapped_column(sa.Text)

    regulation: Mapped[Regulation] = relationship()


class Decree(Model):
    """The legal act (SK) that sets an edition."""

    __tablename__ = "decree"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(100))
    dated_on: Mapped[date | None]
    signatory: Mapped[str | None] = mapped_column(sa.String(200))
    file_name: Mapped[str | None] = mapped_column(sa.String(200))
    #: SHA-256 of the stored file, in hex; the file itself lies under its digest.
    file_digest: Mapped[str | None] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ServiceCharter(Model):
    """The agency's signed promise (maklumat pelayanan)."""

    __tablename__ = "service_charter"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    text_en: Mapped[str | None] = mapped_column(sa.Text)
    signed_on: Mapped[date | None]
    signatory: Mapped[str | None] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

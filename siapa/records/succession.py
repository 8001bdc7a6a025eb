"""What becomes of agencies: mergers, splits and renamings, each on its day, and what went where by them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.agency import Agency
from siapa.records.columns import Json, UtcDateTime, enum_of, new_id, now


class SuccessionKind(StrEnum):
    """What happens."""

    MERGER = "merger"
    SPLIT = "split"
    RENAMING = "renaming"


class SuccessionState(StrEnum):
    """Whether it has happened."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class Succession(Model):
    """One event in the life of agencies: planned, then done on its day, or cancelled before. It stays."""

    __tablename__ = "succession"
    __table_args__ = (sa.Index("ix_succession__state__takes_effect_on", "state", "takes_effect_on"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[SuccessionKind] = mapped_column(enum_of(SuccessionKind, name="kind"))
    state: Mapped[SuccessionState] = mapped_column(
        enum_of(SuccessionState, name="state"), default=SuccessionState.PLANNED
    )
    #: By the calendar of the (first) agency it begins with.
    takes_effect_on: Mapped[date]
    #: The legal act that says so, or why.
    note: Mapped[str] = mapped_column(sa.Text, default="")
    #: ``publishing.succession.Plan`` as JSON.
    plan: Mapped[dict[str, Any]] = mapped_column(Json)
    #: Why it could not happen on its day; it waits for somebody then.
    failure: Mapped[str | None] = mapped_column(sa.Text)
    planned_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("officer.id"))
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    parts: Mapped[list[SuccessionPart]] = relationship(order_by="SuccessionPart.position")


class SuccessionPart(Model):
    """An agency that an event begins with or leads to, by the name it had then."""

    __tablename__ = "succession_part"

    succession_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("succession.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    is_after: Mapped[bool]
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str | None] = mapped_column(sa.String(200))

    agency: Mapped[Agency] = relationship()


class SuccessionMove(Model):
    """One thing that an event gave to another agency: by this history knows whose it was before."""

    __tablename__ = "succession_move"

    succession_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("succession.id"), primary_key=True)
    #: standard, agency, membership, location, counter or token
    subject_kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, index=True)
    from_agency_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("agency.id"))
    to_agency_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("agency.id"))

"""Offerings: a standard at a place, with what holds only there."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.columns import Sourced, UtcDateTime, new_id, now
from siapa.records.location import Counter, Location
from siapa.records.standard import Standard


class Offering(Sourced, Model):
    """A standard at a location or one of its counters.

    The same service can be narrower at one place than at another ("renewal only"),
    so the limits stand here and not in the standard.
    """

    __tablename__ = "offering"
    __table_args__ = (
        sa.UniqueConstraint("standard_id", "location_id"),
        sa.Index("ix_offering__location_id__standard_id", "location_id", "standard_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    standard_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("standard.id"))
    location_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("location.id"))
    counter_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("counter.id"), index=True)
    limits: Mapped[str | None] = mapped_column(sa.Text)
    limits_en: Mapped[str | None] = mapped_column(sa.Text)
    booking_url: Mapped[str | None] = mapped_column(sa.String(300))
    checked_on: Mapped[date | None]
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    standard: Mapped[Standard] = relationship()
    location: Mapped[Location] = relationship()
    counter: Mapped[Counter | None] = relationship()

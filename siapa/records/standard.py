"""Standards: what one agency promises for one service, whatever its wording today."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.agency import Agency
from siapa.records.columns import UtcDateTime, new_id, now
from siapa.records.edition import Edition, State
from siapa.records.service import Service


class Standard(Model):
    """The lasting identity behind the editions.

    The row is small and stable on purpose: its address never changes, and locking
    it serialises all work on the standard (``publishing.changing``).
    """

    __tablename__ = "standard"
    __table_args__ = (
        sa.UniqueConstraint("agency_id", "slug"),
        # One promise per agency and national service; stray standards have none yet.
        sa.UniqueConstraint("agency_id", "service_id"),
        sa.Index("ix_standard__agency_id__id", "agency_id", "id"),
        sa.Index("ix_standard__service_id__id", "service_id", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("agency.id"))
    service_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("service.id"))
    slug: Mapped[str] = mapped_column(sa.String(120))
    #: The standard that takes this one's place after it was withdrawn.
    replaced_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("standard.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    agency: Mapped[Agency] = relationship()
    service: Mapped[Service | None] = relationship()
    editions: Mapped[list[Edition]] = relationship(back_populates="standard", order_by=Edition.number)

    @property
    def live(self) -> Edition | None:
        """The edition in force, if any."""
        return next((e for e in self.editions if e.state is State.PUBLISHED), None)

    @property
    def open_edition(self) -> Edition | None:
        """The edition still being worked on, if any."""
        return next((e for e in self.editions if e.state.is_open), None)


class OutlineReaction(Model):
    """Up to which revision of its service's usual content the agency of a standard has reacted."""

    __tablename__ = "outline_reaction"

    standard_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("standard.id"), primary_key=True)
    #: A standard that was linked to another service since has reacted to none of its revisions.
    service_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("service.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    officer_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("officer.id"))


class FormerSlug(Model):
    """An address that something once had; it redirects for ever."""

    __tablename__ = "former_slug"

    #: agency, location, service or standard
    kind: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    #: For a standard: ``agency-slug/standard-slug``.
    slug: Mapped[str] = mapped_column(sa.String(241), primary_key=True)
    subject_id: Mapped[uuid.UUID]
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

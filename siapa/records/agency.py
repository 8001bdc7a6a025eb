"""Agencies: the bodies that owe the public a standard."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.columns import Sourced, UtcDateTime, new_id, now
from siapa.records.region import Region


class Agency(Sourced, Model):
    """A ministry, vertical office, local government, dinas or state enterprise; a tree.

    Scope follows this tree: an officer acts for an agency and all below it.
    """

    __tablename__ = "agency"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str | None] = mapped_column(sa.String(200))
    short_name: Mapped[str | None] = mapped_column(sa.String(60))
    #: What sort of body it is (``dinas_dukcapil``, ``samsat`` …): ties it to the services it gives.
    kind: Mapped[str] = mapped_column(sa.String(40), index=True)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    #: NULL for a body whose area is the whole country.
    region_code: Mapped[str | None] = mapped_column(sa.ForeignKey("region.code"), index=True)
    address: Mapped[str | None] = mapped_column(sa.Text)
    website: Mapped[str | None] = mapped_column(sa.String(300))
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    email: Mapped[str | None] = mapped_column(sa.String(200))
    #: Set when the body has ended; its page stays and names what follows it.
    succeeded_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("agency.id"))
    #: Agencies with one officer may publish without a second pair of eyes, if they say so.
    single_officer: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    parent: Mapped[Agency | None] = relationship(remote_side=[id], foreign_keys=[parent_id])
    region: Mapped[Region | None] = relationship()

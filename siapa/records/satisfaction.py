"""What was measured: satisfaction surveys (SKM) and promises kept."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from siapa.extensions import Model
from siapa.records.columns import Json, Sourced, UtcDateTime, new_id, now


class SatisfactionResult(Sourced, Model):
    """The nine element scores of one unit in one period (PermenPANRB 14/2017)."""

    __tablename__ = "satisfaction_result"
    __table_args__ = (
        sa.UniqueConstraint("agency_id", "location_id", "from_on", "until_on"),
        sa.CheckConstraint("from_on <= until_on", name="in_order"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    location_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("location.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    respondents: Mapped[int]
    #: Nine means between 1 and 4, in the order of the regulation.
    element_means: Mapped[list[float]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ServicePerformance(Sourced, Model):
    """Per standard and period: what was asked for, and what was done within the promise."""

    __tablename__ = "service_performance"
    __table_args__ = (
        sa.UniqueConstraint("standard_id", "from_on", "until_on"),
        sa.CheckConstraint("from_on <= until_on", name="in_order"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    standard_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    #: Blank is "not reported", which is not nought.
    applications: Mapped[int | None]
    within_promise: Mapped[int | None]
    median_days: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

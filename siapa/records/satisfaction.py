"""What was measured: promises kept, and satisfaction surveys (SKM).

A result is never changed: a correction of a period is another entry with the next number,
and the one with the highest number is what holds.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.agency import Agency
from siapa.records.columns import Json, Sourced, UtcDateTime, enum_of, new_id, now
from siapa.records.location import Location
from siapa.records.standard import Standard

#: Elements of a survey (PermenPANRB 14/2017), each scored from 1 to 4.
ELEMENTS = 9


class SurveyWay(StrEnum):
    """How the answers of a survey were gathered."""

    #: By the agency itself, with its own forms.
    AGENCY = "agency"
    #: By citizens on their own phones, from the code at the counter.
    COUNTER = "counter"


class SatisfactionResult(Sourced, Model):
    """The nine element scores of one unit in one period (PermenPANRB 14/2017).

    The unit is an agency, maybe at one place only, maybe for one of its standards only.
    """

    __tablename__ = "satisfaction_result"
    __table_args__ = (
        sa.UniqueConstraint(
            "agency_id", "location_id", "standard_id", "way", "from_on", "until_on", "number",
            name="uq_satisfaction_result__entry",
        ),
        sa.CheckConstraint("from_on <= until_on", name="in_order"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    location_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("location.id"), index=True)
    standard_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    way: Mapped[SurveyWay] = mapped_column(
        enum_of(SurveyWay, name="way"), default=SurveyWay.AGENCY, server_default="agency"
    )
    from_on: Mapped[date]
    until_on: Mapped[date]
    #: 1 for the first entry of a period; a correction has the next.
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    respondents: Mapped[int]
    #: How many were served in the period, which says how many should have been asked; blank is not said.
    population: Mapped[int | None]
    #: Nine means between 1 and 4, in the order of the regulation.
    element_means: Mapped[list[float]] = mapped_column(Json)
    #: Why an entry was corrected.
    note: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    agency: Mapped[Agency] = relationship()
    location: Mapped[Location | None] = relationship()
    standard: Mapped[Standard | None] = relationship()


class ServicePerformance(Sourced, Model):
    """Per standard and period: what was asked for, and what was done within the promise."""

    __tablename__ = "service_performance"
    __table_args__ = (
        sa.UniqueConstraint("standard_id", "from_on", "until_on", "number"),
        sa.CheckConstraint("from_on <= until_on", name="in_order"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    standard_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    #: 1 for the first entry of a period; a correction has the next.
    number: Mapped[int] = mapped_column(default=1, server_default="1")
    #: Blank is "not reported", which is not nought.
    applications: Mapped[int | None]
    within_promise: Mapped[int | None]
    #: The share the agency aims at, in percent.
    target_percent: Mapped[float | None]
    median_days: Mapped[float | None]
    #: Why an entry was corrected.
    note: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    standard: Mapped[Standard] = relationship()

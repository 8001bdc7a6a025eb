"""What citizens tell us about a standard, an offering or a place, and the agency's answer."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from siapa.extensions import Model
from siapa.records.columns import UtcDateTime, enum_of, new_id, now


class FeedbackState(StrEnum):
    """How far the agency is with it."""

    OPEN = "open"
    ANSWERED = "answered"
    CORRECTED = "corrected"
    DECLINED = "declined"


class Feedback(Model):
    """A citizen's "this is wrong"; no account, no personal data asked for."""

    __tablename__ = "feedback"
    __table_args__ = (
        sa.CheckConstraint(
            "standard_id IS NOT NULL OR offering_id IS NOT NULL OR location_id IS NOT NULL",
            name="about_something",
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    #: What the reporter follows it by; a random code, kept as it is shown.
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    standard_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    offering_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("offering.id"), index=True)
    location_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("location.id"), index=True)
    edition_number: Mapped[int | None]
    #: Which component of the document, if one.
    component: Mapped[str | None] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[FeedbackState] = mapped_column(
        enum_of(FeedbackState, name="state"), default=FeedbackState.OPEN
    )
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(sa.Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("officer.id"))


class Confirmation(Model):
    """How often somebody said on one day (in the registry's home zone) that a thing is described as it is.

    Counts, and no content of the registry: no trail tells of them, and nothing tells who it was.
    """

    __tablename__ = "confirmation"
    __table_args__ = (sa.CheckConstraint("times > 0", name="said"),)

    #: The id of a standard or of a place.
    subject_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    times: Mapped[int]

"""What an officer has typed in a step of a draft and could not save yet; theirs alone, and no content."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from siapa.extensions import Model
from siapa.records.columns import Json, UtcDateTime, now


class UnsavedStep(Model):
    """One step as it was typed last; it goes when the step is saved, or with its edition."""

    __tablename__ = "unsaved_step"

    edition_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True
    )
    officer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("officer.id"), primary_key=True)
    #: The step's key in its address.
    step: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    typed: Mapped[dict[str, Any]] = mapped_column(Json)
    #: By which the form knew the text it was made from.
    seen: Mapped[str] = mapped_column(sa.String(64))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)

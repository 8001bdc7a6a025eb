"""Which officers want to be told by mail what waits, and when they last were; no content of the registry."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from siapa.extensions import Model


class Reminding(Model):
    """One officer's letters; without a row they are wanted, and none was sent yet."""

    __tablename__ = "reminding"

    officer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("officer.id"), primary_key=True)
    is_wanted: Mapped[bool] = mapped_column(default=True)
    last_sent_on: Mapped[date | None]

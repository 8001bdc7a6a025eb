"""Answers to programs that may ask again: the same request under the same key is done once."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from siapa.extensions import Model
from siapa.records.columns import Json, UtcDateTime, now


class KeptAnswer(Model):
    """What a request under an idempotency key was answered; written with what it did."""

    __tablename__ = "kept_answer"

    #: Keys are each token's own: one program cannot meet another's.
    token_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("token.id"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    #: SHA-256 over method, address and body, in hex.
    request_digest: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[int]
    headers: Mapped[dict[str, Any]] = mapped_column(Json)
    body: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)

"""Systems that are told of changes: where they listen, how far they have been told, and what was sent."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.agency import Agency
from siapa.records.columns import Json, UtcDateTime, new_id, now


class Webhook(Model):
    """A system that is told of what becomes public; its secret is derived (``webhooks.signing``)."""

    __tablename__ = "webhook"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    #: Whose officers tend it; NULL: national ones alone.
    agency_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    #: Who is told when it stops working.
    officer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("officer.id"))
    name: Mapped[str] = mapped_column(sa.String(100))
    url: Mapped[str] = mapped_column(sa.String(500))
    #: The kinds of change it is told of (``ChangeKind``); none means all.
    kinds: Mapped[list[str]] = mapped_column(Json, default=list)
    #: Counts its secrets.
    generation: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    #: When an officer last set it going again.
    enabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    agency: Mapped[Agency | None] = relationship()


class WebhookStanding(Model):
    """How far a system has been told; moves with every delivery, so it is no part of what the audit tells."""

    __tablename__ = "webhook_standing"

    webhook_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("webhook.id"), primary_key=True)
    #: All lines of the log up to this one were taken, or are no concern of it.
    position: Mapped[int]
    #: Since when nothing was taken any more; NULL while it works.
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When it was given up; nothing is sent until an officer sets it going again.
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebhookDelivery(Model):
    """One message: lines of the log, sent until the system says that it has them."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        sa.Index("ix_webhook_delivery__webhook_id__from_number", "webhook_id", "from_number"),
        sa.Index("ix_webhook_delivery__due_at", "due_at"),
    )

    #: The message's own id, the same each time it is sent.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    webhook_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("webhook.id"))
    #: The lines it is about, from the first to the last.
    from_number: Mapped[int]
    to_number: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    #: When it is sent next; NULL when it need not be.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What came back last: the status, or in words why there was none.
    status: Mapped[int | None]
    fault: Mapped[str | None] = mapped_column(sa.String(200))

"""The trail: who did what to which thing when, chained so that nothing can be taken out."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from siapa.extensions import Model
from siapa.records.columns import UtcDateTime, now


class AuditEvent(Model):
    """One act, or one refused attempt. Written once; triggers refuse change and removal.

    ``hash`` is SHA-256 over the canonical form of the other columns, among them
    the hash of the event before, so a missing or altered row shows. The last event
    of a transaction also vouches for the lines the transaction added to ``change``.
    """

    __tablename__ = "audit_event"

    #: 1, 2, 3 … without gaps, in commit order.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    officer_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("officer.id"), index=True)
    #: The act, or ``denied:<act>``.
    action: Mapped[str] = mapped_column(sa.String(60), index=True)
    #: standard, agency, location, service, officer …
    subject_kind: Mapped[str] = mapped_column(sa.String(20))
    subject_id: Mapped[str] = mapped_column(sa.String(40), index=True)
    before_digest: Mapped[str | None] = mapped_column(sa.String(64))
    after_digest: Mapped[str | None] = mapped_column(sa.String(64))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    #: The last line the transaction added to the change log, and the SHA-256 over all it added.
    change_number: Mapped[int | None]
    change_digest: Mapped[str | None] = mapped_column(sa.String(64))
    #: From where, shortened (the last part of the address is dropped).
    origin: Mapped[str | None] = mapped_column(sa.String(60))
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))

"""How officers are known to be themselves: sessions, second factors, and links that work once.

Beside the officer, not in it: none of this is told in the officer's trail, only the acts are.
Every secret that comes back from outside is kept as its SHA-256 alone.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.columns import UtcDateTime, enum_of, new_id, now
from siapa.records.officer import Officer


class DeskSession(Model):
    """One signed-in browser of one officer."""

    __tablename__ = "desk_session"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    officer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("officer.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: The officer's ``session_epoch`` when it began: with another one it has ended.
    epoch: Mapped[str] = mapped_column(sa.String(64))
    #: Whether a second factor was given.
    is_strong: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    #: When the officer last proved to be there, for acts that want it fresh.
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Browser and system in words.
    device: Mapped[str] = mapped_column(sa.String(80), default="")
    #: From where, shortened (the last part of the address is dropped).
    origin: Mapped[str | None] = mapped_column(sa.String(60))

    officer: Mapped[Officer] = relationship()


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    INVITATION = "invitation"
    RESET = "reset"


class OneTimeLink(Model):
    """A link by which an officer chooses a password; it works once, and not for long."""

    __tablename__ = "one_time_link"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    officer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("officer.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_of(LinkPurpose, name="purpose"))
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When it was used, or taken back because another was made.
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    officer: Mapped[Officer] = relationship()


class Authenticator(Model):
    """The app that shows an officer's six digits (TOTP, RFC 6238)."""

    __tablename__ = "authenticator"

    officer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("officer.id"), primary_key=True)
    #: Encrypted with a key that follows from the registry's own secret.
    secret: Mapped[str] = mapped_column(sa.Text)
    #: The last step of time whose digits were taken: none is taken twice.
    last_counter: Mapped[int | None] = mapped_column(sa.BigInteger)
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class RecoveryCode(Model):
    """A code that stands in once for a lost authenticator."""

    __tablename__ = "recovery_code"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    officer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("officer.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

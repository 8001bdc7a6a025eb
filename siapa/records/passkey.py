"""Passkeys (WebAuthn): the public halves of keys that officers' devices hold, and what they are to sign.

Beside the officer like all that signing in needs; nothing here is secret.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.columns import Json, UtcDateTime, enum_of, new_id, now
from siapa.records.officer import Officer


class Passkey(Model):
    """One passkey of one officer, under the name that they gave it."""

    __tablename__ = "passkey"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    officer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("officer.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    #: By which the device knows it, in base64url; at most 1,023 bytes (WebAuthn level 3, 4).
    credential_id: Mapped[str] = mapped_column(sa.String(1364), unique=True)
    #: In the form of COSE (RFC 9052).
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    #: How often the device has used it; 0 for one that does not count.
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    #: How the device is reached: internal, usb, nfc …; a hint for the browser.
    transports: Mapped[list[str]] = mapped_column(Json, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    officer: Mapped[Officer] = relationship()


class Ceremony(StrEnum):
    """What a passkey is asked for."""

    #: To become known to us.
    ADD = "add"
    #: To sign in with it alone.
    SIGN_IN = "sign_in"
    #: To show that an officer whom we know already is there.
    PROVE = "prove"


class PasskeyChallenge(Model):
    """What one passkey has to sign now: good once, and for some minutes."""

    __tablename__ = "passkey_challenge"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    ceremony: Mapped[Ceremony] = mapped_column(enum_of(Ceremony, name="ceremony"))
    #: Whose passkey is asked for; NULL where that is still to be shown.
    officer_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("officer.id"))
    challenge: Mapped[bytes] = mapped_column(sa.LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

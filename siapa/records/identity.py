"""Who an officer is at the provider through which they may also sign in (OpenID Connect)."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.columns import UtcDateTime, new_id, now
from siapa.records.officer import Officer


class ProviderIdentity(Model):
    """One officer under the name that one provider has for them; kept from the first sign-in there on."""

    __tablename__ = "provider_identity"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"), sa.UniqueConstraint("officer_id", "issuer"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    officer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("officer.id"))
    #: The provider, by its own name for itself.
    issuer: Mapped[str] = mapped_column(sa.String(300))
    #: The officer, as the provider never calls anybody else (OpenID Connect Core 5.7).
    subject: Mapped[str] = mapped_column(sa.String(255))
    #: The address that the provider said when it was linked, to be recognised by.
    email: Mapped[str] = mapped_column(sa.String(200))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    officer: Mapped[Officer] = relationship()

"""Officers, what they may do where, and the tokens of their programs."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.agency import Agency
from siapa.records.columns import UtcDateTime, enum_of, new_id, now


class Role(StrEnum):
    """What a membership lets an officer do (``publishing.permissions``)."""

    OPERATOR = "operator"
    PUBLISHER = "publisher"
    AGENCY_ADMIN = "agency_admin"
    MALL_MANAGER = "mall_manager"
    CURATOR = "curator"
    NATIONAL_ADMIN = "national_admin"

    @property
    def is_national(self) -> bool:
        """Whether the role holds for the whole registry, without an agency."""
        return self in (Role.CURATOR, Role.NATIONAL_ADMIN)


class Officer(Model):
    """A person who acts for an agency. Never deleted, only disabled: the audit keeps who."""

    __tablename__ = "officer"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(sa.String(200), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    #: Changed to end every session of the officer at once.
    session_epoch: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(255))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    #: From the first one given: that is where the officer is at home.
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="officer",
        cascade="all, delete-orphan",
        order_by="Membership.since, Membership.id",
    )


class Membership(Model):
    """One role of one officer: in an agency (and below it), in one mall, or nationally."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("officer_id", "role", "agency_id", "location_id"),
        sa.CheckConstraint(
            "(role IN ('curator', 'national_admin') AND agency_id IS NULL AND location_id IS NULL)"
            " OR (role = 'mall_manager' AND location_id IS NOT NULL AND agency_id IS NULL)"
            " OR (role IN ('operator', 'publisher', 'agency_admin')"
            " AND agency_id IS NOT NULL AND location_id IS NULL)",
            name="scope_fits_the_role",
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    officer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("officer.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_of(Role, name="role"))
    agency_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    location_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("location.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    officer: Mapped[Officer] = relationship(back_populates="memberships")
    agency: Mapped[Agency | None] = relationship()


class Token(Model):
    """A secret for programs: shown once, kept as a hash, revocable."""

    __tablename__ = "token"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    officer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("officer.id"), index=True)
    #: NULL for a personal token: it may what its officer may.
    agency_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    #: The first characters, to recognise it by.
    prefix: Mapped[str] = mapped_column(sa.String(12), unique=True)
    #: SHA-256 of the secret, in hex.
    secret_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: read or write
    scope: Mapped[str] = mapped_column(sa.String(20))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    officer: Mapped[Officer] = relationship()

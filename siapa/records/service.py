"""The national service catalogue: what a service is, whoever gives it."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.columns import Json, Sourced, UtcDateTime, enum_of, new_id, now


class Category(Model):
    """A subject under which services are browsed."""

    __tablename__ = "category"

    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100))
    position: Mapped[int]


class LifeEvent(Model):
    """What happens to a person and brings them to a counter."""

    __tablename__ = "life_event"

    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100))
    description: Mapped[str | None] = mapped_column(sa.String(300))
    description_en: Mapped[str | None] = mapped_column(sa.String(300))
    position: Mapped[int]


service_life_event = sa.Table(
    "service_life_event",
    Model.metadata,
    sa.Column("service_id", sa.Uuid, sa.ForeignKey("service.id"), primary_key=True),
    sa.Column("life_event_code", sa.String(40), sa.ForeignKey("life_event.code"), primary_key=True),
)


class ServiceStatus(StrEnum):
    """Whether the entry is in use."""

    ACTIVE = "active"
    RETIRED = "retired"


class Service(Sourced, Model):
    """A national, provider-independent entry: the hub that makes standards comparable."""

    __tablename__ = "service"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    summary: Mapped[str | None] = mapped_column(sa.Text)
    summary_en: Mapped[str | None] = mapped_column(sa.Text)
    #: The kind of agency that gives it (``Agency.kind``).
    agency_kind: Mapped[str] = mapped_column(sa.String(40))
    #: The national body in charge, as the source names it.
    national_agency: Mapped[str | None] = mapped_column(sa.String(200))
    category_code: Mapped[str] = mapped_column(sa.ForeignKey("category.code"), index=True)
    #: The typical content, a standard's document; NULL where none is kept.
    outline: Mapped[dict[str, object] | None] = mapped_column(Json)
    #: Which components of the outline its source supports.
    sourced_components: Mapped[list[str]] = mapped_column(Json, default=list)
    status: Mapped[ServiceStatus] = mapped_column(
        enum_of(ServiceStatus, name="status"), default=ServiceStatus.ACTIVE
    )
    replaced_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("service.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    category: Mapped[Category] = relationship()
    aliases: Mapped[list[ServiceAlias]] = relationship(
        back_populates="service", cascade="all, delete-orphan", order_by="ServiceAlias.id"
    )
    life_events: Mapped[list[LifeEvent]] = relationship(
        secondary=service_life_event, order_by="LifeEvent.position"
    )


class ServiceAlias(Model):
    """What people type when they mean a service."""

    __tablename__ = "service_alias"
    __table_args__ = (sa.UniqueConstraint("service_id", "locale", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("service.id"), index=True)
    locale: Mapped[str] = mapped_column(sa.String(8))
    text: Mapped[str] = mapped_column(sa.String(200))

    service: Mapped[Service] = relationship(back_populates="aliases")


class OutlineRevision(Model):
    """The usual content of a service's standards from one day on; without ``issued_at`` it is being written.

    Agencies react to revisions; what they have reacted to is the base of the next comparison.
    """

    __tablename__ = "outline_revision"

    service_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("service.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, object] | None] = mapped_column(Json)
    #: SHA-256 of the document and of what is abolished, which stands for both in the audit.
    digest: Mapped[str] = mapped_column(sa.String(64))
    #: Requirements that may not be asked for any more, as texts.
    abolished: Mapped[list[str]] = mapped_column(Json, default=list)
    #: What changed and why, for the agencies.
    note: Mapped[str | None] = mapped_column(sa.Text)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    written_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("officer.id"))


class Synonym(Model):
    """A word and the words it may stand for in a query, reviewed by curators."""

    __tablename__ = "synonym"
    __table_args__ = (sa.UniqueConstraint("term", "replacement"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(sa.String(100), index=True)
    replacement: Mapped[str] = mapped_column(sa.String(200))
    #: abbreviation, spelling, colloquial or english
    kind: Mapped[str] = mapped_column(sa.String(20))
    note: Mapped[str | None] = mapped_column(sa.String(300))

"""Places where services are had: malls, offices, mobile and online; their counters and hours."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.agency import Agency
from siapa.records.columns import Json, Sourced, UtcDateTime, enum_of, new_id, now
from siapa.records.region import Region


class LocationKind(StrEnum):
    """What sort of place it is."""

    MALL = "mall"
    OFFICE = "office"
    MOBILE = "mobile"
    ONLINE = "online"


class CoordinateQuality(StrEnum):
    """What the point stands for."""

    BUILDING = "building"
    CENTROID = "centroid"


class Location(Sourced, Model):
    """A place; a Mal Pelayanan Publik is a location of kind ``mall`` (Perpres 89/2021)."""

    __tablename__ = "location"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[LocationKind] = mapped_column(enum_of(LocationKind, name="kind"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_en: Mapped[str | None] = mapped_column(sa.String(200))
    #: Who runs the place.
    agency_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    region_code: Mapped[str | None] = mapped_column(sa.ForeignKey("region.code"), index=True)
    address: Mapped[str | None] = mapped_column(sa.Text)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    coordinate_quality: Mapped[CoordinateQuality | None] = mapped_column(
        enum_of(CoordinateQuality, name="coordinate_quality")
    )
    opened_on: Mapped[date | None]
    #: What a source says of the hours, where it cannot be put into rows of ``Hours``.
    hours_note: Mapped[str | None] = mapped_column(sa.Text)
    website: Mapped[str | None] = mapped_column(sa.String(300))
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    #: ``[{"text", "text_en", "accessible"}]``
    facilities: Mapped[list[dict[str, object]]] = mapped_column(Json, default=list)
    #: How many agencies and services a source reports, which may be more than are listed here.
    reported_agencies: Mapped[int | None]
    reported_services: Mapped[int | None]
    closed_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    agency: Mapped[Agency | None] = relationship()
    region: Mapped[Region | None] = relationship()
    counters: Mapped[list[Counter]] = relationship(back_populates="location", order_by="Counter.name")
    hours: Mapped[list[Hours]] = relationship(
        order_by="Hours.weekday, Hours.opens_at", cascade="all, delete-orphan"
    )


class CounterStatus(StrEnum):
    """What is known of a counter: being listed is not being open."""

    CONFIRMED = "confirmed"
    LISTED = "listed"
    AGREEMENT_ONLY = "agreement_only"
    CLOSED = "closed"


class Counter(Sourced, Model):
    """An agency's stand in a mall, with its own hours and the day it was last checked."""

    __tablename__ = "counter"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("location.id"), index=True)
    #: NULL where the source does not say which body it is.
    agency_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    floor: Mapped[str | None] = mapped_column(sa.String(40))
    status: Mapped[CounterStatus] = mapped_column(
        enum_of(CounterStatus, name="status"), default=CounterStatus.LISTED
    )
    checked_on: Mapped[date | None]
    hours_note: Mapped[str | None] = mapped_column(sa.Text)

    location: Mapped[Location] = relationship(back_populates="counters")
    agency: Mapped[Agency | None] = relationship()
    hours: Mapped[list[Hours]] = relationship(
        order_by="Hours.weekday, Hours.opens_at", cascade="all, delete-orphan"
    )


class Hours(Model):
    """One open span of a weekday, at a place or at one of its counters (not both)."""

    __tablename__ = "hours"
    __table_args__ = (
        sa.CheckConstraint("(location_id IS NULL) <> (counter_id IS NULL)", name="one_owner"),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        sa.CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("location.id"), index=True)
    counter_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("counter.id"), index=True)
    #: 1 = Monday … 7 = Sunday (ISO 8601).
    weekday: Mapped[int]
    opens_at: Mapped[time]
    closes_at: Mapped[time]


class Closure(Model):
    """Days on which a place, or one counter of it, is closed or keeps other hours."""

    __tablename__ = "closure"
    __table_args__ = (sa.CheckConstraint("from_on <= until_on", name="in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("location.id"), index=True)
    counter_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("counter.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(300))
    reason_en: Mapped[str | None] = mapped_column(sa.String(300))

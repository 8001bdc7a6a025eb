"""Regions: the provinces, regencies and cities, by their Kemendagri codes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.columns import Json, Sourced, UtcDateTime, enum_of, now

#: Where what belongs to no region keeps its calendar: the capital's zone (WIB).
HOME_ZONE = "Asia/Jakarta"


class RegionLevel(StrEnum):
    """How high a region stands."""

    PROVINCE = "province"
    REGENCY = "regency"
    CITY = "city"


class Region(Sourced, Model):
    """A province (``74``), or a regency or city (``74.71``) below one.

    Codes and names: Kepmendagri 300.2.2-2430/2025. The point is the centroid of
    the area, in degrees; it may fall in forest or sea and is no address.
    """

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(100))
    level: Mapped[RegionLevel] = mapped_column(enum_of(RegionLevel, name="level"))
    parent_code: Mapped[str | None] = mapped_column(sa.ForeignKey("region.code"), index=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    #: IANA name: Asia/Jakarta (WIB), Asia/Makassar (WITA) or Asia/Jayapura (WIT).
    timezone: Mapped[str] = mapped_column(sa.String(40))
    #: The seat of government, which people type for the region (Unaaha for Konawe).
    seat: Mapped[str | None] = mapped_column(sa.String(100))
    #: Other spellings: a list of strings.
    aliases: Mapped[list[str]] = mapped_column(Json, default=list)
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    parent: Mapped[Region | None] = relationship(remote_side=[code])

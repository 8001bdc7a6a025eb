"""Tables of where services are had and who gives them: regions, agencies, locations, counters, hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

import sqlalchemy as sa

from siapa.locales import lazy as _l
from siapa.opendata import words
from siapa.opendata.table import (
    ForeignKey,
    Table,
    all_at_once,
    by_key,
    by_owner,
    column,
    columns_of,
)
from siapa.records import (
    Agency,
    Confidence,
    CoordinateQuality,
    Counter,
    CounterStatus,
    Hours,
    Location,
    LocationKind,
    Region,
    RegionLevel,
)


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A province, or a regency or city below one."""

    code: str = column(_l("Kemendagri code: 74 a province, 74.71 a regency or city."))
    name: str = column(words.NAME)
    name_en: str = column(words.NAME_EN)
    level: RegionLevel = column(_l("Province, regency or city."))
    parent_code: str | None = column(_l("The province it lies in."))
    latitude: float = column(_l("Of the centre of the area, which is no address."), unit="degree")
    longitude: float = column(_l("Of the centre of the area, which is no address."), unit="degree")
    timezone: str = column(_l("Time zone by its IANA name."))
    seat: str | None = column(_l("Seat of government."))
    aliases: list[str] = column(_l("Other spellings."))
    source_address: str | None = column(words.SOURCE_ADDRESS)
    source_as_of: date | None = column(words.SOURCE_AS_OF)
    source_note: str | None = column(words.SOURCE_NOTE)
    confidence: Confidence | None = column(words.CONFIDENCE)
    modified_at: datetime = column(words.MODIFIED_AT)


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """A body that owes the public a standard."""

    id: UUID = column(words.ID)
    slug: str = column(words.SLUG)
    name: str = column(words.NAME)
    name_en: str | None = column(words.NAME_EN)
    short_name: str | None = column(_l("Short name."))
    kind: str = column(_l("What sort of body it is."))
    parent_id: UUID | None = column(_l("The agency above it."))
    region_code: str | None = column(_l("The region it is for; empty for the whole country."))
    address: str | None = column(_l("Address of the office."))
    website: str | None = column(_l("Website of the office."))
    phone: str | None = column(_l("Telephone of the office."))
    succeeded_by_id: UUID | None = column(_l("The agency that took its place after it ended."))
    source_address: str | None = column(words.SOURCE_ADDRESS)
    source_as_of: date | None = column(words.SOURCE_AS_OF)
    source_note: str | None = column(words.SOURCE_NOTE)
    confidence: Confidence | None = column(words.CONFIDENCE)
    modified_at: datetime = column(words.MODIFIED_AT)


@dataclass(frozen=True, slots=True)
class LocationRow:
    """A place where services are had; closed ones stay in the list."""

    id: UUID = column(words.ID)
    kind: LocationKind = column(_l("A mall (MPP), an office, a mobile or an online service."))
    slug: str = column(words.SLUG)
    name: str = column(words.NAME)
    name_en: str | None = column(words.NAME_EN)
    agency_id: UUID | None = column(_l("The agency that runs it."))
    region_code: str | None = column(words.REGION)
    address: str | None = column(_l("Street address."))
    latitude: float | None = column(_l("Latitude (WGS 84)."), unit="degree")
    longitude: float | None = column(_l("Longitude (WGS 84)."), unit="degree")
    coordinate_quality: CoordinateQuality | None = column(
        _l("Whether the point is the building or only the centre of the region.")
    )
    opened_on: date | None = column(_l("The day it was opened."))
    hours_note: str | None = column(_l("What a source says of the hours in words."))
    website: str | None = column(_l("Website of the office."))
    phone: str | None = column(_l("Telephone of the office."))
    reported_agencies: int | None = column(_l("How many agencies a source reports there."))
    reported_services: int | None = column(_l("How many services a source reports there."))
    closed_on: date | None = column(_l("The day it was closed for good; empty while it is open."))
    source_address: str | None = column(words.SOURCE_ADDRESS)
    source_as_of: date | None = column(words.SOURCE_AS_OF)
    source_note: str | None = column(words.SOURCE_NOTE)
    confidence: Confidence | None = column(words.CONFIDENCE)
    modified_at: datetime = column(words.MODIFIED_AT)


@dataclass(frozen=True, slots=True)
class CounterRow:
    """An agency's stand in a mall."""

    id: UUID = column(words.ID)
    location_id: UUID = column(words.LOCATION)
    agency_id: UUID | None = column(_l("The agency; empty where the source does not say which."))
    name: str = column(words.NAME)
    floor: str | None = column(_l("The floor it stands on."))
    status: CounterStatus = column(_l("What is known of it: to be listed is not to be open."))
    checked_on: date | None = column(_l("The day it was last checked."))
    hours_note: str | None = column(_l("What a source says of the hours in words."))
    source_address: str | None = column(words.SOURCE_ADDRESS)
    source_as_of: date | None = column(words.SOURCE_AS_OF)
    source_note: str | None = column(words.SOURCE_NOTE)
    confidence: Confidence | None = column(words.CONFIDENCE)


@dataclass(frozen=True, slots=True)
class HoursRow:
    """One open span of a weekday, of a place or of one of its counters; public holidays are closed."""

    location_id: UUID = column(words.LOCATION)
    owner_id: UUID = column(_l("Whose hours they are: the counter, or else the place itself."))
    weekday: int = column(_l("1 is Monday, 7 is Sunday (ISO 8601)."))
    opens_at: time = column(_l("When it opens, by the clock of the place."))
    closes_at: time = column(_l("When it closes, by the clock of the place."))
    counter_id: UUID | None = column(_l("The counter; empty for the hours of the place itself."))


REGION = ForeignKey(("region_code",), "regions", ("code",))
AGENCY = ForeignKey(("agency_id",), "agencies", ("id",))
LOCATION = ForeignKey(("location_id",), "locations", ("id",))
COUNTER = ForeignKey(("counter_id",), "counters", ("id",))

OF_HOURS = sa.func.coalesce(Hours.location_id, Counter.location_id)
_HOURS = sa.select(
    *columns_of(
        HoursRow, Hours, location_id=OF_HOURS, owner_id=sa.func.coalesce(Hours.counter_id, Hours.location_id)
    )
).outerjoin(Counter, Counter.id == Hours.counter_id)

TABLES = (
    Table(
        "regions", _l("Regions"), RegionRow, ("code",),
        all_at_once(sa.select(*columns_of(RegionRow, Region)), order=lambda row: row[0]),
        (ForeignKey(("parent_code",), "regions", ("code",)),),
    ),
    Table(
        "agencies", _l("Agencies"), AgencyRow, ("id",),
        by_key(sa.select(*columns_of(AgencyRow, Agency)), Agency.id),
        (
            REGION,
            ForeignKey(("parent_id",), "agencies", ("id",)),
            ForeignKey(("succeeded_by_id",), "agencies", ("id",)),
        ),
    ),
    Table(
        "locations", _l("Places where services are had"), LocationRow, ("id",),
        by_key(sa.select(*columns_of(LocationRow, Location)), Location.id),
        (REGION, AGENCY),
    ),
    Table(
        "counters", _l("Counters in malls"), CounterRow, ("id",),
        by_key(sa.select(*columns_of(CounterRow, Counter)), Counter.id),
        (LOCATION, AGENCY),
    ),
    Table(
        "hours", _l("Opening hours"), HoursRow, ("location_id", "owner_id", "weekday", "opens_at"),
        by_owner(_HOURS, OF_HOURS, Location.id, order=lambda row: row[:4]),
        (LOCATION, COUNTER),
    ),
)  # fmt: skip

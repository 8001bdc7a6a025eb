"""From rows to the values that are handed out; used by every reading module of this room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from siapa.catalogue.closing import days_of
from siapa.catalogue.opening import UNKNOWN, opening_hours, opening_state
from siapa.catalogue.views import (
    AgencyRef,
    CategoryRef,
    CounterView,
    OpeningState,
    PlaceRef,
    RegionRef,
    ServiceRef,
    Source,
)
from siapa.records import (
    HOME_ZONE,
    Agency,
    Category,
    CoordinateQuality,
    Counter,
    Hours,
    LifeEvent,
    Location,
    Region,
    Service,
)
from siapa.records.columns import Sourced


def source_of(row: Sourced) -> Source:
    """The source of ``row``; several addresses are parted by ``;`` in the table."""
    addresses = tuple(part.strip() for part in (row.source_address or "").split(";") if part.strip())
    return Source(addresses, row.source_as_of, row.source_note, row.confidence)


def region_ref(row: Region) -> RegionRef:
    """``row`` as a reference."""
    return RegionRef(row.code, row.name, row.name_en, row.level, row.parent_code, row.timezone)


def agency_ref(row: Agency) -> AgencyRef:
    """``row`` as a reference."""
    return AgencyRef(row.id, row.slug, row.name, row.name_en, row.short_name, row.kind)


def service_ref(row: Service) -> ServiceRef:
    """``row`` as a reference."""
    return ServiceRef(row.id, row.code, row.slug, row.name, row.name_en)


def category_ref(row: Category | LifeEvent, services: int = 0) -> CategoryRef:
    """A category or a life event, with how many services stand under it."""
    description = row.description if isinstance(row, LifeEvent) else None
    description_en = row.description_en if isinstance(row, LifeEvent) else None
    return CategoryRef(row.code, row.name, row.name_en, description, description_en, services)


def place_ref(row: Location, region: Region | None) -> PlaceRef:
    """``row`` as a reference; ``region`` is its region, loaded by the caller."""
    return PlaceRef(
        id=row.id,
        kind=row.kind,
        slug=row.slug,
        name=row.name,
        name_en=row.name_en,
        region=region_ref(region) if region else None,
        latitude=row.latitude,
        longitude=row.longitude,
        is_centroid=row.coordinate_quality is not CoordinateQuality.BUILDING,
    )


def opening_of(location: Location, counter: Counter | None, at: datetime) -> OpeningState:
    """Whether a counter (by its own hours, else the place's) or a place is open at ``at``."""
    rows = (counter.hours if counter else None) or location.hours
    if not rows:
        return UNKNOWN
    zone = location.region.timezone if location.region else HOME_ZONE
    closed = days_of(location.id, counter.id if counter else None)
    return opening_state(opening_hours(rows), zone, at, closed)


def week_of(rows: Iterable[Hours]) -> tuple[tuple[int, str, str], ...]:
    """Hours for a table: weekday 1-7, from when and until when."""
    return tuple((row.weekday, f"{row.opens_at:%H.%M}", f"{row.closes_at:%H.%M}") for row in rows)


def counter_view(row: Counter, location: Location, at: datetime) -> CounterView:
    """A counter of ``location`` as it is at ``at``."""
    return CounterView(
        id=row.id,
        name=row.name,
        floor=row.floor,
        status=row.status,
        checked_on=row.checked_on,
        agency=agency_ref(row.agency) if row.agency else None,
        hours_note=row.hours_note,
        opening=opening_of(location, row, at),
        hours=week_of(row.hours),
        source=source_of(row),
    )

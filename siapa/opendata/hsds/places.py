"""Offerings as services at locations, with the place and the hours.

What is only the centre of a region is no point to go to, and an address without postal code is
none in HSDS (which demands one): the first is left out, the second stands in the description.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from siapa.locales import current_locale
from siapa.locales import gettext as _
from siapa.opendata.hsds.naming import Record, id_of, name_of, phone, without_nothing
from siapa.records import HOME_ZONE, CoordinateQuality, Hours, Location, LocationKind, Offering

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def service_at_location(offering: Offering) -> Record:
    """``offering`` without its service."""
    key = str(offering.id)
    limits = offering.limits_en if current_locale() == "en" and offering.limits_en else offering.limits
    counter = offering.counter
    where = " ".join(part for part in (counter.name, counter.floor) if part) if counter else None
    own = counter.hours if counter and counter.hours else offering.location.hours
    return without_nothing(
        {
            "id": key,
            "service_id": str(offering.standard_id),
            "location_id": str(offering.location_id),
            "description": ". ".join(part for part in (where, limits) if part) or None,
            "schedules": list(_schedules(own, offering)),
            "location": location(offering.location),
        }
    )


def location(place: Location) -> Record:
    """``place`` as a location."""
    is_point = place.coordinate_quality is CoordinateQuality.BUILDING
    return without_nothing(
        {
            "id": str(place.id),
            "location_type": "virtual" if place.kind is LocationKind.ONLINE else "physical",
            "name": name_of(place),
            "description": ", ".join(_whereabouts(place)) or None,
            "latitude": place.latitude if is_point else None,
            "longitude": place.longitude if is_point else None,
            "external_identifier": place.slug,
            "external_identifier_type": "SIAPA",
            "organization_id": str(place.agency_id) if place.agency_id else None,
            "phones": [phone(place.phone, "location_id", place.id)] if place.phone else None,
        }
    )


def _whereabouts(place: Location) -> Iterator[str]:
    if place.address:
        yield place.address
    if place.region:
        yield f"{name_of(place.region)} ({place.region.code})"


def _schedules(hours: list[Hours], offering: Offering) -> Iterator[Record]:
    zone = offering.location.region.timezone if offering.location.region else HOME_ZONE
    # Indonesia knows no summer time: the offset of any day is that of all.
    offset = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset()
    for row in hours:
        span = f"{row.opens_at:%H:%M}-{row.closes_at:%H:%M}"
        yield {
            "id": id_of("schedule", f"{offering.id}/{row.weekday}/{span}"),
            "service_at_location_id": str(offering.id),
            "freq": "WEEKLY",
            "wkst": "MO",
            "byday": DAYS[row.weekday - 1],
            "opens_at": f"{row.opens_at:%H:%M}",
            "closes_at": f"{row.closes_at:%H:%M}",
            "timezone": int(offset.total_seconds() // 3600) if offset else 0,
            "description": _("Closed on public holidays."),
        }

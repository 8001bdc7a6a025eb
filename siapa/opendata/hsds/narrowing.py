"""Services by when and where they are had: the further filters of Open Referral UK."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

import sqlalchemy as sa

from siapa.catalogue.distance import distance_km
from siapa.catalogue.live import OPEN_PLACE
from siapa.extensions import db
from siapa.opendata.hsds.places import DAYS
from siapa.records import CoordinateQuality, Hours, Location, Offering


@dataclass(frozen=True, slots=True)
class Had:
    """When and where a service is to be had; all conditions hold at once."""

    #: One of ``DAYS``.
    day: str | None = None
    #: Open from then on, and until then; by the clock of the place.
    start_time: time | None = None
    end_time: time | None = None
    #: Latitude, longitude, and metres around them.
    near: tuple[float, float, int] | None = None

    @property
    def condition(self) -> sa.ColumnElement[bool] | None:
        """What holds of an offering that is had so; None where nothing is asked."""
        asked = []
        if self.day or self.start_time or self.end_time:
            asked.append(self._is_open())
        if self.near:
            asked.append(Offering.location_id.in_(_places_near(*self.near)))
        return sa.and_(*asked) if asked else None

    def _is_open(self) -> sa.ColumnElement[bool]:
        """The hours of the counter, where it has any, or else those of the place."""
        spans = []
        if self.day:
            spans.append(Hours.weekday == DAYS.index(self.day) + 1)
        if self.start_time:
            spans.append(Hours.opens_at <= self.start_time)
        if self.end_time:
            spans.append(Hours.closes_at >= self.end_time)
        of_counter, of_place = (
            Hours.counter_id == Offering.counter_id,
            Hours.location_id == Offering.location_id,
        )
        return sa.or_(
            sa.exists().where(of_counter, *spans),
            sa.and_(~sa.exists().where(of_counter), sa.exists().where(of_place, *spans)),
        )


def _places_near(latitude: float, longitude: float, metres: int) -> list[object]:
    """The open places within so many metres, of which it is known where their building stands."""
    places = db.session.execute(
        sa.select(Location.id, Location.latitude, Location.longitude).where(
            OPEN_PLACE, Location.coordinate_quality == CoordinateQuality.BUILDING
        )
    )
    return [
        key for key, north, east in places
        if north is not None and east is not None
        and distance_km(latitude, longitude, north, east) * 1000 <= metres
    ]  # fmt: skip

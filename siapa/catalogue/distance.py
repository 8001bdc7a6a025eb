"""Great-circle distance."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

#: Mean radius of the earth in kilometres (IUGG).
EARTH_RADIUS_KM = 6371.0088


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres between two points in degrees, to one decimal (haversine)."""
    up, across = radians(other_latitude - latitude), radians(other_longitude - longitude)
    chord = sin(up / 2) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(across / 2) ** 2
    return round(2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord))), 1)

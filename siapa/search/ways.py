"""How far it is to every place of a shelf, on arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from siapa.catalogue.distance import EARTH_RADIUS_KM
from siapa.search.engine.shelf import Shelf

Kilometres = NDArray[np.float64]


def ways(shelf: Shelf, latitude: float, longitude: float) -> Kilometres:
    """Kilometres from a point to each place of ``table("places")``, to one decimal (haversine).

    Infinite where the place of the place is not known, and so is a last value, for none.
    """
    points = shelf.made("points", lambda: _points(shelf))
    up, across = points[0] - np.radians(latitude), points[1] - np.radians(longitude)
    chord = np.sin(up / 2) ** 2 + np.cos(np.radians(latitude)) * np.cos(points[0]) * np.sin(across / 2) ** 2
    away = np.round(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(np.sqrt(chord), 1.0)), 1)
    return np.where(np.isnan(away), np.inf, away)


def _points(shelf: Shelf) -> NDArray[np.float64]:
    """Latitudes and longitudes in radians, not a number where unknown."""
    rows = [row[2:4] for row in shelf.table("places")]
    return np.radians(np.array([*rows, (None, None)], np.float64).T)

"""Figures of the whole registry: what all standards in force come to, by province, by service, in time.

They are derived and kept in tables of their own, which follow the log a little behind it and say how
far (``Standing``); ``refresh`` makes them anew from what is public.
"""

from siapa.catalogue.figures import Figures
from siapa.figures.reading import (
    SORTS,
    Movements,
    OfProvince,
    OfService,
    Standing,
    behind,
    national,
    of_province,
    of_provinces,
    of_service,
    of_services,
    standing,
    through_time,
)
from siapa.figures.refreshing import Refreshed, is_made, refresh, refresh_if_due, today

__all__ = [
    "SORTS", "Figures", "Movements", "OfProvince", "OfService", "Refreshed", "Standing", "behind",
    "is_made", "national", "of_province", "of_provinces", "of_service", "of_services", "refresh",
    "refresh_if_due", "standing", "through_time", "today",
]  # fmt: skip

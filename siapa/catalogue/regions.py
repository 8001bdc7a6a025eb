"""Regions as the public reads them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from siapa.catalogue import making, sums
from siapa.catalogue.agencies import agencies
from siapa.catalogue.keeping import look
from siapa.catalogue.malls import malls
from siapa.catalogue.page import MOST_PER_PAGE, PER_PAGE, Page
from siapa.catalogue.standards import Order
from siapa.catalogue.views import RegionRef, RegionView
from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import Region, RegionLevel

#: How lists of regions may be sorted.
SORTS: dict[str, tuple[Order, ...]] = {"code": (Region.code,), "name": (Region.name, Region.code)}


def provinces() -> tuple[RegionRef, ...]:
    """The 38 provinces, by code."""
    return _below(None)


def regions(
    *,
    level: RegionLevel | None = None,
    parent: str | None = None,
    modified_since: datetime | None = None,
    sort: str = "code",
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Page[RegionRef]:
    """Provinces, regencies and cities."""
    conditions: list[sa.ColumnElement[bool]] = []
    if level:
        conditions.append(Region.level == level)
    if parent:
        conditions.append(Region.parent_code == parent)
    if modified_since:
        conditions.append(Region.modified_at >= modified_since)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Region).where(*conditions)) or 0
    rows = db.session.scalars(
        sa.select(Region)
        .where(*conditions)
        .order_by(*SORTS[sort])
        .limit(per_page)
        .offset((page - 1) * per_page)
    )
    return Page(total, page, per_page, tuple(making.region_ref(row) for row in rows))


def region_named(code: str) -> RegionRef | None:
    """The region with ``code``, if there is one: for doors that check a filter."""
    row = db.session.get(Region, code)
    return making.region_ref(row) if row else None


def centre_of(code: str) -> tuple[float, float]:
    """The middle of a region, latitude and longitude in degrees; ``NotFound``."""
    row = db.session.get(Region, code)
    if row is None:
        raise NotFound(_l("There is no region with this code."))
    return row.latitude, row.longitude


def region(code: str, *, at: datetime | None = None) -> RegionView:
    """The region with ``code`` and what lies in it; ``NotFound``."""
    row = db.session.scalar(sa.select(Region).where(Region.code == code).options(joinedload(Region.parent)))
    if row is None:
        raise NotFound(_l("There is no region with this code."))
    return RegionView(
        region=making.region_ref(row),
        parent=making.region_ref(row.parent) if row.parent else None,
        latitude=row.latitude,
        longitude=row.longitude,
        seat=row.seat,
        aliases=tuple(row.aliases),
        regions=_below(code),
        malls=malls(region=code, per_page=MOST_PER_PAGE, at=at).results,
        agencies=agencies(region=code, per_page=MOST_PER_PAGE).results,
        standards=sums.in_region_of(look(), code),
        source=making.source_of(row),
    )


def _below(code: str | None) -> tuple[RegionRef, ...]:
    rows = db.session.scalars(sa.select(Region).where(Region.parent_code == code).order_by(Region.code))
    return tuple(making.region_ref(row) for row in rows)

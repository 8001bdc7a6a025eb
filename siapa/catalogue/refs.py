"""How agencies, services, places and regions are named beside something else: read once, and kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from siapa.catalogue.keeping import Kept, Look
from siapa.catalogue.touching import NAMES
from siapa.catalogue.views import AgencyRef, PlaceRef, RegionRef, ServiceRef
from siapa.extensions import db
from siapa.records import Agency, CoordinateQuality, Location, Region, Service

Columns = Sequence[Any]


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place, and whether it is open to the public: not closed for good."""

    ref: PlaceRef
    is_open: bool


def agency_refs(look: Look, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Kept[AgencyRef]]:
    """The agencies by id."""
    return look.all("agencies", ids, _agencies)


def service_refs(look: Look, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Kept[ServiceRef]]:
    """The national services by id, also those that are retired."""
    return look.all("services", ids, _services)


def places(look: Look, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Kept[KnownPlace]]:
    """The places by id, also those that are closed for good."""
    return look.all("places", ids, _places)


def read_all(look: Look) -> None:
    """Read the names of everything there is: a server does so before it forks its workers."""
    for table, refs in ((Agency, agency_refs), (Service, service_refs), (Location, places)):
        refs(look, list(db.session.scalars(sa.select(table.id))))


def in_order(known: Iterable[Kept[KnownPlace]]) -> tuple[PlaceRef, ...]:
    """The places that are open to the public, by region and name."""
    open_ones = [one.value.ref for one in known if one.value.is_open]
    return tuple(sorted(open_ones, key=lambda ref: (ref.region.code if ref.region else "", ref.name)))


def _agencies(ids: list[uuid.UUID]) -> dict[uuid.UUID, Kept[AgencyRef]]:
    columns: Columns = (
        Agency.id, Agency.slug, Agency.name, Agency.name_en, Agency.short_name, Agency.kind,
    )  # fmt: skip
    rows = db.session.connection().execute(sa.select(*columns).where(Agency.id.in_(ids)))
    return {one: Kept(AgencyRef(one, *rest), frozenset((str(one),))) for one, *rest in rows}


def _services(ids: list[uuid.UUID]) -> dict[uuid.UUID, Kept[ServiceRef]]:
    columns: Columns = (Service.id, Service.code, Service.slug, Service.name, Service.name_en)
    rows = db.session.connection().execute(sa.select(*columns).where(Service.id.in_(ids)))
    return {one: Kept(ServiceRef(one, *rest), frozenset((str(one),))) for one, *rest in rows}


def _places(ids: list[uuid.UUID]) -> dict[uuid.UUID, Kept[KnownPlace]]:
    of_region: Columns = (
        Region.code, Region.name, Region.name_en, Region.level, Region.parent_code, Region.timezone,
    )  # fmt: skip
    of_place: Columns = (
        Location.id, Location.kind, Location.slug, Location.name, Location.name_en, Location.latitude,
        Location.longitude, Location.coordinate_quality, Location.closed_on,
    )  # fmt: skip
    rows = db.session.connection().execute(
        sa.select(*of_place, *of_region)
        .outerjoin(Region, Region.code == Location.region_code)
        .where(Location.id.in_(ids))
    )
    found = {}
    for row in rows:
        one, kind, slug, name, name_en, latitude, longitude, quality, closed_on, *region = row
        is_centroid = quality is not CoordinateQuality.BUILDING
        where = RegionRef(*region) if region[0] is not None else None
        ref = PlaceRef(one, kind, slug, name, name_en, where, latitude, longitude, is_centroid)
        found[one] = Kept(KnownPlace(ref, closed_on is None), frozenset((str(one), NAMES)))
    return found

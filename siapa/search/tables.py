"""What the search knows beside the index: places, synonyms, and the names to show and to suggest.

Small tables, read whole from the database and kept until the log says that one of them
changed. The database is read again, never edited in memory, so replays do no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from siapa.catalogue.live import ACTIVE, LIVE, OPEN_PLACE
from siapa.records import (
    Agency,
    Category,
    Change,
    ChangeKind,
    Edition,
    LifeEvent,
    Location,
    LocationKind,
    Offering,
    Region,
    Service,
    ServiceAlias,
    Standard,
    Synonym,
)
from siapa.search.places import Gazetteer, Place
from siapa.search.reading import Synonyms

#: A change of these kinds makes the tables old; standards and offerings come and go without.
_TELLING = (
    ChangeKind.AGENCY_CHANGED,
    ChangeKind.LOCATION_CHANGED,
    ChangeKind.SERVICE_CHANGED,
    ChangeKind.REGION_CHANGED,
    ChangeKind.VOCABULARY_CHANGED,
)
_STATE_WORDS = ("Kabupaten ", "Kota ", "Provinsi ", "Daerah Istimewa ", "Daerah Khusus Ibukota ", "DKI ")
_MALL_WORDS = ("MPP ", "Mal Pelayanan Publik ")


@dataclass(frozen=True)
class Named:
    """Something with a name in both languages, and other names it answers to."""

    kind: str
    #: The code or slug by which a door builds its address.
    key: str
    label: str
    label_en: str
    names: tuple[str, ...] = ()
    #: How much stands behind it: the number of live standards.
    weight: int = 0
    parent: str | None = None
    #: Whether it is offered while somebody types; what has ended is only a filter.
    is_offered: bool = True
    #: Latitude and longitude in degrees: of a mall, or of the middle of a region.
    point: tuple[float, float] | None = None


@dataclass
class Tables:
    """The tables as of change ``number``."""

    number: int
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    synonyms: Synonyms = field(default_factory=Synonyms)
    regions: dict[str, Named] = field(default_factory=dict)
    malls: dict[str, Named] = field(default_factory=dict)
    agencies: dict[str, Named] = field(default_factory=dict)
    categories: dict[str, Named] = field(default_factory=dict)
    life_events: dict[str, Named] = field(default_factory=dict)
    services: dict[str, Named] = field(default_factory=dict)
    _made: dict[str, Any] = field(default_factory=dict)

    def made(self, name: str, make: Callable[[], Any]) -> Any:
        """What others make of the tables, made once and gone with them."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


def are_old(connection: sa.Connection, tables: Tables, number: int) -> bool:
    """Whether a change after ``tables.number`` up to ``number`` touched what they hold."""
    if number < tables.number:
        return True
    query = sa.select(Change.number).where(Change.number > tables.number, Change.kind.in_(_TELLING)).limit(1)
    return connection.execute(query).first() is not None


def read_tables(connection: sa.Connection, number: int) -> Tables:
    """All tables from the database; ``number`` was its newest change just before."""
    tables = Tables(number)
    for fill in (_regions, _malls, _agencies, _services, _subjects):
        fill(connection, tables)
    rows = connection.execute(sa.select(Synonym.term, Synonym.replacement).order_by(Synonym.id))
    tables.synonyms = Synonyms.of((row.term, row.replacement) for row in rows)
    return tables


def _regions(connection: sa.Connection, tables: Tables) -> None:
    columns: tuple[Any, ...] = (
        Region.code, Region.name, Region.name_en, Region.level, Region.parent_code, Region.seat,
        Region.aliases, Region.latitude, Region.longitude,
    )  # fmt: skip
    for row in connection.execute(sa.select(*columns).order_by(Region.code)):
        names = [_without(row.name, _STATE_WORDS), _without(row.name_en, ("City of ",)), row.name]
        if row.seat and row.parent_code:  # a province's seat is a city of its own
            names.append(row.seat)
        names += [str(alias) for alias in row.aliases or ()]
        place = Place(row.code, row.name, row.name_en, row.level.value)
        tables.gazetteer.add(place, names)
        tables.regions[row.code] = Named(
            "region",
            row.code,
            row.name,
            row.name_en,
            tuple(dict.fromkeys(names)),
            parent=row.parent_code,
            point=(row.latitude, row.longitude),
        )


def _malls(connection: sa.Connection, tables: Tables) -> None:
    counted = sa.select(Offering.location_id, sa.func.count()).group_by(Offering.location_id)
    offered: dict[object, int] = dict(connection.execute(counted).all())
    columns: tuple[Any, ...] = (
        Location.id, Location.slug, Location.name, Location.name_en, Location.region_code,
        Location.latitude, Location.longitude,
    )  # fmt: skip
    query = sa.select(*columns)
    is_mall = Location.kind == LocationKind.MALL
    for row in connection.execute(query.where(OPEN_PLACE, is_mall).order_by(Location.name)):
        region = tables.regions.get(row.region_code or "")
        proper = _proper_name(row.name, region)
        known = row.latitude is not None and row.longitude is not None
        tables.malls[row.slug] = Named(
            "mall",
            row.slug,
            row.name,
            row.name_en or row.name,
            (row.name, proper) if proper else (row.name,),
            offered.get(row.id, 0),
            parent=row.region_code,
            point=(row.latitude, row.longitude) if known else None,
        )
        if region and proper:
            level = tables.gazetteer.by_code[region.key].level
            tables.gazetteer.add(Place(region.key, region.label, region.label_en, level), [proper])


def _proper_name(name: str, region: Named | None) -> str:
    """What a mall is called beside its place: "MPP Siola Kota Surabaya" is "Siola"."""
    rest = _without(name, _MALL_WORDS)
    for known in (region.label, _without(region.label, _STATE_WORDS)) if region else ():
        rest = rest.removesuffix(known).strip()
    return rest if len(rest) > 3 else ""


def _agencies(connection: sa.Connection, tables: Tables) -> None:
    live = _live_counts(connection, Standard.agency_id)
    ended = Agency.succeeded_by_id.is_not(None).label("has_ended")
    columns: tuple[Any, ...] = (
        Agency.id, Agency.slug, Agency.name, Agency.name_en, Agency.short_name, Agency.region_code, ended,
    )  # fmt: skip
    for row in connection.execute(sa.select(*columns).order_by(Agency.name)):
        names = tuple(name for name in (row.name, row.short_name, row.name_en) if name)
        label_en = row.name_en or row.name
        tables.agencies[row.slug] = Named(
            "agency",
            row.slug,
            row.name,
            label_en,
            names,
            live.get(row.id, 0),
            parent=row.region_code,
            is_offered=not row.has_ended,
        )


def _services(connection: sa.Connection, tables: Tables) -> None:
    aliases: dict[object, list[str]] = {}
    texts = sa.select(ServiceAlias.service_id, ServiceAlias.text).order_by(ServiceAlias.id)
    for service_id, text in connection.execute(texts):
        aliases.setdefault(service_id, []).append(text)
    columns: tuple[Any, ...] = (Service.id, Service.code, Service.slug, Service.name, Service.name_en)
    live = _live_counts(connection, Standard.service_id)
    for row in connection.execute(sa.select(*columns).where(ACTIVE).order_by(Service.code)):
        names = (row.name, row.name_en, *aliases.get(row.id, ()))
        tables.services[row.code] = Named(
            "service", row.code, row.name, row.name_en, names, live.get(row.id, 0), parent=row.slug
        )


def _subjects(connection: sa.Connection, tables: Tables) -> None:
    for kind, table, held in (
        ("category", Category, tables.categories),
        ("life_event", LifeEvent, tables.life_events),
    ):
        query = sa.select(table.code, table.name, table.name_en).order_by(table.position)
        for code, name, name_en in connection.execute(query):
            held[code] = Named(kind, code, name, name_en)


def _live_counts(connection: sa.Connection, owner: Any) -> dict[object, int]:
    """How many live standards each ``owner`` has, counted in one sweep."""
    query = sa.select(owner, sa.func.count()).select_from(Standard)
    query = query.join(Edition, Edition.standard_id == Standard.id).where(LIVE).group_by(owner)
    return dict(connection.execute(query).all())


def _without(name: str, prefixes: tuple[str, ...]) -> str:
    for prefix in prefixes:
        name = name.removeprefix(prefix)
    return name


#: What a door may ask for by code or slug, by the name of its filter.
KNOWN: dict[str, Callable[[Tables], dict[str, Named]]] = {
    "region": lambda tables: tables.regions,
    "mall": lambda tables: tables.malls,
    "agency": lambda tables: tables.agencies,
    "category": lambda tables: tables.categories,
    "life_event": lambda tables: tables.life_events,
}

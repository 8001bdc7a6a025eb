"""The country that the made standards live in: agencies, their offices, malls and counters.

Made of the regions in the database and of ``seed`` alone, so that two registries agree
on every row. Nothing is written here.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from math import cos, radians

from siapa.publishing.generating.chance import Chance, made_id
from siapa.publishing.generating.local_names import districts
from siapa.publishing.generating.marks import SAMPLE, SAMPLE_EN
from siapa.publishing.generating.phrases import BUILDINGS
from siapa.publishing.slugs import slug_of
from siapa.records import LocationKind, RegionLevel

AGENCIES, MALLS = 1_500, 300
#: At most this many places are thought of for the standards of one agency.
MOST_PLACES = 12
#: What stands below the governments of regions: kind, name, English name, fields it knows best.
OFFICES: tuple[tuple[str, str, str, frozenset[str]], ...] = (
    ("dinas_dukcapil", "Dinas Kependudukan dan Pencatatan Sipil", "Population and Civil Registration Office",
     frozenset({"administrasi-kependudukan", "keagamaan"})),
    ("dinas_sosial", "Dinas Sosial", "Social Affairs Office", frozenset({"sosial", "jaminan-sosial",
    "pengaduan"})),
    ("dinas_kesehatan", "Dinas Kesehatan", "Health Office",
     frozenset({"kesehatan", "perizinan-tenaga-kesehatan"})),
    ("dinas_tenaga_kerja", "Dinas Tenaga Kerja", "Manpower Office",
     frozenset({"ketenagakerjaan", "jaminan-sosial", "keimigrasian"})),
    ("bapenda", "Badan Pendapatan Daerah", "Regional Revenue Agency",
     frozenset({"perpajakan", "pertanahan", "keuangan"})),
    ("dinas_perhubungan", "Dinas Perhubungan", "Transport Office", frozenset({"kendaraan", "kepolisian"})),
    ("dinas_pendidikan", "Dinas Pendidikan", "Education Office",
     frozenset({"pendidikan-penelitian", "peradilan-hukum"})),
    ("dinas_pupr", "Dinas Pekerjaan Umum", "Public Works Office", frozenset({"utilitas", "pengaduan"})),
)  # fmt: skip
ONE_STOP = ("dpmptsp", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "One-Stop Service Office",
            frozenset({"perizinan-usaha", "perizinan-tenaga-kesehatan"}))  # fmt: skip
GOVERNMENTS = {
    RegionLevel.PROVINCE: ("provincial_government", "Pemerintah Provinsi", "Government of"),
    RegionLevel.REGENCY: ("regency_government", "Pemerintah", "Government of"),
    RegionLevel.CITY: ("city_government", "Pemerintah", "Government of"),
}
WEEK = ((1, 2, 3, 4), time(8), time(15)), ((5,), time(8), time(14))
SATURDAY = ((6,), time(9), time(12))


@dataclass(frozen=True)
class Ground:
    """A region, as far as it is needed here."""

    code: str
    name: str
    name_en: str
    level: RegionLevel
    latitude: float
    longitude: float


@dataclass(frozen=True)
class MadePlace:
    """An office or a mall."""

    id: uuid.UUID
    kind: LocationKind
    slug: str
    name: str
    name_en: str
    agency_id: uuid.UUID
    region_code: str
    address: str
    latitude: float
    longitude: float
    #: Weekday, opening, closing.
    hours: tuple[tuple[int, time, time], ...]


@dataclass(frozen=True)
class MadeAgency:
    """An agency with all that its standards need to know of it."""

    id: uuid.UUID
    slug: str
    name: str
    name_en: str
    kind: str
    parent_id: uuid.UUID | None
    region: Ground
    favours: frozenset[str]
    districts: tuple[str, ...]


@dataclass(frozen=True)
class MadeCounter:
    """An agency's stand in a mall."""

    id: uuid.UUID
    location_id: uuid.UUID
    agency: MadeAgency
    floor: str


@dataclass(frozen=True)
class World:
    """Everything but services and standards."""

    agencies: tuple[MadeAgency, ...]
    places: tuple[MadePlace, ...]
    counters: tuple[MadeCounter, ...]
    #: By the place of the agency in ``agencies``: where its standards are had, the most likely first,
    #: each with the agency's counter there.
    near: tuple[tuple[tuple[uuid.UUID, uuid.UUID | None], ...], ...]


def make_world(seed: int, regions: Sequence[Ground]) -> World:
    """The world of ``seed`` over ``regions``, which are sorted by code."""
    agencies = _agencies(seed, regions)
    offices = [_office(seed, number, agency) for number, agency in enumerate(agencies)]
    governments = {agency.region.code: agency for agency in agencies if agency.parent_id is None}
    malls = [_mall(seed, number, governments[code]) for number, code in enumerate(_seats(seed, regions))]
    counters = _counters(seed, agencies, malls)
    return World(agencies, (*malls, *offices), counters, _near(agencies, offices, malls, counters))


def _agencies(seed: int, regions: Sequence[Ground]) -> tuple[MadeAgency, ...]:
    """A government for each region, a one-stop office for each regency and city, then others."""
    local = [region for region in regions if region.level is not RegionLevel.PROVINCE]
    made: list[MadeAgency] = []
    above: dict[str, uuid.UUID] = {}
    for region in regions:
        kind, name, name_en = GOVERNMENTS[region.level]
        made.append(_agency(seed, len(made), region, (kind, name, name_en, frozenset()), None))
        above[region.code] = made[-1].id
    for region in local:
        made.append(_agency(seed, len(made), region, ONE_STOP, above[region.code]))
    chance, rounds = Chance(f"agencies/{seed}"), 0
    while len(made) < AGENCIES and local:
        for place, region in enumerate(chance.some(local, AGENCIES - len(made))):
            office = OFFICES[(place + rounds) % len(OFFICES)]
            made.append(_agency(seed, len(made), region, office, above[region.code]))
        rounds += 1
    return tuple(made)


def _agency(
    seed: int,
    number: int,
    region: Ground,
    office: tuple[str, str, str, frozenset[str]],
    parent_id: uuid.UUID | None,
) -> MadeAgency:
    kind, name, name_en, favours = office
    name = f"{name} {region.name} {SAMPLE}"
    name_en = f"{name_en} {region.name_en} {SAMPLE_EN}"
    return MadeAgency(
        made_id("agency", seed, number), slug_of(name), name, name_en, kind, parent_id, region, favours,
        districts(seed, region.code),
    )  # fmt: skip


def _office(seed: int, number: int, agency: MadeAgency) -> MadePlace:
    chance = Chance(f"office/{seed}/{number}")
    name = f"Kantor {agency.name}"
    return MadePlace(
        made_id("office", seed, number), LocationKind.OFFICE, slug_of(name), name,
        f"Office of {agency.name_en}",
        agency.id, agency.region.code, _address(chance, agency), *_point(chance, agency.region),
        _hours(chance),
    )  # fmt: skip


def _mall(seed: int, number: int, government: MadeAgency) -> MadePlace:
    chance = Chance(f"mall/{seed}/{number}")
    region = government.region
    name = f"Mal Pelayanan Publik {region.name} {SAMPLE}"
    name_en = f"Public Service Mall, {region.name_en} {SAMPLE_EN}"
    return MadePlace(
        made_id("mall", seed, number), LocationKind.MALL, slug_of(name), name, name_en, government.id,
        region.code, _address(chance, government), *_point(chance, region), _hours(chance),
    )  # fmt: skip


def _seats(seed: int, regions: Sequence[Ground]) -> list[str]:
    local = [region.code for region in regions if region.level is not RegionLevel.PROVINCE]
    return sorted(Chance(f"malls/{seed}").some(local, MALLS))


def _address(chance: Chance, agency: MadeAgency) -> str:
    street = f"Jalan {chance.one(BUILDINGS)} Nomor {chance.between(1, 240)}"
    return f"{street}, Kecamatan {chance.one(agency.districts)}, {agency.region.name} {SAMPLE}"


def _point(chance: Chance, region: Ground) -> tuple[float, float]:
    """Somewhere within some ten kilometres of the middle of the region."""
    north, east = (chance.next() - 0.5) * 0.2, (chance.next() - 0.5) * 0.2
    return round(region.latitude + north, 5), round(region.longitude + east, 5)


def _hours(chance: Chance) -> tuple[tuple[int, time, time], ...]:
    spans = [*WEEK, SATURDAY] if chance.happens(0.3) else [*WEEK]
    return tuple((day, opens, closes) for days, opens, closes in spans for day in days)


def _counters(
    seed: int, agencies: Sequence[MadeAgency], malls: Sequence[MadePlace]
) -> tuple[MadeCounter, ...]:
    """Every agency has a counter in the malls of its region, and each mall some of its neighbours."""
    by_region: dict[str, list[MadeAgency]] = {}
    for agency in agencies:
        by_region.setdefault(agency.region.code, []).append(agency)
    made: list[MadeCounter] = []
    for mall in malls:
        chance = Chance(f"counters/{seed}/{mall.slug}")
        province = mall.region_code[:2]
        neighbours = [
            a for a in agencies if a.region.code[:2] == province and a.region.code != mall.region_code
        ]
        for agency in (*by_region[mall.region_code], *chance.some(neighbours, 4)):
            number = made_id("counter", seed, len(made))
            made.append(MadeCounter(number, mall.id, agency, str(chance.between(1, 4))))
    return tuple(made)


def _near(
    agencies: Sequence[MadeAgency],
    offices: Sequence[MadePlace],
    malls: Sequence[MadePlace],
    counters: Sequence[MadeCounter],
) -> tuple[tuple[tuple[uuid.UUID, uuid.UUID | None], ...], ...]:
    at = {(counter.agency.id, counter.location_id): counter.id for counter in counters}
    near = []
    for agency, office in zip(agencies, offices, strict=True):
        # Where it has a counter, then the nearest.
        ordered = sorted(
            malls, key=lambda mall: ((agency.id, mall.id) not in at, _square(office, mall), mall.slug)
        )
        chosen = ordered[: MOST_PLACES - 1]
        near.append(((office.id, None), *((mall.id, at.get((agency.id, mall.id))) for mall in chosen)))
    return tuple(near)


def _square(one: MadePlace, other: MadePlace) -> float:
    """The square of the distance in degrees: enough to put places in order."""
    east = (one.longitude - other.longitude) * cos(radians(one.latitude))
    return float((one.latitude - other.latitude) ** 2 + east**2)

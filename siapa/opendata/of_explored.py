"""What the explorer gives: standards with chosen columns, or groups of them with their figures."""

from __future__ import annotations

import dataclasses
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, get_type_hints
from uuid import UUID

import sqlalchemy as sa

from siapa.catalogue.live import LIVE, OPEN_PLACE
from siapa.locales import lazy as _l
from siapa.opendata import words
from siapa.opendata.table import Opens, Part, Reads, Row, Table, column
from siapa.records import Agency, Category, Edition, Location, Offering, Region, Service, Standard

#: Standards read at once.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ExploredRow:
    """A standard in force, with what surrounds it."""

    title: str = column(_l("Title in Indonesian."))
    title_en: str | None = column(_l("Title in English."))
    agency: str = column(_l("Name of the agency."))
    agency_kind: str = column(_l("What sort of body it is."))
    service_code: str | None = column(_l("Code of the national service; empty where it is linked to none."))
    service: str | None = column(_l("Name of the national service."))
    category: str | None = column(_l("Name of the subject."))
    provinces: list[str] = column(_l("Names of the provinces where it is had at an open place."))
    places: int = column(_l("At how many open places it is had."))
    is_free: bool = column(_l("Whether the standard says that it is free."))
    fee_min_idr: int | None = column(
        _l("The least fee of all cases; empty where it is not known."), unit="IDR"
    )
    fee_max_idr: int | None = column(
        _l("The highest fee of all cases; empty where it is open or not known."), unit="IDR"
    )
    days_min: int | None = column(
        _l("The shortest promised time of all cases, rounded up."), unit="working day"
    )
    days_max: int | None = column(
        _l("The longest promised time of all cases, rounded up."), unit="working day"
    )
    has_online: bool = column(_l("Whether there is a way online."))
    components_given: int = column(_l("How many of the 14 components of the law are given."))
    review_due_on: date | None = column(_l("The day by which the agency looks at it again."))
    published_at: datetime = column(_l("From when it was in force."))
    edition_number: int = column(words.EDITION)
    path: str = column(_l("The page, below the address of the registry."))
    id: UUID = column(words.ID)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """What the standards of one group come to."""

    key: str = column(_l("Code or slug of the group."))
    name: str = column(words.NAME)
    name_en: str | None = column(words.NAME_EN)
    standard_count: int = column(_l("Standards in force."))
    completeness: float | None = column(_l("Components given of all that the law asks for, 0 to 1."))
    complete_count: int = column(_l("Standards that give all 14 components of the law."))
    overdue_count: int = column(_l("Standards whose day of review has passed."))
    free_count: int = column(_l("Standards that are free."))
    online_count: int = column(_l("Standards with a way online."))
    fee_count: int = column(_l("Standards that state an amount; free is an amount of 0."))
    fee_median_idr: float | None = column(_l("Median of the least amount of these."), unit="IDR")
    paid_count: int = column(_l("Standards whose least amount is more than 0."))
    paid_fee_median_idr: float | None = column(_l("Median of the least amount of these."), unit="IDR")
    time_count: int = column(_l("Standards that state a time."))
    days_median: float | None = column(
        _l("Median of the longest promised time of these."), unit="working day"
    )


def _nothing(_connection: sa.Connection, _after: Any) -> Part:
    """These tables are filled from outside."""
    return Part((), None)


_FROM_OUTSIDE = Reads(_nothing, sa.select(sa.null()))
GROUPS = Table("groups", _l("Groups of standards"), GroupRow, ("key",), _FROM_OUTSIDE)
COLUMNS = tuple(field.name for field in dataclasses.fields(ExploredRow))


@lru_cache(maxsize=64)
def table_of(names: tuple[str, ...]) -> Table:
    """The standards with these of ``COLUMNS``, in this order."""
    hints = get_type_hints(ExploredRow)
    held = {field.name: field for field in dataclasses.fields(ExploredRow)}
    chosen = [(name, hints[name], dataclasses.field(metadata=held[name].metadata)) for name in names]
    shape = dataclasses.make_dataclass("ChosenColumns", chosen)
    return Table("standards", _l("Standards in force"), shape, names[:1], _FROM_OUTSIDE)


def rows_of(ids: Sequence[uuid.UUID], names: Sequence[str], opens: Opens) -> Iterator[Row]:
    """The standards ``ids`` in their order with the columns ``names``; what is no longer in force falls out.

    They are read in parts, each over a connection from ``opens``.
    """
    places = [COLUMNS.index(name) for name in names]
    has_places = bool({"provinces", "places"} & set(names))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        with opens() as connection:
            rows = _read(connection, some, has_places=has_places)
        yield from (tuple(rows[one][place] for place in places) for one in some if one in rows)


def _read(connection: sa.Connection, ids: Sequence[uuid.UUID], *, has_places: bool) -> dict[UUID, Row]:
    path = "/standar/" + Agency.slug + "/" + Standard.slug
    columns: tuple[Any, ...] = (
        Edition.title, Edition.title_en, Agency.name, Agency.kind, Service.code, Service.name, Category.name,
        sa.null(), sa.null(), Edition.is_free, Edition.fee_min_idr, Edition.fee_max_idr, Edition.days_min,
        Edition.days_max, Edition.has_online, Edition.components_given, Edition.review_due_on,
        Edition.published_at, Edition.number, path, Edition.standard_id,
    )  # fmt: skip
    found = connection.execute(
        sa.select(*columns)
        .select_from(Edition)
        .join(Standard, Standard.id == Edition.standard_id)
        .join(Agency, Agency.id == Standard.agency_id)
        .outerjoin(Service, Service.id == Standard.service_id)
        .outerjoin(Category, Category.code == Service.category_code)
        .where(LIVE, Edition.standard_id.in_(ids))
    )
    had = _places(connection, ids) if has_places else {}
    rows = {}
    for row in found:
        held = had.get(row[-1], [])
        provinces = list(dict.fromkeys(name for name in held if name))
        rows[row[-1]] = (*row[:7], provinces, len(held), *row[9:])
    return rows


def _places(connection: sa.Connection, ids: Iterable[uuid.UUID]) -> dict[UUID, list[str | None]]:
    """For each standard the province of each of its open places, in the order of their codes."""
    found: dict[UUID, list[str | None]] = defaultdict(list)
    province = sa.func.substr(Location.region_code, 1, 2)
    query = (
        sa.select(Offering.standard_id, Region.name)
        .join(Location, Location.id == Offering.location_id)
        .outerjoin(Region, Region.code == province)
        .where(OPEN_PLACE, Offering.standard_id.in_(list(ids)))
        .order_by(Location.region_code)
    )
    for standard, name in connection.execute(query):
        found[standard].append(name)
    return found

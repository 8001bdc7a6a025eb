"""The words of the explorer: its columns, groups, orders and filters, and how values stand in a table."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from siapa import catalogue
from siapa.catalogue.figures import Figures
from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import Words, current_locale, gettext
from siapa.locales import lazy as _l
from siapa.opendata.of_explored import COLUMNS
from siapa.records import Agency, Location, Region, Service
from siapa.search.exploring import Group
from siapa.web.filters import day, moment, number
from siapa.web.labels import AGENCY_KIND_NAMES, agency_kind_name
from siapa.web.site.measures import BLANK

USUAL_COLUMNS = (
    "title", "agency", "fee_min_idr", "days_max", "has_online", "components_given", "review_due_on",
)  # fmt: skip
COLUMN_NAMES: Mapping[str, Words] = {
    "title": _l("Title"), "title_en": _l("Title in English"), "agency": _l("Agency"),
    "agency_kind": _l("Kind of agency"), "service_code": _l("Code of the service"), "service": _l("Service"),
    "category": _l("Subject"), "provinces": _l("Provinces"), "places": _l("Number of places"),
    "is_free": _l("Free"), "fee_min_idr": _l("Least fee"), "fee_max_idr": _l("Highest fee"),
    "days_min": _l("Shortest time"), "days_max": _l("Longest time (working days)"),
    "has_online": _l("Online"), "components_given": _l("Components of 14"),
    "review_due_on": _l("Review due on"), "published_at": _l("In force since"),
    "edition_number": _l("Edition"), "path": _l("Address of the page"), "id": _l("Identifier"),
}  # fmt: skip
GROUPING_NAMES: Mapping[str, Words] = {
    "service": _l("Service"), "category": _l("Subject"), "agency": _l("Agency"),
    "kind": _l("Kind of agency"), "province": _l("Province"), "regency": _l("Regency or city"),
    "mall": _l("Public service mall"), "fee": _l("Fee"), "channel": _l("How"),
}  # fmt: skip
ORDER_NAMES: Mapping[str, Words] = {
    "title": _l("Title"), "fee": _l("Lowest fee"), "-fee": _l("Highest fee first"),
    "time": _l("Shortest time"), "-time": _l("Longest time first"),
    "completeness": _l("Least complete first"), "-completeness": _l("Most complete first"),
    "review": _l("Longest overdue first"),
}  # fmt: skip
FILTER_NAMES: Mapping[str, Words] = {
    "q": _l("Words searched for"), "region": _l("Region"), "mall": _l("Public service mall"),
    "agency": _l("Agency"), "category": _l("Subject"), "life_event": _l("Life event"), "free": _l("Free"),
    "online": _l("Online"), "max_days": _l("At most so many working days"), "open_now": _l("Opening hours"),
    "near": _l("Your place"), "service": _l("Service"), "kind": _l("Kind of agency"),
    "complete": _l("All 14 given"), "overdue": _l("Review overdue"), "states_fee": _l("States an amount"),
    "has_fee": _l("Fee above 0"), "states_time": _l("States a time"),
}  # fmt: skip
#: The parameter that leads to the standards of a group.
_PARAMETERS = {"province": "region", "regency": "region"}
_LONGEST_SHOWN = 40


@dataclass(frozen=True)
class NamedGroup:
    """A group with its name; ``filters`` narrow the explorer to its standards."""

    key: str
    name: str
    name_id: str
    name_en: str | None
    figures: Figures
    filters: Mapping[str, str]


def columns_of(asked: Iterable[str]) -> tuple[str, ...]:
    """The columns asked for, in the order of the table; the usual ones, if none is. ``Rejected``."""
    wanted = {name for text in asked for name in text.split(",") if name}
    unknown = sorted(wanted - set(COLUMNS))
    if unknown:
        message = _l("Choose one of: %(allowed)s.", allowed=", ".join(COLUMNS))
        raise Rejected(Problem("column", message, name[:_LONGEST_SHOWN]) for name in unknown)
    return tuple(name for name in COLUMNS if name in wanted) if wanted else USUAL_COLUMNS


def shown_cell(name: str, value: Any) -> str:
    """A value of the column ``name`` in words; a dash where there is none."""
    if value is None or value == []:
        return BLANK
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name == "agency_kind":
        return agency_kind_name(value)
    if name.endswith("_idr"):
        return f"Rp{number(value)}"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list):
        return ", ".join(value)
    return number(value) if isinstance(value, int) else str(value)


def named(by: str, groups: list[Group]) -> list[NamedGroup]:
    """``groups`` with the names of what they are keyed by; a service is keyed by its code from here on."""
    names = _NAMES[by]([one.key for one in groups])
    found = []
    for one in groups:
        key, name, name_en = names.get(one.key, (one.key, one.key, None))
        shown = (name_en if current_locale() == "en" else None) or name
        found.append(NamedGroup(key, shown, name, name_en, one.figures, _filters(by, key)))
    return found


def _filters(by: str, key: str) -> dict[str, str]:
    if by == "fee":
        return {"free": "1" if key == "free" else "0"}
    if by == "channel":
        return {"online": "1"} if key == "online" else {}
    return {_PARAMETERS.get(by, by): key}


Names = dict[str, tuple[str, str, str | None]]


def _of(table: Any, key: Any) -> Any:
    def names(keys: list[str]) -> Names:
        rows = db.session.execute(sa.select(key, table.name, table.name_en).where(key.in_(keys)))
        return {row[0]: (row[0], row[1], row[2]) for row in rows}

    return names


def _services(keys: list[str]) -> Names:
    columns: tuple[Any, ...] = (Service.id, Service.code, Service.name, Service.name_en)
    rows = db.session.execute(sa.select(*columns).where(Service.id.in_(map(uuid.UUID, keys))))
    return {str(row[0]): (row[1], row[2], row[3]) for row in rows}


def _categories(_keys: list[str]) -> Names:
    return {one.code: (one.code, one.name, one.name_en) for one in catalogue.categories()}


def _said(words: Mapping[str, Words]) -> Any:
    return lambda keys: {key: (key, str(words[key]), None) for key in keys if key in words}


_NAMES: Mapping[str, Any] = {
    "service": _services, "category": _categories, "agency": _of(Agency, Agency.slug),
    "kind": lambda keys: {key: (key, agency_kind_name(key), None) for key in keys},
    "province": _of(Region, Region.code), "regency": _of(Region, Region.code),
    "mall": _of(Location, Location.slug),
    "fee": _said({"free": _l("Free of charge"), "paid": _l("With a fee or by tariff")}),
    "channel": _said({"online": _l("Online"), "counter": _l("At a counter")}),
}  # fmt: skip
KINDS = tuple(AGENCY_KIND_NAMES)

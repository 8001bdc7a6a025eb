"""The figures as the database counts them, in statements that SQLite and PostgreSQL both understand.

A standard counts in each province where it is had at an open place, or, where no open place is
known, in that of its agency: as the search filters by region. Nothing is read row by row here:
whoever counts 200,000 standards beside readers must not hold the interpreter meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from siapa.catalogue.live import LIVE, OPEN_PLACE, WAS_PUBLIC
from siapa.document.standard_document import COMPONENTS
from siapa.records import (
    HOME_ZONE,
    Agency,
    Edition,
    FigureScope,
    Location,
    LocationKind,
    MovementKind,
    Offering,
    Service,
    Standard,
)

#: The home zone has no summer time: moments are told in it by adding seven hours.
_HOME_OFFSET = "+7 hours"
Values = dict[str, Any]


def figures(connection: sa.Connection, day: date) -> Iterator[Values]:
    """The rows of ``Figure`` as of ``day``, those without a standard left out."""
    for scope in FigureScope:
        for row in connection.execute(_counted(_keyed(scope), day)).mappings():
            yield {"scope": scope, **row}


def movements(connection: sa.Connection) -> Iterator[Values]:
    """The rows of ``Movement``."""
    for kind, statement in (
        (MovementKind.MALL, _of_malls()),
        (MovementKind.STANDARD, _of_standards(connection.dialect.name)),
    ):
        for row in connection.execute(statement).mappings():
            yield {"kind": kind, **row}


def _keyed(scope: FigureScope) -> sa.Select[*tuple[Any, ...]]:
    """What is counted of each live standard, once for each key of ``scope`` that it stands under."""
    match scope:
        case FigureScope.ALL:
            key: sa.ColumnElement[str] = sa.literal("", sa.String)
            return _facts(key)
        case FigureScope.SERVICE:
            key = sa.func.coalesce(Service.code, "")
            return _facts(key).join(Standard).outerjoin(Service, Service.id == Standard.service_id)
        case FigureScope.PROVINCE:
            where = _provinces().subquery("placed")
            return _facts(where.c.key).join(where, where.c.standard_id == Edition.standard_id)


def _facts(key: sa.ColumnElement[str]) -> sa.Select[*tuple[Any, ...]]:
    paid = sa.case((Edition.fee_min_idr > 0, Edition.fee_min_idr))
    columns: tuple[Any, ...] = (
        key.label("key"), Edition.is_free, Edition.has_online, Edition.components_given.label("given"),
        Edition.review_due_on.label("due"), Edition.fee_min_idr.label("fee"), paid.label("paid"),
        Edition.days_max.label("days"),
    )  # fmt: skip
    return sa.select(*columns).select_from(Edition).where(LIVE)


def _provinces() -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Each standard with its provinces; an empty one where neither a place nor its agency has any."""
    at_places = (
        sa.select(Offering.standard_id, _province(Location.region_code).label("key"))
        .join(Location, Location.id == Offering.location_id)
        .where(OPEN_PLACE, Location.region_code.is_not(None))
    )
    has_place = sa.exists().where(
        Offering.standard_id == Standard.id, Location.id == Offering.location_id, OPEN_PLACE
    )
    by_agency = (
        sa.select(Standard.id, sa.func.coalesce(_province(Agency.region_code), ""))
        .join(Agency, Agency.id == Standard.agency_id)
        .where(~has_place)
    )
    return sa.union(at_places, by_agency)  # each pair once


def _province(code: Any) -> sa.ColumnElement[str]:
    found: sa.ColumnElement[str] = sa.func.substr(code, 1, 2)
    return found


def _counted(keyed: sa.Select[*tuple[Any, ...]], day: date) -> sa.Select[*tuple[Any, ...]]:
    """The figures of each key: counts, and medians by the rank of each value among those of its key."""
    facts = keyed.cte("facts")
    placed = sa.select(
        facts.c.key, facts.c.is_free, facts.c.has_online, facts.c.given, facts.c.due,
        *(column for name in ("fee", "paid", "days") for column in ranked(facts, name)),
    ).cte("ranked")  # fmt: skip
    held = placed.c
    columns: tuple[Any, ...] = (
        held.key,
        sa.func.count().label("standards"),
        sa.func.sum(held.given).label("components"),
        _number(held.given == len(COMPONENTS)).label("complete"),
        _number(held.due < day).label("overdue"),
        _number(held.is_free).label("free"),
        _number(held.has_online).label("online"),
        sa.func.count(held.fee).label("with_fee"),
        median(placed, "fee").label("fee_median"),
        sa.func.count(held.paid).label("paid"),
        median(placed, "paid").label("paid_median"),
        sa.func.count(held.days).label("with_time"),
        median(placed, "days").label("days_median"),
    )
    return sa.select(*columns).group_by(held.key)


def ranked(facts: sa.CTE, name: str) -> tuple[sa.ColumnElement[Any], ...]:
    """A value, its rank among the known ones of its key (blanks come last), and how many are known."""
    value = facts.c[name]
    rank = sa.func.row_number().over(partition_by=facts.c.key, order_by=(value.is_(None), value))
    known = sa.func.count(value).over(partition_by=facts.c.key)
    return value.label(name), rank.label(f"{name}_rank"), known.label(f"{name}_known")


def median(ranked: sa.CTE, name: str) -> sa.ColumnElement[float]:
    """The mean of the middle value, or of the two in the middle; NULL where no value is known."""
    value, rank, known = (ranked.c[one] for one in (name, f"{name}_rank", f"{name}_known"))
    middle = (rank * 2 >= known) & (rank * 2 <= known + 2)
    return sa.cast(sa.func.avg(sa.case((middle & value.is_not(None), value))), sa.Double)


def _number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """Of how many rows ``condition`` holds."""
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _of_malls() -> sa.Select[*tuple[Any, ...]]:
    """By year; those whose day of opening is not known in a row of their own, also when they have closed."""
    malls = sa.select(Location.opened_on, Location.closed_on).where(Location.kind == LocationKind.MALL)
    held = malls.subquery()
    nothing = sa.literal(0)
    opened = sa.select(_year(held.c.opened_on).label("period"), sa.literal(1).label("begun"),
                       nothing.label("ended"), sa.literal(1).label("new"))  # fmt: skip
    closed = sa.select(_year(held.c.closed_on), nothing, sa.literal(1), nothing).where(
        held.c.closed_on.is_not(None), held.c.opened_on.is_not(None)
    )
    return _summed(sa.union_all(opened, closed))


def _of_standards(dialect: str) -> sa.Select[*tuple[Any, ...]]:
    """By month of the home zone."""
    once = sa.select(Edition.standard_id, Edition.published_at, Edition.ended_at, Edition.number).where(
        WAS_PUBLIC, Edition.published_at.is_not(None)
    )
    held = once.subquery()
    first = sa.select(sa.func.min(held.c.published_at).label("at")).group_by(held.c.standard_id).subquery()
    nothing = sa.literal(0)
    begun = sa.select(_month(held.c.published_at, dialect).label("period"), sa.literal(1).label("begun"),
                      nothing.label("ended"), nothing.label("new"))  # fmt: skip
    ended = sa.select(_month(held.c.ended_at, dialect), nothing, sa.literal(1), nothing).where(
        held.c.ended_at.is_not(None)
    )
    new = sa.select(_month(first.c.at, dialect), nothing, nothing, sa.literal(1))
    return _summed(sa.union_all(begun, ended, new))


def _summed(parts: sa.CompoundSelect[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    held = parts.subquery("parts").c
    sums = (sa.func.sum(column).label(column.key) for column in (held.begun, held.ended, held.new))
    period = sa.func.coalesce(held.period, "")
    return sa.select(period.label("period"), *sums).group_by(period)


def _year(day: Any) -> sa.ColumnElement[str]:
    """The year of a day, ``2026``."""
    return sa.func.substr(sa.cast(day, sa.String), 1, 4)


def _month(at: Any, dialect: str) -> sa.ColumnElement[str]:
    """The month of a moment in the home zone, ``2026-11``."""
    if dialect == "postgresql":
        return sa.func.to_char(sa.func.timezone(HOME_ZONE, at), "YYYY-MM")
    return sa.func.strftime("%Y-%m", at, _HOME_OFFSET)

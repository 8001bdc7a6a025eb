"""The national catalogue as curators work on it: entries with what hangs on them, and what hangs on none."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from siapa.extensions import db
from siapa.publishing.worklist import PERCENT
from siapa.records import (
    OPEN_STATES,
    Edition,
    Location,
    LocationKind,
    Offering,
    Service,
    ServiceAlias,
    ServiceStatus,
    Standard,
    State,
)

PER_PAGE = 50
STRAYS_PER_PAGE = 25
_MOST_WORDS = 8


@dataclass(frozen=True)
class Counted:
    """A service with how many standards there are for it, how many in force, of how many agencies,
    and in how many malls."""

    service: Service
    standards: int
    live: int
    agencies: int
    malls: int


@dataclass(frozen=True)
class Listed:
    """A page of something, and how much there is in all."""

    rows: tuple[Any, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // self.per_page))


def listed_services(
    *, words: str = "", category: str = "", status: ServiceStatus | None = None, page: int = 1
) -> Listed:
    """The services by name; each of ``words`` stands in a name, the code or an alias."""
    query = sa.select(Service)
    for word in words.split()[:_MOST_WORDS]:
        like = f"%{word.translate(PERCENT)}%"
        texts = (Service.name, Service.name_en, Service.code)
        alias = Service.aliases.any(ServiceAlias.text.ilike(like, escape="\\"))
        query = query.where(sa.or_(alias, *(text.ilike(like, escape="\\") for text in texts)))
    if category:
        query = query.where(Service.category_code == category)
    if status is not None:
        query = query.where(Service.status == status)
    found = _paged(query.order_by(Service.name, Service.code), page, PER_PAGE)
    return Listed(tuple(counted(found.rows)), found.total, found.page, found.per_page)


def counted(services: Iterable[Service]) -> list[Counted]:
    """Each of ``services`` with its numbers, in the same order."""
    rows = list(services)
    ids = [one.id for one in rows]
    is_live = Standard.editions.any(Edition.state == State.PUBLISHED)
    columns: tuple[Any, ...] = (
        Standard.service_id, sa.func.count(), sa.func.count(sa.distinct(Standard.agency_id)),
        sa.func.sum(sa.case((is_live, 1), else_=0)),
    )  # fmt: skip
    standards = sa.select(*columns).where(Standard.service_id.in_(ids)).group_by(Standard.service_id)
    malls = (
        sa.select(Standard.service_id, sa.func.count(sa.distinct(Location.id)))
        .join(Offering, Offering.standard_id == Standard.id)
        .join(Location, Location.id == Offering.location_id)
        .where(Standard.service_id.in_(ids), Location.kind == LocationKind.MALL, is_live)
        .group_by(Standard.service_id)
    )
    numbers = {one: (every, live, agencies) for one, every, agencies, live in db.session.execute(standards)}
    in_malls = {row[0]: row[1] for row in db.session.execute(malls)}
    nothing = (0, 0, 0)
    return [Counted(one, *numbers.get(one.id, nothing), in_malls.get(one.id, 0)) for one in rows]


def strays(page: int = 1) -> Listed:
    """The standards that stand for no national service and are in force or being written, each with its
    newest edition; the oldest first."""
    query = (
        sa.select(Standard)
        .where(*_is_stray())
        .options(joinedload(Standard.agency))
        .order_by(Standard.created_at, Standard.id)
    )
    found = _paged(query, page, STRAYS_PER_PAGE)
    rows = tuple((one, one.open_edition or one.live) for one in found.rows)
    return Listed(rows, found.total, found.page, found.per_page)


def number_of_strays() -> int:
    """How many standards stand for no national service."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Standard).where(*_is_stray())) or 0


def _is_stray() -> tuple[sa.ColumnElement[bool], ...]:
    stands = Edition.state.in_((State.PUBLISHED, *OPEN_STATES))
    return Standard.service_id.is_(None), Standard.editions.any(stands)


def codes_of(agency_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """The codes of the services for which each agency has a standard."""
    held: dict[uuid.UUID, set[str]] = {}
    query = sa.select(Standard.agency_id, Service.code).join(Service, Service.id == Standard.service_id)
    for agency_id, code in db.session.execute(query.where(Standard.agency_id.in_(set(agency_ids)))):
        held.setdefault(agency_id, set()).add(code)
    return held


def _paged(query: sa.Select[Any], page: int, per_page: int) -> Listed:
    """The rows of ``query`` on ``page``, or on the last page where there are not so many."""
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    page = min(max(1, page), max(1, -(-total // per_page)))
    rows = db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)).unique().all()
    return Listed(tuple(rows), total, page, per_page)

"""How complete and how fresh the standards in force are: agencies and standards, the worst first.

Complete are the 14 components of the law; a standard is overdue once the day has passed on which it
should have been looked at again (``review_due_on``).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from siapa.document.standard_document import COMPONENTS
from siapa.extensions import db
from siapa.publishing.worklist import and_all_below
from siapa.records import Agency, Edition, Officer, Role, Standard, State

RANKED_A_PAGE = 50
#: Roles in an agency; whoever has one sees how it stands there and below.
_IN_AGENCIES = (Role.OPERATOR, Role.PUBLISHER, Role.AGENCY_ADMIN)


class Lack(StrEnum):
    """By what a ranking is narrowed."""

    INCOMPLETE = "incomplete"
    OVERDUE = "overdue"
    #: Agencies only: nothing is in force there.
    NOTHING = "nothing"


@dataclass(frozen=True)
class Standing:
    """How one agency stands, by itself without those below it."""

    agency: Agency
    standards: int
    #: Of all components that its standards should have, so many per cent are given, rounded down; None
    #: where nothing is in force.
    percent: int | None
    incomplete: int
    overdue: int


@dataclass(frozen=True)
class Ranked:
    """One page of a ranking, and how many there are."""

    rows: tuple[Any, ...]
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // RANKED_A_PAGE))


def sees_any(officer: Officer) -> bool:
    """Whether there is anything that ``officer`` may see the standing of."""
    return any(held.role.is_national or held.role in _IN_AGENCIES for held in officer.memberships)


def seen_by(officer: Officer) -> sa.Select[uuid.UUID] | None:
    """The ids of the agencies whose standing ``officer`` may see; None for all."""
    if any(held.role.is_national for held in officer.memberships):
        return None
    held = [one.agency_id for one in officer.memberships if one.role in _IN_AGENCIES and one.agency_id]
    return and_all_below(held)


def agencies_ranked(
    officer: Officer, *, today: date, below: uuid.UUID | None = None, lack: Lack | None = None, page: int = 1
) -> Ranked:
    """The agencies (each a ``Standing``) by completeness, the emptiest first; those with nothing at the end.

    ``below`` narrows to one agency and all below it.
    """
    trees = _trees(officer, below)
    number, given = sa.func.count(Edition.id), sa.func.sum(Edition.components_given)
    sums = (
        sa.select(
            Standard.agency_id,
            number.label("standards"),
            given.label("given"),
            _how_many(Edition.components_given < len(COMPONENTS)).label("incomplete"),
            _how_many(Edition.review_due_on < today).label("overdue"),
        )
        .join(Edition, Edition.standard_id == Standard.id)
        .where(Edition.state == State.PUBLISHED, *(Standard.agency_id.in_(tree) for tree in trees))
        .group_by(Standard.agency_id)
        .subquery()
    )
    columns: sa.Select[Any] = sa.select(
        Agency, sums.c.standards, sums.c.given, sums.c.incomplete, sums.c.overdue
    )
    query = columns.outerjoin(sums, sums.c.agency_id == Agency.id)
    query = query.where(Agency.succeeded_by_id.is_(None), *(Agency.id.in_(tree) for tree in trees))
    if lack is Lack.NOTHING:
        query = query.where(sums.c.standards.is_(None))
    elif lack is not None:
        query = query.where(sums.c[lack.value] > 0)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    share = sums.c.given * 1.0 / sums.c.standards
    order = (share.asc().nulls_last(), sums.c.overdue.desc().nulls_last(), Agency.name, Agency.id)
    rows = db.session.execute(query.order_by(*order).limit(RANKED_A_PAGE).offset(_offset(page)))
    return Ranked(tuple(_standing(*row) for row in rows), total)


def standards_ranked(
    officer: Officer, *, today: date, below: uuid.UUID | None = None, lack: Lack | None = None, page: int = 1
) -> Ranked:
    """The standards in force (pairs with their edition), the emptiest first, then the longest overdue."""
    mine = (Standard.agency_id.in_(tree) for tree in _trees(officer, below))
    both: sa.Select[Any] = sa.select(Standard, Edition)  # type: ignore[assignment]
    query = both.join(Edition, Edition.standard_id == Standard.id).where(
        Edition.state == State.PUBLISHED, *mine
    )
    if lack is Lack.INCOMPLETE:
        query = query.where(Edition.components_given < len(COMPONENTS))
    elif lack is Lack.OVERDUE:
        query = query.where(Edition.review_due_on < today)
    counted = query.with_only_columns(sa.func.count(Edition.id))
    order = (Edition.components_given, Edition.review_due_on.asc().nulls_last(), Standard.id)
    shown = query.options(joinedload(Standard.agency)).order_by(*order)
    rows = db.session.execute(shown.limit(RANKED_A_PAGE).offset(_offset(page))).all()
    return Ranked(tuple((row[0], row[1]) for row in rows), db.session.scalar(counted) or 0)


def _trees(officer: Officer, below: uuid.UUID | None) -> list[sa.Select[uuid.UUID]]:
    """The trees of agencies in each of which a row must stand."""
    own = seen_by(officer)
    asked = [] if below is None else [and_all_below([below], "asked_tree")]
    return asked if own is None else [own, *asked]


def _how_many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _standing(
    agency: Agency, standards: int | None, given: int | None, incomplete: int | None, overdue: int | None
) -> Standing:
    percent = int(given) * 100 // (standards * len(COMPONENTS)) if standards and given is not None else None
    return Standing(agency, standards or 0, percent, int(incomplete or 0), int(overdue or 0))


def _offset(page: int) -> int:
    return (max(1, page) - 1) * RANKED_A_PAGE

"""The tree of agencies as their admins see it: who is within reach, what stands below, what hangs on one.

It only reads. Whether a single act is allowed is asked of ``permissions`` all the same.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.permissions import MOST_LEVELS
from siapa.publishing.workflow import Action
from siapa.publishing.worklist import agencies_for
from siapa.records import Agency, Counter, Location, Membership, Officer, Standard

AGENCIES_A_PAGE = 50
_ESCAPED = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


@dataclass(frozen=True)
class Branch:
    """A page of agencies by name, each with how many stand right below it; and how many there are."""

    agencies: tuple[tuple[Agency, int], ...]
    total: int


@dataclass(frozen=True)
class Hanging:
    """How much hangs on one agency itself, without those below it."""

    standards: int
    units: int
    memberships: int
    places: int
    counters: int


def agency_within_reach(by: Officer, agency_id: uuid.UUID) -> Agency:
    """The agency, if ``by`` is an admin of it or above it; ``NotFound`` for any other."""
    tree = agencies_for(by, Action.SET_AGENCY)
    query = sa.select(Agency).where(Agency.id == agency_id)
    found = db.session.scalar(query if tree is None else query.where(Agency.id.in_(tree)))
    if found is None:
        raise NotFound(_l("There is no such entry."))
    return found


def branch(by: Officer, *, below: uuid.UUID | None = None, words: str = "", page: int = 1) -> Branch:
    """The agencies right below one; or, for None, those at the top of what ``by`` rules over.

    With ``words`` all within reach whose name or address holds them, wherever they stand.
    """
    query = sa.select(Agency)
    tree = agencies_for(by, Action.SET_AGENCY)
    if below is not None:
        query = query.where(Agency.parent_id == below)
    elif words:
        part = f"%{words.lower().translate(_ESCAPED)}%"
        names = (sa.func.lower(Agency.name), sa.func.lower(Agency.short_name), Agency.slug)
        query = query.where(sa.or_(*(name.like(part, escape="\\") for name in names)))
        query = query if tree is None else query.where(Agency.id.in_(tree))
    elif tree is None:
        query = query.where(Agency.parent_id.is_(None))
    else:
        outside = sa.or_(Agency.parent_id.is_(None), Agency.parent_id.not_in(tree))
        query = query.where(Agency.id.in_(tree), outside)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    shown = query.order_by(Agency.name, Agency.id).limit(AGENCIES_A_PAGE)
    rows = list(db.session.scalars(shown.offset((max(1, page) - 1) * AGENCIES_A_PAGE)))
    number = sa.func.count(Agency.id)
    counted = sa.select(Agency.parent_id, number).where(Agency.parent_id.in_([one.id for one in rows]))
    units = {row[0]: row[1] for row in db.session.execute(counted.group_by(Agency.parent_id))}
    return Branch(tuple((one, units.get(one.id, 0)) for one in rows), total)


def path_to(by: Officer, agency: Agency) -> list[Agency]:
    """What stands above ``agency``, from the top, as far as ``by`` rules over it."""
    tree = agencies_for(by, Action.SET_AGENCY)
    within = None if tree is None else set(db.session.scalars(tree))
    found: list[Agency] = []
    above = agency.parent
    while above is not None and (within is None or above.id in within) and len(found) < MOST_LEVELS:
        found.insert(0, above)
        above = above.parent
    return found


def hanging_on(agency_id: uuid.UUID) -> Hanging:
    """How much hangs on the agency."""
    columns = (
        Standard.agency_id, Agency.parent_id, Membership.agency_id, Location.agency_id, Counter.agency_id,
    )  # fmt: skip
    numbers = [
        db.session.scalar(sa.select(sa.func.count()).where(column == agency_id)) or 0 for column in columns
    ]
    return Hanging(*numbers)

"""What an officer works on: the standards of their agencies, and those that wait for a decision of theirs."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from siapa.extensions import db
from siapa.publishing.permissions import MAY
from siapa.publishing.workflow import Action
from siapa.records import Agency, Edition, Officer, Standard, State

PER_PAGE = 25
#: Signs that mean something in a LIKE, for ``str.translate``.
PERCENT = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


@dataclass(frozen=True)
class Worked:
    """A page of standards, each with its newest edition."""

    standards: tuple[tuple[Standard, Edition], ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PER_PAGE))


def agencies_for(officer: Officer, action: Action) -> sa.Select[uuid.UUID] | None:
    """The ids of the agencies in which ``officer`` may do ``action``, by the tree; None for all.

    Those for several actions may stand in one query.
    """
    roles = [held for held in officer.memberships if action in MAY[held.role]]
    if any(held.role.is_national for held in roles):
        return None
    tops = [held.agency_id for held in roles if held.agency_id is not None]
    return and_all_below(tops, f"tree_to_{action}")


def and_all_below(tops: Collection[uuid.UUID], name: str = "own_tree") -> sa.Select[uuid.UUID]:
    """The ids of the agencies ``tops`` and of all below them; ``name`` parts two trees in one query."""
    tree = sa.select(Agency.id).where(Agency.id.in_(tops)).cte(name, recursive=True)
    below = sa.select(Agency.id).join(tree, Agency.parent_id == tree.c.id)
    return sa.select(tree.union(below).c.id)


def own_agencies(
    officer: Officer, action: Action = Action.OPEN, *, most: int = 500, with_ended: bool = False
) -> list[Agency]:
    """The agencies in which ``officer`` may do ``action``, by name; those that have ended only if asked."""
    ids = agencies_for(officer, action)
    query = sa.select(Agency).order_by(Agency.name).limit(most)
    if not with_ended:
        query = query.where(Agency.succeeded_by_id.is_(None))
    return list(db.session.scalars(query if ids is None else query.where(Agency.id.in_(ids))))


def worked_on(
    officer: Officer,
    *,
    states: Collection[State] = (),
    words: str = "",
    agency_id: uuid.UUID | None = None,
    page: int = 1,
    action: Action = Action.REVISE,
) -> Worked:
    """The standards in which ``officer`` may do ``action``, the last saved first.

    ``states`` are those of any edition of it, ``words`` stand in the newest one's title.
    """
    query = _newest().where(*_narrowed(officer, action, agency_id))
    if states:
        with_state = sa.select(Edition.standard_id).where(Edition.state.in_(states))
        query = query.where(Standard.id.in_(with_state))
    for word in words.split()[:8]:
        query = query.where(Edition.title.ilike(f"%{word.translate(PERCENT)}%", escape="\\"))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    page = min(max(1, page), max(1, -(-total // PER_PAGE)))
    # Of the whole registry the newest standards first: sorting all editions by their saves reads them all.
    is_all = agency_id is None and agencies_for(officer, action) is None
    order = [Standard.id.desc()] if is_all else [Edition.revised_at.desc(), Standard.id]
    shown = (
        query.options(joinedload(Standard.agency), joinedload(Standard.service))
        .add_columns(Edition)
        .order_by(*order)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    rows = db.session.execute(shown).unique().all()
    return Worked(tuple((row[0], row[1]) for row in rows), total, page)


def _newest() -> sa.Select[Standard]:
    newest = (
        sa.select(sa.func.max(Edition.number))
        .where(Edition.standard_id == Standard.id)
        .correlate(Standard)
        .scalar_subquery()
    )
    return sa.select(Standard).join(
        Edition, sa.and_(Edition.standard_id == Standard.id, Edition.number == newest)
    )


def _narrowed(officer: Officer, action: Action, agency_id: uuid.UUID | None) -> list[sa.ColumnElement[bool]]:
    ids = agencies_for(officer, action)
    found: list[sa.ColumnElement[bool]] = [] if ids is None else [Standard.agency_id.in_(ids)]
    return found if agency_id is None else [*found, Standard.agency_id == agency_id]

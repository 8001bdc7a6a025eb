"""The standards that are to be looked at because a regulation they cite changed: whose they are, how many."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from siapa.extensions import db
from siapa.publishing.permissions import MAY
from siapa.publishing.service_list import Listed
from siapa.publishing.workflow import Action
from siapa.publishing.worklist import agencies_for
from siapa.records import Edition, Officer, ReviewMark, Standard, State

PER_PAGE = 50


def marked(officer: Officer | None, *, regulation_id: uuid.UUID | None = None, page: int = 1) -> Listed:
    """Triples of mark, standard and its edition in force, the oldest mark first: those of the agencies in
    which ``officer`` writes, or (None) of all; of one regulation, or of any."""
    query = _marked(officer).order_by(ReviewMark.marked_at, ReviewMark.id)
    if regulation_id is not None:
        query = query.where(ReviewMark.regulation_id == regulation_id)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    page = min(max(1, page), max(1, -(-total // PER_PAGE)))
    shown = query.options(joinedload(Standard.agency), joinedload(ReviewMark.regulation))
    rows = db.session.execute(shown.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).unique().all()
    return Listed(tuple((row[0], row[1], row[2]) for row in rows), total, page, PER_PAGE)


def number_marked(officer: Officer) -> int | None:
    """How many standards wait so for ``officer``; None where that is not their affair."""
    if not any(Action.SETTLE_REVIEW in MAY[held.role] for held in officer.memberships):
        return None
    standards = _marked(officer).with_only_columns(sa.func.count(sa.distinct(Standard.id)))
    return db.session.scalar(standards) or 0


def waiting_by_regulation() -> dict[uuid.UUID, int]:
    """How many standards are still to be looked at for each regulation that changed."""
    query = (
        _marked(None)
        .with_only_columns(ReviewMark.regulation_id, sa.func.count())
        .group_by(ReviewMark.regulation_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _marked(officer: Officer | None) -> sa.Select[Any]:
    entities: tuple[Any, ...] = (ReviewMark, Standard, Edition)
    in_force = sa.and_(Edition.standard_id == Standard.id, Edition.state == State.PUBLISHED)
    query = (
        sa.select(*entities)
        .join(Standard, Standard.id == ReviewMark.standard_id)
        .join(Edition, in_force)
        .where(ReviewMark.settled_at.is_(None))
    )
    ids = agencies_for(officer, Action.SETTLE_REVIEW) if officer else None
    return query if ids is None else query.where(Standard.agency_id.in_(ids))

"""What became of agencies, and under whose name something was published before that."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from siapa.catalogue.views import AgencyEvent, AgencyThen
from siapa.extensions import db
from siapa.records import (
    Agency,
    Standard,
    Succession,
    SuccessionKind,
    SuccessionMove,
    SuccessionPart,
    SuccessionState,
)


def events_of(agency_id: uuid.UUID) -> tuple[AgencyEvent, ...]:
    """What has happened to the agency, the newest first; what is planned is nobody's business yet."""
    mine = sa.select(SuccessionPart.succession_id).where(SuccessionPart.agency_id == agency_id)
    rows = db.session.scalars(
        sa.select(Succession)
        .where(Succession.id.in_(mine), Succession.state == SuccessionState.DONE)
        .options(selectinload(Succession.parts).joinedload(SuccessionPart.agency))
        .order_by(Succession.takes_effect_on.desc(), Succession.done_at.desc())
    )
    return tuple(
        AgencyEvent(row.kind, row.takes_effect_on, row.note, _then(row, after=False), _then(row, after=True))
        for row in rows
    )


class Owners:
    """Whose a standard was at any time, by the name that body had then."""

    def __init__(self, standard: Standard) -> None:
        moves = (
            sa.select(Succession.done_at, SuccessionMove.from_agency_id)
            .join(Succession, Succession.id == SuccessionMove.succession_id)
            .where(SuccessionMove.subject_kind == "standard", SuccessionMove.subject_id == standard.id)
            .order_by(Succession.done_at)
        )
        self._moves: list[tuple[datetime, uuid.UUID]] = [tuple(row) for row in db.session.execute(moves)]  # type: ignore[misc]
        self._present = standard.agency
        owners = {standard.agency_id, *(owner for _at, owner in self._moves)}
        parts = (
            sa.select(SuccessionPart)
            .join(Succession, Succession.id == SuccessionPart.succession_id)
            .where(
                SuccessionPart.agency_id.in_(owners),
                Succession.kind == SuccessionKind.RENAMING,
                Succession.state == SuccessionState.DONE,
                sa.not_(SuccessionPart.is_after),
            )
            .options(joinedload(SuccessionPart.agency))
            .add_columns(Succession.done_at)
            .order_by(Succession.done_at)
        )
        self._renamed: list[tuple[datetime, SuccessionPart]] = [
            (row[1], row[0]) for row in db.session.execute(parts)
        ]

    def at(self, moment: datetime) -> AgencyThen | None:
        """The body whose it was at ``moment``; None when it is the present one under its present name."""
        owner_id = next((owner for at, owner in self._moves if at > moment), self._present.id)
        named = [part for at, part in self._renamed if part.agency_id == owner_id and at > moment]
        if named:
            return AgencyThen(named[0].agency.slug, named[0].name, named[0].name_en)
        if owner_id == self._present.id:
            return None
        owner = db.session.get_one(Agency, owner_id)
        return AgencyThen(owner.slug, owner.name, owner.name_en)


def _then(row: Succession, *, after: bool) -> tuple[AgencyThen, ...]:
    return tuple(
        AgencyThen(part.agency.slug, part.name, part.name_en) for part in row.parts if part.is_after is after
    )

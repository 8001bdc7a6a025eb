"""Commands on regulations: kept by curators; an end or an amendment marks every standard that cites it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from siapa.document.citing import key_of, number_key
from siapa.errors import Conflict, NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import adding, beside, changing, tell
from siapa.publishing.cited import standards_that_cite
from siapa.publishing.editions import LONGEST_TEXT
from siapa.publishing.filling import can_be_shown, fill
from siapa.publishing.permissions import Actor, person_of
from siapa.publishing.workflow import Action
from siapa.records import (
    HOME_ZONE,
    Regulation,
    RegulationState,
    ReviewMark,
    Standard,
    new_id,
    now,
)

OF_REGULATION = frozenset({"type", "number", "year", "title", "url"})


def add_regulation(values: Mapping[str, object], *, by: Actor, origin: str | None = None) -> Regulation:
    """Add a regulation in force: ``type`` (PP), ``number``, ``year``, ``title`` and perhaps its ``url``."""
    regulation = Regulation(id=new_id(), state=RegulationState.IN_FORCE)
    with adding(regulation, Action.SET_REGULATION, by=by, origin=origin):
        _fill(regulation, {name: values.get(name) for name in OF_REGULATION})
    return regulation


def set_regulation(
    regulation_id: uuid.UUID, values: Mapping[str, object], *, by: Actor, origin: str | None = None
) -> Regulation:
    """Correct what is said of a regulation."""
    with changing(Regulation, regulation_id, Action.SET_REGULATION, by=by, origin=origin) as regulation:
        _fill(regulation, values)
    return regulation


def end_regulation(
    regulation_id: uuid.UUID,
    state: RegulationState,
    *,
    on: date,
    by: Actor,
    through: uuid.UUID | None = None,
    origin: str | None = None,
) -> Regulation:
    """Say that a regulation was amended or repealed on a day that has come, and ``through`` which other.

    Every standard in force that cites it is marked to be looked at, unless it is marked already.
    """
    if state is RegulationState.IN_FORCE:
        raise ValueError("a regulation that holds does not end")
    with changing(Regulation, regulation_id, Action.SET_REGULATION, by=by, origin=origin) as regulation:
        if regulation.state is RegulationState.REPEALED:
            raise Conflict(_l("This regulation is repealed already."))
        if on > datetime.now(ZoneInfo(HOME_ZONE)).date():
            raise Rejected([Problem("on", _l("This day lies ahead."), on.isoformat())])
        if through is not None and (through == regulation_id or db.session.get(Regulation, through) is None):
            raise Rejected([Problem("through", _l("Name another regulation that is kept here."))])
        regulation.state, regulation.state_since = state, on
        regulation.replaced_by_id = through
        marked = {mark.standard_id for mark in _open_marks(regulation_id)}
        for standard_id in standards_that_cite(regulation):
            if standard_id not in marked:
                db.session.add(ReviewMark(regulation_id=regulation_id, standard_id=standard_id, state=state))
    return regulation


def reinstate_regulation(regulation_id: uuid.UUID, *, by: Actor, origin: str | None = None) -> Regulation:
    """Say that a regulation holds after all; what was to be looked at for it need not be."""
    with changing(Regulation, regulation_id, Action.SET_REGULATION, by=by, origin=origin) as regulation:
        regulation.state = RegulationState.IN_FORCE
        regulation.state_since = regulation.replaced_by_id = None
        for mark in _open_marks(regulation_id):
            mark.settled_at = now()
    return regulation


def settle_review(mark_id: uuid.UUID, *, by: Actor, note: str = "", origin: str | None = None) -> ReviewMark:
    """Say that a standard was looked at and nothing changes in it, and perhaps why; its agency's right."""
    found = db.session.get(ReviewMark, mark_id)
    if found is None:
        raise NotFound(_l("There is no such entry."))
    note = note.strip()
    if len(note) > LONGEST_TEXT or not can_be_shown(note):
        raise Rejected([Problem("note", _l("Write at most %(most)s characters.", most=LONGEST_TEXT))])
    with changing(Standard, found.standard_id, Action.SETTLE_REVIEW, by=by, origin=origin) as standard:
        regulation = db.session.get_one(Regulation, found.regulation_id)
        with beside(regulation):
            db.session.refresh(found)
            if found.settled_at is not None:
                raise Conflict(_l("This was looked at already."))
            person = person_of(by)
            found.settled_at, found.settled_by_id = now(), person.id if person else None
            found.note = note or None
        tell(standard)
    return found


def _fill(regulation: Regulation, values: Mapping[str, object]) -> None:
    fill(regulation, values, OF_REGULATION)
    regulation.number = number_key(regulation.number)
    key = key_of(regulation.type, regulation.number, regulation.year)
    with db.session.no_autoflush:
        of_year = db.session.scalars(sa.select(Regulation).where(Regulation.year == regulation.year))
        others = [one for one in of_year if one.id != regulation.id]
    if any(key_of(one.type, one.number, one.year) == key for one in others):
        raise Rejected([Problem("number", _l("This regulation is kept already."), regulation.number)])


def _open_marks(regulation_id: uuid.UUID) -> list[ReviewMark]:
    query = sa.select(ReviewMark).where(
        ReviewMark.regulation_id == regulation_id, ReviewMark.settled_at.is_(None)
    )
    return list(db.session.scalars(query))

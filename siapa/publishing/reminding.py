"""Telling officers by mail what waits: to whom a letter is due, at most one a day."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from siapa.errors import Conflict
from siapa.extensions import db
from siapa.publishing.changing import together
from siapa.publishing.waiting import Waiting
from siapa.records import Membership, Officer, Reminding


def is_wanted(officer: Officer) -> bool:
    """Whether ``officer`` wants letters; unless they said no, they do."""
    kept = db.session.get(Reminding, officer.id)
    return kept is None or kept.is_wanted


def set_wanted(officer: Officer, *, is_wanted: bool) -> None:
    """Keep whether ``officer`` wants letters; their own affair, and no act that the audit tells of."""
    with together():
        _kept(officer).is_wanted = is_wanted


def officers_due(today: date) -> list[Officer]:
    """The active officers with a role who want letters and had none today, by address."""
    not_today = sa.select(Reminding.officer_id).where(
        sa.or_(sa.not_(Reminding.is_wanted), Reminding.last_sent_on >= today)
    )
    query = sa.select(Officer).where(
        Officer.is_active, Officer.id.in_(sa.select(Membership.officer_id)), Officer.id.not_in(not_today)
    )
    return list(db.session.scalars(query.order_by(Officer.email)))


def take_turn(officer: Officer, today: date) -> bool:
    """Whether the letter of ``today`` is the caller's to send: nobody else then sends one."""
    try:
        with together():
            kept = _kept(officer)
            if not kept.is_wanted or (kept.last_sent_on is not None and kept.last_sent_on >= today):
                return False
            kept.last_sent_on = today
    except Conflict:  # another run began the officer's row at the same moment
        return False
    return True


def give_back(officer: Officer) -> None:
    """The letter could not be sent: the next run tries again."""
    with together():
        _kept(officer).last_sent_on = None


def numbers_of(waiting: Waiting) -> dict[str, int]:
    """What waits, as numbers by their names in ``Waiting``; what is nought is left out."""
    found: dict[str, int] = {}
    for name in ("to_review", "returned", "drafts", "due", "incomplete", "reports", "counters"):
        value = getattr(waiting, name)
        number = value if isinstance(value, int) else value.total if value is not None else 0
        if number:
            found[name] = number
    return found


def _kept(officer: Officer) -> Reminding:
    """The officer's row, locked; a new one where there was none."""
    row = db.session.get(Reminding, officer.id, with_for_update=True, populate_existing=True)
    if row is None:
        row = Reminding(officer_id=officer.id, is_wanted=True)
        db.session.add(row)
    return row

"""What waits for an officer, as numbers: to be reviewed, returned, unfinished, due, incomplete,
reported by citizens, and the counters that nobody has looked at for long.

The lists behind the numbers are ``worklist``'s; here they are counted, and the first few
named where no list stands behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from siapa.document.standard_document import COMPONENTS
from siapa.extensions import db
from siapa.publishing import reports
from siapa.publishing.permissions import MAY
from siapa.publishing.places import STANDING
from siapa.publishing.reacting import pending
from siapa.publishing.reviewing import number_marked
from siapa.publishing.workflow import Action
from siapa.publishing.worklist import agencies_for
from siapa.records import (
    HOME_ZONE,
    Agency,
    Counter,
    Edition,
    Feedback,
    Location,
    Officer,
    Role,
    Standard,
    State,
)

#: So long before its day a standard is told to be due for review.
DUE_AHEAD = timedelta(days=30)
#: So long after it was last seen a counter counts as unconfirmed: half a year, our own measure.
CONFIRMED_FOR = timedelta(days=182)

#: So many of those that are due or incomplete are named on the spot.
MOST_NAMED = 5


@dataclass(frozen=True)
class Named:
    """How many standards there are of a kind, and the first few."""

    total: int
    first: tuple[tuple[Standard, Edition], ...]


@dataclass(frozen=True)
class Reported:
    """How many reports of citizens are open, and the most urgent ones with what each is about."""

    total: int
    first: tuple[tuple[Feedback, str], ...]


@dataclass(frozen=True)
class Unconfirmed:
    """How many counters nobody has seen for long, and the places with most of them."""

    total: int
    first: tuple[tuple[Location, int], ...]


@dataclass(frozen=True)
class Waiting:
    """What waits, by what for; None where that is not the officer's affair."""

    to_review: int | None
    returned: int | None
    drafts: int | None
    #: Standards that cite a regulation which was amended or repealed.
    to_look_at: int | None
    #: Standards that have not reacted to a new revision of their service; None for all of them.
    service_changes: int | None
    due: Named | None
    incomplete: Named | None
    reports: Reported | None
    counters: Unconfirmed | None


def waiting_for(officer: Officer, *, today: date | None = None) -> Waiting:
    """What waits for ``officer``, who writes or decides in some agencies."""
    day = today or datetime.now(ZoneInfo(HOME_ZONE)).date()
    writes, decides = (_scope(officer, action) for action in (Action.REVISE, Action.RETURN))
    live = Edition.state == State.PUBLISHED
    # What one has submitted oneself waits for somebody else, unless there is nobody.
    by_others = sa.or_(Edition.submitted_by_id.is_distinct_from(officer.id), Agency.single_officer)
    return Waiting(
        to_review=_count(decides, Edition.state == State.SUBMITTED, by_others),
        returned=_count(writes, Edition.state == State.RETURNED),
        drafts=_count(writes, Edition.state == State.DRAFT),
        to_look_at=number_marked(officer),
        service_changes=len(pending(officer)) if writes else None,
        due=_named(writes, Edition.review_due_on, live, Edition.review_due_on <= day + DUE_AHEAD),
        incomplete=_named(writes, Edition.components_given, live, Edition.components_given < len(COMPONENTS)),
        reports=_reported(officer),
        counters=_unconfirmed(officer, day),
    )


def _reported(officer: Officer) -> Reported | None:
    if not reports.answers_any(officer):
        return None
    found = reports.reports_for(officer)
    first = found.reports[:MOST_NAMED]
    return Reported(found.total, tuple((one, reports.title_of(subject)) for one, subject in first))


def _unconfirmed(officer: Officer, day: date) -> Unconfirmed | None:
    """The counters of the officer's agencies, or in places they run, that nobody saw for long."""
    if not any(Action.CONFIRM in MAY[held.role] for held in officer.memberships):
        return None
    conditions: list[sa.ColumnElement[bool]] = [
        Counter.status.in_(STANDING),
        Location.closed_on.is_(None),
        sa.or_(Counter.checked_on.is_(None), Counter.checked_on < day - CONFIRMED_FOR),
    ]
    tree = agencies_for(officer, Action.CONFIRM)
    if tree is not None:
        malls = [held.location_id for held in officer.memberships if held.role is Role.MALL_MANAGER]
        mine = (Counter.agency_id.in_(tree), Location.agency_id.in_(tree), Location.id.in_(malls))
        conditions.append(sa.or_(*mine))
    number = sa.func.count(Counter.id)
    places = (
        sa.select(Counter.location_id, number.label("number"))
        .join(Location, Location.id == Counter.location_id)
        .where(*conditions)
        .group_by(Counter.location_id)
        .order_by(number.desc(), Counter.location_id)
    )
    rows = db.session.execute(places).all()
    first = tuple((db.session.get_one(Location, row[0]), row[1]) for row in rows[:MOST_NAMED])
    return Unconfirmed(sum(row[1] for row in rows), first)


def _scope(officer: Officer, action: Action) -> list[sa.ColumnElement[bool]] | None:
    """Whose standards ``officer`` may do ``action`` to; None where there are none."""
    if not any(action in MAY[held.role] for held in officer.memberships):
        return None
    tree = agencies_for(officer, action)
    return [] if tree is None else [Standard.agency_id.in_(tree)]


def _count(scope: list[sa.ColumnElement[bool]] | None, *conditions: sa.ColumnElement[bool]) -> int | None:
    if scope is None:
        return None
    return db.session.scalar(_of(sa.select(sa.func.count(Edition.id)), *scope, *conditions)) or 0


def _named(
    scope: list[sa.ColumnElement[bool]] | None,
    order: sa.orm.InstrumentedAttribute[Any],
    *conditions: sa.ColumnElement[bool],
) -> Named | None:
    total = _count(scope, *conditions)
    if scope is None or total is None:
        return None
    both: sa.Select[Any] = sa.select(Standard, Edition)  # type: ignore[assignment]
    query = _of(both, *scope, *conditions).options(joinedload(Standard.agency))
    rows = db.session.execute(query.order_by(order, Standard.id).limit(MOST_NAMED)).all()
    return Named(total, tuple((row[0], row[1]) for row in rows))


def _of(query: sa.Select[Any], *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    joined = query.select_from(Edition).join(Standard, Standard.id == Edition.standard_id)
    return joined.join(Agency, Agency.id == Standard.agency_id).where(*conditions)

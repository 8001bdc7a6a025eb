"""Reading the audit: who may see which of its lines, narrowed by who, what, which thing and when.

A national admin reads all of it. The admin of an agency reads what was done to the things of
their own tree, and what the officers did who act nowhere else. It only reads; ``audit`` writes.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from siapa.extensions import db
from siapa.publishing.workflow import Action
from siapa.publishing.worklist import agencies_for, and_all_below
from siapa.records import (
    HOME_ZONE,
    Agency,
    AuditEvent,
    Counter,
    Feedback,
    Location,
    Membership,
    Offering,
    Officer,
    SatisfactionResult,
    Service,
    ServicePerformance,
    Standard,
    Token,
    id_as_text,
)

EVENTS_A_PAGE = 50
#: Lines that an export reads at a time.
AT_ONCE = 1_000
#: Asked for in place of an act: every attempt that was refused.
DENIED = "denied"

Condition = sa.ColumnElement[bool]
_Ids = sa.Select[Any]


@dataclass(frozen=True)
class Asked:
    """What is looked for; what is empty narrows nothing."""

    who: str = ""
    #: An act's word, or ``DENIED``.
    action: str = ""
    kind: str = ""
    #: A UUID, a code, or an address: of an agency, a place, an officer, a standard (``agency/standard``).
    subject: str = ""
    agency_id: uuid.UUID | None = None
    #: Days by the capital's clock, both of them in.
    from_on: date | None = None
    until_on: date | None = None


def conditions_of(reader: Officer, asked: Asked) -> Sequence[Condition]:
    """What a line satisfies that ``reader``, an admin, may see and has asked for."""
    found: list[Condition] = []
    own = agencies_for(reader, Action.GRANT)
    if own is not None:
        found.append(_in_tree(own))
    if asked.agency_id is not None:
        found.append(_in_tree(and_all_below([asked.agency_id], "asked_tree")))
    if asked.who:
        found.append(AuditEvent.officer_id.in_(_people(asked.who)))
    if asked.action == DENIED:
        found.append(AuditEvent.action.startswith("denied:"))
    elif asked.action:
        found.append(AuditEvent.action.in_((asked.action, f"denied:{asked.action}")))
    if asked.kind:
        found.append(AuditEvent.subject_kind == asked.kind)
    if asked.subject:
        found.append(AuditEvent.subject_id.in_(_subjects(asked.subject)))
    if asked.from_on is not None:
        found.append(AuditEvent.at >= _midnight(asked.from_on))
    if asked.until_on is not None:
        found.append(AuditEvent.at < _midnight(asked.until_on) + timedelta(days=1))
    return found


def page_of_events(
    conditions: Sequence[Condition], *, before: int | None = None, after: int | None = None
) -> tuple[list[AuditEvent], bool, bool]:
    """A page of the lines, the newest first, by number: below ``before`` or above ``after``.

    Also whether there are older ones, and newer ones.
    """
    query = sa.select(AuditEvent).where(*conditions)
    if after is not None:
        query = query.where(AuditEvent.number > after).order_by(AuditEvent.number)
    else:
        query = query.order_by(AuditEvent.number.desc())
        if before is not None:
            query = query.where(AuditEvent.number < before)
    rows = list(db.session.scalars(query.limit(EVENTS_A_PAGE + 1)))
    has_more, rows = len(rows) > EVENTS_A_PAGE, rows[:EVENTS_A_PAGE]
    if after is not None:
        return rows[::-1], True, has_more
    return rows, has_more, before is not None


def last_event() -> int:
    """The number of the newest line; 0 where there is none."""
    return db.session.scalar(sa.select(sa.func.max(AuditEvent.number))) or 0


def piece_of_events(conditions: Sequence[Condition], *, after: int, until: int) -> list[Any]:
    """The next ``AT_ONCE`` lines in the order of their numbers, each with its officer's address and name.

    An export is read in such pieces, each a short look of its own: that of years holds no lock.
    """
    columns = sa.inspect(AuditEvent).columns
    query = (
        sa.select(*columns, Officer.email, Officer.name)
        .outerjoin(Officer, Officer.id == AuditEvent.officer_id)
        .where(*conditions, AuditEvent.number > after, AuditEvent.number <= until)
        .order_by(AuditEvent.number)
        .limit(AT_ONCE)
    )
    return list(db.session.execute(query))


def seen_among(reader: Officer, subjects: set[str]) -> set[str]:
    """Those of ``subjects`` (ids as the audit writes them) that lie in the reader's own tree."""
    own = agencies_for(reader, Action.GRANT)
    if own is None or not subjects:
        return set(subjects)
    things = _things_of(own).subquery()
    (text,) = things.c
    return set(db.session.scalars(sa.select(text).where(text.in_(subjects))))


def _in_tree(tree: _Ids) -> Condition:
    return sa.or_(
        AuditEvent.subject_id.in_(_things_of(tree)), AuditEvent.officer_id.in_(_officers_only_of(tree))
    )


def _things_of(tree: _Ids) -> Any:
    """The ids of all that has a trail and belongs to an agency of ``tree``, as text."""
    places = sa.select(Location.id).where(Location.agency_id.in_(tree))
    standards = sa.select(Standard.id).where(Standard.agency_id.in_(tree))
    offered = sa.select(Offering.id).where(Offering.standard_id.in_(standards))
    people = _officers_only_of(tree)
    things: tuple[tuple[Any, Condition], ...] = (
        (Agency.id, Agency.id.in_(tree)),
        (Standard.id, Standard.agency_id.in_(tree)),
        (Location.id, Location.agency_id.in_(tree)),
        (Counter.id, sa.or_(Counter.agency_id.in_(tree), Counter.location_id.in_(places))),
        (Officer.id, Officer.id.in_(people)),
        (Token.id, sa.or_(Token.agency_id.in_(tree), Token.officer_id.in_(people))),
        (SatisfactionResult.id, SatisfactionResult.agency_id.in_(tree)),
        (ServicePerformance.id, ServicePerformance.standard_id.in_(standards)),
        (
            Feedback.id,
            sa.or_(
                Feedback.standard_id.in_(standards),
                Feedback.location_id.in_(places),
                Feedback.offering_id.in_(offered),
            ),
        ),
    )
    return sa.union_all(*(sa.select(id_as_text(column)).where(condition) for column, condition in things))


def _officers_only_of(tree: _Ids) -> _Ids:
    """The officers who have a role in ``tree``, or in a place of it, and none anywhere else."""
    places = sa.select(Location.id).where(Location.agency_id.in_(tree))
    inside = sa.or_(
        sa.func.coalesce(Membership.agency_id.in_(tree), sa.false()),
        sa.func.coalesce(Membership.location_id.in_(places), sa.false()),
    )
    outside = sa.select(Membership.officer_id).where(sa.not_(inside))
    held = sa.select(Membership.officer_id).where(inside)
    return held.where(Membership.officer_id.not_in(outside))


def _people(words: str) -> _Ids:
    part = f"%{words.lower().translate(_ESCAPED)}%"
    name = sa.func.lower(Officer.name).like(part, escape="\\")
    return sa.select(Officer.id).where(sa.or_(name, Officer.email.like(part, escape="\\")))


_ESCAPED = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


def _subjects(text: str) -> list[str]:
    """The ids of all that ``text`` names; codes are their own."""
    text = text.strip()
    agency, slash, slug = text.strip("/").rpartition("/")
    queries: list[_Ids] = [
        sa.select(Agency.id).where(Agency.slug == text),
        sa.select(Location.id).where(Location.slug == text),
        sa.select(Service.id).where(sa.or_(Service.slug == text, Service.code == text.upper())),
        sa.select(Officer.id).where(Officer.email == text.lower()),
    ]
    if slash:
        standard = sa.select(Standard.id).join(Agency, Agency.id == Standard.agency_id)
        queries.append(standard.where(Agency.slug == agency.rpartition("/")[2], Standard.slug == slug))
    found = [str(one) for query in queries for one in db.session.scalars(query)]
    return [*found, text.lower(), text][:20]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(HOME_ZONE))

"""What citizens report ("this is wrong"): who reads it, what is still open, and the agency's answer.

The first answer is owed within days (SP4N-LAPOR!: 3); the row itself says until when.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from siapa.errors import Conflict, NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import changing
from siapa.publishing.editions import id_of_actor, said
from siapa.publishing.permissions import MAY, Actor, about, may
from siapa.publishing.workflow import Action
from siapa.publishing.worklist import agencies_for
from siapa.records import Feedback, FeedbackState, Location, Offering, Officer, Role, Standard, State, now

REPORTS_A_PAGE = 25
#: How a report may be closed.
CLOSED_AS = (FeedbackState.ANSWERED, FeedbackState.CORRECTED, FeedbackState.DECLINED)


@dataclass(frozen=True)
class Reports:
    """One page of reports, the most urgent first, each with what it is about; and how many there are."""

    reports: tuple[tuple[Feedback, Standard | Offering | Location | None], ...]
    total: int


def answers_any(officer: Officer) -> bool:
    """Whether ``officer`` answers reports anywhere."""
    return any(Action.ANSWER in MAY[held.role] for held in officer.memberships)


def reports_for(officer: Officer, *, is_open: bool = True, page: int = 1) -> Reports:
    """The reports that ``officer`` may answer: open ones by their deadline, or closed ones, newest first."""
    query = sa.select(Feedback).where(*within_reach(officer))
    if is_open:
        query = query.where(Feedback.state == FeedbackState.OPEN).order_by(Feedback.due_at, Feedback.id)
    else:
        query = query.where(Feedback.state != FeedbackState.OPEN)
        query = query.order_by(Feedback.answered_at.desc(), Feedback.id)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    shown = db.session.scalars(query.limit(REPORTS_A_PAGE).offset((max(1, page) - 1) * REPORTS_A_PAGE))
    return Reports(tuple((one, about(one)) for one in shown), total)


def report_seen_by(by: Actor, report_id: uuid.UUID) -> Feedback:
    """The report, for whoever may answer it; ``NotFound`` for anybody else."""
    found = db.session.get(Feedback, report_id)
    if found is None or not may(by, Action.ANSWER, found):
        raise NotFound(_l("There is no such entry."))
    return found


def answer(
    report_id: uuid.UUID, text: str, outcome: FeedbackState, *, by: Actor, origin: str | None = None
) -> Feedback:
    """Close a report with an answer for the citizen; ``Conflict`` when somebody has answered it already.

    ``outcome`` says what came of it; one of ``CLOSED_AS``, or ``Rejected``.
    """
    text = said(text, "answer", _l("Write an answer: whoever reported it reads it."))
    if outcome not in CLOSED_AS:
        raise Rejected([Problem("outcome", _l("Say what came of it."))])
    with changing(Feedback, report_id, Action.ANSWER, by=by, origin=origin) as report:
        if report.state is not FeedbackState.OPEN:
            raise Conflict(_l("Somebody else has answered this report already."))
        report.state, report.answer = outcome, text
        report.answered_at, report.answered_by_id = now(), id_of_actor(by)
    return report


def within_reach(officer: Officer) -> list[sa.ColumnElement[bool]]:
    """What a report that ``officer`` may answer satisfies; nothing is asked of who may answer all."""
    tree = agencies_for(officer, Action.ANSWER)
    if tree is None:
        return []
    malls = [held.location_id for held in officer.memberships if held.role is Role.MALL_MANAGER]
    standards = sa.select(Standard.id).where(Standard.agency_id.in_(tree))
    places = sa.select(Location.id).where(sa.or_(Location.agency_id.in_(tree), Location.id.in_(malls)))
    offered = sa.select(Offering.id).where(
        sa.or_(Offering.standard_id.in_(standards), Offering.location_id.in_(malls))
    )
    return [
        sa.or_(
            Feedback.offering_id.in_(offered),
            sa.and_(Feedback.offering_id.is_(None), Feedback.standard_id.in_(standards)),
            sa.and_(
                Feedback.offering_id.is_(None),
                Feedback.standard_id.is_(None),
                Feedback.location_id.in_(places),
            ),
        )
    ]


def title_of(subject: Standard | Offering | Location | None) -> str:
    """What a report is about, by the name that it goes by now; "" where it is gone."""
    match subject:
        case Location():
            return subject.name
        case Offering():
            return f"{title_of(subject.standard)}, {subject.location.name}"
        case Standard():
            public = [edition for edition in subject.editions if edition.state is State.PUBLISHED]
            return (public or subject.editions)[-1].title
        case None:
            return ""

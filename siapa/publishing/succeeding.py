"""Doing what is planned for agencies: at once, or on its day by the clock; in one transaction, or not at all.

Everything that goes to another agency is told in its own trail, under one act. Public editions stay as
they were: what they were published under is read off the moves that are kept here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import sqlalchemy as sa
import structlog

from siapa.errors import Conflict, Problem, Rejected, SiapaError
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import editions
from siapa.publishing.agencies import PLACE, PROFILE, give_address, writers
from siapa.publishing.changing import adding, beside, changing, together
from siapa.publishing.commands import EASTERNMOST_ZONE
from siapa.publishing.filling import fill
from siapa.publishing.permissions import Actor, Standin, with_parents
from siapa.publishing.slugs import own_slug
from siapa.publishing.succession import KINDS, Clash, Item, Plan, Preview, Target, preview
from siapa.publishing.workflow import Action, next_state
from siapa.records import (
    Agency,
    Membership,
    Standard,
    State,
    Succession,
    SuccessionKind,
    SuccessionMove,
    SuccessionPart,
    SuccessionState,
    new_id,
    now,
)

logger = structlog.get_logger(__name__)

LONGEST_NOTE = 500
#: No event is dated before the republic, nor so far ahead that nobody will know of it.
EARLIEST, MOST_YEARS_AHEAD = date(1945, 8, 17), 5


def succeed(
    plan: Plan, *, on: date, by: Actor, note: str = "", seen: str | None = None, origin: str | None = None
) -> Succession:
    """Let ``plan`` happen: at once when its day has come, else on its day (``succeed_due``).

    ``seen`` is that of the preview that was looked at: ``Conflict`` when the registry is another by now.
    Raises ``Rejected`` as ``preview`` does.
    """
    note = note.strip()
    with together():
        looked = preview(plan)
        if seen is not None and looked.seen != seen:
            raise Conflict(_l("What this touches has changed meanwhile. Look at it again."))
        today = editions.today_of(looked.sources[0])
        _check(on, note, today)
        row = Succession(
            id=new_id(), kind=plan.kind, state=SuccessionState.PLANNED, takes_effect_on=on, note=note,
            plan=plan.as_json(), planned_by_id=editions.id_of_actor(by),
        )  # fmt: skip
        with adding(row, Action.SUCCEED, by=by, note=note, origin=origin):
            pass
        if on <= today:
            do_now(row.id, by=by, origin=origin)
    return row


def do_now(succession_id: uuid.UUID, *, by: Actor, origin: str | None = None) -> Succession:
    """Do what is planned, whatever its day; ``Conflict`` when it is done or cancelled already."""
    # The same words in the trail of everything that goes along.
    told = f"succession {succession_id}"
    with changing(Succession, succession_id, Action.SUCCEED, by=by, note=told, origin=origin) as row:
        _check_planned(row)
        plan = Plan.from_json(row.plan)
        _lock(plan)
        looked = preview(plan)
        _do(row, looked, by=by, note=told, origin=origin)
        row.state, row.done_at, row.failure = SuccessionState.DONE, now(), None
    return row


def cancel(succession_id: uuid.UUID, *, by: Actor, origin: str | None = None) -> Succession:
    """Let a planned event not happen; ``Conflict`` when it has, or was cancelled before."""
    with changing(Succession, succession_id, Action.SUCCEED, by=by, origin=origin) as row:
        _check_planned(row)
        row.state = SuccessionState.CANCELLED
    return row


def succeed_due(*, today: date | None = None) -> list[Succession]:
    """Do every planned event whose day has come where its first agency is, the earliest first.

    Safe to call from several places at once. One that cannot be done says why, and waits for a person.
    """
    horizon = today or now().astimezone(EASTERNMOST_ZONE).date()
    due = sa.select(Succession.id).where(
        Succession.state == SuccessionState.PLANNED,
        Succession.takes_effect_on <= horizon,
        Succession.failure.is_(None),
    )
    done = []
    for succession_id in list(db.session.scalars(due.order_by(Succession.takes_effect_on, Succession.id))):
        row = db.session.get_one(Succession, succession_id)
        first = db.session.get_one(Agency, uuid.UUID(row.plan["sources"][0]))
        if row.takes_effect_on > (today or editions.today_of(first)):
            continue
        try:
            done.append(do_now(succession_id, by=Standin.CLOCK))
        except (Conflict, Rejected) as error:
            logger.exception("what was planned for agencies could not be done", succession=str(succession_id))
            _say_why(succession_id, str(error))
        except SiapaError:
            logger.exception("what is planned for agencies is tried again", succession=str(succession_id))
    return done


def _say_why(succession_id: uuid.UUID, reason: str) -> None:
    row = db.session.get(Succession, succession_id, populate_existing=True)
    if row is None or row.state is not SuccessionState.PLANNED:
        return  # another host was quicker
    with changing(Succession, succession_id, Action.SUCCEED, by=Standin.CLOCK) as row:
        row.failure = reason[:LONGEST_NOTE]


def _check(on: date, note: str, today: date) -> None:
    problems = []
    if not EARLIEST <= on <= today.replace(year=today.year + MOST_YEARS_AHEAD, day=1):
        problems.append(Problem("on", _l("Give the day on which it takes effect."), on.isoformat()))
    if not note:
        problems.append(Problem("note", _l("Name the legal act that says so.")))
    if len(note) > LONGEST_NOTE:
        problems.append(Problem("note", _l("Write at most %(most)s characters.", most=LONGEST_NOTE)))
    if problems:
        raise Rejected(problems)


def _check_planned(row: Succession) -> None:
    if row.state is not SuccessionState.PLANNED:
        raise Conflict(_l("This is done already, or was cancelled."))


def _lock(plan: Plan) -> None:
    """Hold the agencies of ``plan``: until it is done nothing begins in them, no other event ends them."""
    ids = {*plan.sources, *(one.agency_id for one in plan.targets if one.agency_id)}
    held = sa.select(Agency).where(Agency.id.in_(ids)).order_by(Agency.id).with_for_update()
    db.session.execute(held.execution_options(populate_existing=True)).all()


def _do(row: Succession, looked: Preview, *, by: Actor, note: str, origin: str | None) -> None:
    plan = looked.plan
    before = [_part(row, place, one, is_after=False) for place, one in enumerate(looked.sources)]
    if plan.kind is SuccessionKind.RENAMING:
        targets = [looked.sources[0]]
        _rename(targets[0], plan)
    else:
        targets = [
            looked.present[place]
            if place in looked.present
            else _founded(target, by=by, note=note, origin=origin)
            for place, target in enumerate(plan.targets)
        ]
        stay = {standard.id for clash in looked.clashes for standard in _settled(clash, row)}
        for item in looked.items:
            if item.id not in stay:
                _give(row, item, targets[item.target])
        for source in looked.sources:
            if plan.ends(source.id):
                with beside(source):
                    source.succeeded_by_id, source.single_officer = targets[0].id, False
        for target in targets:
            _end_single_officer(target)
    after = [_part(row, len(before) + place, one, is_after=True) for place, one in enumerate(targets)]
    db.session.add_all([*before, *after])


def _part(row: Succession, position: int, agency: Agency, *, is_after: bool) -> SuccessionPart:
    """An agency of the event, by its name of this moment."""
    return SuccessionPart(
        succession_id=row.id, position=position, agency_id=agency.id, is_after=is_after, name=agency.name,
        name_en=agency.name_en,
    )  # fmt: skip


def _founded(target: Target, *, by: Actor, note: str, origin: str | None) -> Agency:
    agency = Agency(id=new_id(), parent_id=target.parent_id, single_officer=False)
    with adding(agency, Action.SUCCEED, by=by, note=note, origin=origin):
        fill(agency, target.profile, PROFILE | PLACE)
        agency.slug = own_slug(Agency, target.slug, agency.name, agency.id)
    return agency


def _rename(agency: Agency, plan: Plan) -> None:
    names = {name: value for name, value in plan.names.items() if name != "slug" and value is not None}
    with beside(agency):
        fill(agency, names, PROFILE)
        if plan.names.get("slug"):
            give_address(agency, str(plan.names["slug"]))


def _settled(clash: Clash, row: Succession) -> Iterator[Standard]:
    """Make room for the winner; gives back the standards that stay where they are, withdrawn."""
    for loser in clash.losers:
        with beside(loser):
            if loser.live is None or clash.winner.live is None:
                loser.service = None
                continue
            opened = loser.open_edition
            if opened is not None and opened.state is State.SCHEDULED:
                opened.state = next_state(opened.state, Action.RETURN)
                opened.remarks, opened.effective_from, opened.published_by_id = {"": row.note}, None, None
            loser.replaced_by_id = clash.winner.id
            loser.live.withdrawal_reason = row.note
            editions.end(loser.live, Action.WITHDRAW)
        yield loser


def _give(row: Succession, item: Item, target: Agency) -> None:
    thing: Any = db.session.get(KINDS[item.kind], item.id)
    with _told(row, item, target, thing):
        match item.kind:
            case "standard":
                editions.hand_over(thing, target)
            case "agency":
                if thing.id in with_parents(target):
                    raise Rejected([Problem("parent", _l("This cannot stand above it."), thing.slug)])
                thing.parent = target
            case "membership" if _is_held(thing, target):
                db.session.delete(thing)
            case "token":
                thing.agency_id = target.id
            case _:
                thing.agency = target


@contextmanager
def _told(row: Succession, item: Item, target: Agency, thing: object) -> Iterator[None]:
    """Let the thing's trail tell of it, and keep whose it was."""
    with beside(thing):
        yield
    db.session.add(
        SuccessionMove(
            succession_id=row.id, subject_kind=item.kind, subject_id=item.id, from_agency_id=item.from_id,
            to_agency_id=target.id,
        )
    )  # fmt: skip


def _is_held(membership: Membership, target: Agency) -> bool:
    """Whether the officer has the same role in ``target`` already."""
    held = sa.select(Membership.id).filter_by(
        officer_id=membership.officer_id, role=membership.role, agency_id=target.id
    )
    return db.session.scalar(held) is not None


def _end_single_officer(agency: Agency) -> None:
    """With more than one officer there are four eyes again."""
    if agency.single_officer and len(writers(agency.id)) > 1:
        with beside(agency):
            agency.single_officer = False

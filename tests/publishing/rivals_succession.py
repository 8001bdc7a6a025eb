"""What two rivals do to what becomes of agencies, and to the letters of officers; what must come of it."""

from __future__ import annotations

import uuid
from datetime import timedelta

from siapa.publishing import agencies, reminding, succeeding
from siapa.publishing.succession import Plan, Target
from siapa.records import Agency, Succession, SuccessionKind, now
from tests.publishing.arena import Arena, Race
from tests.publishing.rivalry import BOTH, SOME, author, counted, kept, national


def _two(arena: Arena, number: int) -> tuple[uuid.UUID, uuid.UUID]:
    """Two new agencies, the first of which is to end."""
    made = [agencies.add_agency(f"Badan {number} {n}", "uptd", by=national()).id for n in (0, 1)]
    return made[0], made[1]


def _merger(ends: uuid.UUID, follows: uuid.UUID) -> Plan:
    return Plan(SuccessionKind.MERGER, (ends,), (Target(agency_id=follows),))


def _planned(arena: Arena, number: int) -> uuid.UUID:
    """A merger that is planned."""
    day = now().date() + timedelta(days=30)
    return succeeding.succeed(_merger(*_two(arena, number)), on=day, by=national(), note="SK").id


def _succeed(arena: Arena, number: int, rival: int) -> Succession:
    day = now().date() - timedelta(days=1)
    return succeeding.succeed(_merger(*arena.kept), on=day, by=national(), note="SK")


SUCCESSION: dict[str, Race] = {
    "succeeding.succeed": Race(
        _succeed, before=kept(_two),
        holds=lambda a, n: counted(Agency, Agency.succeeded_by_id == a.kept[1]) == 1,
    ),
    "succeeding.do_now": Race(
        lambda a, n, r: succeeding.do_now(a.kept, by=national()), before=kept(_planned)
    ),
    "succeeding.cancel": Race(
        lambda a, n, r: succeeding.cancel(a.kept, by=national()), before=kept(_planned)
    ),
    "reminding.take_turn": Race(
        lambda a, n, r: reminding.take_turn(author(), now().date() + timedelta(days=n)), BOTH,
        holds=lambda a, n: a.given.count(True) == 1,
    ),
    "reminding.give_back": Race(lambda a, n, r: reminding.give_back(author()), SOME),
    "reminding.set_wanted": Race(lambda a, n, r: reminding.set_wanted(author(), is_wanted=bool(r)), SOME),
}  # fmt: skip

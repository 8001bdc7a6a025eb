"""What waits for an officer is counted by what they may do where, and never what is another's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from siapa.publishing import commands, places
from siapa.publishing.waiting import Waiting, waiting_for
from siapa.records import now
from tests.publishing.cast import Cast, document, published, submitted

TODAY = now().date()


def numbers(found: Waiting) -> tuple[int | None, ...]:
    """The numbers alone."""
    due, incomplete = (one and one.total for one in (found.due, found.incomplete))
    return found.to_review, found.returned, found.drafts, due, incomplete


def test_each_officer_is_told_what_is_theirs_to_do(cast: Cast) -> None:
    submitted(cast, title="Diajukan")
    returned = submitted(cast, title="Dikembalikan")
    commands.return_(returned.id, {"": "Lengkapi"}, by=cast.publisher)
    commands.open_standard(cast.child.id, document("Konsep"), by=cast.author)
    published(cast, title="Berlaku")

    told = {name: numbers(waiting_for(person)) for name, person in cast.officers.items()}

    assert told["author"] == (None, 1, 1, 0, 1)
    assert told["publisher"] == told["national"] == (1, 1, 1, 0, 1)
    assert told["stranger"] == (0, 0, 0, 0, 0)
    assert told["curator"] == told["admin"] == told["manager"] == (None,) * 5


def test_what_one_has_submitted_oneself_waits_for_somebody_else(cast: Cast) -> None:
    standard = commands.open_standard(cast.own.id, document("Sendiri"), by=cast.publisher)
    commands.submit(standard.id, by=cast.publisher)

    with_others = waiting_for(cast.publisher).to_review
    cast.own.single_officer = True

    assert (with_others, waiting_for(cast.publisher).to_review) == (0, 1)
    assert waiting_for(cast.national).to_review == 1


@pytest.mark.parametrize(("days_ahead", "is_due"), [(-1, True), (30, True), (31, False)])
def test_a_standard_is_due_a_month_before_its_day(cast: Cast, days_ahead: int, is_due: bool) -> None:
    day = TODAY + timedelta(days=days_ahead)
    standard = published(cast, review_due=day.isoformat())

    found = waiting_for(cast.author, today=TODAY).due

    assert found is not None
    assert [one.id for one, _edition in found.first] == ([standard.id] if is_due else [])


@pytest.mark.parametrize(("days_ago", "waits"), [(None, 1), (183, 1), (182, 0)])
def test_a_counter_waits_when_nobody_has_seen_it_for_half_a_year(
    cast: Cast, days_ago: int | None, waits: int
) -> None:
    counter = places.add_counter(cast.mall.id, "Gerai", {"agency_id": cast.own.id}, by=cast.national)
    places.add_counter(cast.mall.id, "Tutup", {"status": "closed"}, by=cast.manager)
    if days_ago is not None:
        day = TODAY - timedelta(days=days_ago)
        places.confirm_counter(counter.id, on=day, by=cast.manager)

    told = {name: waiting_for(person, today=TODAY).counters for name, person in cast.officers.items()}

    assert {name: one and one.total for name, one in told.items()} == {
        "author": waits, "publisher": waits, "manager": waits, "national": waits, "stranger": 0,
        "admin": None, "curator": None,
    }  # fmt: skip

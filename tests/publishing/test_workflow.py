"""The state machine, move by move: what is not in the table cannot happen."""

from __future__ import annotations

from itertools import product

import pytest

from siapa.errors import Conflict
from siapa.publishing.workflow import MOVES, STATE_NAMES, Action, check_discard, next_state
from siapa.records import State

#: The life of an edition as DOMAIN tells it, written down a second time.
LIFE = {
    "draft": {"revise": "draft", "submit": "submitted", "discard": None},
    "returned": {"revise": "returned", "submit": "submitted", "discard": None},
    "submitted": {"return": "returned", "schedule": "scheduled", "publish": "published"},
    "scheduled": {"return": "returned", "publish": "published"},
    "published": {"supersede": "superseded", "withdraw": "withdrawn"},
    "superseded": {},
    "withdrawn": {},
}


@pytest.mark.parametrize(("state", "action"), list(product(State, Action)), ids=str)
def test_every_state_allows_exactly_what_the_life_of_an_edition_says(state: State, action: Action) -> None:
    expected = LIFE[state].get(action)

    if expected is None:
        with pytest.raises(Conflict):
            next_state(state, action)
    else:
        assert next_state(state, action) == expected


@pytest.mark.parametrize("state", list(State))
def test_only_what_is_in_the_authors_hands_may_be_thrown_away(state: State) -> None:
    if "discard" in LIFE[state]:
        check_discard(state)
    else:
        with pytest.raises(Conflict):
            check_discard(state)


@pytest.mark.parametrize("action", list(Action))
def test_an_edition_begins_by_being_opened_or_restored(action: Action) -> None:
    if action in (Action.OPEN, Action.RESTORE):
        assert next_state(None, action) is State.DRAFT
    else:
        with pytest.raises(Conflict):
            next_state(None, action)


def test_no_state_is_reached_that_the_table_does_not_know() -> None:
    reached = {state for state in MOVES.values() if state is not None}

    assert reached == set(State)
    assert set(STATE_NAMES) == set(State)


def test_what_is_public_never_comes_back_to_the_authors_hands() -> None:
    for (before, _action), after in MOVES.items():
        if before is not None and before.was_public:
            assert after is not None and after.was_public and after is not State.PUBLISHED

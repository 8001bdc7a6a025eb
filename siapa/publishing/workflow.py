"""What can be asked for, and the life of an edition as a table.

``MOVES`` is the whole state machine: what is not in it cannot happen. The database
holds the last part of it once more (a public edition can only end).
"""

from __future__ import annotations

from enum import StrEnum

from siapa.errors import Conflict
from siapa.locales import lazy as _l
from siapa.records import State


class Action(StrEnum):
    """An act; the word is what the audit keeps."""

    # On a standard and its editions.
    OPEN = "open"
    RESTORE = "restore"
    REVISE = "revise"
    DISCARD = "discard"
    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"
    MOVE = "move"
    TRANSFER = "transfer"
    LINK = "link"
    SETTLE_REVIEW = "settle_review"
    REACT = "react"
    SET_OFFERINGS = "set_offerings"
    # On what stands around it.
    CONFIRM = "confirm"
    ANSWER = "answer"
    SET_LOCATION = "set_location"
    SET_COUNTERS = "set_counters"
    ADD_AGENCY = "add_agency"
    SET_AGENCY = "set_agency"
    SUCCEED = "succeed"
    SET_SERVICE = "set_service"
    SET_REGULATION = "set_regulation"
    SET_VOCABULARY = "set_vocabulary"
    SET_REGION = "set_region"
    SETTLE_QUERY = "settle_query"
    SET_WEBHOOK = "set_webhook"
    REPORT = "report"
    SET_RESULT = "set_result"
    # On people.
    ADD_OFFICER = "add_officer"
    GRANT = "grant"
    DISABLE_OFFICER = "disable_officer"
    ISSUE_TOKEN = "issue_token"
    REVOKE_TOKEN = "revoke_token"
    SEND_LINK = "send_link"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SET_PASSWORD = "set_password"
    SET_SECOND_FACTOR = "set_second_factor"


#: From which state an act leads to which. ``None`` is no edition: not yet, or no more.
MOVES: dict[tuple[State | None, Action], State | None] = {
    (None, Action.OPEN): State.DRAFT,
    (None, Action.RESTORE): State.DRAFT,
    (State.DRAFT, Action.REVISE): State.DRAFT,
    (State.RETURNED, Action.REVISE): State.RETURNED,
    (State.DRAFT, Action.DISCARD): None,
    (State.RETURNED, Action.DISCARD): None,
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Action.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Action.RETURN): State.RETURNED,
    (State.SCHEDULED, Action.RETURN): State.RETURNED,
    (State.SUBMITTED, Action.SCHEDULE): State.SCHEDULED,
    (State.SUBMITTED, Action.PUBLISH): State.PUBLISHED,
    (State.SCHEDULED, Action.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Action.SUPERSEDE): State.SUPERSEDED,
    (State.PUBLISHED, Action.WITHDRAW): State.WITHDRAWN,
}

STATE_NAMES = {
    State.DRAFT: _l("draft"),
    State.SUBMITTED: _l("submitted"),
    State.RETURNED: _l("returned for correction"),
    State.SCHEDULED: _l("scheduled"),
    State.PUBLISHED: _l("in force"),
    State.SUPERSEDED: _l("superseded"),
    State.WITHDRAWN: _l("withdrawn"),
}


def next_state(state: State | None, action: Action) -> State:
    """Where ``action`` leads from ``state``; ``Conflict`` says why it leads nowhere.

    ``DISCARD`` leads out of the life of an edition: ask ``check_discard``.
    """
    found = MOVES.get((state, action))
    if found is None:
        raise _impossible(state)
    return found


def check_discard(state: State) -> None:
    """Raise ``Conflict`` unless an edition in ``state`` may be thrown away."""
    if (state, Action.DISCARD) not in MOVES:
        raise _impossible(state)


def _impossible(state: State | None) -> Conflict:
    if state is None:
        return Conflict(_l("There is no edition yet."))
    return Conflict(_l("This cannot be done: the edition is now: %(state)s.", state=STATE_NAMES[state]))

"""Who may do what: the one module that decides, asked by every door and again inside every change.

Scope follows the agency tree: a role in an agency holds for it and all below it. It is
the subject's *present* agency that counts, never what a request says.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import Enum

from siapa.errors import NotAllowed
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.publishing.workflow import Action
from siapa.records import (
    Agency,
    Counter,
    Feedback,
    Location,
    Membership,
    Offering,
    Officer,
    Role,
    Standard,
    State,
    Succession,
    SuccessionState,
    Token,
    Webhook,
)


class Standin(Enum):
    """What acts without being a person; the audit keeps no officer for it."""

    #: Time: puts in force what a publisher has scheduled, and does what is planned for agencies.
    CLOCK = "clock"
    #: Whoever has the machine: makes the first officers, and can take rights away.
    OPERATOR = "operator"
    #: Whoever reports that something is wrong: no account, and nothing else may be done so.
    CITIZEN = "citizen"


@dataclass(frozen=True)
class Narrowed:
    """An officer who acts through a token made for one agency: only there and below it."""

    officer: Officer
    agency_id: uuid.UUID


Actor = Officer | Narrowed | Standin
#: A row, or None for what belongs to the whole registry.
Subject = object | None

WRITES = frozenset(
    {Action.OPEN, Action.RESTORE, Action.REVISE, Action.DISCARD, Action.SUBMIT, Action.SET_OFFERINGS,
     Action.SET_COUNTERS, Action.CONFIRM, Action.ANSWER, Action.SETTLE_REVIEW, Action.REACT,
     Action.SET_RESULT}
)  # fmt: skip
DECIDES = frozenset(
    {Action.RETURN, Action.PUBLISH, Action.SCHEDULE, Action.SUPERSEDE, Action.WITHDRAW, Action.MOVE}
)
RULES_PEOPLE = frozenset(
    {Action.ADD_OFFICER, Action.GRANT, Action.DISABLE_OFFICER, Action.ISSUE_TOKEN, Action.REVOKE_TOKEN,
     Action.SEND_LINK}
)  # fmt: skip
#: What officers do for themselves, and nobody for them, whatever their role.
ONES_OWN = frozenset({Action.SIGN_IN, Action.SIGN_OUT, Action.SET_PASSWORD, Action.SET_SECOND_FACTOR})
#: What each role may do within its scope; a national admin may everything.
MAY: dict[Role, frozenset[Action]] = {
    Role.OPERATOR: WRITES,
    Role.PUBLISHER: WRITES | DECIDES,
    Role.AGENCY_ADMIN: RULES_PEOPLE | {Action.SET_AGENCY, Action.SET_LOCATION, Action.SET_WEBHOOK},
    Role.MALL_MANAGER: frozenset({Action.SET_LOCATION, Action.SET_COUNTERS, Action.CONFIRM, Action.ANSWER}),
    Role.CURATOR: frozenset(
        {Action.SET_SERVICE, Action.SET_VOCABULARY, Action.SET_REGULATION, Action.LINK, Action.SETTLE_QUERY}
    ),
    Role.NATIONAL_ADMIN: frozenset(Action) - ONES_OWN,
}

#: An agency tree is never this deep; more is a ring.
MOST_LEVELS = 20

_OUTSIDE = _l("You may not do this here.")
_DISABLED = _l("This account is disabled.")
_OWN_WORK = _l("You submitted this edition yourself. Somebody else must publish it.")


def may(actor: Actor, action: Action, subject: Subject) -> bool:
    """Whether ``actor`` may do ``action`` to ``subject`` as both stand now."""
    return why_not(actor, action, subject) is None


def require(actor: Actor, action: Action, subject: Subject) -> None:
    """Raise ``NotAllowed`` with the reason unless ``actor`` may."""
    reason = why_not(actor, action, subject)
    if reason is not None:
        raise NotAllowed(reason)


def why_not(actor: Actor, action: Action, subject: Subject) -> Words | None:
    """The reason why ``actor`` may not, or None when it may."""
    if isinstance(actor, Standin):
        return None if _standin_may(actor, action, subject) else _OUTSIDE
    if isinstance(actor, Narrowed):
        is_within = _is_within(actor.agency_id, action, subject)
        return why_not(actor.officer, action, subject) if is_within else _OUTSIDE
    if not actor.is_active:
        return _DISABLED
    allowed = any(_covers(role, action, subject) for role in actor.memberships)
    if not allowed and not _is_ones_own(actor, action, subject):
        return _OUTSIDE
    if action in (Action.PUBLISH, Action.SCHEDULE) and _is_own_submission(actor, subject):
        return _OWN_WORK
    return None


def with_parents(agency: Agency | None) -> list[uuid.UUID]:
    """The agency and everything above it, from the nearest; empty for none."""
    chain: list[uuid.UUID] = []
    while agency is not None and agency.id not in chain and len(chain) < MOST_LEVELS:
        chain.append(agency.id)
        agency = agency.parent
    return chain


def person_of(actor: Actor) -> Officer | None:
    """The officer behind ``actor``; None for what is no person."""
    if isinstance(actor, Standin):
        return None
    return actor.officer if isinstance(actor, Narrowed) else actor


def _is_within(agency_id: uuid.UUID, action: Action, subject: Subject) -> bool:
    return any(agency_id in with_parents(agency) for agency in _agencies_of(subject, action))


def _standin_may(actor: Standin, action: Action, subject: Subject) -> bool:
    if actor is Standin.CITIZEN:
        return action is Action.REPORT
    if actor is Standin.OPERATOR:
        return action in RULES_PEOPLE
    if action is Action.SUCCEED:
        # None: the agencies that a planned event founds.
        planned = isinstance(subject, Succession) and subject.state is SuccessionState.PLANNED
        return subject is None or planned
    edition = subject.open_edition if isinstance(subject, Standard) else None
    return action is Action.PUBLISH and edition is not None and edition.state is State.SCHEDULED


def _covers(membership: Membership, action: Action, subject: Subject) -> bool:
    role = membership.role
    if action not in MAY[role]:
        return False
    if role.is_national:
        return True
    if isinstance(subject, Officer):
        return _covers_home_of(membership, subject, all_roles=action is Action.SEND_LINK)
    if isinstance(subject, Token) and (subject.agency_id is None or action is Action.DISABLE_OFFICER):
        return _covers_home_of(membership, subject.officer)
    if role is Role.MALL_MANAGER:
        place = _place_of(subject)
        return place is not None and membership.location_id == place.id
    return membership.agency_id is not None and _is_within(membership.agency_id, action, subject)


def _covers_home_of(membership: Membership, officer: Officer, *, all_roles: bool = False) -> bool:
    """Who rules over an officer: the admins above the officer's first role, their home.

    Another agency that gives them a role later gains nothing over them, and takes
    nothing from their home: each can end the roles in its own tree (``GRANT``), the
    home alone can close the account. Whoever holds a national role is ruled nationally.
    With ``all_roles`` every role must be theirs to rule: whoever can let somebody else sign
    in as an officer can do all that the officer may.
    """
    held = officer.memberships
    if not held or any(other.role.is_national for other in held) or membership.agency_id is None:
        return False
    ruled = held if all_roles else held[:1]
    return all(_is_within(membership.agency_id, Action.GRANT, one) for one in ruled)


def _agencies_of(subject: Subject, action: Action) -> list[Agency | None]:
    """The agencies that ``subject`` now belongs to: holding any of them is enough."""
    match subject:
        case Agency():
            return [subject]
        case Standard() | Location():
            return [subject.agency]
        case Token() | Webhook():
            return [_agency(subject.agency_id)]
        case Counter():
            return [subject.agency, subject.location.agency]
        case Offering():
            return [subject.location.agency if action is Action.CONFIRM else subject.standard.agency]
        case Feedback():
            return _agencies_of(about(subject), action)
        case Membership():
            place = db.session.get(Location, subject.location_id) if subject.location_id else None
            return [place.agency if place else subject.agency]
        case _:
            return []


def about(feedback: Feedback) -> Standard | Offering | Location | None:
    """What a citizen's report is about: the nearest thing that it names."""
    if feedback.offering_id is not None:
        return db.session.get(Offering, feedback.offering_id)
    if feedback.standard_id is not None:
        return db.session.get(Standard, feedback.standard_id)
    return db.session.get(Location, feedback.location_id) if feedback.location_id else None


def _agency(agency_id: uuid.UUID | None) -> Agency | None:
    return db.session.get(Agency, agency_id) if agency_id else None


def _place_of(subject: Subject) -> Location | None:
    match subject:
        case Location():
            return subject
        case Counter() | Offering():
            return subject.location
        case Feedback():
            return _place_of(about(subject))
        case _:
            return None


def _is_ones_own(officer: Officer, action: Action, subject: Subject) -> bool:
    """Everybody rules over their own tokens, and over how they sign in."""
    if action in ONES_OWN or action is Action.SEND_LINK:
        return isinstance(subject, Officer) and subject.id == officer.id
    if action is Action.ISSUE_TOKEN:
        return isinstance(subject, Officer) and subject.id == officer.id
    return action is Action.REVOKE_TOKEN and isinstance(subject, Token) and subject.officer_id == officer.id


def _is_own_submission(officer: Officer, subject: Subject) -> bool:
    if not isinstance(subject, Standard) or subject.agency.single_officer:
        return False
    edition = subject.open_edition
    return edition is not None and edition.submitted_by_id == officer.id

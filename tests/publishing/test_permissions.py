"""Who may do what: every role, near and far, and no officer outside their subtree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siapa.errors import NotAllowed
from siapa.extensions import db
from siapa.publishing.permissions import MAY, Narrowed, Standin, may, require, why_not, with_parents
from siapa.publishing.workflow import Action
from siapa.records import (
    Agency,
    Edition,
    Location,
    LocationKind,
    Membership,
    Officer,
    Role,
    Standard,
    State,
    Token,
    new_id,
)
from tests.publishing.cast import Cast, officer, submitted

OPERATES = {
    "open", "restore", "revise", "discard", "submit", "set_offerings", "set_counters", "confirm", "answer",
    "settle_review", "react", "set_result",
}  # fmt: skip
DECIDES = {"return", "publish", "schedule", "supersede", "withdraw", "move"}
PEOPLE = {"add_officer", "grant", "disable_officer", "issue_token", "revoke_token", "send_link"}
#: What officers do for themselves alone, whatever their role.
ONES_OWN = {"sign_in", "sign_out", "set_password", "set_second_factor"}
#: What each role of an agency may do to things of its own agency.
OWN = {
    Role.OPERATOR: OPERATES,
    Role.PUBLISHER: OPERATES | DECIDES,
    Role.AGENCY_ADMIN: PEOPLE | {"set_agency", "set_location", "set_webhook"},
}
STANDARD = OPERATES - {"set_counters", "confirm", "answer"} | DECIDES | {"transfer", "link"}


def allowed_to(person: Officer | Standin, subject: object) -> set[str]:
    """All that ``person`` may do to ``subject``."""
    return {action.value for action in Action if may(person, action, subject)}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.PUBLISHER, Role.AGENCY_ADMIN])
def test_a_role_reaches_its_agency_and_below_and_nothing_above_or_beside(cast: Cast, role: Role) -> None:
    person = officer("somebody", role, cast.own)
    db.session.flush()

    reach = {name: allowed_to(person, getattr(cast, name)) for name in ("own", "child", "sibling", "parent")}

    assert reach == {"own": OWN[role], "child": OWN[role], "sibling": set(), "parent": set()}


@pytest.mark.parametrize("role", list(Role))
def test_a_standard_obeys_its_present_agency(cast: Cast, role: Role) -> None:
    standard = submitted(cast)
    agency = cast.own if role in OWN else None
    place = cast.mall if role is Role.MALL_MANAGER else None
    person = officer("somebody", role, agency, place)
    db.session.flush()

    here = allowed_to(person, standard) & STANDARD
    standard.agency = cast.sibling
    elsewhere = allowed_to(person, standard) & STANDARD

    national = {Role.NATIONAL_ADMIN: STANDARD, Role.CURATOR: {"link"}}.get(role, set())
    assert here == national | (OWN.get(role, set()) & STANDARD)
    assert elsewhere == national


def test_a_mall_manager_reaches_one_mall_only(cast: Cast) -> None:
    other = Location(
        kind=LocationKind.MALL, slug="mpp-lain", name="MPP Lain", agency=cast.parent, facilities=[]
    )
    db.session.add(other)
    db.session.flush()

    assert allowed_to(cast.manager, cast.mall) == {"set_location", "set_counters", "confirm", "answer"}
    assert allowed_to(cast.manager, other) == set()
    assert allowed_to(cast.manager, cast.parent) == set()


def test_a_curator_keeps_the_catalogue_and_nothing_else(cast: Cast) -> None:
    kept = {"set_service", "set_vocabulary", "set_regulation", "link", "settle_query"}
    assert allowed_to(cast.curator, None) == kept


def test_a_national_admin_may_everything_but_sign_in_for_others_and_nothing_once_disabled(cast: Cast) -> None:
    before = allowed_to(cast.national, cast.own)
    cast.national.is_active = False

    assert before == {action.value for action in Action} - ONES_OWN
    assert allowed_to(cast.national, cast.own) == allowed_to(cast.national, None) == set()


def test_an_officer_without_a_role_may_nothing_but_make_a_token_and_sign_in(cast: Cast) -> None:
    nobody = Officer(email="nobody@example.go.id", name="Nobody", is_active=True)
    db.session.add(nobody)
    db.session.flush()

    assert allowed_to(nobody, cast.own) == set()
    assert allowed_to(nobody, nobody) == {"issue_token", "send_link"} | ONES_OWN


def test_four_eyes_hold_for_the_national_admin_too(cast: Cast) -> None:
    standard = submitted(cast)
    standard.open_edition.submitted_by_id = cast.national.id

    assert not may(cast.national, Action.PUBLISH, standard)
    assert not may(cast.national, Action.SCHEDULE, standard)
    assert may(cast.national, Action.RETURN, standard)
    assert may(cast.publisher, Action.PUBLISH, standard)


def test_an_officer_is_ruled_from_home_whatever_others_give_them(cast: Cast) -> None:
    colleague, foreign = officer("colleague", Role.OPERATOR, cast.child), cast.sibling
    their_admin = officer("their_admin", Role.AGENCY_ADMIN, foreign)
    db.session.flush()
    token = Token(id=new_id(), officer=colleague, officer_id=colleague.id, agency_id=None)
    given = Membership(role=Role.OPERATOR, agency_id=foreign.id, agency=foreign)
    colleague.memberships.append(given)

    at_home = {action: may(cast.admin, action, one) for action, one in _over(colleague, token, given)}
    elsewhere = {action: may(their_admin, action, one) for action, one in _over(colleague, token, given)}

    assert at_home == {Action.DISABLE_OFFICER: True, Action.REVOKE_TOKEN: True, Action.GRANT: False}
    assert elsewhere == {Action.DISABLE_OFFICER: False, Action.REVOKE_TOKEN: False, Action.GRANT: True}


def test_only_whoever_rules_over_all_that_officers_may_lets_somebody_sign_in_as_them(cast: Cast) -> None:
    of_child = officer("of_child", Role.AGENCY_ADMIN, cast.child)
    colleague = officer("colleague", Role.OPERATOR, cast.child)
    db.session.flush()
    before = {one.email: may(one, Action.SEND_LINK, colleague) for one in (of_child, cast.admin)}

    colleague.memberships.append(Membership(role=Role.PUBLISHER, agency_id=cast.own.id, agency=cast.own))

    assert set(before.values()) == {True}
    assert not may(of_child, Action.SEND_LINK, colleague)
    assert may(of_child, Action.DISABLE_OFFICER, colleague)
    assert may(cast.admin, Action.SEND_LINK, colleague)
    assert may(cast.national, Action.SEND_LINK, colleague)


def test_whoever_holds_a_national_role_is_ruled_nationally(cast: Cast) -> None:
    cast.author.memberships.append(Membership(role=Role.CURATOR))

    allowed = {n for n, p in cast.officers.items() if may(p, Action.DISABLE_OFFICER, cast.author)}

    assert allowed == {"national"}
    assert not may(cast.admin, Action.DISABLE_OFFICER, cast.national)


def test_who_acts_through_a_token_for_one_agency_acts_there_and_below_only(cast: Cast) -> None:
    here = submitted(cast)
    narrowed = Narrowed(cast.national, cast.child.id)
    of_own = Narrowed(cast.publisher, cast.own.id)

    there = {name for name in ("own", "child", "sibling") if may(narrowed, Action.OPEN, getattr(cast, name))}

    assert there == {"child"}
    assert not any(may(narrowed, action, subject) for action in Action for subject in (None, cast.author))
    assert (may(of_own, Action.PUBLISH, here), may(narrowed, Action.PUBLISH, here)) == (True, False)
    assert not may(Narrowed(cast.author, cast.own.id), Action.PUBLISH, here)
    assert not may(of_own, Action.ISSUE_TOKEN, cast.publisher)


def _over(person: Officer, token: Token, given: Membership) -> list[tuple[Action, object]]:
    return [(Action.DISABLE_OFFICER, person), (Action.REVOKE_TOKEN, token), (Action.GRANT, given)]


def test_nobody_but_a_national_admin_gives_national_rights(cast: Cast) -> None:
    allowed = {name for name, person in cast.officers.items() if may(person, Action.GRANT, None)}

    assert allowed == {"national"}


def test_what_is_no_person_may_only_what_it_is_there_for(cast: Cast) -> None:
    standard = submitted(cast)

    by_the_clock = allowed_to(Standin.CLOCK, standard)
    standard.open_edition.state = State.SCHEDULED
    when_scheduled = allowed_to(Standin.CLOCK, standard)

    assert (by_the_clock, when_scheduled) == (set(), {"publish"})
    assert allowed_to(Standin.OPERATOR, None) == PEOPLE


def test_a_refusal_says_why(cast: Cast) -> None:
    with pytest.raises(NotAllowed) as refused:
        require(cast.stranger, Action.OPEN, cast.own)

    assert str(refused.value)
    assert why_not(cast.author, Action.OPEN, cast.own) is None


def test_a_ring_of_agencies_is_walked_once(cast: Cast) -> None:
    cast.parent.parent = cast.child

    assert with_parents(cast.own) == [cast.own.id, cast.parent.id, cast.child.id]


def _tree(parents: list[int]) -> list[Agency]:
    agencies = [Agency(id=new_id(), slug=f"a{n}", name=f"A{n}", kind="x") for n in range(len(parents))]
    for number, parent in enumerate(parents):
        if number:
            agencies[number].parent = agencies[parent % number]
    return agencies


@settings(max_examples=200, deadline=None)
@given(
    parents=st.lists(st.integers(0, 11), min_size=1, max_size=12),
    place=st.integers(0, 11),
    target=st.integers(0, 11),
    role=st.sampled_from([Role.OPERATOR, Role.PUBLISHER, Role.AGENCY_ADMIN]),
    action=st.sampled_from(list(Action)),
)
def test_no_officer_ever_acts_outside_their_subtree(
    parents: list[int], place: int, target: int, role: Role, action: Action
) -> None:
    agencies = _tree(parents)
    home, subject = agencies[place % len(agencies)], agencies[target % len(agencies)]
    person = Officer(id=new_id(), email="x@example.go.id", name="X", is_active=True)
    person.memberships = [Membership(role=role, agency_id=home.id, agency=home)]
    standard = Standard(id=new_id(), agency=subject, slug="s")
    standard.editions = [Edition(number=1, state=State.SUBMITTED)]
    above, step = [subject], subject
    while step.parent is not None:
        step = step.parent
        above.append(step)

    allowed = may(person, action, standard)

    assert allowed is (home in above and action in MAY[role])

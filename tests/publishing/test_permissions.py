"""Who may do what: every role, near and far, and no officer outside their subtree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siapa.errors import NotAllowed
from siapa.extensions import db
from siapa.publishing.permissions import MAY, Standin, may, require, why_not, with_parents
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

OPERATES = {"open", "restore", "revise", "discard", "submit", "set_offerings", "set_counters", "confirm"}
DECIDES = {"return", "publish", "schedule", "supersede", "withdraw", "move"}
PEOPLE = {"add_officer", "grant", "disable_officer", "issue_token", "revoke_token"}
#: What each role of an agency may do to things of its own agency.
OWN = {
    Role.OPERATOR: OPERATES,
    Role.PUBLISHER: OPERATES | DECIDES,
    Role.AGENCY_ADMIN: PEOPLE | {"set_agency", "set_location"},
}
STANDARD = OPERATES - {"set_counters", "confirm"} | DECIDES | {"transfer", "link"}


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", [Role.OPERATOR, Role.PUBLISHER, Role.AGENCY_ADMIN])
def test_a_role_reaches_its_agency_and_below_and_nothing_above_or_beside(
    cast: Cast, role: Role, action: Action
) -> None:
    person = officer("somebody", role, cast.own)
    db.session.flush()

    reach = {name: may(person, action, getattr(cast, name)) for name in ("own", "child", "sibling", "parent")}

    allowed = action.value in OWN[role]
    assert reach == {"own": allowed, "child": allowed, "sibling": False, "parent": False}


@pytest.mark.parametrize("action", [Action(name) for name in sorted(STANDARD)])
@pytest.mark.parametrize("role", list(Role))
def test_a_standard_obeys_its_present_agency(cast: Cast, role: Role, action: Action) -> None:
    standard = submitted(cast)
    agency = cast.own if role in OWN else None
    place = cast.mall if role is Role.MALL_MANAGER else None
    person = officer("somebody", role, agency, place)
    db.session.flush()

    here = may(person, action, standard)
    standard.agency = cast.sibling
    elsewhere = may(person, action, standard)

    is_national = role is Role.NATIONAL_ADMIN or (role is Role.CURATOR and action is Action.LINK)
    assert here is (is_national or action.value in OWN.get(role, set()))
    assert elsewhere is is_national


@pytest.mark.parametrize("action", list(Action))
def test_a_mall_manager_reaches_one_mall_only(cast: Cast, action: Action) -> None:
    other = Location(
        kind=LocationKind.MALL, slug="mpp-lain", name="MPP Lain", agency=cast.parent, facilities=[]
    )
    db.session.add(other)
    db.session.flush()

    here, there = may(cast.manager, action, cast.mall), may(cast.manager, action, other)

    assert here is (action in (Action.SET_LOCATION, Action.SET_COUNTERS, Action.CONFIRM))
    assert there is False


@pytest.mark.parametrize("action", list(Action))
def test_a_curator_keeps_the_catalogue_and_nothing_else(cast: Cast, action: Action) -> None:
    allowed = may(cast.curator, action, None)

    assert allowed is (action in (Action.SET_SERVICE, Action.SET_VOCABULARY, Action.LINK))


@pytest.mark.parametrize("action", list(Action))
def test_a_disabled_officer_may_nothing(cast: Cast, action: Action) -> None:
    cast.national.is_active = False

    assert not may(cast.national, action, cast.own)
    assert not may(cast.national, action, None)


@pytest.mark.parametrize("action", list(Action))
def test_an_officer_without_a_role_may_nothing_but_their_own_token(cast: Cast, action: Action) -> None:
    nobody = Officer(email="nobody@example.go.id", name="Nobody", is_active=True)
    db.session.add(nobody)
    db.session.flush()

    assert not may(nobody, action, cast.own)
    assert may(nobody, action, nobody) is (action is Action.ISSUE_TOKEN)


def test_four_eyes_hold_for_the_national_admin_too(cast: Cast) -> None:
    standard = submitted(cast)
    standard.open_edition.submitted_by_id = cast.national.id

    assert not may(cast.national, Action.PUBLISH, standard)
    assert not may(cast.national, Action.SCHEDULE, standard)
    assert may(cast.national, Action.RETURN, standard)
    assert may(cast.publisher, Action.PUBLISH, standard)


def test_an_admin_does_not_rule_over_an_officer_who_also_acts_elsewhere(cast: Cast) -> None:
    colleague = officer("colleague", Role.OPERATOR, cast.child)
    db.session.flush()
    token = Token(id=new_id(), officer=colleague, officer_id=colleague.id, agency_id=None)

    alone = may(cast.admin, Action.DISABLE_OFFICER, colleague), may(cast.admin, Action.REVOKE_TOKEN, token)
    colleague.memberships.append(
        Membership(role=Role.OPERATOR, agency_id=cast.sibling.id, agency=cast.sibling)
    )
    shared = may(cast.admin, Action.DISABLE_OFFICER, colleague), may(cast.admin, Action.REVOKE_TOKEN, token)

    assert (alone, shared) == ((True, True), (False, False))
    assert not may(cast.admin, Action.DISABLE_OFFICER, cast.national)


def test_nobody_but_a_national_admin_gives_national_rights(cast: Cast) -> None:
    allowed = {name for name, person in cast.officers.items() if may(person, Action.GRANT, None)}

    assert allowed == {"national"}


def test_what_is_no_person_may_only_what_it_is_there_for(cast: Cast) -> None:
    standard = submitted(cast)

    by_the_clock = {action for action in Action if may(Standin.CLOCK, action, standard)}
    standard.open_edition.state = State.SCHEDULED
    when_scheduled = {action for action in Action if may(Standin.CLOCK, action, standard)}
    by_the_operator = {action.value for action in Action if may(Standin.OPERATOR, action, None)}

    assert (by_the_clock, when_scheduled) == (set(), {Action.PUBLISH})
    assert by_the_operator == PEOPLE


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

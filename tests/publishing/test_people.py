"""Officers, roles and tokens: nobody gives what they do not have, nothing ended works on."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from siapa.errors import Conflict, NotAllowed, Rejected
from siapa.extensions import db
from siapa.publishing import agencies, commands, credentials, people
from siapa.publishing.permissions import Standin
from siapa.publishing.verifying import verify
from siapa.records import AuditEvent, Change, LinkPurpose, Membership, Officer, Role, Token, now
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, document, submitted


def test_the_first_officer_is_made_by_whoever_has_the_machine(cast: Cast) -> None:
    officer = people.add_officer(" Ani@Example.go.id ", "Ani", Role.NATIONAL_ADMIN, by=Standin.OPERATOR)

    assert (officer.email, officer.is_active) == ("ani@example.go.id", True)
    assert db.session.scalars(sa.select(AuditEvent)).one().officer_id is None
    assert db.session.scalars(sa.select(Change)).all() == []


def test_an_address_belongs_to_one_officer_and_looks_like_one(cast: Cast) -> None:
    with pytest.raises(Conflict):
        people.add_officer("AUTHOR@example.go.id", "Dua", Role.CURATOR, by=cast.national)
    with pytest.raises(Rejected):
        people.add_officer("bukan alamat", "Dua", Role.CURATOR, by=cast.national)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.PUBLISHER, Role.AGENCY_ADMIN])
def test_an_admin_gives_roles_in_the_agency_and_below_only(cast: Cast, role: Role) -> None:
    people.grant(cast.stranger.id, role, by=cast.admin, agency_id=cast.child.id)

    for agency in (cast.sibling, cast.parent):
        with pytest.raises(NotAllowed):
            people.grant(cast.author.id, role, by=cast.admin, agency_id=agency.id)


@pytest.mark.parametrize("role", [Role.CURATOR, Role.NATIONAL_ADMIN])
def test_national_roles_are_given_nationally(cast: Cast, role: Role) -> None:
    with pytest.raises(NotAllowed):
        people.grant(cast.author.id, role, by=cast.admin)

    people.grant(cast.author.id, role, by=cast.national)

    assert role in {membership.role for membership in cast.author.memberships}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_holds_for_what_it_is_meant_for(cast: Cast, role: Role) -> None:
    scopes = [
        {},
        {"agency_id": cast.own.id},
        {"location_id": cast.mall.id},
        {"agency_id": cast.own.id, "location_id": cast.mall.id},
    ]
    fitting = 0 if role.is_national else 2 if role is Role.MALL_MANAGER else 1

    for place, scope in enumerate(scopes):
        if place == fitting:
            people.grant(
                cast.curator.id if role is not Role.CURATOR else cast.author.id,
                role,
                by=cast.national,
                **scope,
            )
        else:
            with pytest.raises(Rejected):
                people.grant(cast.author.id, role, by=cast.national, **scope)


def test_a_role_is_given_once_and_taken_away_at_once(cast: Cast) -> None:
    membership = people.grant(cast.author.id, Role.PUBLISHER, by=cast.admin, agency_id=cast.own.id)
    with pytest.raises(Conflict):
        people.grant(cast.author.id, Role.PUBLISHER, by=cast.admin, agency_id=cast.own.id)
    standard = submitted(cast)

    people.revoke(membership.id, by=cast.admin)

    with pytest.raises(NotAllowed):
        commands.return_(standard.id, {"": "x"}, by=cast.author)
    notes = list(db.session.scalars(sa.select(AuditEvent.note).where(AuditEvent.action == "grant")))
    assert notes[1] == f"ends: {notes[0]}" and str(cast.author.id) in notes[0]
    assert db.session.scalar(sa.select(sa.func.count()).where(Membership.officer_id == cast.author.id)) == 1


def test_a_disabled_officer_is_out_at_once_with_every_token(cast: Cast) -> None:
    issued = people.issue_token("Sistem", by=cast.author, scope="write")
    epoch = cast.author.session_epoch

    people.disable_officer(cast.author.id, by=cast.admin)

    with pytest.raises(NotAllowed):
        commands.open_standard(cast.own.id, document(), by=cast.author)
    with pytest.raises(NotAllowed):
        people.actor_by_token(issued.secret)
    assert cast.author.session_epoch != epoch


def test_what_ended_with_a_closed_account_does_not_come_back_when_it_is_opened(cast: Cast) -> None:
    token = people.issue_token("laptop", by=cast.author, scope="write")
    own = people.issue_token("naskah", by=cast.author)
    link = credentials.send_link(cast.author.id, LinkPurpose.RESET, by=cast.admin)

    people.disable_officer(cast.author.id, by=cast.admin)
    people.enable_officer(cast.author.id, by=cast.admin)

    for secret in (token.secret, own.secret):
        with pytest.raises(NotAllowed):
            people.token_of(secret)
    with pytest.raises(NotAllowed):
        credentials.link_of(link)
    assert verify() == []


def test_an_admin_disables_nobody_of_another_agency(cast: Cast) -> None:
    for person in (cast.stranger, cast.national, cast.curator, cast.manager):
        with pytest.raises(NotAllowed):
            people.disable_officer(person.id, by=cast.admin)

    assert cast.stranger.is_active


def test_a_token_is_shown_once_and_kept_as_a_hash(cast: Cast) -> None:
    issued = people.issue_token("Sistem antrean", by=cast.author)

    stored = db.session.execute(sa.select(*sa.inspect(Token).columns)).one()
    assert issued.secret not in [str(value) for value in stored]
    assert issued.secret.startswith(issued.token.prefix)
    assert people.actor_by_token(issued.secret) is cast.author
    assert issued.secret not in str([vars(e) for e in db.session.scalars(sa.select(AuditEvent))])


def test_a_token_that_may_only_read_does_not_write(cast: Cast) -> None:
    issued = people.issue_token("Pembaca", by=cast.author)

    with pytest.raises(NotAllowed):
        people.actor_by_token(issued.secret, scope="write")


@pytest.mark.parametrize("secret", ["", "siapa_x", "\ud800", "x" * 10_000])
def test_what_is_no_token_is_refused(cast: Cast, secret: str) -> None:
    with pytest.raises(NotAllowed):
        people.actor_by_token(secret)


def test_an_expired_or_revoked_token_is_refused(cast: Cast) -> None:
    expired = people.issue_token("Lama", by=cast.author, expires_at=now() + timedelta(hours=1))
    revoked = people.issue_token("Bocor", by=cast.author)
    begin_writing(db)
    db.session.execute(sa.update(Token).values(expires_at=now()).where(Token.id == expired.token.id))
    db.session.commit()

    people.revoke_token(revoked.token.id, by=cast.admin)

    for secret in (expired.secret, revoked.secret):
        with pytest.raises(NotAllowed):
            people.actor_by_token(secret)
    with pytest.raises(Rejected):
        people.issue_token("Kemarin", by=cast.author, expires_at=now() - timedelta(days=1))


def test_nobody_makes_a_token_that_acts_as_a_colleague(cast: Cast) -> None:
    for person in (cast.admin, cast.national):
        with pytest.raises(NotAllowed):
            people.issue_token("Titipan", by=person, officer_id=cast.publisher.id)

    issued = people.issue_token("Dari mesin", by=Standin.OPERATOR, officer_id=cast.publisher.id)

    assert people.actor_by_token(issued.secret) is cast.publisher


def test_nobody_revokes_the_token_of_a_stranger(cast: Cast) -> None:
    issued = people.issue_token("Milik sendiri", by=cast.stranger)

    for person in (cast.author, cast.admin):
        with pytest.raises(NotAllowed):
            people.revoke_token(issued.token.id, by=person)

    assert people.actor_by_token(issued.secret) is cast.stranger


def test_a_second_officer_brings_the_four_eyes_back(cast: Cast) -> None:
    with pytest.raises(Conflict):
        agencies.declare_single_officer(cast.own.id, is_single=True, by=cast.admin)
    people.disable_officer(cast.author.id, by=cast.admin)
    agencies.declare_single_officer(cast.own.id, is_single=True, by=cast.admin)
    alone = cast.own.single_officer

    people.add_officer("baru@example.go.id", "Baru", Role.OPERATOR, by=cast.admin, agency_id=cast.own.id)

    assert (alone, cast.own.single_officer) == (True, False)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Officer)) == 8


def test_a_token_made_for_an_agency_writes_there_and_nowhere_else(cast: Cast) -> None:
    secret = people.issue_token("Sistem", by=cast.national, scope="write", agency_id=cast.child.id).secret
    actor = people.actor_by_token(secret, scope="write")

    made = commands.open_standard(cast.child.id, document("Di bawah"), by=actor)
    with pytest.raises(NotAllowed):
        commands.open_standard(cast.own.id, document("Di atas"), by=actor)
    with pytest.raises(NotAllowed):
        people.grant(cast.author.id, Role.CURATOR, by=actor)

    assert made.open_edition.created_by_id == cast.national.id
    officers = sa.select(AuditEvent.officer_id).order_by(AuditEvent.number)
    assert list(db.session.scalars(officers)) == [cast.national.id] * 4


def test_a_role_given_from_outside_does_not_take_an_officer_from_their_home(cast: Cast) -> None:
    foreign = people.add_officer(
        "asing@example.go.id", "Asing", Role.AGENCY_ADMIN, by=cast.national, agency_id=cast.sibling.id
    )
    given = people.grant(cast.author.id, Role.OPERATOR, by=foreign, agency_id=cast.sibling.id)

    with pytest.raises(NotAllowed):
        people.disable_officer(cast.author.id, by=foreign)
    with pytest.raises(NotAllowed):
        people.revoke(given.id, by=cast.admin)
    people.disable_officer(cast.author.id, by=cast.admin)
    people.revoke(given.id, by=foreign)

    assert not cast.author.is_active
    assert [m.agency_id for m in db.session.get_one(Officer, cast.author.id).memberships] == [cast.own.id]

"""Agencies merge, split and are renamed: everything goes along, the history stays, and nothing half-way."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from siapa import catalogue
from siapa.errors import Conflict, NotAllowed, NotFound, Rejected
from siapa.extensions import db
from siapa.publishing import agencies, commands, people, places, succeeding, verifying
from siapa.publishing.succeeding import succeed, succeed_due
from siapa.publishing.succession import Plan, Target, preview
from siapa.records import (
    Agency,
    AuditEvent,
    Change,
    Membership,
    Role,
    Standard,
    State,
    Succession,
    SuccessionKind,
    SuccessionState,
    now,
)
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, a_service, document, officer, people_and_places, published

TODAY = now().date()
NEW = Target(name="Dinas Gabungan", kind="dinas_dukcapil")
ACT = "Perda 3/2026"


@pytest.fixture
def cast(cast: Cast) -> Iterator[Cast]:
    """The cast; whatever happened, everything that must hold holds afterwards."""
    yield cast
    assert not verifying.verify()


def merger(cast: Cast, target: Target = NEW, **rest: object) -> Plan:
    """``own`` and ``sibling`` go on in one."""
    return Plan(SuccessionKind.MERGER, (cast.own.id, cast.sibling.id), (target,), **rest)


def of_sibling(cast: Cast, title: str, service_id: uuid.UUID | None = None) -> Standard:
    """A standard of ``sibling`` in force."""
    standard = commands.open_standard(
        cast.sibling.id, document(title), by=cast.stranger, service_id=service_id
    )
    commands.submit(standard.id, by=cast.stranger)
    commands.publish(standard.id, by=cast.national)
    return standard


def test_a_merger_gives_everything_to_the_successor_and_ends_the_others(cast: Cast) -> None:
    standard, other = published(cast), of_sibling(cast, "Imunisasi")
    counter = places.add_counter(cast.mall.id, "Gerai", {"agency_id": cast.own.id}, by=cast.national)
    token = people.issue_token("Program", by=cast.admin, agency_id=cast.own.id).token

    row = succeed(merger(cast), on=TODAY, by=cast.national, note=ACT)

    successor = db.session.query(Agency).filter_by(name="Dinas Gabungan").one()
    assert row.state is SuccessionState.DONE
    assert {one.agency_id for one in (standard, other, counter, token)} == {successor.id}
    assert cast.child.parent_id == successor.id
    assert {one.agency_id for one in cast.author.memberships + cast.stranger.memberships} == {successor.id}
    assert {cast.own.succeeded_by_id, cast.sibling.succeeded_by_id} == {successor.id}
    acts = db.session.query(AuditEvent).filter_by(action="succeed", note=f"succession {row.id}").all()
    assert {one.subject_kind for one in acts} >= {"standard", "agency", "officer", "counter", "token"}


def test_former_addresses_lead_on_and_the_history_names_who_published(cast: Cast) -> None:
    standard = published(cast, title="Kartu Keluarga")
    before = standard.live.digest

    succeed(merger(cast), on=TODAY, by=cast.national, note=ACT)

    with pytest.raises(NotFound) as moved:
        catalogue.standard_by_slug("dukcapil", "kartu-keluarga")
    former = catalogue.agency("dukcapil")
    (edition,) = catalogue.editions(standard.id)
    assert moved.value.moved_to == ("dinas-gabungan", "kartu-keluarga")
    assert former.succeeded_by is not None and former.succeeded_by.slug == "dinas-gabungan"
    assert [(e.kind, e.note, [a.name for a in e.before]) for e in former.events] == [
        ("merger", ACT, ["Dinas Dukcapil", "Dinas Kesehatan"])
    ]
    assert edition.published_under is not None and edition.published_under.name == "Dinas Dukcapil"
    assert edition.digest == before


def test_of_two_standards_for_one_service_one_stays_and_the_other_leads_to_it(cast: Cast) -> None:
    service = a_service(cast)
    first, second = published(cast), of_sibling(cast, "Kartu Keluarga Dinkes", service.id)
    commands.link(first.id, service.id, by=cast.curator)

    looked = preview(merger(cast))
    succeed(merger(cast, keeps={str(service.id): str(second.id)}), on=TODAY, by=cast.national, note=ACT)

    assert [(one.winner.id, [s.id for s in one.losers]) for one in looked.clashes] == [
        (first.id, [second.id])
    ]
    assert (first.live, first.agency_id, first.replaced_by_id) == (None, cast.own.id, second.id)
    assert first.editions[-1].state is State.WITHDRAWN and second.live is not None
    with pytest.raises(NotFound) as ended:
        catalogue.standard_by_slug("dukcapil", first.slug)
    assert ended.value.gone is not None and ended.value.gone.replaced_by is not None


def test_a_merger_happens_on_either_database(either_app: Flask) -> None:
    begin_writing(db)
    either_cast = people_and_places()
    db.session.commit()
    service = a_service(either_cast)
    first = published(either_cast)
    second = of_sibling(either_cast, "Kartu Keluarga Dinkes", service.id)
    commands.link(first.id, service.id, by=either_cast.curator)

    succeed(merger(either_cast), on=TODAY + timedelta(days=3), by=either_cast.national, note=ACT)
    done = succeed_due(today=TODAY + timedelta(days=3))

    assert [one.state for one in done] == [SuccessionState.DONE]
    assert (second.live, second.replaced_by_id, first.agency.name) == (None, first.id, "Dinas Gabungan")
    assert not verifying.verify()


def test_a_draft_for_the_same_service_goes_along_without_the_link(cast: Cast) -> None:
    service = a_service(cast)
    draft = commands.open_standard(cast.own.id, document(), by=cast.author, service_id=service.id)
    in_force = of_sibling(cast, "Kartu Keluarga Dinkes", service.id)

    succeed(merger(cast, Target(agency_id=cast.sibling.id)), on=TODAY, by=cast.national, note=ACT)

    assert (draft.agency_id, draft.service_id) == (cast.sibling.id, None)
    assert (in_force.service_id, cast.sibling.succeeded_by_id) == (service.id, None)


def test_a_split_gives_the_second_body_just_what_is_named(cast: Cast) -> None:
    stays, goes = published(cast, title="Tetap"), published(cast, title="Pindah")
    role = cast.publisher.memberships[0]
    given = {f"standard:{goes.id}": 1, f"membership:{role.id}": 1, f"agency:{cast.child.id}": 1}
    targets = (
        Target(agency_id=cast.own.id),
        Target(name="Dinas Baru", kind="uptd", parent_id=cast.parent.id),
    )

    succeed(Plan(SuccessionKind.SPLIT, (cast.own.id,), targets, given), on=TODAY, by=cast.national, note=ACT)

    new = db.session.query(Agency).filter_by(name="Dinas Baru").one()
    assert (stays.agency_id, goes.agency_id, cast.child.parent_id) == (cast.own.id, new.id, new.id)
    assert (cast.author.memberships[0].agency_id, role.agency_id) == (cast.own.id, new.id)
    assert (cast.own.succeeded_by_id, new.parent_id) == (None, cast.parent.id)


def test_a_renaming_keeps_the_agency_and_tells_its_former_name(cast: Cast) -> None:
    standard = published(cast)
    names = {"name": "Dinas Kependudukan", "slug": "disduk"}
    plan = Plan(SuccessionKind.RENAMING, (cast.own.id,), (Target(agency_id=cast.own.id),), names=names)

    succeed(plan, on=TODAY, by=cast.national, note=ACT)

    with pytest.raises(NotFound) as moved:
        catalogue.agency("dukcapil")
    assert moved.value.moved_to == ("disduk",)
    assert [one.before[0].name for one in catalogue.agency("disduk").events] == ["Dinas Dukcapil"]
    (edition,) = catalogue.editions(standard.id)
    assert edition.published_under is not None and edition.published_under.name == "Dinas Dukcapil"


def test_what_is_planned_happens_on_its_day_by_the_clock_and_once(cast: Cast) -> None:
    standard, day = published(cast), TODAY + timedelta(days=3)

    row = succeed(merger(cast), on=day, by=cast.national, note=ACT)
    early = succeed_due(today=day - timedelta(days=1))
    before = standard.agency_id
    done = [succeed_due(today=day), succeed_due(today=day)]

    assert (early, before) == ([], cast.own.id)
    assert [[one.id for one in found] for found in done] == [[row.id], []]
    assert standard.agency.name == "Dinas Gabungan"
    assert db.session.query(AuditEvent).order_by(AuditEvent.number.desc()).first().officer_id is None


def test_what_cannot_be_done_on_its_day_says_why_and_changes_nothing(cast: Cast) -> None:
    day = TODAY + timedelta(days=3)
    row = succeed(merger(cast), on=day, by=cast.national, note=ACT)
    agencies.end_agency(cast.sibling.id, succeeded_by=cast.parent.id, by=cast.national)

    done = succeed_due(today=day)

    assert done == [] and row.state is SuccessionState.PLANNED
    assert row.failure and cast.own.succeeded_by_id is None


def test_a_cancelled_event_never_happens(cast: Cast) -> None:
    day = TODAY + timedelta(days=3)
    row = succeed(merger(cast), on=day, by=cast.national, note=ACT)

    succeeding.cancel(row.id, by=cast.national)

    assert succeed_due(today=day) == [] and cast.own.succeeded_by_id is None
    with pytest.raises(Conflict):
        succeeding.do_now(row.id, by=cast.national)


def test_what_fails_half_way_leaves_nothing_behind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    published(cast)
    acts, lines = db.session.query(AuditEvent).count(), db.session.query(Change).count()
    monkeypatch.setattr(succeeding, "_end_single_officer", lambda agency: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        succeed(merger(cast), on=TODAY, by=cast.national, note=ACT)

    assert (db.session.query(AuditEvent).count(), db.session.query(Change).count()) == (acts, lines)
    assert db.session.query(Succession).count() == 0
    assert db.session.query(Agency).filter_by(name="Dinas Gabungan").count() == 0


def test_whoever_looked_at_something_else_is_told_so(cast: Cast) -> None:
    seen = preview(merger(cast)).seen
    published(cast)

    with pytest.raises(Conflict):
        succeed(merger(cast), on=TODAY, by=cast.national, note=ACT, seen=seen)

    assert cast.own.succeeded_by_id is None


@pytest.mark.parametrize("name", ["admin", "publisher", "curator", "manager", "stranger"])
def test_only_a_national_admin_lets_agencies_end(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        succeed(merger(cast), on=TODAY, by=cast.officers[name], note=ACT)

    assert cast.own.succeeded_by_id is None


def test_plans_that_cannot_be_are_refused(cast: Cast) -> None:
    below = Target(agency_id=cast.child.id)
    plans = [
        merger(cast, below),
        merger(cast, Target()),
        merger(cast, Target(name="Dinas", kind="uptd", region_code="99.99")),
        merger(cast, Target(name="Dinas", kind="uptd", slug="dukcapil")),
        Plan(SuccessionKind.MERGER, (cast.own.id,), (Target(agency_id=cast.own.id),)),
        Plan(SuccessionKind.MERGER, (cast.own.id, cast.own.id), (NEW,)),
        Plan(SuccessionKind.RENAMING, (cast.own.id,), (Target(agency_id=cast.own.id),)),
    ]

    for plan in plans:
        with pytest.raises(Rejected):
            preview(plan)
    with pytest.raises(Rejected):
        succeed(merger(cast), on=TODAY.replace(year=1900), by=cast.national, note=ACT)


def test_a_role_held_on_both_sides_is_held_once_and_four_eyes_come_back(cast: Cast) -> None:
    begin_writing(db)
    both = officer("both", Role.OPERATOR, cast.own)
    db.session.commit()
    people.grant(both.id, Role.OPERATOR, agency_id=cast.sibling.id, by=cast.national)
    people.revoke(cast.stranger.memberships[0].id, by=cast.national)
    agencies.declare_single_officer(cast.sibling.id, is_single=True, by=cast.national)

    succeed(merger(cast, Target(agency_id=cast.sibling.id)), on=TODAY, by=cast.national, note=ACT)

    assert db.session.query(Membership).filter_by(officer_id=both.id).count() == 1
    assert not cast.sibling.single_officer


def test_nothing_new_is_begun_in_an_agency_that_has_ended(cast: Cast) -> None:
    succeed(merger(cast), on=TODAY, by=cast.national, note=ACT)

    with pytest.raises(Conflict):
        commands.open_standard(cast.own.id, document(), by=cast.national)

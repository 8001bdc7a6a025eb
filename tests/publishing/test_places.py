"""Places, their counters and hours, and where a standard can be had."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from siapa.errors import NotAllowed, Rejected
from siapa.extensions import db
from siapa.publishing import commands, offerings, places
from siapa.publishing.editions import today_of
from siapa.publishing.offerings import OfferedAt
from siapa.publishing.places import ClosedDays, Span
from siapa.publishing.writing import Provenance
from siapa.records import (
    AuditEvent,
    Change,
    ChangeKind,
    Confidence,
    Counter,
    FormerSlug,
    LocationKind,
    Offering,
)
from tests.publishing.cast import Cast, document, published

MONDAY = Span(1, time(8), time(12))


def lines() -> list[tuple[ChangeKind, str]]:
    """What the log tells, in order."""
    rows = db.session.execute(sa.select(Change.kind, Change.subject_id).order_by(Change.number))
    return [(kind, subject) for kind, subject in rows]


def test_a_mall_manager_corrects_the_mall_and_the_log_tells(cast: Cast) -> None:
    mall = places.set_location(cast.mall.id, {"phone": " 0401-1 ", "latitude": -4}, by=cast.manager)

    assert (mall.phone, mall.latitude) == ("0401-1", -4.0)
    assert lines() == [(ChangeKind.LOCATION_CHANGED, str(cast.mall.id))]


def test_saying_the_same_again_leaves_no_trace(cast: Cast) -> None:
    places.set_location(cast.mall.id, {"phone": "0401-1"}, by=cast.manager)
    places.set_hours(cast.mall.id, [MONDAY], by=cast.manager)
    before = len(lines())

    places.set_location(cast.mall.id, {"phone": "0401-1"}, by=cast.manager)
    places.set_hours(cast.mall.id, [MONDAY], by=cast.manager)

    assert len(lines()) == before == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == 2


def test_a_fact_corrected_by_its_agency_no_longer_names_an_old_source(cast: Cast) -> None:
    source = {"source_address": "https://berita.example", "confidence": Confidence.IMPLIED}
    places.set_location(cast.mall.id, {"phone": "1", **source}, by=cast.manager)

    mall = places.set_location(cast.mall.id, {"phone": "2"}, by=cast.manager)

    assert (mall.source_address, mall.confidence) == (None, None)
    assert mall.is_verified


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"agency_id": None}, "agency_id"),
        ({"slug": "x"}, "slug"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": 7}, "name"),
        ({"latitude": 91.0}, "latitude"),
        ({"latitude": "utara"}, "latitude"),
        ({"latitude": True}, "latitude"),
        ({"kind": "kastil"}, "kind"),
        ({"region_code": "99.99"}, "region_code"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"opened_on": "2026-01-01"}, "opened_on"),
        ({"reported_agencies": -1}, "reported_agencies"),
    ],
)
def test_what_cannot_be_is_refused_by_name(cast: Cast, values: dict[str, object], path: str) -> None:
    with pytest.raises(Rejected) as refused:
        places.set_location(cast.mall.id, values, by=cast.manager)

    assert [problem.path for problem in refused.value.problems] == [path]
    assert lines() == []


def test_every_problem_is_named_at_once(cast: Cast) -> None:
    with pytest.raises(Rejected) as refused:
        places.set_location(cast.mall.id, {"name": "", "latitude": 91.0, "colour": "x"}, by=cast.manager)

    assert {problem.path for problem in refused.value.problems} == {"name", "latitude", "colour"}


def test_an_agency_admin_adds_an_office_but_not_a_place_of_another_agency(cast: Cast) -> None:
    office = places.add_location(LocationKind.OFFICE, "Kantor", by=cast.admin, agency_id=cast.own.id)

    assert office.slug == "kantor"
    for agency_id in (cast.sibling.id, cast.parent.id, None):
        with pytest.raises(NotAllowed):
            places.add_location(LocationKind.OFFICE, "Lain", by=cast.admin, agency_id=agency_id)


def test_a_renamed_place_redirects_and_its_address_is_not_given_away(cast: Cast) -> None:
    places.rename_location(cast.mall.id, "mpp-kota", by=cast.manager)

    assert db.session.get(FormerSlug, ("location", "mpp")).subject_id == cast.mall.id
    with pytest.raises(Rejected):
        places.add_location(LocationKind.MALL, "Lain", by=cast.national, slug="mpp")


@pytest.mark.parametrize(
    "spans",
    [
        [Span(0, time(8), time(9))],
        [Span(8, time(8), time(9))],
        [Span(1, time(9), time(9))],
        [MONDAY, Span(1, time(11), time(13))],
        [Span(1, time(1), time(2))] * 51,
    ],
)
def test_hours_that_cannot_be_are_refused(cast: Cast, spans: list[Span]) -> None:
    with pytest.raises(Rejected):
        places.set_hours(cast.mall.id, spans, by=cast.manager)

    assert cast.mall.hours == []


def test_hours_are_kept_in_order(cast: Cast) -> None:
    mall = places.set_hours(
        cast.mall.id, [Span(5, time(8), time(11)), Span(1, time(13), time(16)), MONDAY], by=cast.manager
    )

    db.session.expire_all()
    assert [(h.weekday, h.opens_at.hour) for h in mall.hours] == [(1, 8), (1, 13), (5, 8)]


def test_closures_name_counters_of_the_place_only(cast: Cast) -> None:
    other = places.add_location(LocationKind.OFFICE, "Kantor", by=cast.admin, agency_id=cast.own.id)
    counter = places.add_counter(other.id, "Loket", by=cast.national)
    holiday = ClosedDays(date(2026, 12, 25), date(2026, 12, 26), "Natal")
    elsewhere = ClosedDays(date(2026, 12, 25), date(2026, 12, 25), "Natal", counter_id=counter.id)

    places.set_closures(cast.mall.id, [holiday], by=cast.manager)

    for wrong in ([elsewhere], [ClosedDays(date(2026, 2, 2), date(2026, 2, 1), "x")]):
        with pytest.raises(Rejected):
            places.set_closures(cast.mall.id, wrong, by=cast.manager)


def test_a_tenant_keeps_its_own_counter_and_no_other(cast: Cast) -> None:
    mine = places.add_counter(cast.mall.id, "Dukcapil", {"agency_id": cast.own.id}, by=cast.manager)
    theirs = places.add_counter(cast.mall.id, "Dinkes", {"agency_id": cast.sibling.id}, by=cast.manager)

    places.set_counter(mine.id, {"floor": "1"}, by=cast.author)
    places.set_counter_hours(mine.id, [MONDAY], by=cast.author)
    places.confirm_counter(mine.id, by=cast.author, on=date(2026, 11, 1))
    with pytest.raises(NotAllowed):
        places.set_counter(theirs.id, {"floor": "1"}, by=cast.author)
    with pytest.raises(NotAllowed):
        places.set_counter(mine.id, {"agency_id": cast.sibling.id, "name": "Palsu"}, by=cast.author)
    places.set_counter(theirs.id, {"agency_id": cast.child.id}, by=cast.manager)

    assert (mine.floor, mine.checked_on) == ("1", date(2026, 11, 1))
    assert (mine.agency_id, mine.name, theirs.agency_id) == (cast.own.id, "Dukcapil", cast.child.id)
    assert {subject for _, subject in lines()} == {str(cast.mall.id)}


def test_offerings_are_what_was_said_last(cast: Cast) -> None:
    standard = published(cast)
    office = places.add_location(LocationKind.OFFICE, "Kantor", by=cast.admin, agency_id=cast.own.id)
    source = Provenance(source_address="https://berita.example", confidence=Confidence.SOURCED)
    at_mall = OfferedAt(cast.mall.id, limits="perpanjangan saja", provenance=source)
    offerings.set_offerings(standard.id, [at_mall], by=cast.author)
    first = db.session.scalars(sa.select(Offering)).one()
    kept = first.id, first.limits, first.confidence

    offerings.set_offerings(standard.id, [at_mall, OfferedAt(office.id)], by=cast.author)
    both = {o.location_id for o in db.session.scalars(sa.select(Offering))}
    offerings.set_offerings(standard.id, [OfferedAt(office.id)], by=cast.author)
    offerings.set_offerings(standard.id, [at_mall, OfferedAt(office.id)], by=cast.author)

    assert kept[1:] == ("perpanjangan saja", Confidence.SOURCED)
    assert both == {cast.mall.id, office.id}
    assert db.session.get(Offering, kept[0]).location_id == cast.mall.id
    assert [kind for kind, subject in lines() if subject == str(standard.id)].count(
        ChangeKind.OFFERING_CHANGED
    ) == 4


def test_offerings_of_a_draft_leave_no_public_line(cast: Cast) -> None:
    standard = commands.open_standard(cast.own.id, document(), by=cast.author)

    offerings.set_offerings(standard.id, [OfferedAt(cast.mall.id)], by=cast.author)

    assert lines() == []


def test_offerings_name_known_places_once_and_counters_that_stand_there(cast: Cast) -> None:
    standard = published(cast)
    office = places.add_location(LocationKind.OFFICE, "Kantor", by=cast.admin, agency_id=cast.own.id)
    counter = places.add_counter(office.id, "Loket", by=cast.national)

    with pytest.raises(Rejected) as refused:
        offerings.set_offerings(
            standard.id,
            [OfferedAt(cast.mall.id, counter.id), OfferedAt(cast.mall.id), OfferedAt(standard.id)],
            by=cast.author,
        )

    assert [problem.path for problem in refused.value.problems] == [
        "offerings[0].counter",
        "offerings[1].location",
        "offerings[2].location",
    ]


def test_the_mall_confirms_what_is_offered_there(cast: Cast) -> None:
    standard = published(cast)
    offerings.set_offerings(standard.id, [OfferedAt(cast.mall.id)], by=cast.author)
    offering = db.session.scalars(sa.select(Offering)).one()

    offerings.confirm(offering.id, by=cast.manager, on=date(2026, 11, 2))
    with pytest.raises(NotAllowed):
        offerings.confirm(offering.id, by=cast.stranger, on=date(2026, 11, 3))

    with pytest.raises(Rejected):
        offerings.confirm(offering.id, by=cast.manager, on=today_of(cast.mall) + timedelta(days=1))
    offerings.set_offerings(standard.id, [OfferedAt(cast.mall.id, limits="pagi")], by=cast.author)

    assert (offering.checked_on, offering.limits) == (date(2026, 11, 2), "pagi")
    assert lines()[-1] == (ChangeKind.OFFERING_CHANGED, str(standard.id))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Counter)) == 0


def test_when_a_counter_was_seen_only_a_confirmation_says_and_of_no_day_ahead(cast: Cast) -> None:
    counter = places.add_counter(cast.mall.id, "Loket", {"agency_id": cast.own.id}, by=cast.manager)
    today = today_of(cast.mall)

    for person in (cast.author, cast.manager, cast.national):
        with pytest.raises(Rejected):
            places.set_counter(counter.id, {"checked_on": today}, by=person)
        with pytest.raises(Rejected):
            places.confirm_counter(counter.id, by=person, on=date(2999, 1, 1))
    places.confirm_counter(counter.id, by=cast.manager, on=today)

    assert counter.checked_on == today

"""Two national services become one: everything goes over or nothing; former code and address lead on."""

from __future__ import annotations

import pytest

from siapa.catalogue.services import service, service_by_slug
from siapa.errors import Conflict, NotAllowed, NotFound, Rejected
from siapa.extensions import db
from siapa.publishing import commands, services
from siapa.publishing.merging import merge_service
from siapa.publishing.verifying import verify
from siapa.records import Service, ServiceStatus, Standard
from tests.publishing.cast import Cast, a_service, document


@pytest.fixture
def two(cast: Cast) -> tuple[Service, Service]:
    """A service that is to go, with words and a life event, and the one it is to be part of."""
    gone, kept = a_service(cast, "KK-LAMA"), a_service(cast, "KK-BARU")
    services.put_life_event(
        "menikah", {"name": "Menikah", "name_en": "Marrying", "position": 1}, by=cast.curator
    )
    services.set_aliases(gone.id, [("id", "bikin kk"), ("en", "card")], by=cast.curator)
    services.set_aliases(kept.id, [("id", "Bikin KK")], by=cast.curator)
    services.set_life_events(gone.id, ["menikah"], by=cast.curator)
    return gone, kept


def standard_of(cast: Cast, service: Service, agency: str = "own") -> Standard:
    """A draft of an agency for a service."""
    agency_id = getattr(cast, agency).id
    return commands.open_standard(agency_id, document(), by=cast.national, service_id=service.id)


def test_standards_words_and_life_events_go_over(cast: Cast, two: tuple[Service, Service]) -> None:
    gone, kept = two
    standard = standard_of(cast, gone)

    merge_service(gone.id, kept.id, by=cast.curator)

    assert standard.service is kept
    assert {(one.locale, one.text) for one in kept.aliases} == {
        ("id", "Bikin KK"), ("en", "card"), ("id", "Kartu Keluarga KK-LAMA"),
    }  # fmt: skip
    assert [event.code for event in kept.life_events] == ["menikah"]
    assert (gone.status, gone.replaced_by_id, gone.aliases) == (ServiceStatus.RETIRED, kept.id, [])
    assert verify() == []


def test_the_former_code_and_addresses_lead_to_what_stands_now(
    cast: Cast, two: tuple[Service, Service]
) -> None:
    gone, kept = two
    third = a_service(cast, "KK-KETIGA")
    services.rename_service(gone.id, "kk-dulu", by=cast.curator)
    merge_service(gone.id, kept.id, by=cast.curator)
    services.retire_service(kept.id, replaced_by=third.id, by=cast.curator)

    led = []
    for ask, name in (
        (service, "KK-LAMA"), (service_by_slug, "kk-dulu"),
        (service_by_slug, "kartu-keluarga-kk-lama"),
    ):  # fmt: skip
        with pytest.raises(NotFound) as absent:
            ask(name)
        led.append(absent.value.moved_to)

    assert led == [("KK-KETIGA",), (third.slug,), (third.slug,)]


def test_an_agency_with_both_stops_the_merge_and_nothing_is_done(
    cast: Cast, two: tuple[Service, Service]
) -> None:
    gone, kept = two
    of_child = standard_of(cast, gone, "child")
    both = [standard_of(cast, gone), standard_of(cast, kept)]

    with pytest.raises(Conflict):
        merge_service(gone.id, kept.id, by=cast.curator)

    assert (gone.status, gone.replaced_by_id) == (ServiceStatus.ACTIVE, None)
    assert [of_child.service, *(one.service for one in both)] == [gone, gone, kept]
    assert {alias.text for alias in kept.aliases} == {"Bikin KK"}


def test_what_an_agency_has_twice_may_be_left_without_a_service(
    cast: Cast, two: tuple[Service, Service]
) -> None:
    gone, kept = two
    of_child = standard_of(cast, gone, "child")
    both = [standard_of(cast, gone), standard_of(cast, kept)]

    merge_service(gone.id, kept.id, by=cast.curator, leave_doubles=True)

    assert [of_child.service, *(one.service for one in both)] == [kept, None, kept]
    assert verify() == []


@pytest.mark.parametrize("who", ["author", "publisher", "admin", "stranger"])
def test_nobody_of_an_agency_merges_services(cast: Cast, two: tuple[Service, Service], who: str) -> None:
    gone, kept = two

    with pytest.raises(NotAllowed):
        merge_service(gone.id, kept.id, by=cast.officers[who])

    assert db.session.get_one(Service, gone.id).status is ServiceStatus.ACTIVE


def test_a_service_is_not_merged_into_itself_nor_into_one_out_of_use(
    cast: Cast, two: tuple[Service, Service]
) -> None:
    gone, kept = two
    services.retire_service(kept.id, by=cast.curator)

    for into in (gone, kept):
        with pytest.raises(Rejected):
            merge_service(gone.id, into.id, by=cast.curator)

    with pytest.raises(Rejected):
        services.retire_service(gone.id, replaced_by=kept.id, by=cast.curator)


def test_no_standard_is_linked_to_a_service_out_of_use(cast: Cast, two: tuple[Service, Service]) -> None:
    gone, _kept = two
    stray = commands.open_standard(cast.own.id, document(), by=cast.author)
    services.retire_service(gone.id, by=cast.curator)

    with pytest.raises(Rejected):
        commands.link(stray.id, gone.id, by=cast.curator)

    assert stray.service is None

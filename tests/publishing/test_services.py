"""The national catalogue, the agencies and the regions: by whom they are kept, and what the log tells."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from siapa.errors import Conflict, NotAllowed, NotFound, Rejected
from siapa.extensions import db
from siapa.publishing import agencies, commands, regions, services
from siapa.records import Change, ChangeKind, FormerSlug, ServiceStatus, Synonym
from tests.publishing.cast import Cast, a_service, document

KENDARI = {
    "name": "Kota Contoh",
    "name_en": "Contoh City",
    "level": "city",
    "latitude": 1.0,
    "longitude": 2.0,
    "timezone": "Asia/Jakarta",
}


def kinds() -> list[ChangeKind]:
    """What the log tells, in order."""
    return list(db.session.scalars(sa.select(Change.kind).order_by(Change.number)))


def test_a_curator_keeps_the_catalogue(cast: Cast) -> None:
    service = a_service(cast)
    event = {"name": "Menikah", "name_en": "Marrying", "position": 1}
    services.put_life_event("menikah", event, by=cast.curator)

    services.set_aliases(service.id, [("id", "bikin  kk"), ("en", "family card")], by=cast.curator)
    services.set_life_events(service.id, ["menikah"], by=cast.curator)
    services.set_outline(service.id, document(), by=cast.curator, sourced_components=["fees"])
    services.set_service(service.id, {"summary": "Ringkas"}, by=cast.curator)

    assert {(a.locale, a.text) for a in service.aliases} == {("id", "bikin kk"), ("en", "family card")}
    assert [event.code for event in service.life_events] == ["menikah"]
    assert service.outline["title"] == "Penerbitan Kartu Keluarga"
    assert kinds() == [
        ChangeKind.VOCABULARY_CHANGED,
        ChangeKind.SERVICE_CHANGED,
        ChangeKind.VOCABULARY_CHANGED,
        *[ChangeKind.SERVICE_CHANGED] * 4,
    ]


def test_saying_the_same_of_a_service_leaves_no_trace(cast: Cast) -> None:
    service = a_service(cast)
    services.set_aliases(service.id, [("id", "bikin kk")], by=cast.curator)
    services.set_outline(service.id, document(), by=cast.curator)
    services.put_synonym("kk", "kartu keluarga", kind="abbreviation", by=cast.curator)
    before = len(kinds())

    services.set_aliases(service.id, [("id", "bikin kk")], by=cast.curator)
    services.set_outline(service.id, document(), by=cast.curator)
    services.put_synonym("kk", "kartu keluarga", kind="abbreviation", by=cast.curator)
    a_service_again = {"name": service.name, "category_code": "kependudukan"}
    services.set_service(service.id, a_service_again, by=cast.curator)

    assert len(kinds()) == before


@pytest.mark.parametrize("who", ["author", "publisher", "admin", "manager", "stranger"])
def test_nobody_of_an_agency_touches_the_catalogue(cast: Cast, who: str) -> None:
    service = a_service(cast)
    person = cast.officers[who]

    for act in (
        lambda: services.set_service(service.id, {"name": "x"}, by=person),
        lambda: services.put_category("x", {"name": "x", "name_en": "x", "position": 2}, by=person),
        lambda: services.put_synonym("x", "y", kind="spelling", by=person),
        lambda: regions.put_region("74.72", KENDARI, by=person),
        lambda: agencies.add_agency("x", "x", by=person, parent_id=cast.own.id),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_code_is_given_once(cast: Cast) -> None:
    a_service(cast)

    with pytest.raises(Conflict):
        a_service(cast)


@pytest.mark.parametrize("aliases", [[("id", "")], [("fr", "x")], [("id", "x" * 201)]])
def test_an_alias_has_words_in_a_language_we_speak(cast: Cast, aliases: list[tuple[str, str]]) -> None:
    service = a_service(cast)

    with pytest.raises(Rejected):
        services.set_aliases(service.id, aliases, by=cast.curator)


def test_one_alias_comes_and_goes_beside_the_others(cast: Cast) -> None:
    service = a_service(cast)
    services.set_aliases(service.id, [("id", "bikin kk"), ("en", "family card")], by=cast.curator)

    services.add_alias(service.id, "id", " buat  kk", by=cast.curator)
    services.add_alias(service.id, "id", "Bikin KK", by=cast.curator)
    services.remove_alias(service.id, "en", "Family card", by=cast.curator)

    assert {(a.locale, a.text) for a in service.aliases} == {("id", "bikin kk"), ("id", "buat kk")}
    with pytest.raises(NotFound):
        services.remove_alias(service.id, "en", "family card", by=cast.curator)


@pytest.mark.parametrize("alias", [("id", " "), ("fr", "x"), ("id", "x" * 201)])
def test_an_alias_added_alone_is_checked_too(cast: Cast, alias: tuple[str, str]) -> None:
    service = a_service(cast)

    with pytest.raises(Rejected):
        services.add_alias(service.id, *alias, by=cast.curator)

    assert service.aliases == []


def test_a_service_names_known_life_events_and_categories(cast: Cast) -> None:
    service = a_service(cast)

    with pytest.raises(Rejected):
        services.set_life_events(service.id, ["entah"], by=cast.curator)
    with pytest.raises(Rejected):
        services.set_service(service.id, {"category_code": "entah"}, by=cast.curator)


def test_a_retired_service_names_what_replaces_it(cast: Cast) -> None:
    old, new = a_service(cast), a_service(cast, "KK-LAIN")

    services.retire_service(old.id, replaced_by=new.id, by=cast.curator)
    services.rename_service(old.id, "kk-lama", by=cast.curator)

    assert (old.status, old.replaced_by_id) == (ServiceStatus.RETIRED, new.id)
    assert db.session.get(FormerSlug, ("service", "kartu-keluarga-kk-baru")).subject_id == old.id


def test_a_synonym_is_changed_and_removed(cast: Cast) -> None:
    synonym = services.put_synonym("kk", "kartu keluarga", kind="abbreviation", by=cast.curator)
    services.put_synonym("kk", "kartu keluarga", kind="spelling", by=cast.curator)
    kind = synonym.kind

    services.remove_synonym(synonym.id, by=cast.curator)

    assert kind == "spelling"
    assert db.session.scalars(sa.select(Synonym)).all() == []
    assert kinds() == [ChangeKind.VOCABULARY_CHANGED] * 3


@pytest.mark.parametrize(
    ("term", "replacement", "kind", "path"),
    [
        ("", "kartu keluarga", "spelling", "term"),
        ("satu dua tiga empat lima enam", "kk", "spelling", "term"),
        ("kk", "kk", "spelling", "replacement"),
        ("kk", "kartu keluarga", "wrong", "kind"),
    ],
)
def test_a_synonym_that_would_do_nothing_is_refused(
    cast: Cast, term: str, replacement: str, kind: str, path: str
) -> None:
    with pytest.raises(Rejected) as refused:
        services.put_synonym(term, replacement, kind=kind, by=cast.curator)

    assert [problem.path for problem in refused.value.problems] == [path]


def test_an_admin_keeps_the_profile_but_not_the_place_in_the_tree(cast: Cast) -> None:
    agencies.set_agency(cast.own.id, {"phone": "0401"}, by=cast.admin)
    with pytest.raises(Rejected):
        agencies.set_agency(cast.own.id, {"kind": "ministry"}, by=cast.admin)
    with pytest.raises(NotAllowed):
        agencies.place_agency(cast.own.id, parent_id=None, by=cast.admin)

    assert kinds() == [ChangeKind.AGENCY_CHANGED]


def test_rights_follow_the_tree_at_once(cast: Cast) -> None:
    agencies.place_agency(cast.child.id, parent_id=cast.sibling.id, by=cast.national)

    with pytest.raises(NotAllowed):
        commands.open_standard(cast.child.id, document(), by=cast.author)
    assert commands.open_standard(cast.child.id, document(), by=cast.stranger).agency is cast.child


def test_an_agency_cannot_come_below_itself(cast: Cast) -> None:
    for parent in (cast.own, cast.child):
        with pytest.raises(Rejected):
            agencies.place_agency(cast.own.id, parent_id=parent.id, by=cast.national)

    assert cast.own.parent is cast.parent


def test_an_ended_agency_names_its_successor(cast: Cast) -> None:
    agencies.end_agency(cast.own.id, succeeded_by=cast.sibling.id, by=cast.national)
    agencies.rename_agency(cast.own.id, "dukcapil-lama", by=cast.national)

    assert cast.own.succeeded_by_id == cast.sibling.id
    assert db.session.get(FormerSlug, ("agency", "dukcapil")).subject_id == cast.own.id


def test_no_agency_follows_one_that_follows_it(cast: Cast) -> None:
    agencies.end_agency(cast.own.id, succeeded_by=cast.sibling.id, by=cast.national)
    agencies.end_agency(cast.sibling.id, succeeded_by=cast.child.id, by=cast.national)

    for last in (cast.sibling, cast.child):
        with pytest.raises(Rejected):
            agencies.end_agency(last.id, succeeded_by=cast.own.id, by=cast.national)

    assert cast.child.succeeded_by_id is None


def test_a_region_is_added_and_changed(cast: Cast) -> None:
    regions.put_region("74.72", KENDARI, by=cast.national)
    regions.put_region("74.72", {"seat": "Contoh"}, by=cast.national)
    regions.put_region("74.72", {"seat": "Contoh"}, by=cast.national)

    assert kinds() == [ChangeKind.REGION_CHANGED] * 2

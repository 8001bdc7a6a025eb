"""The seed data: through the real path, twice without a trace, never over what officers made of it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.config import ROOT
from siapa.errors import NotAllowed
from siapa.extensions import db
from siapa.publishing import commands, offerings, places, services
from siapa.publishing.editions import open_edition
from siapa.publishing.people import add_officer
from siapa.publishing.permissions import Standin
from siapa.publishing.seeding import COMPILER, PUBLISHER, load_seed
from siapa.publishing.verifying import verify
from siapa.records import (
    Agency,
    AuditEvent,
    Change,
    ChangeKind,
    Confidence,
    Counter,
    FormerSlug,
    Location,
    Offering,
    Officer,
    Region,
    Role,
    Service,
    Standard,
    State,
    Synonym,
    seed_id,
)
from tests.publishing.cast import document
from tests.publishing.seed_folder import Folder


def traces() -> tuple[int, int]:
    """How much the two logs hold."""
    return tuple(
        db.session.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in (AuditEvent, Change)
    )


def the_standard() -> Standard:
    """The one standard of the small folder."""
    return db.session.get_one(Standard, seed_id("standard", "dukcapil/KK-BARU"))


def an_officer() -> Officer:
    """Somebody who acts for everything, and is no seed officer."""
    return add_officer("ani@example.go.id", "Ani", Role.NATIONAL_ADMIN, by=Standin.OPERATOR)


def test_everything_in_the_folder_is_there_with_its_source(app: Flask, folder: Folder) -> None:
    report = load_seed(folder.write())

    standard, mall = the_standard(), db.session.get_one(Location, seed_id("location", "mpp-kendari"))
    service = db.session.get_one(Service, seed_id("service", "KK-BARU"))
    offering = db.session.scalars(sa.select(Offering)).one()
    assert {counts.added for counts in report.tables.values()} == {1, 2}
    assert standard.agency.parent.slug == "pemkot"
    assert (standard.live.confidence, standard.live.source_note) == (Confidence.SOURCED, "Menurut berita.")
    assert standard.live.sourced_components == ["requirements", "fees"]
    assert (mall.reported_agencies, mall.reported_services, mall.agency.slug) == (12, None, "pemkot")
    assert {(a.locale, a.text) for a in service.aliases} == {
        ("id", "bikin kk"), ("id", "buat kk"), ("en", "family card"),
    }  # fmt: skip
    assert service.outline["title"] == "Kartu Keluarga"
    assert db.session.get_one(Region, "74").aliases == ["Sultra", "Sultera"]
    assert (offering.location_id, offering.counter.name) == (mall.id, "Dukcapil")
    assert str(offering.source_as_of) == "2024-05-28"
    assert verify() == []


def test_it_went_through_the_real_path_with_four_eyes(app: Flask, folder: Folder) -> None:
    load_seed(folder.write())

    edition = the_standard().live
    acts = db.session.scalars(
        sa.select(AuditEvent.action)
        .where(AuditEvent.subject_id == str(edition.standard_id))
        .order_by(AuditEvent.number)
    )
    people = {officer.id: officer.email for officer in db.session.scalars(sa.select(Officer))}
    assert list(acts) == ["open", "submit", "publish", "set_offerings"]
    assert (people[edition.submitted_by_id], people[edition.published_by_id]) == (COMPILER[0], PUBLISHER[0])
    assert db.session.scalars(sa.select(Officer.password_hash)).all() == [None, None]
    assert all(email.endswith(".invalid") for email in people.values())


def test_a_second_load_leaves_no_trace(app: Flask, folder: Folder) -> None:
    load_seed(folder.write())
    before = traces()

    report = load_seed(folder.path)

    assert report.is_unchanged
    assert traces() == before


def test_a_document_written_otherwise_but_saying_the_same_is_no_change(app: Flask, folder: Folder) -> None:
    load_seed(folder.write())
    before = traces()
    folder.standard["document"]["summary"] = None
    folder.standard["document"]["title"] = "  Kartu Keluarga "
    folder.outline["document"]["title"] = "Kartu Keluarga "

    report = load_seed(folder.write())

    assert report.is_unchanged
    assert traces() == before


def test_a_corrected_document_becomes_the_next_edition(app: Flask, folder: Folder) -> None:
    load_seed(folder.write())
    folder.standard["document"]["products"] = [{"name": "Kartu Keluarga baru"}]

    report = load_seed(folder.write())

    assert report.of("standards").changed == 1
    assert [(e.number, e.state) for e in the_standard().editions] == [
        (1, State.SUPERSEDED), (2, State.PUBLISHED),
    ]  # fmt: skip
    assert verify() == []


def test_a_corrected_source_becomes_the_next_edition_too(app: Flask, folder: Folder) -> None:
    load_seed(folder.write())
    folder.standard["provenance"]["confidence"] = "implied"

    load_seed(folder.write())

    assert the_standard().live.confidence is Confidence.IMPLIED
    assert the_standard().live.number == 2


@pytest.mark.parametrize(
    ("name", "column", "value", "table", "read"),
    [
        ("regions.csv", "seat", "Baru", "regions", lambda: db.session.get_one(Region, "74.71").seat),
        ("agencies.csv", "kind", "Baru", "agencies", lambda: _agency("pemkot").kind),
        ("agencies.csv", "name", "Baru", "agencies", lambda: _agency("pemkot").name),
        ("services.csv", "summary_id", "Baru", "services", lambda: _service().summary),
        ("services.csv", "aliases_id", "Baru", "services", lambda: min(a.text for a in _service().aliases)),
        ("malls.csv", "address", "Baru", "malls", lambda: _mall().address),
        ("malls.csv", "slug", "baru", "malls", lambda: _mall().slug.title()),
        ("counters.csv", "hours_note", "Baru", "counters",
         lambda: db.session.scalars(sa.select(Counter.hours_note)).one()),
        ("offerings.csv", "limits_id", "Baru", "offerings",
         lambda: db.session.scalars(sa.select(Offering.limits)).one()),
        ("synonyms.csv", "note", "Baru", "synonyms",
         lambda: db.session.scalars(sa.select(Synonym.note)).one()),
        ("categories.csv", "name_id", "Baru", "categories", lambda: _service().category.name),
        ("life_events.csv", "name_id", "Baru", "life_events", lambda: _service().life_events[0].name),
    ],
)  # fmt: skip
def test_a_corrected_cell_is_an_update_and_told_once(
    app: Flask, folder: Folder, name: str, column: str, value: str, table: str, read: Callable[[], object]
) -> None:
    load_seed(folder.write())
    lines = traces()[1]
    folder.tables[name][-1][column] = value

    report = load_seed(folder.write())

    assert read() == "Baru"
    assert report.of(table).changed == 1
    assert traces()[1] == lines + 1


def test_an_operator_and_a_parent_are_corrected_too(app: Flask, folder: Folder) -> None:
    load_seed(folder.write())
    folder.tables["malls.csv"][0]["operator_key"] = "dukcapil"
    folder.tables["agencies.csv"][0]["parent_key"] = ""

    load_seed(folder.write())

    assert _mall().agency.slug == "dukcapil"
    assert _agency("dukcapil").parent is None


def test_a_renamed_standard_redirects(app: Flask, folder: Folder) -> None:
    load_seed(folder.write())
    folder.standard["slug"] = "kk"

    load_seed(folder.write())

    assert (the_standard().slug, len(the_standard().editions)) == ("kk", 1)
    assert (
        db.session.get_one(FormerSlug, ("standard", "dukcapil/kartu-keluarga")).subject_id
        == the_standard().id
    )


def test_an_offering_that_is_gone_from_the_file_is_gone(app: Flask, folder: Folder) -> None:
    load_seed(folder.write())
    header = ",".join(folder.tables.pop("offerings.csv")[0])
    (folder.path / "offerings.csv").write_text(header + "\n", encoding="utf-8")

    load_seed(folder.write())

    assert db.session.scalars(sa.select(Offering)).all() == []


def test_what_officers_have_edited_is_never_overwritten(app: Flask, folder: Folder) -> None:
    load_seed(folder.write())
    ani = an_officer()
    standard, mall, service = the_standard(), _mall(), _service()
    commands.open_draft(standard.id, document("Judul instansi"), by=ani)
    places.set_location(mall.id, {"address": "Jalan instansi"}, by=ani)
    services.set_service(service.id, {"summary": "Ringkasan kurator"}, by=ani)
    before = traces()
    folder.standard["document"]["products"] = [{"name": "Menurut berkas"}]
    folder.tables["malls.csv"][0]["address"] = "Menurut berkas"
    folder.tables["services.csv"][0]["summary_id"] = "Menurut berkas"
    folder.tables["offerings.csv"][0]["limits_id"] = "Menurut berkas"

    report = load_seed(folder.write())

    assert [report.of(name).kept for name in ("standards", "malls", "services", "offerings")] == [1, 1, 1, 1]
    assert report.is_unchanged
    assert traces() == before
    assert (mall.address, service.summary) == ("Jalan instansi", "Ringkasan kurator")
    assert open_edition(standard).title == "Judul instansi"


@pytest.mark.parametrize("kind", [None, "spelling"], ids=["removed", "changed"])
def test_a_synonym_that_a_curator_removed_or_changed_stays_so(
    app: Flask, folder: Folder, kind: str | None
) -> None:
    load_seed(folder.write())
    officer, synonym = an_officer(), db.session.scalars(sa.select(Synonym)).one()
    if kind is None:
        services.remove_synonym(synonym.id, by=officer)
    else:
        services.put_synonym(synonym.term, synonym.replacement, kind=kind, by=officer)

    report = load_seed(folder.path)

    assert report.of("synonyms").kept == 1
    assert db.session.scalars(sa.select(Synonym.kind)).all() == ([kind] if kind else [])


def test_what_the_mall_has_confirmed_stays_confirmed(app: Flask, folder: Folder) -> None:
    load_seed(folder.write())
    offering = db.session.scalars(sa.select(Offering)).one()
    offerings.confirm(offering.id, by=an_officer(), on=date(2026, 11, 1))
    folder.tables["offerings.csv"][0]["limits_id"] = "Menurut berkas"

    report = load_seed(folder.write())

    assert (offering.checked_on, offering.limits) == (date(2026, 11, 1), None)
    assert report.of("offerings").kept == 1


def test_a_refused_attempt_is_no_edit(app: Flask, folder: Folder) -> None:
    load_seed(folder.write())
    stranger = add_officer("budi@example.go.id", "Budi", Role.CURATOR, by=Standin.OPERATOR)
    with pytest.raises(NotAllowed):
        commands.open_draft(the_standard().id, by=stranger)
    folder.standard["document"]["products"] = [{"name": "Menurut berkas"}]

    report = load_seed(folder.write())

    assert (report.of("standards").kept, report.of("standards").changed) == (0, 1)


def test_the_real_seed_data_load_in_time_and_hold(app: Flask, tmp_path: Path) -> None:
    real = shutil.copytree(ROOT / "seed_data", tmp_path / "real")
    done: list[str] = []
    started = time.process_time()
    report = load_seed(real, progress=done.append)
    first = time.process_time() - started
    lines = dict(db.session.execute(sa.select(Change.kind, sa.func.count()).group_by(Change.kind)).all())
    before = traces()

    started = time.process_time()
    again = load_seed(real)
    second = time.process_time() - started

    assert first < 20 and second < 10
    assert again.is_unchanged and traces() == before
    assert lines[ChangeKind.STANDARD_PUBLISHED] == report.of("standards").added > 0
    assert sorted(done) == sorted(set(done))
    assert verify() == []


def _agency(slug: str) -> Agency:
    return db.session.scalars(sa.select(Agency).where(Agency.slug == slug)).one()


def _service() -> Service:
    return db.session.get_one(Service, seed_id("service", "KK-BARU"))


def _mall() -> Location:
    return db.session.get_one(Location, seed_id("location", "mpp-kendari"))

"""The seed data: through the real path, twice without a trace, never over what officers made of it."""

from __future__ import annotations

import csv
import json
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.config import ROOT
from siapa.errors import NotAllowed, Rejected
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
from tests.publishing.cast import content, document

SOURCE = {"source_address": "https://berita.example", "as_of": "2024-05-28", "confidence": "sourced"}
TABLES: dict[str, list[dict[str, str]]] = {
    "regions.csv": [
        {"code": "74", "name": "Sulawesi Tenggara", "name_en": "Southeast Sulawesi", "level": "province",
         "parent_code": "", "latitude": "-4.1", "longitude": "122.1", "timezone": "Asia/Makassar",
         "seat": "Kendari", "aliases": "Sultra;Sultera", "coordinate_note": "", "source": "https://r.example",
         "confidence": "sourced"},
        {"code": "74.71", "name": "Kota Kendari", "name_en": "Kendari City", "level": "city",
         "parent_code": "74", "latitude": "-3.9", "longitude": "122.5", "timezone": "Asia/Makassar",
         "seat": "", "aliases": "", "coordinate_note": "", "source": "", "confidence": "sourced"},
    ],
    "categories.csv": [{"code": "adm", "name_id": "KTP dan KK", "name_en": "Civil records", "position": "1"}],
    "life_events.csv": [
        {"code": "menikah", "name_id": "Menikah", "name_en": "Marrying", "description_id": "Nikah.",
         "description_en": "Marriage.", "position": "1"}
    ],
    "agencies.csv": [
        {"key": "dukcapil", "slug": "dukcapil", "name": "Dukcapil", "name_en": "Civil Registry",
         "short_name": "", "kind": "dinas_dukcapil", "parent_key": "pemkot", "region_code": "74.71",
         "website": "https://d.example", "note": "", **SOURCE},
        {"key": "pemkot", "slug": "pemkot", "name": "Pemkot", "name_en": "City", "short_name": "",
         "kind": "pemda", "parent_key": "", "region_code": "74.71", "website": "", "note": "", **SOURCE},
    ],
    "services.csv": [
        {"code": "KK-BARU", "slug": "kk-baru", "name_id": "Kartu Keluarga", "name_en": "Family card",
         "summary_id": "KK.", "summary_en": "", "aliases_id": "bikin kk;buat kk", "aliases_en": "family card",
         "agency_kind": "dinas_dukcapil", "national_agency": "Kemendagri", "category": "adm",
         "life_events": "menikah", "source_address": "", "confidence": "general", "note": "Umum."}
    ],
    "malls.csv": [
        {"key": "mpp-kendari", "slug": "mpp-kendari", "name": "MPP Kendari", "name_en": "",
         "region_code": "74.71", "operator_key": "pemkot", "address": "Jalan 1",
         "latitude": "-3.9", "longitude": "122.5",
         "coordinate_quality": "centroid", "opened_on": "2020-11-27", "hours_note": "08.00-16.00",
         "website": "", "agencies_count": "12", "services_count": "", "note": "", **SOURCE}
    ],
    "counters.csv": [
        {"mall_key": "mpp-kendari", "agency_key": "dukcapil", "name": "Dukcapil", "status": "listed",
         "hours_note": "", "note": "", **SOURCE}
    ],
    "offerings.csv": [
        {"standard_key": "dukcapil/KK-BARU", "mall_key": "mpp-kendari", "counter_agency_key": "dukcapil",
         "limits_id": "", "limits_en": "", "note": "", **SOURCE}
    ],
    "synonyms.csv": [{"term": "kk", "replacement": "kartu keluarga", "kind": "abbreviation", "note": ""}],
}  # fmt: skip
STANDARD: dict[str, Any] = {
    "agency": "dukcapil",
    "service": "KK-BARU",
    "slug": "kartu-keluarga",
    "document": content("Kartu Keluarga"),
    "provenance": {**SOURCE, "sourced_components": ["requirements", "fees"], "note": "Menurut berita."},
}
OUTLINE: dict[str, Any] = {"code": "KK-BARU", "document": content("Kartu Keluarga"), "provenance": {}}


class Folder:
    """A seed folder that tests correct and break."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tables = {name: [dict(row) for row in rows] for name, rows in TABLES.items()}
        self.standard: dict[str, Any] = json.loads(json.dumps(STANDARD))
        self.outline: dict[str, Any] = json.loads(json.dumps(OUTLINE))

    def write(self) -> Path:
        """Write everything out."""
        for name, rows in self.tables.items():
            with (self.path / name).open("w", encoding="utf-8", newline="") as handle:
                writer = csv.DictWriter(handle, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        for name, value in (
            ("standards/dukcapil/KK-BARU.json", self.standard),
            ("outlines/KK-BARU.json", self.outline),
        ):
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).write_text(json.dumps(value), encoding="utf-8")
        return self.path


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A small seed folder in which everything stands once."""
    path = tmp_path / "seed_data"
    path.mkdir()
    return Folder(path)


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


def _break(name: str, column: str, value: str) -> Callable[[Folder], None]:
    def act(folder: Folder) -> None:
        folder.tables[name][0][column] = value

    return act


def _break_document(folder: Folder) -> None:
    folder.standard["document"]["fees"]["fee_kind"] = "gratis"


def _take_component(folder: Folder) -> None:
    del folder.standard["document"]["fees"]


def _strange_component(folder: Folder) -> None:
    folder.standard["provenance"]["sourced_components"] = ["colour"]


@pytest.mark.parametrize(
    ("breaking", "place"),
    [
        (_break("regions.csv", "latitude", "utara"), "regions.csv:2:latitude"),
        (_break("regions.csv", "latitude", "999"), "regions.csv:2:latitude"),
        (_break("regions.csv", "latitude", "nan"), "regions.csv:2:latitude"),
        (_break("regions.csv", "level", "kerajaan"), "regions.csv:2:level"),
        (_break("regions.csv", "parent_code", "99"), "regions.csv:2:parent_code"),
        (_break("regions.csv", "code", "74.71"), "regions.csv:3:code"),
        (_break("agencies.csv", "parent_key", "entah"), "agencies.csv:2:parent_key"),
        (_break("agencies.csv", "name", ""), "agencies.csv:2:name"),
        (_break("agencies.csv", "as_of", "kemarin"), "agencies.csv:2:as_of"),
        (_break("services.csv", "category", "entah"), "services.csv:2:category"),
        (_break("services.csv", "life_events", "menikah;entah"), "services.csv:2:life_events"),
        (_break("services.csv", "confidence", "pasti"), "services.csv:2:confidence"),
        (_break("malls.csv", "operator_key", "entah"), "malls.csv:2:operator_key"),
        (_break("malls.csv", "opened_on", "2020-13-01"), "malls.csv:2:opened_on"),
        (_break("malls.csv", "agencies_count", "banyak"), "malls.csv:2:agencies_count"),
        (_break("malls.csv", "website", "ftp://x"), "malls.csv:2:website"),
        (_break("malls.csv", "slug", "Tidak Boleh"), "malls.csv:2:slug"),
        (_break("counters.csv", "mall_key", "entah"), "counters.csv:2:mall_key"),
        (_break("counters.csv", "status", "ramai"), "counters.csv:2:status"),
        (_break("offerings.csv", "counter_agency_key", "pemkot"), "offerings.csv:2:counter_agency_key"),
        (_break("offerings.csv", "standard_key", "dukcapil/X"), "offerings.csv:2:standard_key"),
        (_break_document, "standards/dukcapil/KK-BARU.json:document.fees.fee_kind"),
        (_take_component, "standards/dukcapil/KK-BARU.json:fees"),
        (_strange_component, "standards/dukcapil/KK-BARU.json:provenance.sourced_components"),
    ],
)
def test_a_broken_file_is_refused_with_file_line_and_field_and_nothing_is_loaded(
    app: Flask, folder: Folder, breaking: Callable[[Folder], None], place: str
) -> None:
    breaking(folder)

    with pytest.raises(Rejected) as refused:
        load_seed(folder.write())

    assert place in [problem.path for problem in refused.value.problems]
    assert traces() == (0, 0)
    assert db.session.scalars(sa.select(Agency)).all() == []


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("malls.csv", b"key,slug\nx,y\n", "malls.csv:1:latitude"),
        ("malls.csv", b"\xff\xfe", "malls.csv"),
        ("categories.csv", b"code,name_id,name_en,position\na,b\n", "categories.csv:2"),
        ("standards/x.json", b"{", "standards/x.json"),
        ("standards/x.json", b"[" * 100_000, "standards/x.json"),
        ("standards/x.json", b"[]", "standards/x.json"),
        ("outlines/x.json", b'{"code": "ENTAH"}', "outlines/x.json:code"),
    ],
)
def test_a_file_that_is_no_table_or_no_json_is_named(
    app: Flask, folder: Folder, name: str, text: bytes, place: str
) -> None:
    (folder.write() / name).write_bytes(text)

    with pytest.raises(Rejected) as refused:
        load_seed(folder.path)

    assert place in [problem.path for problem in refused.value.problems]


def test_every_problem_of_every_file_is_said_at_once(app: Flask, folder: Folder) -> None:
    folder.tables["regions.csv"][0]["latitude"] = "utara"
    folder.tables["malls.csv"][0]["opened_on"] = "kapan"
    folder.standard["service"] = "ENTAH"

    with pytest.raises(Rejected) as refused:
        load_seed(folder.write())

    files = {problem.path.split(":")[0] for problem in refused.value.problems}
    assert files == {"regions.csv", "malls.csv", "standards/dukcapil/KK-BARU.json", "offerings.csv"}


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

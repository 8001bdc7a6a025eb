"""A small registry for the tests of the search, written straight into the tables, with its log."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import sqlalchemy as sa

from siapa.extensions import db
from siapa.records import (
    Agency,
    Category,
    Change,
    ChangeKind,
    Counting,
    Edition,
    LifeEvent,
    Location,
    LocationKind,
    Offering,
    Region,
    RegionLevel,
    Service,
    ServiceAlias,
    Standard,
    State,
    Synonym,
    seed_id,
)
from siapa.records.engine import begin_writing

PROVINCE, REGENCY, CITY = RegionLevel

REGIONS = (
    ("32", "Jawa Barat", "West Java", PROVINCE, None, -6.9, 107.6, "Bandung", ["Jabar"]),
    ("32.04", "Kabupaten Bandung", "Bandung Regency", REGENCY, "32", -7.1, 107.6, "Soreang", []),
    ("32.73", "Kota Bandung", "Bandung City", CITY, "32", -6.91, 107.61, None, []),
    ("74", "Sulawesi Tenggara", "Southeast Sulawesi", PROVINCE, None, -4.1, 122.1, None, ["Sultra"]),
    ("74.02", "Kabupaten Konawe", "Konawe Regency", REGENCY, "74", -3.53, 121.86, "Unaaha", []),
    ("74.05", "Kabupaten Konawe Selatan", "South Konawe Regency", REGENCY, "74", -4.26, 122.4, None, []),
    ("74.71", "Kota Kendari", "Kendari City", CITY, "74", -3.99, 122.53, None, []),
)  # fmt: skip
SERVICES = (
    ("KTP-BARU", "Penerbitan KTP-el baru", "New electronic ID card", "kependudukan",
     "dukcapil", ["bikin ktp", "e-ktp", "kartu tanda penduduk"], ["id card"]),
    ("KTP-GANTI", "Penggantian KTP-el hilang atau rusak", "Replacement of a lost ID card", "kependudukan",
     "dukcapil", ["ktp hilang", "ganti ktp"], ["lost id card"]),
    ("SIM-C-BARU", "Penerbitan SIM C baru", "New motorcycle licence", "kendaraan", "polres",
     ["bikin sim c", "sim motor baru"], []),
    ("SIM-C-PANJANG", "Perpanjangan SIM C", "SIM C renewal", "kendaraan", "polres",
     ["perpanjang sim c", "perpanjangan sim motor"], []),
    ("PASPOR", "Paspor biasa", "Ordinary passport", "imigrasi", "imigrasi", ["bikin paspor"], ["passport"]),
    ("REKENING", "Pembukaan rekening bank", "Bank account opening", "keuangan", "bank",
     ["buka rekening", "rekening bank sultra"], []),
)  # fmt: skip
AGENCIES = (
    ("pemkot-kendari", "Pemerintah Kota Kendari", "government", None, "74.71"),
    ("dukcapil-kendari", "Disdukcapil Kota Kendari", "dukcapil", "pemkot-kendari", "74.71"),
    ("polres-kendari", "Polresta Kendari", "polres", None, "74.71"),
    ("dukcapil-konawe", "Disdukcapil Kabupaten Konawe", "dukcapil", None, "74.02"),
    ("dukcapil-bandung", "Disdukcapil Kota Bandung", "dukcapil", None, "32.73"),
)  # fmt: skip
MALLS = (
    ("mpp-kendari", "MPP Kota Kendari", "74.71", -3.99, 122.53),
    ("mpp-konawe", "MPP Kabupaten Konawe", "74.02", -3.53, 121.86),
    ("mpp-bandung", "MPP Kota Bandung", "32.73", -6.91, 107.61),
)


def make_registry() -> None:
    """Regions, malls, agencies and services, and five live standards."""
    begin_writing(db)
    _places()
    _services()
    _agencies()
    db.session.commit()
    make_standard("KTP-BARU", "dukcapil-kendari", "mpp-kendari")
    make_standard("KTP-GANTI", "dukcapil-kendari", "mpp-kendari", requirement="Surat kehilangan dari polisi")
    make_standard("KTP-BARU", "dukcapil-konawe", "mpp-konawe")
    make_standard("KTP-BARU", "dukcapil-bandung", "mpp-bandung")
    make_standard("SIM-C-PANJANG", "polres-kendari", "mpp-kendari", is_free=False, fee=75_000, days=3)


def _places() -> None:
    for code, name, name_en, level, parent, latitude, longitude, seat, aliases in REGIONS:
        db.session.add(
            Region(code=code, name=name, name_en=name_en, level=level, parent_code=parent, latitude=latitude,
                   longitude=longitude, timezone="Asia/Makassar", seat=seat, aliases=aliases)
        )  # fmt: skip
    db.session.flush()
    for slug, name, region, latitude, longitude in MALLS:
        db.session.add(
            Location(
                id=seed_id("location", slug),
                kind=LocationKind.MALL,
                slug=slug,
                name=name,
                region_code=region,
                latitude=latitude,
                longitude=longitude,
            )
        )


def _services() -> None:
    event = LifeEvent(code="dewasa", name="Dewasa", name_en="Coming of age", position=1)
    for position, code in enumerate(dict.fromkeys(row[3] for row in SERVICES)):
        db.session.add(Category(code=code, name=code.title(), name_en=f"{code} (en)", position=position))
    db.session.flush()
    for code, name, name_en, category, kind, aliases, aliases_en in SERVICES:
        service = Service(
            id=seed_id("service", code),
            code=code,
            slug=code.lower(),
            name=name,
            name_en=name_en,
            category_code=category,
            agency_kind=kind,
        )
        service.aliases = [ServiceAlias(locale="id", text=text) for text in aliases]
        service.aliases += [ServiceAlias(locale="en", text=text) for text in aliases_en]
        service.life_events = [event] if code == "KTP-BARU" else []
        db.session.add(service)
    db.session.add(Synonym(term="surat izin mengemudi", replacement="sim", kind="abbreviation"))
    db.session.add(Synonym(term="identitas", replacement="ktp", kind="colloquial"))


def _agencies() -> None:
    for slug, name, kind, parent, region in AGENCIES:
        parent_id = seed_id("agency", parent) if parent else None
        db.session.add(
            Agency(
                id=seed_id("agency", slug),
                slug=slug,
                name=name,
                kind=kind,
                parent_id=parent_id,
                region_code=region,
            )
        )
        db.session.flush()


def log(kind: ChangeKind, subject: object) -> None:
    """Add the next line to the log, in the transaction that is open."""
    counting = db.session.get(Counting, "change")
    if counting is None:
        counting = Counting(log="change", last_number=0)
        db.session.add(counting)
    counting.last_number += 1
    db.session.add(Change(number=counting.last_number, kind=kind, subject_id=str(subject)))


def make_standard(
    code: str | None,
    agency: str,
    mall: str | None,
    *,
    title: str | None = None,
    requirement: str = "Kartu Keluarga",
    is_free: bool = True,
    fee: int | None = None,
    days: int | None = 1,
    state: State = State.PUBLISHED,
) -> uuid.UUID:
    """One standard with one edition; a live one is told in the log."""
    begin_writing(db)
    name = title or next(row[1] for row in SERVICES if row[0] == code)
    standard_id = seed_id("standard", f"{agency}:{name}")
    standard = Standard(
        id=standard_id,
        agency_id=seed_id("agency", agency),
        service_id=seed_id("service", code) if code else None,
        slug=name.lower().replace(" ", "-")[:120],
    )
    db.session.add(standard)
    db.session.flush()
    document: dict[str, Any] = {
        "title": name,
        "requirements": [{"text": requirement, "kind": "document"}],
        "fees": {"fee_kind": "free" if is_free else "fixed", "lines": []},
    }
    digest = hashlib.sha256(str(document).encode()).hexdigest()
    db.session.add(
        Edition(
            standard_id=standard_id,
            number=1,
            state=state,
            document=document,
            digest=digest,
            title=name,
            is_free=is_free,
            fee_min_idr=fee,
            fee_max_idr=fee,
            days_max=days,
            has_online=False,
            components_given=2,
        )
    )
    if mall:
        db.session.add(Offering(standard_id=standard_id, location_id=seed_id("location", mall)))
    if state is State.PUBLISHED:
        log(ChangeKind.STANDARD_PUBLISHED, standard_id)
    db.session.commit()
    return standard_id


def withdraw(standard_id: uuid.UUID, *, is_told: bool = True) -> None:
    """Take the live edition down; ``is_told`` false leaves the log, and so the index, behind."""
    begin_writing(db)
    db.session.execute(
        sa.update(Edition)
        .where(Edition.standard_id == standard_id, Edition.state == State.PUBLISHED)
        .values(state=State.WITHDRAWN, withdrawal_reason="Pindah")
    )
    if is_told:
        log(ChangeKind.STANDARD_WITHDRAWN, standard_id)
    db.session.commit()


def tell(kind: ChangeKind, subject: object) -> None:
    """Commit what is pending together with a line in the log."""
    log(kind, subject)
    db.session.commit()

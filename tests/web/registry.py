"""A small registry for the tests of the doors; every standard went through the real commands."""

from __future__ import annotations

import uuid
from datetime import time
from typing import Any

from siapa.document.intake import read_document
from siapa.extensions import db
from siapa.publishing import commands
from siapa.records import (
    Agency,
    Category,
    Change,
    ChangeKind,
    Counter,
    Counting,
    FormerSlug,
    Hours,
    LifeEvent,
    Location,
    LocationKind,
    Membership,
    Offering,
    Officer,
    Region,
    RegionLevel,
    Role,
    Service,
    ServiceAlias,
    Standard,
    seed_id,
)
from siapa.records.engine import begin_writing
from tests.document.documents import whole

SULTRA, KENDARI, KONAWE = "74", "74.71", "74.02"
SIM_RENEWAL = "SIM-C-PANJANG"


def make_registry() -> None:
    """Three regions, two malls, two agencies, three services, and two live standards with an offering."""
    begin_writing(db)
    _places()
    _services()
    db.session.add(author())
    db.session.add(publisher())
    db.session.commit()
    free = {"fee_kind": "free", "lines": []}
    ktp = make_standard("dukcapil-kendari", "KTP-BARU", title="Penerbitan KTP-el baru", fees=free)
    sim = make_standard("polresta-kendari", SIM_RENEWAL, title="Perpanjangan SIM C")
    for standard_id in (ktp, sim):
        offer(standard_id, "mpp-kendari")


def _places() -> None:
    for code, name, name_en, level, parent, latitude, longitude in (
        (SULTRA, "Sulawesi Tenggara", "Southeast Sulawesi", RegionLevel.PROVINCE, None, -4.1, 122.1),
        (KONAWE, "Kabupaten Konawe", "Konawe Regency", RegionLevel.REGENCY, SULTRA, -3.53, 121.86),
        (KENDARI, "Kota Kendari", "Kendari City", RegionLevel.CITY, SULTRA, -3.99, 122.53),
    ):
        db.session.add(
            Region(code=code, name=name, name_en=name_en, level=level, parent_code=parent, latitude=latitude,
                   longitude=longitude, timezone="Asia/Makassar", aliases=[])
        )  # fmt: skip
        db.session.flush()
    for slug, name, kind, region in (
        ("dukcapil-kendari", "Disdukcapil Kota Kendari", "dinas_dukcapil", KENDARI),
        ("polresta-kendari", "Polresta Kendari", "polres", KENDARI),
    ):
        db.session.add(
            Agency(id=seed_id("agency", slug), slug=slug, name=name, kind=kind, region_code=region)
        )
    for slug, name, region, latitude, longitude in (
        ("mpp-kendari", "MPP Kota Kendari", KENDARI, -3.97, 122.51),
        ("mpp-konawe", "MPP Kabupaten Konawe", KONAWE, -3.85, 122.05),
    ):
        mall = Location(
            id=seed_id("location", slug),
            kind=LocationKind.MALL,
            slug=slug,
            name=name,
            region_code=region,
            latitude=latitude,
            longitude=longitude,
            facilities=[],
        )
        mall.hours = [Hours(weekday=day, opens_at=time(8), closes_at=time(16)) for day in range(1, 6)]
        db.session.add(mall)
    db.session.flush()
    db.session.add(Counter(location_id=seed_id("location", "mpp-kendari"), name="Loket Dukcapil",
                           agency_id=seed_id("agency", "dukcapil-kendari")))  # fmt: skip
    db.session.add(
        FormerSlug(kind="location", slug="mal-kendari", subject_id=seed_id("location", "mpp-kendari"))
    )


def _services() -> None:
    db.session.add(
        Category(code="administrasi-kependudukan", name="Kependudukan", name_en="Population", position=1)
    )
    db.session.add(Category(code="kendaraan", name="Kendaraan", name_en="Vehicles", position=2))
    event = LifeEvent(code="dewasa", name="Menjadi dewasa", name_en="Coming of age", position=1)
    db.session.flush()
    for code, name, name_en, category, kind, alias in (
        (
            "KTP-BARU",
            "Penerbitan KTP-el baru",
            "New ID card",
            "administrasi-kependudukan",
            "dinas_dukcapil",
            "bikin ktp",
        ),
        (SIM_RENEWAL, "Perpanjangan SIM C", "Renewal of SIM C", "kendaraan", "polres", "perpanjang sim c"),
        (
            "PASPOR",
            "Paspor biasa",
            "Ordinary passport",
            "administrasi-kependudukan",
            "kantor_imigrasi",
            "bikin paspor",
        ),
    ):
        service = Service(id=seed_id("service", code), code=code, slug=code.lower(), name=name,
                          name_en=name_en, category_code=category, agency_kind=kind)  # fmt: skip
        service.aliases = [ServiceAlias(locale="id", text=alias)]
        service.life_events = [event] if code == "KTP-BARU" else []
        db.session.add(service)


def _officer(name: str) -> Officer:
    person = Officer(id=seed_id("officer", name), email=f"{name}@example.go.id", name=name, is_active=True)
    person.memberships.append(Membership(role=Role.NATIONAL_ADMIN))
    return person


def author() -> Officer:
    """Who writes; the same person in every call once it is stored."""
    return db.session.get(Officer, seed_id("officer", "author")) or _officer("author")


def publisher() -> Officer:
    """Who publishes what another wrote."""
    return db.session.get(Officer, seed_id("officer", "publisher")) or _officer("publisher")


def content(**changes: Any) -> dict[str, Any]:
    """A whole document as JSON, in force at once."""
    document = {**whole(), **changes}
    del document["effective_from"]
    return document


def make_standard(agency: str, service: str | None, **changes: Any) -> uuid.UUID:
    """A live standard of ``agency``; its id."""
    standard = commands.open_standard(
        seed_id("agency", agency),
        read_document(content(**changes)),
        by=author(),
        service_id=seed_id("service", service) if service else None,
        standard_id=seed_id("standard", f"{agency}/{service}"),
    )
    commands.submit(standard.id, by=author())
    commands.publish(standard.id, by=publisher())
    return standard.id


def publish_next(standard_id: uuid.UUID, **changes: Any) -> None:
    """Put the next edition of a standard in force."""
    commands.open_draft(standard_id, read_document(content(**changes)), by=author())
    commands.submit(standard_id, by=author())
    commands.publish(standard_id, by=publisher())


def withdraw(standard_id: uuid.UUID) -> None:
    """Take the standard out of force."""
    commands.withdraw(standard_id, by=publisher(), reason="Layanan dihapus")


def offer(standard_id: uuid.UUID, mall: str) -> None:
    """Offer a standard at a mall, and say so in the log."""
    begin_writing(db)
    db.session.add(Offering(standard_id=standard_id, location_id=seed_id("location", mall)))
    counting = db.session.get_one(Counting, "change")
    counting.last_number += 1
    db.session.add(
        Change(number=counting.last_number, kind=ChangeKind.OFFERING_CHANGED, subject_id=str(standard_id))
    )
    db.session.commit()


def the_standard(agency: str, service: str) -> Standard:
    """The standard of ``agency`` for ``service``."""
    return db.session.get_one(Standard, seed_id("standard", f"{agency}/{service}"))

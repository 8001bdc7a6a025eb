"""A small registry with one of everything the pages must be able to show, written as plain rows.

Kendari has a mall with a known counter and hours; Buton has one of which nothing is known.
A bank has only agreed to come to it, yet one of its standards is offered there.
Disdukcapil gives ``KTP-BARU`` in its second edition and has withdrawn another standard;
``PASPOR`` is a service that nobody has published.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from siapa.document.completeness import completeness
from siapa.document.digest import digest
from siapa.document.facts import facts
from siapa.document.standard_document import from_stored
from siapa.extensions import db
from siapa.records import (
    Agency,
    Category,
    Confidence,
    CoordinateQuality,
    Counter,
    CounterStatus,
    Edition,
    Hours,
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
    seed_id,
)

WHOLE: dict[str, Any] = {
    "title": "Penerbitan KTP-el baru",
    "title_en": "New electronic ID card",
    "summary": "KTP elektronik pertama bagi warga yang berusia 17 tahun.",
    "summary_en": "The first electronic ID card for citizens who are 17.",
    "audience": "Warga Kota Kendari",
    "channels": [
        {"kind": "counter"},
        {"kind": "online", "url": "https://dukcapil.example.go.id", "note": "pendaftaran saja"},
    ],
    "decree": {"number": "12/SK/2026", "date": "2026-01-05"},
    "effective_from": "2026-02-01",
    "requirements": [
        {"text": "Kartu Keluarga", "kind": "document", "copies": 1, "original": True},
        {"text": "Hadir untuk rekam foto", "text_en": "Come in person", "kind": "attendance"},
        {"text": "Surat kehilangan dari polisi", "kind": "document", "applies_when": "KTP hilang"},
    ],
    "procedure": [
        {"text": "Ambil antrean", "actor": "applicant"},
        {"text": "Rekam foto", "actor": "officer", "duration": {"amount": 10, "unit": "minute"}},
    ],
    "processing_time": [
        {"amount_min": 1, "amount_max": 3, "unit": "working_day", "counted_from": "berkas lengkap"}
    ],
    "fees": {"fee_kind": "free", "lines": []},
    "products": [{"name": "KTP-el", "validity": "seumur hidup"}],
    "complaint_handling": {
        "text": "Sampaikan ke meja pengaduan.",
        "channels": [
            {"kind": "sp4n_lapor", "value": "https://www.lapor.go.id"},
            {"kind": "desk", "value": "Lantai 1"},
        ],
    },
    "legal_bases": [{"title": "UU 24/2013 tentang Administrasi Kependudukan", "type": "UU", "year": 2013}],
    "facilities": [{"text": "Jalur kursi roda", "accessible": True}, {"text": "Ruang tunggu"}],
    "staff_count": {"count": 4},
    "service_guarantee": "Diselesaikan sesuai janji waktu.",
}  # fmt: skip
PRICED: dict[str, Any] = {
    "title": "Penerbitan Kartu Identitas Anak",
    "requirements": [{"text": "Akta kelahiran", "kind": "document"}],
    "procedure": [{"text": "Serahkan berkas"}],
    "processing_time": [{"amount_max": 2, "unit": "hour"}],
    "fees": {
        "fee_kind": "fixed",
        "lines": [{"label": "Baru", "amount_idr": 350000}, {"label": "Ulang", "amount_idr": 50000}],
    },
    "products": [{"name": "KIA"}],
    "complaint_handling": {"channels": [{"kind": "email", "value": "aduan@example.go.id"}]},
}
#: One line has an amount, the other only a rule.
MIXED: dict[str, Any] = {
    **PRICED,
    "title": "Kredit usaha rakyat",
    "fees": {
        "fee_kind": "tariff_table",
        "lines": [
            {"label": "Bunga", "note": "Menurut jumlah pinjaman."},
            {"label": "Administrasi", "amount_idr": 35000},
            {"label": "Meterai", "amount_idr": 143000},
        ],
    },
}
HOSTILE = '<script>alert("x")</script>'
PUBLISHED_AT = datetime(2026, 2, 1, 1, tzinfo=UTC)
KTP = ("disdukcapil-kota-kendari", "penerbitan-ktp-el-baru")
KIA = ("disdukcapil-kota-kendari", "kartu-identitas-anak")
LOAN = ("bank-contoh", "kredit-usaha-rakyat")
WITHDRAWN = ("disdukcapil-kota-kendari", "surat-lama")


def fill() -> None:
    """Write the cast into the empty registry of the current app."""
    _places()
    _services()
    dukcapil = Agency(
        id=seed_id("agency", "dukcapil"), slug=KTP[0], name="Disdukcapil Kota Kendari",
        short_name="Disdukcapil", kind="dinas_dukcapil", region_code="74.71",
        website="https://dukcapil.example.go.id", source_address="https://berita.example.id/1",
        confidence=Confidence.SOURCED,
    )  # fmt: skip
    db.session.add(dukcapil)
    bank = Agency(
        id=seed_id("agency", "bank"), slug=LOAN[0], name="Bank Contoh", kind="bank",
        confidence=Confidence.GENERAL,
    )  # fmt: skip
    db.session.add(bank)
    _malls(dukcapil, bank)
    ktp = _standard(dukcapil, KTP[1], "KTP-BARU")
    _edition(
        ktp,
        1,
        {**WHOLE, "summary": "Ringkasan lama."},
        State.SUPERSEDED,
        ended_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    _edition(ktp, 2, WHOLE, State.PUBLISHED, sourced=["requirements", "fees"])
    kia = _standard(dukcapil, KIA[1], None)
    _edition(kia, 1, {**PRICED, "summary": HOSTILE}, State.PUBLISHED)
    old = _standard(dukcapil, WITHDRAWN[1], None)
    old.replaced_by_id = ktp.id
    _edition(
        old, 1, {**PRICED, "title": "Surat lama"}, State.WITHDRAWN,
        ended_at=datetime(2026, 4, 1, tzinfo=UTC), withdrawal_reason="Digabung dengan KTP-el.",
    )  # fmt: skip
    loan = _standard(bank, LOAN[1], None)
    _edition(loan, 1, MIXED, State.PUBLISHED, sourced=["fees"], confidence=Confidence.IMPLIED)
    db.session.flush()
    mall = seed_id("location", "kendari")
    counter = seed_id("counter", "dukcapil")
    db.session.add_all(
        [
            Offering(
                standard_id=ktp.id,
                location_id=mall,
                counter_id=counter,
                limits="pencetakan ulang saja",
                confidence=Confidence.IMPLIED,
            ),
            Offering(standard_id=kia.id, location_id=mall),
            Offering(
                standard_id=loan.id,
                location_id=mall,
                counter_id=seed_id("counter", "bank"),
                limits="Belum pasti ada gerai di sini.",
                confidence=Confidence.IMPLIED,
            ),
        ]
    )
    db.session.commit()


def _places() -> None:
    db.session.add_all(
        [
            _region("74", "Sulawesi Tenggara", "Southeast Sulawesi", RegionLevel.PROVINCE, None),
            _region("31", "DKI Jakarta", "Jakarta", RegionLevel.PROVINCE, None),
        ]
    )
    db.session.flush()
    db.session.add_all(
        [
            _region("74.71", "Kota Kendari", "Kendari City", RegionLevel.CITY, "74"),
            _region("74.04", "Kabupaten Buton", "Buton Regency", RegionLevel.REGENCY, "74"),
        ]
    )
    db.session.flush()


def _region(code: str, name: str, name_en: str, level: RegionLevel, parent: str | None) -> Region:
    return Region(
        code=code, name=name, name_en=name_en, level=level, parent_code=parent, latitude=-3.99,
        longitude=122.53, timezone="Asia/Makassar", aliases=[], confidence=Confidence.SOURCED,
        source_address="https://wilayah.example.id",
    )  # fmt: skip


def _services() -> None:
    db.session.add(
        Category(
            code="administrasi-kependudukan", name="KTP, KK, dan akta", name_en="Civil records", position=1
        )
    )
    event = LifeEvent(
        code="dewasa-17", name="Berusia 17 tahun", name_en="Turning 17", description="KTP pertama.",
        description_en="The first identity card.", position=1,
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    for code, slug, name, name_en, outline in (
        ("KTP-BARU", "penerbitan-ktp-el-baru", "Penerbitan KTP-el baru", "New electronic ID card", WHOLE),
        ("PASPOR", "paspor-baru", "Paspor baru", "New passport", {"requirements": WHOLE["requirements"][:1]}),
    ):
        service = Service(
            id=seed_id("service", code), code=code, slug=slug, name=name, name_en=name_en,
            category_code="administrasi-kependudukan", agency_kind="dinas_dukcapil",
            national_agency="Kementerian Dalam Negeri", outline=outline, sourced_components=["requirements"],
            confidence=Confidence.GENERAL,
        )  # fmt: skip
        service.life_events.append(event)
        service.aliases.append(ServiceAlias(locale="id", text=f"bikin {code.split('-')[0].lower()}"))
        db.session.add(service)
    db.session.flush()


def _malls(dukcapil: Agency, bank: Agency) -> None:
    db.session.flush()
    kendari = Location(
        id=seed_id("location", "kendari"), kind=LocationKind.MALL, slug="mpp-kota-kendari",
        name="MPP Kota Kendari", name_en="Kendari City Public Service Mall", region_code="74.71",
        address="Kompleks Balai Kota", latitude=-3.99, longitude=122.53,
        coordinate_quality=CoordinateQuality.CENTROID, reported_agencies=20, opened_on=date(2022, 10, 4),
        confidence=Confidence.SOURCED, source_address="https://berita.example.id/2",
    )  # fmt: skip
    kendari.hours = [Hours(weekday=day, opens_at=time(8), closes_at=time(15)) for day in range(1, 6)]
    kendari.counters = [
        Counter(
            id=seed_id("counter", "dukcapil"), agency_id=dukcapil.id, name="Disdukcapil",
            status=CounterStatus.LISTED, checked_on=date(2023, 5, 30), confidence=Confidence.SOURCED,
        ),
        Counter(
            id=seed_id("counter", "bapenda"), name="Bapenda", status=CounterStatus.LISTED,
            confidence=Confidence.IMPLIED, source_note="Sumber menulis Bappenda.",
        ),
        Counter(
            id=seed_id("counter", "bank"), agency_id=bank.id, name="Bank Contoh",
            status=CounterStatus.AGREEMENT_ONLY, confidence=Confidence.IMPLIED,
        ),
    ]  # fmt: skip
    buton = Location(
        id=seed_id("location", "buton"), kind=LocationKind.MALL, slug="mpp-kabupaten-buton",
        name="MPP Kabupaten Buton", region_code="74.04", hours_note="Setiap hari kerja (jam tidak disebut)",
        confidence=Confidence.SOURCED,
    )  # fmt: skip
    db.session.add_all([kendari, buton])
    db.session.flush()


def _standard(agency: Agency, slug: str, service: str | None) -> Standard:
    standard = Standard(
        id=seed_id("standard", slug), agency_id=agency.id, slug=slug,
        service_id=seed_id("service", service) if service else None,
    )  # fmt: skip
    db.session.add(standard)
    db.session.flush()
    return standard


def _edition(
    standard: Standard,
    number: int,
    content: dict[str, Any],
    state: State,
    *,
    ended_at: datetime | None = None,
    sourced: list[str] | None = None,
    confidence: Confidence = Confidence.GENERAL,
    withdrawal_reason: str | None = None,
) -> None:
    document = from_stored(content)
    told = facts(document)
    db.session.add(
        Edition(
            standard_id=standard.id, number=number, state=state, document=content, digest=digest(content),
            title=document.title, title_en=document.title_en, is_free=told.is_free,
            fee_min_idr=told.fee_min_idr, fee_max_idr=told.fee_max_idr, days_min=told.days_min,
            days_max=told.days_max, has_online=told.has_online,
            components_given=len(completeness(document).given), sourced_components=sourced or [],
            effective_from=document.effective_from, published_at=PUBLISHED_AT, ended_at=ended_at,
            review_due_on=date(2026, 5, 1), withdrawal_reason=withdrawal_reason,
            confidence=confidence,
        )
    )  # fmt: skip
    db.session.flush()

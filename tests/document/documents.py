"""Documents to test with: one that is whole, and any that may be stored (hypothesis)."""

from __future__ import annotations

import datetime
import unicodedata
from typing import Any

from hypothesis import strategies as st

from siapa.document import standard_document as sd


def whole() -> dict[str, Any]:
    """A canonical document with all fourteen components, as a program would send it."""
    return {
        "title": "Penerbitan SIM C baru",
        "title_en": "New motorcycle licence",
        "summary": "Surat izin mengemudi untuk sepeda motor.",
        "channels": [{"kind": "counter"}, {"kind": "online", "url": "https://sim.contoh.go.id/daftar"}],
        "keywords": ["sim", "motor"],
        "decree": {"number": "12/SK/2026", "date": "2026-01-05", "signatory": "Kepala Satuan"},
        "effective_from": "2026-02-01",
        "review_due": "2027-02-01",
        "requirements": [
            {"text": "KTP-el", "kind": "document", "original": True, "copies": 2},
            {"text": "Berusia 17 tahun", "kind": "condition"},
            {"text": "Hadir untuk ujian praktik", "kind": "attendance"},
        ],
        "procedure": [
            {
                "text": "Mendaftar di loket",
                "actor": "applicant",
                "duration": {"amount": 10, "unit": "minute"},
            },
            {"text": "Berkas diperiksa", "actor": "officer"},
        ],
        "processing_time": [{"amount_min": 1, "amount_max": 2, "unit": "working_day"}],
        "fees": {
            "fee_kind": "fixed",
            "lines": [{"label": "Penerbitan", "amount_idr": 100000, "legal_basis": "PP 76/2020"}],
        },
        "products": [{"name": "SIM C", "validity": "5 tahun"}],
        "complaint_handling": {
            "text": "Pengaduan dijawab dalam tiga hari.",
            "channels": [{"kind": "phone", "value": "(0401) 123456"}, {"kind": "desk", "value": "Loket 3"}],
        },
        "legal_bases": [{"title": "Tentang kepolisian", "type": "UU", "number": "2", "year": 2002}],
        "facilities": [{"text": "Ruang tunggu"}, {"text": "Jalur kursi roda", "accessible": True}],
        "staff_competence": "Menguasai ketentuan SIM.",
        "internal_supervision": "Atasan langsung.",
        "staff_count": {"count": 6},
        "service_guarantee": "Sesuai standar.",
        "safety_guarantee": "Data dijaga.",
        "performance_evaluation": "Setiap enam bulan.",
    }


#: Texts in the form we keep: printable, NFC, one line, no blanks around.
TEXTS = (
    st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=20)
    .map(lambda text: " ".join(unicodedata.normalize("NFC", text).split()))
    .filter(bool)
)
_MAYBE = st.none() | TEXTS
_DAYS = st.dates(datetime.date(1945, 1, 1), datetime.date(2100, 12, 31))
_UNITS = st.sampled_from(sd.UNITS)
_AMOUNTS = st.integers(1, 400)


def _several(items: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=4).map(tuple)


REQUIREMENTS = st.builds(
    sd.Requirement,
    text=TEXTS,
    kind=st.sampled_from(sd.REQUIREMENT_KINDS),
    original=st.none() | st.booleans(),
    copies=st.none() | st.integers(0, 20),
    applies_when=_MAYBE,
)
STEPS = st.builds(
    sd.ProcedureStep,
    text=TEXTS,
    actor=st.none() | st.sampled_from(sd.ACTORS),
    duration=st.none() | st.builds(sd.Duration, _AMOUNTS, _UNITS),
)
LIMITS = st.builds(sd.TimeLimit, amount_max=_AMOUNTS, unit=_UNITS, case=_MAYBE)
LINES = st.builds(sd.FeeLine, label=_MAYBE, amount_idr=st.none() | st.integers(0, 10**9), note=_MAYBE)
FEES = st.builds(sd.Fees, st.sampled_from(sd.FEE_KINDS), _several(LINES))
HANDLINGS = st.builds(
    sd.ComplaintHandling,
    text=_MAYBE,
    channels=_several(st.builds(sd.ComplaintChannel, st.sampled_from(sd.COMPLAINT_CHANNEL_KINDS), TEXTS)),
)

#: Any document that from_stored may meet; more than intake would let in.
DOCUMENTS = st.builds(
    sd.StandardDocument,
    title=TEXTS,
    title_en=_MAYBE,
    summary=_MAYBE,
    channels=_several(st.builds(sd.ServiceChannel, st.sampled_from(sd.SERVICE_CHANNEL_KINDS), note=_MAYBE)),
    keywords=_several(TEXTS),
    decree=st.none() | st.builds(sd.DecreeReference, TEXTS, st.none() | _DAYS, _MAYBE),
    effective_from=st.none() | _DAYS,
    requirements=_several(REQUIREMENTS),
    procedure=_several(STEPS),
    processing_time=_several(LIMITS),
    fees=st.none() | FEES,
    products=_several(st.builds(sd.Product, name=TEXTS, validity=_MAYBE)),
    complaint_handling=st.none() | HANDLINGS,
    legal_bases=_several(st.builds(sd.LegalBasis, title=TEXTS, year=st.none() | st.integers(1945, 2100))),
    facilities=_several(st.builds(sd.Facility, TEXTS, accessible=st.none() | st.booleans())),
    staff_competence=_MAYBE,
    staff_competence_en=_MAYBE,
    staff_count=st.none() | st.builds(sd.StaffCount, st.integers(0, 99), _MAYBE),
    safety_guarantee=_MAYBE,
)

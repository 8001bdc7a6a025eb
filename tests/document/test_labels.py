"""The words for the parts of a document, in both languages."""

from __future__ import annotations

import pytest

from siapa.document import labels
from siapa.document import standard_document as sd
from siapa.locales import using

IN_LAW = {
    "requirements": "Persyaratan",
    "procedure": "Sistem, mekanisme, dan prosedur",
    "processing_time": "Jangka waktu",
    "fees": "Biaya/tarif",
    "products": "Produk pelayanan",
    "complaint_handling": "Penanganan pengaduan, saran, dan masukan",
    "legal_bases": "Dasar hukum",
    "facilities": "Sarana, prasarana, dan/atau fasilitas",
    "staff_competence": "Kompetensi pelaksana",
    "internal_supervision": "Pengawasan internal",
    "staff_count": "Jumlah pelaksana",
    "service_guarantee": "Jaminan pelayanan",
    "safety_guarantee": "Jaminan keamanan dan keselamatan",
    "performance_evaluation": "Evaluasi kinerja pelaksana",
}


def test_the_components_go_by_the_terms_of_the_law():
    with using("id"):
        assert {key: str(name) for key, name in labels.COMPONENT_NAMES.items()} == IN_LAW


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (labels.COMPONENT_NAMES, sd.COMPONENTS),
        (labels.HEAD_FIELD_NAMES, sd.HEAD_FIELDS),
        (labels.REQUIREMENT_KIND_NAMES, sd.REQUIREMENT_KINDS),
        (labels.ACTOR_NAMES, sd.ACTORS),
        (labels.UNIT_NAMES, sd.UNITS),
        (labels.FEE_KIND_NAMES, sd.FEE_KINDS),
        (labels.COMPLAINT_CHANNEL_KIND_NAMES, sd.COMPLAINT_CHANNEL_KINDS),
        (labels.SERVICE_CHANNEL_KIND_NAMES, sd.SERVICE_CHANNEL_KINDS),
    ],
)
def test_every_code_has_a_name_of_its_own_in_both_languages(names, keys):
    assert tuple(names) == keys
    for locale in ("id", "en"):
        with using(locale):
            assert len({str(name) for name in names.values()}) == len(keys)


@pytest.mark.parametrize(
    ("limit", "indonesian", "english"),
    [
        (sd.TimeLimit(1, "working_day"), "1 hari kerja", "1 working day"),
        (sd.TimeLimit(5, "working_day"), "5 hari kerja", "5 working days"),
        (sd.TimeLimit(3, "working_day", 1), "1-3 hari kerja", "1-3 working days"),
        (sd.TimeLimit(3, "working_day", 3), "3 hari kerja", "3 working days"),
        (sd.TimeLimit(14, "day"), "14 hari kalender", "14 calendar days"),
        (sd.TimeLimit(1, "hour"), "1 jam", "1 hour"),
        (sd.TimeLimit(1440, "minute"), "1.440 menit", "1,440 minutes"),
        (sd.TimeLimit(2, "month"), "2 bulan", "2 months"),
    ],
)
def test_a_time_limit_is_said_with_its_unit(limit, indonesian, english):
    with using("id"):
        assert labels.say_time_limit(limit) == indonesian
    with using("en"):
        assert labels.say_time_limit(limit) == english


def test_a_step_takes_its_time():
    with using("en"):
        assert labels.say_duration(sd.Duration(1, "minute")) == "1 minute"


def test_money_is_grouped_the_way_of_the_language():
    with using("id"):
        assert [labels.say_rupiah(amount) for amount in (0, 350_000, 1_250_000)] == [
            "Rp0",
            "Rp350.000",
            "Rp1.250.000",
        ]
    with using("en"):
        assert labels.say_rupiah(350_000) == "Rp350,000"


def test_english_falls_back_to_the_text_that_binds():
    translated = sd.Product("Kartu keluarga", "Family card")
    only_indonesian = sd.Product("Kartu keluarga")

    assert labels.in_language(translated, "name", "id") == "Kartu keluarga"
    assert labels.in_language(translated, "name", "en") == "Family card"
    assert labels.in_language(only_indonesian, "name", "en") == "Kartu keluarga"
    assert labels.in_language(only_indonesian, "validity", "en") is None

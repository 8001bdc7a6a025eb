"""Services whose names mean nearly the same: other words, slips of the finger, abbreviations."""

from __future__ import annotations

import pytest
from flask import Flask

from siapa.search.alike import NEAR, SAME, names


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Pembuatan KTP elektronik baru", "KTP-BARU"),
        ("Kartu Tanda Penduduk", "KTP-BARU"),
        ("Penerbitan Akta Kelahirn", "AKTA-LAHIR"),
        ("Pelayanan Penerbitan Kartu Identitas Anak (KIA)", "KIA"),
        ("Rekomendasi Penelitian", "IZIN-PENELITIAN"),
        ("Passport renewal", "PASPOR-GANTI"),
    ],
)
def test_the_same_in_other_words_is_found(seeded: Flask, said: str, code: str) -> None:
    (nearest, *_others) = names().alike([said], least=SAME, most=5)

    assert nearest.service.key == code


@pytest.mark.parametrize(
    "said", ["Izin budidaya lobster", "Sewa gedung serbaguna", "", "\x00", "baru", "x" * 5000]
)
def test_what_the_catalogue_lacks_is_like_nothing(seeded: Flask, said: str) -> None:
    assert names().alike([said], least=SAME, most=5) == []


def test_what_an_agency_has_already_is_not_suggested(seeded: Flask) -> None:
    everything = names().alike(["Kartu keluarga"], least=NEAR, most=9)

    without = names().alike(["Kartu keluarga"], least=NEAR, most=9, but={everything[0].service.key})

    assert [one.service.key for one in without][:1] == [everything[1].service.key]
    assert [one.likeness for one in everything] == sorted((one.likeness for one in everything), reverse=True)

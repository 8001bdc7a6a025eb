"""One regulation, written in the ways people write it, is one key."""

from __future__ import annotations

import pytest

from siapa.document.citing import citations, key_of, written
from siapa.document.intake import read_document


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("UU 24/2013", ("uu", "24", 2013)),
        ("Undang-Undang Nomor 24 Tahun 2013 tentang Administrasi Kependudukan", ("uu", "24", 2013)),
        ("sesuai dengan PP No. 076 Tahun 2020", ("pp", "76", 2020)),
        ("Permen PAN-RB 15/2014", ("permenpanrb", "15", 2014)),
        ("Perda Kota Kendari Nomor 3 Tahun 2012", ("perdakotakendari", "3", 2012)),
        ("Law 24 of 2013 on civil registration", ("uu", "24", 2013)),
    ],
)
def test_a_regulation_is_known_however_it_is_written(text: str, key: tuple[str, str, int]) -> None:
    assert written(text) == (key,)


@pytest.mark.parametrize("text", ["", "Rp 20.000/2020", "nomor 4 tahun 2020", "PP", "x" * 5000, "Perda 3"])
def test_what_names_none_whole_is_none(text: str) -> None:
    assert written(text) == ()


def test_kinds_in_full_and_in_short_are_the_same_and_regions_keep_theirs_apart() -> None:
    in_full = key_of("Peraturan Menteri Dalam Negeri Republik Indonesia", "No. 108", 2019)

    assert in_full == key_of("Permendagri", "108", 2019)
    assert key_of("Perda Kota Kendari", "3", 2012) != key_of("Perda Kota Baubau", "3", 2012)


def test_a_document_cites_in_its_legal_bases_and_in_its_fees() -> None:
    document = read_document(
        {
            "title": "SIM",
            "legal_bases": [
                {"title": "Lalu lintas", "type": "UU", "number": "22", "year": 2009},
                {"title": "PP 28/2024 tentang pelaksanaan UU 17/2023"},
                {"title": "Kebiasaan"},
            ],
            "fees": {
                "fee_kind": "fixed",
                "lines": [{"amount_idr": 1, "legal_basis": "PP 76/2020 jo. UU 9/2018"}],
            },
        }
    )

    assert [(one.path, one.key) for one in citations(document)] == [
        ("legal_bases[0]", ("uu", "22", 2009)),
        ("legal_bases[1]", ("pp", "28", 2024)),
        ("fees.lines[0].legal_basis", ("pp", "76", 2020)),
        ("fees.lines[0].legal_basis", ("uu", "9", 2018)),
    ]

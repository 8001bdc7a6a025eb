"""Sheets with one text a component, and CSV: what is made of them is a guess that can be looked at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siapa.publishing import spreadsheet
from siapa.publishing.spreadsheet import splitting
from siapa.publishing.spreadsheet.cells import guarded, unguarded
from siapa.records import Standard
from tests.publishing.cast import Cast, published
from tests.publishing.spreadsheet.sheets import cells_of, counts, entries, previewed, workbook

OLDER = (
    b'No;Nama Pelayanan;Persyaratan;Sistem, Mekanisme dan Prosedur;Jangka Waktu Penyelesaian;Biaya/Tarif;'
    b'Produk Pelayanan;Penanganan Pengaduan;Dasar Hukum\n'
    b'1;Akta kelahiran;"1. Surat lahir\n2. KTP-el orang tua\n3. Berusia 17 tahun";'
    b'"1) Ambil nomor 2) Serahkan berkas";'
    b'3-5 hari kerja;Gratis;Akta;"Surel adu@contoh.go.id, telepon (0401) 123456";'
    b'"UU Nomor 24 Tahun 2013 tentang Administrasi Kependudukan"\n'
)  # fmt: skip


def test_an_older_sheet_becomes_standards_and_says_what_was_guessed(cast: Cast) -> None:
    batch = previewed(cast, OLDER)

    (one,) = entries(batch)
    assert counts(batch) == (1, 0, 0, 0)
    assert batch.mapping["Nama Pelayanan"] == "title" and batch.mapping["No"] == ""
    assert [item["text"] for item in one.document["requirements"]] == [
        "Surat lahir", "KTP-el orang tua", "Berusia 17 tahun",
    ]  # fmt: skip
    assert [item["kind"] for item in one.document["requirements"]][-1] == "condition"
    assert one.document["procedure"] == [{"text": "Ambil nomor"}, {"text": "Serahkan berkas"}]
    assert one.document["processing_time"] == [{"amount_max": 5, "unit": "working_day", "amount_min": 3}]
    assert one.document["fees"]["fee_kind"] == "free"
    assert {c["kind"] for c in one.document["complaint_handling"]["channels"]} == {"email", "phone"}
    assert one.document["legal_bases"][0]["number"] == "24"
    guessed = {guess["component"]: guess for guess in one.guesses}
    assert guessed["processing_time"]["text"] == "3-5 hari kerja"
    assert guessed["requirements"]["made"][0] == {"text": "Surat lahir", "kind": "document"}


def test_what_a_column_is_for_can_be_said(cast: Cast) -> None:
    content = b"Perihal,Ongkos\nAkta kelahiran,Rp50.000\n"
    mapping = {"Perihal": "title", "Ongkos": "fees"}

    with pytest.raises(Exception, match="judul kolom"):
        previewed(cast, content)
    batch = previewed(cast, b"Judul,Perihal,Ongkos\nx,Akta kelahiran,Rp50.000\n", mapping=mapping)

    (one,) = entries(batch)
    assert one.document == {
        "title": "Akta kelahiran", "fees": {"fee_kind": "fixed", "lines": [{"amount_idr": 50000}]},
    }  # fmt: skip


def test_a_text_that_says_nothing_certain_is_an_error_and_not_a_guess(cast: Cast) -> None:
    batch = previewed(cast, b"Nama layanan;Biaya;Jangka waktu\nAkta;menurut perda;secepatnya\n")

    (one,) = entries(batch)
    assert {problem["cell"] for problem in one.problems} == {"B2", "C2"}


def test_what_an_older_sheet_has_no_column_for_stays(cast: Cast) -> None:
    live: Standard = published(cast)

    batch = previewed(cast, f"Slug;Judul;Biaya\n{live.slug};Penerbitan Kartu Keluarga;Rp10.000\n".encode())

    (one,) = entries(batch)
    assert counts(batch) == (0, 1, 0, 0)
    assert one.document["requirements"] == live.live.document["requirements"]
    assert one.document["fees"]["lines"] == [{"amount_idr": 10000}]


def test_the_same_csv_again_is_all_there(cast: Cast) -> None:
    spreadsheet.take_in(previewed(cast, OLDER).id, by=cast.author)

    assert counts(previewed(cast, OLDER)) == (0, 0, 1, 0)


def test_errors_are_marked_in_the_file_and_no_cell_of_it_runs(cast: Cast) -> None:
    content = b"Nama layanan;Biaya\n=cmd|' /C calc'!A0;menurut perda\n"
    batch = previewed(cast, content)

    marked = spreadsheet.annotated(batch)

    sheets = cells_of(marked)
    assert sheets["CSV"][1] == ["=cmd|' /C calc'!A0", "menurut perda"]
    assert sheets["Kesalahan"][1][:3] == ["CSV!B2", "Biaya/tarif", "menurut perda"]
    assert b"<f>" not in b"".join(_parts(marked))
    assert counts(previewed(cast, marked)) == (0, 0, 0, 1)


def test_a_template_runs_nothing_and_says_the_same_when_it_comes_back(cast: Cast) -> None:
    published(cast, title='=HYPERLINK("http://x";"y")', summary="@SUM(A1)", audience="+62 dan -1")

    content = spreadsheet.template(cast.own)

    assert b"<f>" not in b"".join(_parts(content)) and b"quotePrefix" in b"".join(_parts(content))
    assert counts(previewed(cast, content)) == (0, 0, 1, 0)
    assert counts(previewed(cast, workbook(cells_of(content)))) == (0, 0, 1, 0)


def _parts(content: bytes) -> list[bytes]:
    from tests.publishing.spreadsheet.test_bad_files import members

    return list(members(content).values())


@given(st.text(max_size=30))
def test_a_guarded_text_starts_no_formula_and_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text(max_size=300))
def test_splitting_takes_any_text(text: str) -> None:
    for split in (splitting.items, splitting.limits, splitting.fees, splitting.complaints,
                  splitting.legal_bases, splitting.requirements):  # fmt: skip
        split(text)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Paling lama 14 (empat belas) hari kerja", [(None, 14, "working_day", None)]),
        ("Baru: 3 hari; Perpanjangan: 1 hari", [(None, 3, "day", "Baru"), (None, 1, "day", "Perpanjangan")]),
        ("10 s/d 15 menit", [(10, 15, "minute", None)]),
        ("segera", []),
    ],
)
def test_time_limits_are_found_in_a_text(text: str, made: list[tuple[object, ...]]) -> None:
    found = splitting.limits(text)

    assert [(f.get("amount_min"), f["amount_max"], f["unit"], f.get("case")) for f in found] == made


@pytest.mark.parametrize(
    ("text", "kind", "amounts"),
    [
        ("Tidak dipungut biaya", "free", []),
        ("Rp. 350.000,-", "fixed", [350000]),
        ("1. SIM A: Rp120.000\n2. SIM C: Rp100.000", "tariff_table", [120000, 100000]),
    ],
)
def test_fees_are_found_in_a_text(text: str, kind: str, amounts: list[int]) -> None:
    found = splitting.fees(text)

    assert found is not None
    assert (found["fee_kind"], [line["amount_idr"] for line in found.get("lines", [])]) == (kind, amounts)

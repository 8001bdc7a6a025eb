"""What is asked decides: a question without words, words beside the subject, offices, opening hours."""

from __future__ import annotations

from datetime import time

import pytest
from flask import Flask

from siapa.extensions import db
from siapa.records import ChangeKind, Hours, seed_id
from siapa.search import Found, Query, find
from tests.search.making import tell


def codes(found: Found) -> list[str | None]:
    return [hit.service_code for hit in found.results]


@pytest.mark.parametrize("text", ["*", "(((", '"', "\U0001f600", "the", "yang di", "?!"])
def test_a_question_without_words_finds_nothing_and_says_so(registry: Flask, text: str) -> None:
    found = find(Query(text=text))

    assert (found.total, found.is_empty_question) == (0, True)


def test_no_question_at_all_still_browses(registry: Flask) -> None:
    found = find(Query())

    assert found.total > 0
    assert not found.is_empty_question


def test_signs_beside_a_filter_browse_what_the_filter_leaves(registry: Flask) -> None:
    found = find(Query(text="***", category="kendaraan"))

    assert not found.is_empty_question
    assert set(codes(found)) <= {"SIM-C-BARU", "SIM-C-PANJANG"}


def test_tags_typed_into_the_search_find_nothing(seeded: Flask) -> None:
    assert find(Query(text="<b>alert(1)</b>")).total == 0


@pytest.mark.parametrize("text", ["prakerja", "kip sma", "ikut pip sekolah"])
def test_a_programme_that_is_not_here_is_neither_mended_nor_answered_by_the_words_beside_it(
    seeded: Flask, text: str
) -> None:
    found = find(Query(text=text))

    assert found.corrected is None
    assert found.total == 0


def test_words_said_of_any_service_do_not_bring_in_other_subjects(seeded: Flask) -> None:
    found = find(Query(text="listrik mati sejak pagi"))

    assert set(codes(found)) == {"PLN-PASANG", "PLN-TAMBAHDAYA"}


def test_a_frequent_word_does_not_fill_the_page_for_an_unknown_one(seeded: Flask) -> None:
    assert find(Query(text="izin zzyyxx")).total == 0


def test_a_known_subject_beside_an_unknown_word_is_found_in_part(seeded: Flask) -> None:
    found = find(Query(text="ktp zzyyxx"))

    assert found.is_partial
    assert codes(found)[0] == "KTP-BARU"


def test_an_office_means_all_it_does(seeded: Flask) -> None:
    samsat = {"PKB-TAHUNAN", "STNK-5TAHUN", "BALIK-NAMA-KENDARAAN", "MUTASI-KENDARAAN"}

    assert set(codes(find(Query(text="samsat")))) == samsat
    assert codes(find(Query(text="alamat dan jam buka samsat")))[0] in samsat


def test_open_now_is_dropped_where_no_place_has_told_its_hours(registry: Flask) -> None:
    found = find(Query(text="bikin ktp kendari yang buka sekarang"))

    assert not found.is_open_now
    assert codes(found)[0] == "KTP-BARU"


def test_open_now_is_a_filter_where_hours_are_known(registry: Flask) -> None:
    for day in range(1, 8):
        db.session.add(
            Hours(
                location_id=seed_id("location", "mpp-konawe"),
                weekday=day,
                opens_at=time(0, 0),
                closes_at=time(23, 59, 59),
            )
        )
    tell(ChangeKind.LOCATION_CHANGED, seed_id("location", "mpp-konawe"))

    found = find(Query(text="ktp baru buka sekarang", group="standard"))

    assert found.is_open_now
    assert [hit.location_ids for hit in found.results] == [(seed_id("location", "mpp-konawe"),)]


def test_regions_are_counted_over_grouped_results(registry: Flask) -> None:
    everywhere = find(Query(text="bikin ktp"))
    province = find(Query(text="bikin ktp", region="74"))

    assert everywhere.is_grouped and province.is_grouped
    assert {value.value for value in everywhere.facets["region"]} == {"32", "74"}
    assert {value.value for value in province.facets["region"]} == {"74.02", "74.71"}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("pindah dari luar kota", "PINDAH-DATANG"),
        ("pindah ke luar kota", "PINDAH-KELUAR"),
        ("jadwal sim keliling untuk perpanjang sim c", "SIM-C-PANJANG"),
        ("passport for my 5 year old daughter", "PASPOR-ANAK"),
        ("put up a billboard", "IZIN-REKLAME"),
        ("akta kematain", "AKTA-MATI"),  # no everyday form of "mata", but two letters changed over
    ],
)
def test_small_words_letters_and_numbers_are_read_for_what_they_are(
    seeded: Flask, text: str, first: str
) -> None:
    assert codes(find(Query(text=text)))[0] == first


def test_a_place_written_together_with_its_preposition_is_a_filter(seeded: Flask) -> None:
    found = find(Query(text="bikinktp dibekasi"))

    assert found.region is not None and found.region.label == "Kota Bekasi"
    assert found.corrected == "bikin ktp di bekasi"
    assert codes(found)[0] == "KTP-BARU"


@pytest.mark.parametrize(
    ("text", "first", "never"),
    [
        ("akta tanah hilang", "SK-HILANG", "AKTA-LAHIR"),
        ("lowongan kerja", "AK1", "SIP-PERAWAT"),
        ("akta kematian", "AKTA-MATI", "SKCK"),
        ("bpjs kesehatan", "JKN-DAFTAR", "STR-NAKES"),
        ("izin usaha", "NIB", "JKN-UBAH"),
        ("spt", "SPT-ASISTENSI", "PKB-TAHUNAN"),
        ("ktp hilang", "KTP-GANTI", "AKTA-LAHIR"),
        ("pajak motor", "PKB-TAHUNAN", "GADAI"),
        ("rumah sakit", "JKN-UBAH", "PBB-BAYAR"),
        ("cek bpjs", "JKN-AKTIF", "TANAH-CEK"),
        ("bpkb", "BALIK-NAMA-KENDARAAN", "KIR"),
    ],
)
def test_beside_the_right_service_there_is_nothing_silly(
    seeded: Flask, text: str, first: str, never: str
) -> None:
    found = codes(find(Query(text=text)))

    assert found[0] == first
    assert never not in found


def test_a_lost_thing_needs_the_report_of_its_loss_too(seeded: Flask) -> None:
    assert codes(find(Query(text="ktp hilang")))[:2] == ["KTP-GANTI", "SK-HILANG"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("sudah cerai di pengadilan mau bikin kk sendiri", "KK-BARU"),
        ("skck untuk syarat melamar kerja", "SKCK"),
        ("mau bikin kk sendiri karena sudah cerai di pengadilan", "KK-BARU"),
    ],
)
def test_what_is_wanted_counts_more_than_why(seeded: Flask, text: str, first: str) -> None:
    assert codes(find(Query(text=text)))[0] == first

"""The page of one standard: fee, time, how, where first; what is missing and unsure is said."""

from __future__ import annotations

import json

from flask.testing import FlaskClient

from tests.web.site.cast import HOSTILE, KIA, KTP, LOAN, WITHDRAWN
from tests.web.site.reading import read

STANDARD = "/standar/" + "/".join(KTP)
PRICED = "/standar/" + "/".join(KIA)
MIXED = "/standar/" + "/".join(LOAN)
OLD = "/standar/" + "/".join(WITHDRAWN)


def test_the_box_comes_first_with_fee_time_way_and_place(visitor: FlaskClient) -> None:
    page = read(visitor, STANDARD)

    assert page.words(".//div[@class='ticket']//dt") == ["Biaya", "Waktu", "Cara", "Lokasi"]
    fee, time, way, place = page.words(".//div[@class='ticket']//dd")
    assert fee.startswith("Gratis")
    assert time.startswith("1-3 hari kerja")
    assert "Daring" in way
    assert "MPP Kota Kendari" in place


def test_money_is_written_as_rupiah(visitor: FlaskClient) -> None:
    page = read(visitor, PRICED)

    assert page.words(".//div[@class='ticket']//dd")[0].startswith("Rp50.000 – Rp350.000")
    assert "Gratis" not in page.text


def test_a_line_without_an_amount_makes_the_fee_a_least_one(visitor: FlaskClient) -> None:
    box = read(visitor, MIXED).words(".//div[@class='ticket']//dd")[0]
    card = read(visitor, "/instansi/" + LOAN[0]).words(".//ul[@class='facts']/li")[0]

    assert box.startswith("Mulai Rp35.000Bunga: Menurut jumlah pinjaman.")
    assert card == "Biaya: Mulai Rp35.000"


def test_the_box_says_of_each_fact_whether_it_has_a_source(visitor: FlaskClient) -> None:
    fee, time, way, place = read(visitor, STANDARD).words(".//div[@class='ticket']//dd")

    assert fee.endswith("bersumber")
    assert time.endswith("belum diverifikasi")
    assert way.endswith("belum diverifikasi")
    assert place.endswith("tersirat dari sumber")


def test_the_sources_say_which_parts_they_cover(visitor: FlaskClient) -> None:
    box = read(visitor, STANDARD).words(".//section[@class='source']/p")

    assert box[0].startswith("Bersumber: persyaratan; biaya/tarif. Belum diverifikasi: bagian lainnya.")
    assert "Tersirat" not in " ".join(box)


def test_a_national_outline_says_that_it_is_no_decree_of_the_agency(visitor: FlaskClient) -> None:
    outline, decreed = read(visitor, PRICED), read(visitor, STANDARD)
    sentence = "Isi halaman ini gambaran nasional, bukan standar yang ditetapkan Disdukcapil Kota Kendari."

    assert sentence in outline.text
    assert "Belum ada isinya" in outline.text
    assert "Dimuat pada 1 Februari 2026" in outline.text
    assert "Berlaku sejak" not in outline.text
    assert "Seharusnya ditinjau ulang" not in outline.text
    assert "gambaran nasional" not in decreed.text
    assert "Berlaku sejak 1 Februari 2026" in decreed.text
    assert "Seharusnya ditinjau ulang" in decreed.text
    assert "Belum diisi instansi" in decreed.text


def test_a_place_says_what_its_source_says_and_no_more(visitor: FlaskClient) -> None:
    named, agreed = read(visitor, STANDARD), read(visitor, MIXED)

    assert "Gerai disebut dalam sumber; layanan di gerainya tidak dirinci." in named.text
    assert "Belum pasti ada gerainya." in agreed.text
    assert "Hanya:" not in agreed.text


def test_what_is_for_researchers_is_folded(visitor: FlaskClient) -> None:
    page = read(visitor, STANDARD)

    assert page.words(".//details[@class='small']/summary") == ["Rincian untuk peneliti"]
    assert len(page.all(".//details[@class='small']//code[@class='digest']")) == 1


def test_programs_are_told_no_fee_and_no_place_without_a_source(visitor: FlaskClient) -> None:
    unsure = json.loads(read(visitor, PRICED).words(".//script[@type='application/ld+json']")[0])
    sure = json.loads(read(visitor, STANDARD).words(".//script[@type='application/ld+json']")[0])

    assert not {"isAccessibleForFree", "offers"} & set(unsure)
    assert sure["isAccessibleForFree"] is True
    assert "availableChannel" not in sure


def test_what_only_one_case_needs_stands_under_that_case(visitor: FlaskClient) -> None:
    page = read(visitor, STANDARD)

    lists = [
        ["".join(item.itertext()).split(" (")[0].strip() for item in one.findall("./li")]
        for one in page.all(".//ul[@class='checklist']")
    ]

    assert lists == [["Kartu Keluarga", "Hadir untuk rekam foto"], ["Surat kehilangan dari polisi"]]
    assert page.words(".//h3[@class='case']") == ["Bila: KTP hilang"]


def test_missing_components_are_named(visitor: FlaskClient) -> None:
    page = read(visitor, STANDARD)

    assert "10/14" in page.words(".//p[@class='meter-words']")[0]
    assert page.words(".//ul[@class='missing']/li") == [
        "Kompetensi pelaksana", "Pengawasan internal", "Jaminan keamanan dan keselamatan",
        "Evaluasi kinerja pelaksana",
    ]  # fmt: skip


def test_each_part_says_whether_a_source_stands_behind_it(visitor: FlaskClient) -> None:
    page = read(visitor, STANDARD)

    headings = page.words(".//section[@class='component']/h2")

    assert "Persyaratan bersumber" in headings
    assert "Jangka waktu belum diverifikasi" in headings


def test_the_limits_of_a_place_are_said(visitor: FlaskClient) -> None:
    assert "Hanya: pencetakan ulang saja" in read(visitor, STANDARD).text


def test_it_links_its_json_and_shows_its_digest(visitor: FlaskClient) -> None:
    page = read(visitor, STANDARD)
    address = next(link for link in page.links() if link.startswith("/api/v1/standards/"))

    told = visitor.get(address).get_json()

    assert page.words(".//code[@class='digest']")[0] in json.dumps(told)


def test_the_structured_data_is_json_and_names_the_agency(visitor: FlaskClient) -> None:
    page = read(visitor, STANDARD)

    data = json.loads(page.words(".//script[@type='application/ld+json']")[0])

    assert data["@type"] == "GovernmentService"
    assert data["serviceOperator"]["name"] == "Disdukcapil Kota Kendari"
    assert data["offers"] == [{"@type": "Offer", "price": 0, "priceCurrency": "IDR"}]


def test_a_text_that_looks_like_a_script_stays_a_text(visitor: FlaskClient) -> None:
    page = read(visitor, PRICED)

    assert HOSTILE not in page.html
    assert HOSTILE in page.text
    assert HOSTILE in json.loads(page.words(".//script[@type='application/ld+json']")[0])["description"]


def test_the_history_lists_every_edition_and_what_changed(visitor: FlaskClient) -> None:
    page = read(visitor, f"{STANDARD}/riwayat")

    assert page.words(".//ol/li/h2") == ["Versi 2 Berlaku", "Versi 1 Diganti"]
    assert "Berubah: Ringkasan" in page.text


def test_a_former_edition_says_that_it_is_not_in_force(visitor: FlaskClient) -> None:
    page = read(visitor, f"{STANDARD}/riwayat/1")

    assert "Ringkasan lama." in page.text
    assert "bukan versi yang berlaku" in page.text


def test_a_withdrawn_standard_says_why_and_what_replaces_it(visitor: FlaskClient) -> None:
    page = read(visitor, OLD, status=410)

    assert "Digabung dengan KTP-el." in page.text
    assert STANDARD in page.links()


def test_a_service_without_a_standard_shows_the_outline_as_not_promised(visitor: FlaskClient) -> None:
    page = read(visitor, "/layanan/paspor-baru")

    assert "Belum ada instansi yang memuat standar" in page.text
    assert "bukan janji suatu instansi" in page.text
    assert "Kartu Keluarga" in page.text
    assert "Gratis" not in page.text

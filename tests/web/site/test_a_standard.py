"""The page of one standard: fee, time, how, where first; what is missing and unsure is said."""

from __future__ import annotations

import json

from flask.testing import FlaskClient

from tests.web.site.cast import HOSTILE, KIA, KTP, WITHDRAWN
from tests.web.site.reading import read

STANDARD = "/standar/" + "/".join(KTP)
PRICED = "/standar/" + "/".join(KIA)
OLD = "/standar/" + "/".join(WITHDRAWN)


def test_the_box_comes_first_with_fee_time_way_and_place(visitor: FlaskClient) -> None:
    page = read(visitor, STANDARD)

    assert page.words(".//div[@class='ticket']//dt") == ["Biaya", "Waktu", "Cara", "Lokasi"]
    fee, time, way, place = page.words(".//div[@class='ticket']//dd")
    assert (fee, time) == ("Gratis", "1-3 hari kerja")
    assert "Daring" in way
    assert "MPP Kota Kendari" in place


def test_money_is_written_as_rupiah(visitor: FlaskClient) -> None:
    page = read(visitor, PRICED)

    assert page.words(".//div[@class='ticket']//dd")[0] == "Rp50.000 – Rp350.000"
    assert "Gratis" not in page.text


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

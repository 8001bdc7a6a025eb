"""Malls, agencies and regions: what is known is shown, what is not is said."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.web.site.reading import read


def test_a_mall_shows_hours_counters_and_services(visitor: FlaskClient) -> None:
    page = read(visitor, "/mpp/mpp-kota-kendari")

    assert page.words(".//table//th")[2:4] == ["Senin", "Selasa"]
    assert "08.00–15.00 WITA" in page.text
    assert "diperiksa 30 Mei 2023" in page.text
    assert "Penerbitan KTP-el baru" in page.text


def test_counters_that_are_only_agreed_are_counted_and_listed_apart(visitor: FlaskClient) -> None:
    page = read(visitor, "/mpp/mpp-kota-kendari")

    counters, services = page.words(".//div[@class='ticket']//dd")[2:]
    headings = page.words(".//main//h3")

    assert counters.startswith("2 gerai tercantum, 1 baru perjanjian")
    assert services == "2 tercantum di sini, 1 belum pasti"
    assert {"Belum pasti ada gerainya", "Baru perjanjian 1"} <= set(headings)
    assert "Hanya: Belum pasti" not in page.text


def test_a_counter_that_is_only_inferred_is_not_said_to_be_named(visitor: FlaskClient) -> None:
    rows = read(visitor, "/mpp/mpp-kota-kendari").words(".//ul[@class='rows counters']/li")

    named, inferred = (next(row for row in rows if name in row) for name in ("Disdukcapil", "Bapenda"))

    assert "bersumber" in named
    assert "Disebut dalam sumber" in named
    assert "tersirat dari sumber" in inferred
    assert "Disebut dalam sumber" not in inferred
    assert "Sumber menulis Bappenda." in inferred


def test_a_point_stands_under_location_and_not_under_contact(visitor: FlaskClient) -> None:
    sections = read(visitor, "/mpp/mpp-kota-kendari").words(".//aside/section")

    assert "122.5300" in next(words for words in sections if words.startswith("Lokasi"))
    assert "122.5300" not in next(words for words in sections if words.startswith("Kontak"))


def test_cards_say_that_fee_and_time_are_not_verified(visitor: FlaskClient) -> None:
    places = (
        "/", "/layanan", "/layanan/penerbitan-ktp-el-baru", "/instansi/disdukcapil-kota-kendari",
        "/mpp/mpp-kota-kendari", "/cari?q=ktp", "/cari?q=ktp+kendari", "/peristiwa/dewasa-17",
    )  # fmt: skip

    said = {address: read(visitor, address).words(".//li[@class='unsure']") for address in places}

    assert all("belum diverifikasi" in marks for marks in said.values()), said
    assert "belum seluruhnya diverifikasi" in said["/mpp/mpp-kota-kendari"]


def test_a_mall_says_that_its_point_is_only_the_centre_of_the_region(visitor: FlaskClient) -> None:
    assert "pusat wilayah, bukan gedungnya" in read(visitor, "/mpp/mpp-kota-kendari").text


def test_a_mall_whose_list_is_not_complete_says_so(visitor: FlaskClient) -> None:
    page = read(visitor, "/mpp/mpp-kota-kendari")

    assert "menurut sumber ada 20 instansi" in page.text
    assert "Daftar ini belum lengkap" in page.text


def test_a_mall_of_which_nothing_is_known_says_so(visitor: FlaskClient) -> None:
    page = read(visitor, "/mpp/mpp-kabupaten-buton")

    assert "Belum diketahui instansi mana" in page.text
    assert "Jam buka belum diketahui" in page.text
    assert "Setiap hari kerja (jam tidak disebut)" in page.text


def test_a_search_within_a_mall_stays_in_it(visitor: FlaskClient) -> None:
    page = read(visitor, "/mpp/mpp-kota-kendari")

    hidden = page.all(".//main//form/input[@type='hidden']")

    assert [(one.get("name"), one.get("value")) for one in hidden] == [("mall", "mpp-kota-kendari")]


def test_malls_are_listed_by_province_and_narrowed_by_region(visitor: FlaskClient) -> None:
    everywhere, nowhere = read(visitor, "/mpp?region=74"), read(visitor, "/mpp?region=31")

    assert "MPP Kabupaten Buton" in everywhere.text
    assert "Belum ada mal yang diketahui" in nowhere.text


def test_the_nearest_mall_comes_first_with_its_distance(visitor: FlaskClient) -> None:
    page = read(visitor, "/mpp?near=-3.99,122.53")

    assert page.words(".//main//li[@class='card']//h2")[0] == "MPP Kota Kendari"
    assert "0,0 km dari titik Anda (ke pusat wilayah)" in page.text


def test_an_agency_shows_its_standards_and_counters(visitor: FlaskClient) -> None:
    page = read(visitor, "/instansi/disdukcapil-kota-kendari")

    assert "Penerbitan KTP-el baru" in page.text
    assert "/mpp/mpp-kota-kendari" in page.links()


def test_agencies_are_narrowed_by_letter(visitor: FlaskClient) -> None:
    with_d, with_z = read(visitor, "/instansi?initial=D"), read(visitor, "/instansi?initial=Z")

    assert "Disdukcapil Kota Kendari" in with_d.text
    assert "Belum ada instansi" in with_z.text


def test_a_region_leads_down_and_up(visitor: FlaskClient) -> None:
    province, city = read(visitor, "/wilayah/74"), read(visitor, "/wilayah/74.71")

    assert "/wilayah/74.71" in province.links()
    assert "/wilayah/74" in city.links()
    assert "WITA" in city.text


def test_services_stand_under_the_letter_of_the_name_that_is_shown(visitor: FlaskClient) -> None:
    indonesian, english = read(visitor, "/layanan"), read(visitor, "/en/layanan")

    assert indonesian.words(".//h2[@class='letter']") == ["P"]
    assert english.words(".//h2[@class='letter']") == ["N"]
    assert english.words(".//li[@class='card']/h3") == ["New electronic ID card", "New passport"]

"""A place in the words becomes a filter."""

from __future__ import annotations

import pytest

from siapa.search.places import Gazetteer, Place, Recognised

KENDARI = Place("74.71", "Kota Kendari", "Kendari City", "city")
KONAWE = Place("74.02", "Kabupaten Konawe", "Konawe Regency", "regency")
SOUTH = Place("74.05", "Kabupaten Konawe Selatan", "South Konawe Regency", "regency")
CITY = Place("32.73", "Kota Bandung", "Bandung City", "city")
REGENCY = Place("32.04", "Kabupaten Bandung", "Bandung Regency", "regency")
PROVINCE = Place("74", "Sulawesi Tenggara", "Southeast Sulawesi", "province")


@pytest.fixture
def gazetteer() -> Gazetteer:
    known = Gazetteer()
    known.add(KENDARI, ["Kendari"])
    known.add(KONAWE, ["Konawe", "Unaaha"])
    known.add(SOUTH, ["Konawe Selatan", "Konsel"])
    known.add(REGENCY, ["Bandung", "Soreang"])
    known.add(CITY, ["Bandung"])
    known.add(PROVINCE, ["Sulawesi Tenggara", "Sultra"])
    return known


def recognised(
    gazetteer: Gazetteer, text: str, *, service_words: frozenset[str] = frozenset()
) -> tuple[str, Recognised]:
    parts = text.split()
    found = gazetteer.recognise(parts, lambda word: word in service_words)
    return " ".join(parts[place] for place in found.left), found


@pytest.mark.parametrize(
    ("text", "left", "place"),
    [
        ("perpanjang sim c kendari", "perpanjang sim c", KENDARI),
        ("ktp di kota kendari", "ktp", KENDARI),
        ("paspor mpp kendari", "paspor", KENDARI),
        ("paspor di mal pelayanan publik kota kendari", "paspor", KENDARI),
        ("mal kendari", "", KENDARI),
        ("bayar pajak unaaha", "bayar pajak", KONAWE),
        ("kia konawe selatan", "kia", SOUTH),
        ("nib sultra", "nib", PROVINCE),
        ("id card in kendari", "id card", KENDARI),
    ],
)
def test_a_place_and_what_leads_to_it_are_taken_out(
    gazetteer: Gazetteer, text: str, left: str, place: Place
) -> None:
    rest, found = recognised(gazetteer, text)

    assert (rest, found.place) == (left, place)


def test_of_one_name_the_city_is_taken_and_the_regency_offered(gazetteer: Gazetteer) -> None:
    _rest, found = recognised(gazetteer, "ktp bandung")

    assert found.place == CITY
    assert found.alternatives == (REGENCY,)


def test_the_level_said_before_a_name_decides(gazetteer: Gazetteer) -> None:
    _rest, found = recognised(gazetteer, "ktp kab bandung")

    assert found.place == REGENCY
    assert found.alternatives == (CITY,)


def test_a_second_place_is_taken_out_and_offered(gazetteer: Gazetteer) -> None:
    rest, found = recognised(gazetteer, "pindah kendari ke konawe")

    assert rest == "pindah"
    assert (found.place, found.alternatives) == (KENDARI, (KONAWE,))


def test_a_word_of_a_services_name_stays_a_word(gazetteer: Gazetteer) -> None:
    rest, found = recognised(gazetteer, "rekening bank sultra", service_words=frozenset({"sultra"}))

    assert rest == "rekening bank sultra"
    assert found.place is None


def test_a_city_that_nobody_asks_for_leaves_kota_alone(gazetteer: Gazetteer) -> None:
    rest, found = recognised(gazetteer, "keterangan rencana kota")

    assert rest == "keterangan rencana kota"
    assert found.place is None

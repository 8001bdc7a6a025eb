"""A query that names a mall or an office shows it, and one that names only a mall is about the mall."""

from __future__ import annotations

import pytest
from flask import Flask

from siapa.search import Found, Query, find


def named(found: Found) -> list[tuple[str, str]]:
    return [(place.kind, place.key) for place in found.places]


@pytest.mark.parametrize("text", ["mpp kendari", "Mal Pelayanan Publik Kota Kendari", "jam buka mpp kendari"])
def test_a_query_that_names_only_a_mall_is_about_that_mall(registry: Flask, text: str) -> None:
    found = find(Query(text=text))

    assert named(found)[0] == ("mall", "mpp-kendari")
    assert found.understood == ""
    assert {hit.service_code for hit in found.results} == {"KTP-BARU", "KTP-GANTI", "SIM-C-PANJANG"}


def test_a_service_asked_for_at_a_mall_is_ranked_and_the_mall_named(registry: Flask) -> None:
    found = find(Query(text="perpanjang sim c mpp kendari"))

    assert found.results[0].service_code == "SIM-C-PANJANG"
    assert named(found) == [("mall", "mpp-kendari")]


def test_an_office_is_named_with_its_place(registry: Flask) -> None:
    found = find(Query(text="disdukcapil kendari"))

    assert named(found)[0] == ("agency", "dukcapil-kendari")


def test_a_place_alone_names_the_place_and_its_mall(registry: Flask) -> None:
    assert named(find(Query(text="konawe"))) == [("mall", "mpp-konawe"), ("region", "74.02")]


def test_the_nearest_malls_come_first_for_who_says_where_they_are(registry: Flask) -> None:
    found = find(Query(text="mpp terdekat", near=(-6.9, 107.6)))

    assert named(found)[0] == ("mall", "mpp-bandung")


def test_a_service_beside_a_place_names_no_mall(registry: Flask) -> None:
    assert find(Query(text="bikin ktp kendari")).places == ()


def test_a_mall_without_services_is_found_all_the_same(seeded: Flask) -> None:
    found = find(Query(text="mpp banyuwangi"))

    assert named(found)[0] == ("mall", "mpp-kabupaten-banyuwangi")
    assert found.total == 0

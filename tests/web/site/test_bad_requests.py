"""Bad input is answered with what is wrong; parameters nobody knows are left alone."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from siapa.locales import using
from siapa.web.labels import PARAMETER_NAMES
from tests.web.site.reading import read

HUGE = "1" + "0" * 30


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/mpp?region=xx", "region"),
        (f"/mpp?page={HUGE}", "page"),
        ("/mpp?page=0", "page"),
        ("/mpp?page=-1", "page"),
        ("/mpp?page=1.5", "page"),
        ("/mpp?page=%D9%A1", "page"),
        ("/mpp?near=here", "near"),
        ("/mpp?near=nan,nan", "near"),
        ("/mpp?near=91,0", "near"),
        ("/instansi?kind=castle", "kind"),
        ("/instansi?initial=AB", "initial"),
        ("/instansi?region=99.99", "region"),
        (f"/layanan?page={HUGE}", "page"),
        ("/layanan?category=nothing", "category"),
        ("/cari?q=ktp&region=xx", "region"),
        (f"/cari?q=ktp&page={HUGE}", "page"),
        ("/cari?q=ktp&sort=random", "sort"),
        ("/cari?q=ktp&sort=distance", "sort"),
        ("/cari?q=ktp&free=maybe", "free"),
        ("/cari?q=ktp&max_days=soon", "max_days"),
        ("/cari?q=ktp&near=inf,1", "near"),
        ("/cari?q=ktp&mall=nowhere", "mall"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(visitor: FlaskClient, address: str, named: str) -> None:
    page = read(visitor, address, status=422)

    with using("id"):
        assert page.words(".//ul[@class='problems']/li/strong") == [str(PARAMETER_NAMES[named])]
    assert f"{named}:" not in page.text


@pytest.mark.parametrize(
    ("address", "moved"),
    [
        ("/mpp/", "/mpp"),
        ("/cari/?q=ktp&region=74", "/cari?q=ktp&region=74"),
        ("/en/mpp/", "/en/mpp"),
        ("/mpp/mpp-kota-kendari/", "/mpp/mpp-kota-kendari"),
        ("/wilayah/74///", "/wilayah/74"),
    ],
)
def test_a_slash_at_the_end_leads_to_the_page(visitor: FlaskClient, address: str, moved: str) -> None:
    answer = visitor.get(address)

    assert (answer.status_code, answer.headers["Location"]) == (308, moved)


@pytest.mark.parametrize(
    "address", ["/tidak-ada/", "/mpp//evil.example/", "/%5Cevil.example/", "/api/v1/nothing/"]
)
def test_a_slash_at_the_end_of_no_page_leads_nowhere(visitor: FlaskClient, address: str) -> None:
    answer = visitor.get(address)

    assert answer.status_code == 404
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    "address", ["/?x=1", "/mpp?utm_source=news", "/cari?q=ktp&fbclid=1", "/layanan?page="]
)
def test_an_unknown_or_empty_parameter_is_left_alone(visitor: FlaskClient, address: str) -> None:
    assert visitor.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/layanan/tidak-ada", "/standar/tidak/ada", "/standar/tidak/ada/riwayat", "/mpp/tidak-ada",
        "/instansi/tidak-ada", "/wilayah/xx", "/peristiwa/tidak-ada", f"/wilayah/{HUGE}",
        "/standar/disdukcapil-kota-kendari/penerbitan-ktp-el-baru/riwayat/99",
        f"/standar/disdukcapil-kota-kendari/penerbitan-ktp-el-baru/riwayat/{HUGE}",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_page_with_a_search_box(visitor: FlaskClient, address: str) -> None:
    page = read(visitor, address, status=404)

    assert page.all(".//main//form[@role='search']")


def test_a_page_beyond_the_last_is_empty_and_leads_back(visitor: FlaskClient) -> None:
    page = read(visitor, "/cari?q=ktp&page=50")

    assert "/cari?q=ktp" in page.links()
    assert "Halaman hasil itu tidak ada" in page.text

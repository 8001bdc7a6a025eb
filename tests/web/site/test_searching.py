"""The results page: everything that is asked stands in the address and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, quote, urlsplit

from flask import Flask
from flask.testing import FlaskClient

from siapa import search
from siapa.search import FacetValue, Query
from siapa.web.site.results import narrowing_of
from tests.web.site.cast import KTP
from tests.web.site.reading import Read, read


def chips(page: Read) -> dict[str, str]:
    """The filters in use, by their words, and where each one's removal leads."""
    links = page.all(".//a[@class='chip']")
    return {"".join(one.itertext()).split(": ")[-1].strip(): one.get("href", "") for one in links}


def test_a_standard_is_found_with_its_mall(visitor: FlaskClient) -> None:
    page = read(visitor, "/cari?q=ktp+kendari")

    assert "/standar/" + "/".join(KTP) in page.links(".//li[@class='card result']/h2/a")
    assert "MPP Kota Kendari" in page.text


def test_a_place_in_the_words_becomes_a_chip_that_can_be_lifted(visitor: FlaskClient) -> None:
    page = read(visitor, "/cari?q=ktp+kendari")

    lifted = chips(page)["Kota Kendari"]

    assert parse_qs(urlsplit(lifted).query) == {"q": ["ktp"]}
    assert "“kendari” dibaca sebagai tempat" in page.text


def test_each_filter_is_a_chip_and_its_removal_keeps_the_others(visitor: FlaskClient) -> None:
    page = read(visitor, "/cari?q=ktp&free=1&max_days=7")

    removed = chips(page)["Paling lama 7 hari kerja"]

    assert parse_qs(urlsplit(removed).query) == {"q": ["ktp"], "free": ["1"]}


def test_filters_stay_when_other_words_are_searched(visitor: FlaskClient) -> None:
    page = read(visitor, "/cari?q=ktp&region=74&page=1")

    hidden = {one.get("name"): one.get("value") for one in page.all(".//main//form/input[@type='hidden']")}

    assert hidden == {"region": "74"}


def test_a_service_nobody_has_published_is_found_and_says_so(visitor: FlaskClient) -> None:
    page = read(visitor, "/cari?q=paspor")

    assert "/layanan/paspor-baru" in page.links(".//li[@class='card result']/h2/a")
    assert "Belum ada instansi yang memuat standarnya" in page.text


def test_what_the_asked_place_lacks_leads_to_the_nearest_that_has_it(visitor: FlaskClient) -> None:
    page = read(visitor, "/cari?q=ktp+buton")
    english = read(visitor, "/en/cari?q=ktp+buton&near=-4,122.5")

    assert "Tidak tersedia di Kabupaten Buton" in page.text
    assert "/mpp/mpp-kota-kendari" in page.links(".//div[@class='nearest']//a")
    assert "/standar/" + "/".join(KTP) in page.links(".//div[@class='nearest']//a")
    assert "km, terdekat dari pusat Kabupaten Buton" in page.text
    assert "Not available in Buton Regency" in english.text
    assert "km away, the nearest to where you are" in english.text


def test_nothing_found_offers_a_way_on(visitor: FlaskClient) -> None:
    page = read(visitor, "/cari?q=xyzzyx&free=1")

    assert "Tidak ada hasil" in page.words(".//h1")[0]
    assert "/cari?q=xyzzyx" in page.links()
    assert "/peristiwa/dewasa-17" in page.links()


def test_a_search_of_signs_alone_finds_nothing_and_offers_help(visitor: FlaskClient) -> None:
    for text in ("*", "(((", "\N{GRINNING FACE}", "--"):
        page = read(visitor, f"/cari?q={quote(text)}")

        assert page.words(".//h1") == ["Belum ada kata yang dicari"], text
        assert "/peristiwa/dewasa-17" in page.links()
        assert not page.all(".//li[@class='card result']")


def test_everything_is_shown_when_nothing_is_typed_or_only_a_filter_is_set(visitor: FlaskClient) -> None:
    bare, filtered = read(visitor, "/cari"), read(visitor, "/cari?q=*&region=74")

    assert bare.all(".//li[@class='card result']")
    assert filtered.all(".//li[@class='card result']")
    assert "untuk" not in filtered.words(".//h1")[0]


def test_a_mall_that_is_named_stands_above_the_results(visitor: FlaskClient) -> None:
    named, unnamed = read(visitor, "/cari?q=mpp+kota+kendari"), read(visitor, "/cari?q=ktp")

    assert "/mpp/mpp-kota-kendari" in named.links(".//section[@class='named']//a")
    assert named.words(".//section[@class='named']/h2") == ["Mungkin maksud Anda"]
    assert not unnamed.all(".//section[@class='named']")


def facet(*values: str) -> tuple[FacetValue, ...]:
    """Values of a facet, one result each."""
    return tuple(FacetValue(value, value, value, 1) for value in values)


def test_where_the_results_lie_is_the_first_filter_if_they_lie_in_several_places(small: Flask) -> None:
    with small.test_request_context():
        found = search.find(Query("ktp"))
        several = replace(found, total=2, facets={"category": facet("a", "b"), "region": facet("74", "31")})
        single = replace(found, total=2, facets={"category": facet("a", "b"), "region": facet("74")})

        names = [[one.name for one in narrowing_of(Query(), it, {}).facets] for it in (several, single)]

    assert names == [["region", "category"], ["category", "region"]]


def test_open_now_is_offered_only_where_hours_are_known(visitor: FlaskClient) -> None:
    with_hours, without = read(visitor, "/cari?q=ktp"), read(visitor, "/cari?q=paspor")

    assert any("open_now=1" in link for link in with_hours.links())
    assert not any("open_now=1" in link for link in without.links())


def test_signs_of_a_query_language_are_only_signs(visitor: FlaskClient) -> None:
    for text in ("*", "NOT", "(((", '"', "-", "a:b", "%00"[:1], "ktp*", "[1 TO 2]", "~~~"):
        answer = visitor.get("/cari", query_string={"q": text})

        assert answer.status_code == 200, text


def test_a_long_search_is_refused_with_the_limit(visitor: FlaskClient) -> None:
    page = read(visitor, "/cari?q=" + "a" * 300, status=422)

    assert "200" in page.text


def test_what_is_searched_for_is_shown_as_text(visitor: FlaskClient) -> None:
    answer = visitor.get("/cari", query_string={"q": "<b onclick=x>ktp"})

    assert "<b onclick" not in answer.text
    assert "&lt;b onclick" in answer.text


def test_completions_lead_to_pages_of_the_language(visitor: FlaskClient) -> None:
    indonesian = visitor.get("/saran?q=ktp").get_json()["suggestions"]
    english = visitor.get("/en/saran?q=ktp").get_json()["suggestions"]

    assert indonesian[0] == {
        "kind": "service", "kind_label": "Layanan", "label": "Penerbitan KTP-el baru",
        "url": "/layanan/penerbitan-ktp-el-baru",
    }  # fmt: skip
    assert english[0]["url"] == "/en/layanan/penerbitan-ktp-el-baru"
    assert english[0]["label"] == "New electronic ID card"


def test_few_letters_have_no_completions(visitor: FlaskClient) -> None:
    assert visitor.get("/saran?q=k").get_json() == {"suggestions": []}

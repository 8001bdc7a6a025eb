"""robots.txt, sitemaps and OpenSearch name addresses that answer, under the configured host only."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree import ElementTree

from flask.testing import FlaskClient

from tests.web.site.cast import KTP, WITHDRAWN

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PUBLIC = "http://127.0.0.1:8000"


def addresses(client: FlaskClient, path: str) -> list[str]:
    """The addresses that a sitemap names."""
    tree = ElementTree.fromstring(client.get(path).text)
    return [loc.text or "" for loc in tree.iter(f"{MAP}loc")]


def test_the_sitemaps_name_every_page_and_all_of_them_answer(visitor: FlaskClient) -> None:
    parts = addresses(visitor, "/sitemap.xml")
    named = [url for part in parts for url in addresses(visitor, urlsplit(part).path)]

    statuses = {url: visitor.get(urlsplit(url).path).status_code for url in named}

    assert f"{PUBLIC}/standar/{KTP[0]}/{KTP[1]}" in named
    assert f"{PUBLIC}/en/mpp/mpp-kota-kendari" in named
    assert {url for url, status in statuses.items() if status != 200} == set()


def test_a_withdrawn_standard_is_not_in_a_sitemap(visitor: FlaskClient) -> None:
    assert f"{PUBLIC}/standar/{WITHDRAWN[0]}/{WITHDRAWN[1]}" not in addresses(
        visitor, "/sitemap-standards-1.xml"
    )


def test_a_sitemap_beyond_the_last_is_not_found(visitor: FlaskClient) -> None:
    assert visitor.get("/sitemap-standards-2.xml").status_code == 404
    assert visitor.get("/sitemap-standards-0.xml").status_code == 404


def test_the_host_of_the_request_is_never_repeated(visitor: FlaskClient) -> None:
    answer = visitor.get("/sitemap.xml", headers={"Host": "localhost"})

    assert "localhost" not in answer.text
    assert PUBLIC in answer.text


def test_robots_keep_out_of_result_lists(visitor: FlaskClient) -> None:
    lines = visitor.get("/robots.txt").text.splitlines()

    assert {"Disallow: /cari", "Disallow: /en/cari", f"Sitemap: {PUBLIC}/sitemap.xml"} <= set(lines)


def test_the_browser_learns_to_search_here(visitor: FlaskClient) -> None:
    tree = ElementTree.fromstring(visitor.get("/opensearch.xml").text)

    template = next(one.get("template", "") for one in tree if one.tag.endswith("Url"))

    assert template == f"{PUBLIC}/cari?q={{searchTerms}}"


def test_the_icon_is_there_under_its_old_name(visitor: FlaskClient) -> None:
    answer = visitor.get("/favicon.ico", follow_redirects=True)

    assert answer.mimetype == "image/svg+xml"

"""Files that browsers and search engines ask for by name: robots.txt, sitemaps, OpenSearch, the icon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from siapa import catalogue
from siapa.catalogue import MOST_PER_PAGE, Page
from siapa.errors import NotFound
from siapa.locales import LOCALES
from siapa.locales import lazy as _l
from siapa.web.site.addresses import path_in, public_url

discovery = Blueprint("discovery", __name__)

T = TypeVar("T")

#: The protocol allows 50,000 addresses a file; each of our entries is two, one a language.
STANDARDS_A_SITEMAP = 5_000
PAGES = (
    "/", "/layanan", "/mpp", "/instansi", "/wilayah", "/peristiwa", "/data", "/statistik", "/conformance",
    "/bantuan", "/tentang", "/aksesibilitas", "/privasi",
)  # fmt: skip


@discovery.get("/robots.txt")
def robots() -> Response:
    """Everything may be read; result lists and completions are no pages to be kept."""
    lines = (
        "User-agent: *", "Disallow: /cari", "Disallow: /en/cari", "Disallow: /saran", "Disallow: /en/saran",
        f"Sitemap: {public_url('/sitemap.xml')}",
    )  # fmt: skip
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@discovery.get("/favicon.ico")
def favicon() -> Redirect:
    """Browsers that do not read the page's own link look here."""
    return redirect(url_for("static", filename="favicon.svg"), 301)


@discovery.get("/opensearch.xml")
def opensearch() -> Response:
    """The search for a browser's address bar."""
    text = render_template("site/opensearch.xml", public_url=public_url)
    return Response(text, mimetype="application/opensearchdescription+xml")


@discovery.get("/sitemap.xml")
def sitemap() -> Response:
    """The list of the lists."""
    standards = catalogue.standards(per_page=1).total
    parts = ["pages", *(f"standards-{n + 1}" for n in range(-(-standards // STANDARDS_A_SITEMAP)))]
    urls = [public_url(f"/sitemap-{part}.xml") for part in parts]
    return Response(render_template("site/sitemap_index.xml", urls=urls), mimetype="application/xml")


@discovery.get("/sitemap-pages.xml")
def sitemap_of_pages() -> Response:
    """Every page but those of the standards."""
    return _sitemap([*PAGES, *_browsed()])


@discovery.get("/sitemap-standards-<int:number>.xml")
def sitemap_of_standards(number: int) -> Response:
    """The standards of one part; ``NotFound`` beyond the last."""
    pages = STANDARDS_A_SITEMAP // MOST_PER_PAGE
    first = (number - 1) * pages + 1
    if (
        not 1 <= number <= 1_000
        or catalogue.standards(per_page=1).total <= (number - 1) * STANDARDS_A_SITEMAP
    ):
        raise NotFound(_l("There is no such list of addresses."))
    cards = _all(
        lambda page: catalogue.standards(page=page, per_page=MOST_PER_PAGE), range(first, first + pages)
    )
    return _sitemap(f"/standar/{card.agency.slug}/{card.slug}" for card in cards)


def _browsed() -> Iterator[str]:
    """Services, malls, agencies, regions and life events."""
    every = range(1, 501)
    for service in _all(lambda page: catalogue.services(page=page, per_page=MOST_PER_PAGE), every):
        yield f"/layanan/{service.slug}"
    for mall in _all(lambda page: catalogue.malls(page=page, per_page=MOST_PER_PAGE), every):
        yield f"/mpp/{mall.place.slug}"
    for agency in _all(lambda page: catalogue.agencies(page=page, per_page=MOST_PER_PAGE), every):
        yield f"/instansi/{agency.slug}"
    yield from (f"/wilayah/{province.code}" for province in catalogue.provinces())
    yield from (f"/peristiwa/{event.code}" for event in catalogue.life_events())


def _all(page_of: Callable[[int], Page[T]], numbers: Iterable[int]) -> Iterator[T]:
    """The rows of the pages ``numbers``, as far as there are any."""
    for number in numbers:
        page = page_of(number)
        yield from page.results
        if page.next is None:
            return


def _sitemap(paths: Iterable[str]) -> Response:
    entries = [{locale: public_url(path_in(locale, path)) for locale in LOCALES} for path in paths]
    return Response(render_template("site/sitemap.xml", entries=entries), mimetype="application/xml")

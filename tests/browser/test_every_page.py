"""Every kind of page in a real browser: accessible, narrow enough, small, and without a foreign request."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import DESK, NARROW, PHONE, OpenPage

STANDARD = "/standar/polresta-kendari/perpanjangan-sim-c"
PAGES = (
    "/", "/cari?q=ktp", "/cari?q=perpanjang+sim+c+kendari", "/cari?q=zzzqqq&free=1", "/layanan",
    "/layanan/penerbitan-ktp-el-baru", STANDARD, f"{STANDARD}/riwayat", "/mpp", "/mpp/mpp-kota-kendari",
    "/mpp/mpp-kabupaten-buton", "/instansi", "/instansi/polresta-kendari", "/wilayah", "/wilayah/74",
    "/peristiwa", "/peristiwa/kelahiran", "/bantuan", "/tentang", "/aksesibilitas", "/privasi",
    "/rencana", "/rencana?life_event=kelahiran", "/rencana?services=KTP-GANTI,SK-HILANG,SKCK&region=74.71",
    "/layanan/penerbitan-dan-perpanjangan-skck/banding",
    f"{STANDARD}?on=2026-12-22", f"{STANDARD}/papan", f"{STANDARD}/lapor",
    "/mpp/mpp-kota-kendari/lapor?part=hours", "/lapor",
    "/statistik", "/statistik/layanan", "/data/jelajah", "/data/jelajah?by=province&measure=time",
    "/api/v1/docs",
)  # fmt: skip
FAULTY = ("/tidak-ada", "/mpp?region=xx")
#: Bytes over the wire of a first visit, everything counted.
FIRST_VIEW = 60_000


def violations(page: Any) -> list[str]:
    """What axe finds wrong, in short."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("path", [*PAGES, *FAULTY])
def test_a_phone_finds_no_barrier(open_page: OpenPage, path: str) -> None:
    page = open_page(path, PHONE)

    assert violations(page) == []


@pytest.mark.parametrize("path", [f"/en{path}" for path in PAGES if not path.startswith("/api")])
def test_a_dark_desktop_in_english_finds_no_barrier(open_page: OpenPage, path: str) -> None:
    page = open_page(path, DESK, color_scheme="dark")

    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_it_fits_320_pixels_and_breaks_no_rule_of_the_policy(open_page: OpenPage, path: str) -> None:
    page = open_page(path, NARROW)

    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert page.faults == []


@pytest.mark.parametrize("path", ["/", "/cari?q=ktp", "/layanan", STANDARD, "/mpp", "/mpp/mpp-kota-kendari"])
def test_a_first_visit_is_small_and_asks_no_other_host(open_page: OpenPage, site: str, path: str) -> None:
    page = open_page(path)

    sizes = page.evaluate(
        "performance.getEntries().filter(e => 'transferSize' in e).map(e => e.transferSize)"
    )

    assert len(sizes) >= 3
    assert 0 < sum(sizes) <= FIRST_VIEW
    assert {urlsplit(url).netloc for url in page.asked} == {urlsplit(site).netloc}
    assert page.context.cookies() == []


#: What is tapped, but for links in running text.
TAPPED = (
    "button, select, input:not([type=hidden], [type=checkbox]), .chip, .tile, .tick, .main-nav a, "
    ".languages a, .paging a, .fold > summary, .filters a"
)


@pytest.mark.parametrize("path", PAGES)
def test_what_is_tapped_is_large_enough(open_page: OpenPage, path: str) -> None:
    page = open_page(path, PHONE)

    small = page.evaluate(
        """wanted => [...document.querySelectorAll(wanted)]
           .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
           .map(e => e.outerHTML.slice(0, 120))""",
        TAPPED,
    )

    assert small == []

"""What a citizen does on the pages: typing, choosing by keyboard, ticking, printing; also without scripts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import DESK, PHONE, OpenPage

STANDARD = "/standar/polresta-kendari/perpanjangan-sim-c"


def typed(page: Any, text: str) -> Any:
    """The search field of the front page after ``text`` was typed and suggestions came."""
    field = page.locator("#q")
    field.press_sequentially(text)
    page.locator("[role=listbox] [role=option]").first.wait_for()
    return field


def test_typing_offers_completions_that_the_keyboard_can_choose(open_page: OpenPage) -> None:
    page = open_page("/", DESK)
    field = typed(page, "perpanjangan sim c")

    field.press("ArrowDown")

    chosen = page.locator("[role=option][aria-selected=true]")
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert "SIM C" in chosen.inner_text()

    field.press("Enter")
    page.wait_for_url("**/layanan/perpanjangan-sim-c")


def test_escape_closes_the_completions_and_enter_searches_for_the_words(open_page: OpenPage) -> None:
    page = open_page("/", DESK)
    field = typed(page, "ktp")

    field.press("Escape")

    assert field.get_attribute("aria-expanded") == "false"
    assert not page.locator("[role=listbox]").is_visible()
    field.press("Enter")
    page.wait_for_url("**/cari?q=ktp")


def test_a_tap_on_a_completion_opens_its_page(open_page: OpenPage) -> None:
    page = open_page("/", PHONE, has_touch=True)
    typed(page, "mpp kota kendari")

    page.locator("[role=option]").first.tap()

    page.wait_for_url("**/mpp/mpp-kota-kendari")


def test_the_completions_stand_in_the_flow_and_cover_nothing(open_page: OpenPage) -> None:
    page = open_page("/", PHONE)
    before = page.locator(".hero-try").bounding_box()["y"]

    typed(page, "ktp")

    box = page.locator("[role=listbox]").bounding_box()
    assert page.locator(".hero-try").bounding_box()["y"] >= box["y"] + box["height"]
    assert page.locator(".hero-try").bounding_box()["y"] > before


def test_ticks_stay_on_the_device(open_page: OpenPage) -> None:
    page = open_page(STANDARD)
    boxes = page.locator(".checklist input[type=checkbox]")
    boxes.nth(1).check()

    page.reload(wait_until="load")

    assert boxes.count() >= 3
    assert [boxes.nth(n).is_checked() for n in range(3)] == [False, True, False]
    assert page.context.cookies() == []


def test_filters_are_folded_on_a_phone_and_open_on_a_desk(open_page: OpenPage) -> None:
    phone, desk = open_page("/cari?q=ktp&region=74", PHONE), open_page("/cari?q=ktp&region=74", DESK)

    assert phone.locator(".filters > summary").inner_text().strip() == "Saring (1)"
    assert not phone.locator(".filters-in").is_visible()
    assert desk.locator(".filters-in").is_visible()
    assert not desk.locator(".filters > summary").is_visible()


def test_the_first_tab_leads_past_the_top(open_page: OpenPage) -> None:
    page = open_page("/layanan", DESK)

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_everything_works_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/", PHONE, java_script_enabled=False)

    page.locator("#q").fill("perpanjang sim c kendari")
    page.locator(".hero button[type=submit]").click()
    page.locator(".result h2 a").first.click()

    assert page.locator("h1").inner_text() == "Perpanjangan SIM C"
    assert "Rp75.000" in page.locator(".ticket").inner_text()
    assert page.locator(".checklist li").count() >= 3
    assert page.locator(".checklist input").count() == 0
    assert not page.locator("[data-print]").is_visible()


def test_paper_shows_the_requirements_and_not_the_navigation(open_page: OpenPage) -> None:
    page = open_page(STANDARD, DESK)

    page.emulate_media(media="print")

    assert page.locator("#requirements").is_visible()
    assert page.locator(".ticket").is_visible()
    assert not page.locator(".main-nav").is_visible()
    assert not page.locator("[data-print]").is_visible()


def test_the_nearest_mall_is_asked_for_with_a_rounded_point(open_page: OpenPage) -> None:
    page = open_page(
        "/mpp", PHONE, geolocation={"latitude": -3.98765, "longitude": 122.54321}, permissions=["geolocation"]
    )

    page.locator("[data-near]").click()
    page.wait_for_url("**/mpp?near=*")

    assert page.url.endswith("near=-3.99%2C122.54")
    assert page.faults == []
    assert page.locator("main .card").first.inner_text().startswith("MPP Kota Kendari")


def test_results_can_be_sorted_from_where_one_stands(open_page: OpenPage) -> None:
    point = {"latitude": -3.98765, "longitude": 122.54321}
    page = open_page("/cari?q=sim+c&region=74", DESK, geolocation=point, permissions=["geolocation"])

    page.locator("[data-near]").click()
    page.wait_for_url("**near=*")

    assert "km dari titik Anda" in page.locator(".result").first.inner_text()
    assert page.locator(".sorts [aria-current]").inner_text() == "Terdekat"


def test_on_a_phone_every_way_to_sort_is_in_sight(open_page: OpenPage) -> None:
    page = open_page("/cari?q=ktp", PHONE)

    links = page.locator(".sorts a")
    ends = [links.nth(place).bounding_box() for place in range(links.count())]

    assert len(ends) >= 4
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] for box in ends)
    assert page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('.sorts ul'))")


@pytest.mark.parametrize("path", ["/", "/en/", "/layanan", "/mpp/mpp-kota-kendari", "/en/wilayah/74"])
def test_on_a_phone_no_example_in_a_search_field_is_cut(open_page: OpenPage, path: str) -> None:
    page = open_page(path, PHONE)

    rooms = page.evaluate(
        """[...document.querySelectorAll("input[type=search]")].map(e => {
             const style = getComputedStyle(e), pen = document.createElement("canvas").getContext("2d");
             pen.font = style.font;
             const sides = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
             return e.clientWidth - sides - pen.measureText(e.placeholder).width;
           })"""
    )

    assert rooms
    assert min(rooms) >= 0


def test_how_complete_a_standard_is_has_no_colour_of_praise(open_page: OpenPage) -> None:
    page = open_page(STANDARD, PHONE)

    rules = page.evaluate(
        """[...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
           .filter(rule => rule.selectorText?.includes("meter-optimum-value"))
           .map(rule => rule.style.background)"""
    )

    assert rules == ["var(--band)"]

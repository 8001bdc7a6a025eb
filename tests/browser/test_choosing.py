"""A citizen chooses among agencies and among malls in a real browser, with scripts and without."""

from __future__ import annotations

import pytest

from tests.browser.conftest import DESK, PHONE, OpenPage


@pytest.mark.parametrize("has_scripts", [True, False])
def test_two_agencies_stand_beside_each_other_with_how_many_do_as_they_do(
    open_page: OpenPage, has_scripts: bool
) -> None:
    page = open_page("/cari?q=kartu+keluarga", DESK, java_script_enabled=has_scripts)
    page.locator(".result a").first.click()
    page.get_by_role("link", name="Bandingkan").first.click()
    choices = page.locator(".compare-choices label")
    if not choices.first.is_visible():
        page.locator("details.fold summary").first.click()
    names = [choices.nth(at).inner_text().strip() for at in range(2)]
    for at in range(choices.count()):
        choices.nth(at).locator("input").set_checked(at < 2)
    page.get_by_role("button", name="Bandingkan").click()

    beside = page.locator("section[aria-labelledby=beside] h3")

    assert [beside.nth(at).inner_text() for at in range(beside.count())] == names
    assert page.url.count("standards=") == 2
    assert page.get_by_role("heading", name="Di seluruh Indonesia").is_visible()
    assert "sama di" in page.locator("section[aria-labelledby=beside]").inner_text()
    assert page.faults == []


@pytest.mark.parametrize("has_scripts", [True, False])
def test_the_nearest_mall_is_found_from_a_regency_and_by_the_map(
    open_page: OpenPage, has_scripts: bool
) -> None:
    page = open_page("/mpp", PHONE, java_script_enabled=has_scripts)
    page.select_option("#region", label="Sulawesi Tenggara")
    page.get_by_role("button", name="Tampilkan mal").click()
    page.select_option("#from", label="Kabupaten Kolaka")
    page.get_by_role("button", name="Tampilkan mal").click()

    first = page.locator("main .card a").first.inner_text()
    page.locator(".map a", has_text="1").first.click()

    assert first == "MPP Kabupaten Kolaka"
    assert page.get_by_role("heading", level=1).inner_text() == first
    assert page.faults == []

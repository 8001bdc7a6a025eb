"""A citizen plans one trip in a real browser: chosen, ticked, kept, and the same without scripts."""

from __future__ import annotations

from tests.browser.conftest import DESK, PHONE, OpenPage


def test_three_services_become_one_plan_that_is_kept_on_the_device(open_page: OpenPage) -> None:
    page = open_page("/rencana", PHONE)
    for words, code in (("kartu keluarga", "KK"), ("ktp", "KTP")):
        page.locator("#q-plan").press_sequentially(words, delay=5)
        page.locator("form:has(#q-plan) [role=option]").first.wait_for()
        page.locator("#q-plan").press("ArrowDown")
        page.locator("#q-plan").press("Enter")
        page.wait_for_url(f"**/rencana?services=*{code}*")
    page.select_option("#region", label="Sulawesi Tenggara")
    page.get_by_role("button", name="Terapkan").click()

    page.locator("[data-tick] input").first.check()
    page.get_by_role("button", name="Simpan di perangkat ini").click()
    page.reload()

    assert page.locator("[data-tick] input").first.is_checked()
    page.goto(page.url.split("?")[0])
    page.locator("[data-saved-list] a").first.click()
    page.get_by_role("heading", name="Yang perlu dibawa").wait_for()
    assert "region=74" in page.url
    assert page.faults == []


def test_without_scripts_a_life_event_becomes_a_plan(open_page: OpenPage) -> None:
    page = open_page("/rencana?life_event=kelahiran", DESK, java_script_enabled=False)

    page.get_by_label("Kartu Identitas Anak").check()
    page.get_by_label("Pencatatan kelahiran dan penerbitan akta kelahiran").check()
    page.get_by_role("button", name="Buat rencana").click()

    assert page.get_by_role("heading", name="Mana yang lebih dulu").is_visible()
    first = page.locator(".steps li").first.inner_text()
    assert "akta kelahiran" in first

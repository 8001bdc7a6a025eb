"""A citizen without scripts answers what applies and asks by when it is done."""

from __future__ import annotations

from tests.browser.conftest import PHONE, OpenPage


def test_answers_and_a_day_give_a_list_and_a_date(open_page: OpenPage) -> None:
    page = open_page("/standar/disdukcapil-kota-kendari/penggantian-ktp-el", PHONE, java_script_enabled=False)

    page.get_by_text("Daftar dan tanggal Anda").click()
    page.get_by_role("group", name="KTP-el rusak").get_by_label("tidak").check()
    page.locator("#on").fill("2026-11-29")
    page.get_by_role("button", name="Tampilkan daftar dan tanggal saya").click()

    assert "Selasa, 1 Desember 2026" in page.inner_text(".due")
    assert "KTP-el lama" not in page.inner_text("main")

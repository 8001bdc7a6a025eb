"""A citizen reports an error in a real browser without scripts, and follows it by its code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.browser.conftest import PHONE, serving


@pytest.fixture
def own_site(own_seeded: Flask) -> Iterator[str]:
    """The address of a seeded registry that may be changed."""
    with serving(own_seeded) as address:
        yield address


def test_an_error_is_reported_and_followed_without_scripts(own_site: str, browser: Any) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{own_site}/mpp/mpp-kota-kendari")

    page.get_by_role("link", name="Ada yang keliru di sini? Jam buka").click()
    page.locator("#text").fill("Pada hari Jumat tutup jam dua siang.")
    page.get_by_role("button", name="Kirim laporan").click()
    code = page.locator(".report-code").inner_text()
    page.goto(f"{own_site}/lapor")
    page.locator("#code").fill(code)
    page.get_by_role("button", name="Tampilkan").click()

    assert page.locator(".report-text").inner_text() == "Pada hari Jumat tutup jam dua siang."
    assert "Menunggu jawaban" in page.inner_text("main")
    assert context.cookies() == []
    context.close()

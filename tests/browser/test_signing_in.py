"""An invited officer gets in, in a real browser without a script: by keyboard, on a phone, no barrier."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from passlib.totp import TOTP

from siapa.extensions import db
from siapa.publishing import credentials
from siapa.records import LinkPurpose
from siapa.records.engine import begin_writing
from tests.browser.conftest import NARROW, PHONE, serving
from tests.browser.test_every_page import violations
from tests.conftest import make_app
from tests.publishing.cast import people_and_places

PASSWORD = "sepeda biru di pasar malam"


@dataclass(frozen=True)
class Desk:
    """A served registry, and the path of the link with which its admin chooses a password."""

    address: str
    link: str


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A registry of this test's own."""
    app = make_app(tmp_path)
    with app.app_context():
        begin_writing(db)
        cast = people_and_places()
        db.session.commit()
        secret = credentials.send_link(cast.admin.id, LinkPurpose.INVITATION, by=cast.national)
        db.session.remove()
    with serving(app) as address:
        yield Desk(address, f"/meja/tautan?kunci={secret}")
    with app.app_context():
        db.engine.dispose()


def typed(page: Any, *texts: str) -> None:
    """Go to the first field of the page's form by keyboard, fill in the texts, and send by Enter."""
    page.locator("main input:not([type=hidden])").first.focus()
    for number, text in enumerate(texts):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_load_state("load")


def digits(page: Any) -> str:
    """What a phone shows that has taken up the secret on the page."""
    key = re.sub("[ -]", "", page.locator("code.secret").inner_text())
    return str(TOTP(key=key).generate(int(time.time())).token)


def test_an_invited_officer_gets_in_by_keyboard_without_scripts_and_barriers(
    browser: Any, desk: Desk
) -> None:
    scriptless = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = scriptless.new_page()

    page.goto(desk.address + desk.link)
    typed(page, PASSWORD, PASSWORD)
    typed(page, "admin@example.go.id", PASSWORD)
    typed(page, digits(page))
    page.get_by_role("link", name="Sudah saya simpan").press("Enter")
    page.wait_for_url(re.compile("/meja$"))

    assert page.locator("h1").inner_text() == "Selamat bekerja, Admin"
    held = scriptless.cookies()
    assert [cookie["httpOnly"] for cookie in held] == [True]
    _no_barrier_on(browser, desk, held)
    scriptless.close()


def _no_barrier_on(browser: Any, desk: Desk, held: list[Any]) -> None:
    context = browser.new_context(viewport=NARROW)
    context.add_cookies(held)
    page = context.new_page()
    for path in ("/meja", "/meja/akun", "/en/meja/akun/pengaman", "/meja/akun/token", "/meja/petugas",
                 "/meja/petugas/baru", "/en/meja/pastikan", "/meja/tempat", "/meja/tempat/baru"):  # fmt: skip
        page.goto(desk.address + path)
        assert page.url == desk.address + path
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
        assert violations(page) == [], path
    context.close()


@pytest.mark.parametrize("path", ["/meja/masuk", "/en/meja/masuk", "/meja/lupa", "link"])
def test_what_is_open_has_no_barrier(browser: Any, desk: Desk, path: str) -> None:
    context = browser.new_context(viewport=NARROW, color_scheme="dark")
    page = context.new_page()

    page.goto(desk.address + (desk.link if path == "link" else path))

    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert violations(page) == []
    context.close()

"""A passkey in a real browser with a virtual device: added, signed in with, alone and as second step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from siapa.extensions import db
from siapa.publishing import credentials, second_factors
from siapa.records import LinkPurpose
from siapa.records.engine import begin_writing
from siapa.web.desk import digits, security
from tests.browser.conftest import NARROW, PHONE, serving
from tests.browser.test_every_page import violations
from tests.browser.test_signing_in import PASSWORD, typed
from tests.cli.served import free_port
from tests.conftest import make_app
from tests.publishing.cast import people_and_places

#: A device that is built in, holds passkeys, and knows its holder at once.
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
EMAIL = "author@example.go.id"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A registry under a name for which browsers take passkeys; its author has a password and a phone."""
    port = free_port()
    app = make_app(tmp_path, SIAPA_PUBLIC_URL=f"http://localhost:{port}")
    with app.app_context():
        begin_writing(db)
        cast = people_and_places()
        db.session.commit()
        secret = credentials.send_link(cast.author.id, LinkPurpose.INVITATION, by=cast.admin)
        officer = credentials.use_link(secret, security.new_hash(PASSWORD))
        second_factors.set_authenticator(digits.new_secret(), 0, by=officer)
        (code,) = second_factors.renew_recovery_codes(by=officer)[:1]
        db.session.remove()
    with serving(app, port):
        yield f"http://localhost:{port}/meja {code}"
    with app.app_context():
        db.engine.dispose()


def with_device(page: Any) -> None:
    """Plug a device into the browser."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def signs_in(page: Any, desk: str, code: str) -> None:
    """Give the password and a recovery code."""
    typed(page, EMAIL, PASSWORD)
    page.wait_for_url(re.compile("/meja/kode"))
    typed(page, code)
    page.wait_for_url(desk)


def no_barrier_on(page: Any) -> None:
    """It fits a narrow phone, and everybody can use it."""
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert violations(page) == []


def test_a_passkey_is_added_and_lets_its_officer_in(browser: Any, address: str) -> None:
    desk, code = address.split()
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    with_device(page)

    page.goto(f"{desk}/masuk")
    signs_in(page, desk, code)
    page.goto(f"{desk}/akun")
    page.get_by_role("link", name="Tambah kunci sandi").click()
    no_barrier_on(page)
    page.get_by_label("Nama").fill("Ponsel saya")
    page.get_by_role("button", name="Tambahkan perangkat ini").click()
    page.wait_for_url(f"{desk}/akun")
    assert page.get_by_text("Ponsel saya").is_visible()
    no_barrier_on(page)

    page.get_by_role("button", name="Keluar", exact=True).click()
    page.wait_for_url(f"{desk}/masuk")
    no_barrier_on(page)
    page.get_by_role("button", name="Masuk dengan kunci sandi").press("Enter")
    page.wait_for_url(desk)
    assert page.locator("h1").inner_text() == "Selamat bekerja, Author"

    page.get_by_role("button", name="Keluar", exact=True).click()
    page.wait_for_url(f"{desk}/masuk")
    typed(page, EMAIL, PASSWORD)
    page.get_by_role("button", name="Pakai kunci sandi saja").press("Enter")
    page.wait_for_url(desk)
    assert faults == []
    context.close()


def test_without_scripts_or_a_device_the_digits_do(browser: Any, address: str) -> None:
    desk, code = address.split()
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()

    page.goto(f"{desk}/masuk")
    assert not page.get_by_role("button", name="Masuk dengan kunci sandi").is_visible()
    signs_in(page, desk, code)
    page.goto(f"{desk}/akun/kunci")

    assert page.get_by_text("Ini memerlukan peramban yang mengenal kunci sandi").is_visible()
    assert not page.get_by_role("button", name="Tambahkan perangkat ini").is_visible()
    context.close()

"""Two officers and a citizen, each in a real browser: a standard from its first word to its withdrawal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from siapa import search
from siapa.extensions import db
from siapa.publishing import credentials
from siapa.records import LinkPurpose, Officer
from siapa.records.engine import begin_writing
from siapa.web.desk import security
from tests.browser.conftest import serving
from tests.browser.people import PASSWORD, Browser, ByKeyboard
from tests.conftest import make_app
from tests.publishing.cast import people_and_places

WORD = "kincirangin"
#: What an officer types, step by step: the place in the document, and the words.
STEPS = (
    ("persyaratan", {"requirements[0].text": "KTP-el", "requirements[0].copies": "1"}),
    ("prosedur", {"procedure[0].text": "Pemohon menyerahkan berkas"}),
    ("waktu-biaya", {"processing_time[0].amount_max": "3", "fees.fee_kind": "free"}),
    (
        "produk-pengaduan",
        {"products[0].name": "Surat izin", "complaint_handling.channels[0].kind": "sp4n_lapor",
         "complaint_handling.channels[0].value": "https://www.lapor.go.id"},
    ),
)  # fmt: skip


@pytest.fixture
def desk_site(tmp_path: Path) -> Iterator[str]:
    """The address of a registry with three officers who have a password each."""
    app = make_app(tmp_path)
    with app.app_context():
        begin_writing(db)
        cast = people_and_places()
        db.session.commit()
        for person in (cast.author, cast.publisher, cast.admin):
            secret = credentials.send_link(person.id, LinkPurpose.INVITATION, by=cast.admin)
            credentials.use_link(secret, security.new_hash(PASSWORD))
        assert db.session.query(Officer).count() > 2
        search.rebuild()
        db.session.remove()
    with serving(app) as address:
        yield address
    with app.app_context():
        db.engine.dispose()


def test_a_standard_is_written_and_handed_in_without_scripts(browser: Any, desk_site: str) -> None:
    author = Browser(browser, desk_site, java_script_enabled=False)
    author.sign_in("author@example.go.id")

    address = write_it(author)

    author.go(address)
    assert "Menunggu verifikator" in author.page.inner_text("main")


def test_a_standard_is_written_returned_mended_published_found_revised_and_withdrawn(
    browser: Any, desk_site: str
) -> None:
    author = Browser(browser, desk_site)
    publisher = Browser(browser, desk_site)
    author.sign_in("author@example.go.id")
    publisher.sign_in("publisher@example.go.id")

    live_its_life(author, publisher, Browser(browser, desk_site), look=True)


def test_who_is_invited_does_all_of_it_by_keyboard_alone(browser: Any, desk_site: str) -> None:
    admin, author, publisher = (ByKeyboard(browser, desk_site) for _person in range(3))
    admin.sign_in("admin@example.go.id")
    publisher.sign_in("publisher@example.go.id")

    link = invite(admin, "Wati", "wati@example.go.id")
    author.go(link)
    author.fill({"password": PASSWORD, "repeated": PASSWORD})
    author.enter()
    author.prove("wati@example.go.id")

    live_its_life(author, publisher, ByKeyboard(browser, desk_site))


def invite(admin: Browser, name: str, email: str) -> str:
    """Invite an officer who writes for the agency; the link to hand over."""
    admin.go("/meja/petugas/baru")
    admin.fill({"name": name, "email": email, "role": "operator", "agency": "dukcapil"})
    admin.press("Undang")
    link: str = admin.page.locator("code.secret").inner_text()
    return "/" + link.split("/", 3)[3]


def live_its_life(author: Browser, publisher: Browser, citizen: Browser, *, look: bool = False) -> None:
    """From its first word to its withdrawal."""
    address = write_it(author, look=look)
    return_it(publisher, address)
    mend_it(author, address)
    publish_it(publisher, address)
    citizen.go(f"/cari?q={WORD}")  # the first time of asking: what is published is found at once
    assert citizen.page.locator(".result h2 a").first.inner_text() == f"Izin {WORD}"
    revise_it(author, address)
    see_what_changed_and_publish(publisher, address)
    withdraw_it(publisher, address)
    citizen.go("/standar/dukcapil/izin-kincirangin")
    assert "Digabung dengan izin lain." in citizen.page.inner_text("main")


def write_it(author: Browser, *, look: bool = False) -> str:
    author.go("/meja/standar/baru")
    author.choose("Kosong")
    author.fill({"title": f"Izin {WORD}"})
    author.press("Mulai")
    address = author.page.url.removeprefix(author.site)
    for step, fields in STEPS:
        author.go(f"{address}/langkah/{step}")
        author.fill(fields)
        author.press("Simpan dan kembali ke daftar")
        assert address in author.page.url, author.page.inner_text("main")
    author.go(f"{address}/langkah/persyaratan")
    author.press("Tambah persyaratan")
    author.fill({"requirements[1].text": "Surat pengantar"})
    author.press("Naikkan Persyaratan 2")
    if look:
        author.look()
    author.press("Simpan dan kembali ke daftar")
    if look:
        author.look()
    author.press("Ajukan untuk diperiksa")
    assert "Sudah diajukan" in author.page.inner_text("main")
    return address.partition("?")[0]


def return_it(publisher: Browser, address: str) -> None:
    publisher.follow("Perlu diperiksa")
    publisher.look()
    publisher.follow(f"Izin {WORD}")
    publisher.look()
    publisher.unfold("Catatan untuk: Persyaratan")
    publisher.fill({"remark.requirements": "Berapa lembar salinannya?"})
    publisher.press("Kembalikan dengan catatan ini")
    assert publisher.page.url.endswith("done=returned")


def mend_it(author: Browser, address: str) -> None:
    author.go(address)
    assert "Berapa lembar salinannya?" in author.page.inner_text("main")
    author.go(f"{address}/langkah/persyaratan")
    assert author.page.locator('[id="requirements[0].text"]').input_value() == "Surat pengantar"
    author.fill({"requirements[0].copies": "2"})
    author.press("Simpan dan kembali ke daftar")
    author.press("Ajukan untuk diperiksa")


def publish_it(publisher: Browser, address: str) -> None:
    publisher.go(f"{address}/tinjau")
    publisher.press("Setujui dan terbitkan")
    assert publisher.page.url.endswith("done=published")


def revise_it(author: Browser, address: str) -> None:
    author.go(address)
    author.press("Mulai versi berikutnya")
    author.go(f"{address}/langkah/dasar")
    author.fill({"summary": "Untuk kincir di laut."})
    author.press("Simpan dan kembali ke daftar")
    author.press("Ajukan untuk diperiksa")


def see_what_changed_and_publish(publisher: Browser, address: str) -> None:
    publisher.go(f"{address}/tinjau")
    assert publisher.page.locator(".differences ins").all_inner_texts() == ["Untuk kincir di laut."]
    publisher.press("Setujui dan terbitkan")
    publisher.go(f"{address}/edisi")
    publisher.look()
    assert publisher.page.locator(".differences ins").all_inner_texts() == ["Untuk kincir di laut."]


def withdraw_it(publisher: Browser, address: str) -> None:
    publisher.go(f"{address}/cabut")
    publisher.look()
    publisher.fill({"reason": "Digabung dengan izin lain."})
    publisher.press("Cabut sekarang")
    assert publisher.page.url.endswith("done=withdrawn")


def beginner(browser: Any, site: str) -> tuple[Browser, str]:
    """An author who has begun an empty standard, and the address of its page."""
    author = Browser(browser, site)
    author.sign_in("author@example.go.id")
    author.go("/meja/standar/baru")
    author.choose("Kosong")
    author.fill({"title": f"Izin {WORD}"})
    author.press("Mulai")
    return author, author.page.url.removeprefix(site)


def test_what_is_typed_survives_the_network_and_is_saved_by_itself(browser: Any, desk_site: str) -> None:
    author, address = beginner(browser, desk_site)
    step = f"{address}/langkah/dasar"

    author.go(step)
    author.fill({"summary": "Disimpan sendiri."})
    author.page.get_by_text("Tersimpan otomatis").wait_for()
    author.go(step)
    kept = author.page.locator("#summary").input_value()
    author.context.set_offline(True)
    author.fill({"summary": "Ditulis tanpa jaringan."})
    author.page.get_by_text("Tidak ada sambungan").wait_for()
    author.context.set_offline(False)
    author.page.get_by_text("Tersimpan otomatis").wait_for()
    author.go(step)

    assert kept == "Disimpan sendiri."
    assert author.page.locator("#summary").input_value() == "Ditulis tanpa jaringan."
    assert author.page.locator(".held").count() == 0


def test_who_types_in_a_draft_that_was_thrown_away_is_told_and_sees_the_text(
    browser: Any, desk_site: str
) -> None:
    author, address = beginner(browser, desk_site)
    author.go(f"{address}/langkah/dasar")
    elsewhere = author.context.new_page()
    elsewhere.goto(desk_site + address)
    elsewhere.get_by_text("Buang draf", exact=True).click()
    elsewhere.locator("#sure").check()
    with elsewhere.expect_navigation():
        elsewhere.get_by_role("button", name="Buang", exact=True).click()

    author.fill({"summary": "Ditulis terlambat."})
    author.page.locator("[data-status]", has_text="Draf ini sudah tidak ada").wait_for()
    author.press("Simpan dan lanjutkan")

    author.look()
    assert author.page.get_by_text("Ditulis terlambat.").is_visible()
    assert author.page.get_by_role("link", name="Mulai standar baru").is_visible()

"""What holds on every page, in both languages."""

from __future__ import annotations

from collections import Counter

import pytest
from flask.testing import FlaskClient

from tests.web.site.cast import KIA, KTP, WITHDRAWN
from tests.web.site.reading import Read, read

STANDARD = "/standar/" + "/".join(KTP)
PAGES = (
    "/", "/cari", "/cari?q=ktp", "/cari?q=ktp+kendari", "/cari?q=xyzzyx", "/cari?q=paspor&region=74.04",
    "/cari?mall=mpp-kota-kendari", "/layanan", "/layanan?category=administrasi-kependudukan",
    "/layanan/penerbitan-ktp-el-baru", "/layanan/paspor-baru", STANDARD, "/standar/" + "/".join(KIA),
    f"{STANDARD}/riwayat", f"{STANDARD}/riwayat/1", "/mpp", "/mpp?region=74", "/mpp?near=-4,122",
    "/mpp/mpp-kota-kendari", "/mpp/mpp-kabupaten-buton", "/instansi", "/instansi?kind=bank",
    "/instansi/disdukcapil-kota-kendari", "/wilayah", "/wilayah/74", "/wilayah/74.71", "/wilayah/31",
    "/rencana", "/rencana?services=KTP-BARU&region=74", "/rencana?life_event=dewasa-17",
    "/layanan/penerbitan-ktp-el-baru/banding", f"{STANDARD}/papan", f"{STANDARD}/lapor",
    "/mpp/mpp-kota-kendari/lapor", "/lapor",
    "/peristiwa", "/peristiwa/dewasa-17", "/data", "/data/jelajah", "/data/jelajah?by=province&region=74",
    "/statistik", "/statistik/layanan", "/conformance", "/bantuan", "/tentang", "/aksesibilitas", "/privasi",
)  # fmt: skip
FAULTS = (
    ("/tidak-ada", 404), ("/mpp/tidak-ada", 404), ("/mpp?region=xx", 422),
    ("/standar/" + "/".join(WITHDRAWN), 410),
)  # fmt: skip
EVERY = [("id", path, 200) for path in PAGES] + [("en", f"/en{path}", 200) for path in PAGES]
EVERY += [("id", path, status) for path, status in FAULTS] + [
    ("en", f"/en{path}", status) for path, status in FAULTS
]
every_page = pytest.mark.parametrize(("locale", "address", "status"), EVERY, ids=[a for _, a, _ in EVERY])


@pytest.fixture
def page(visitor: FlaskClient, address: str, status: int) -> Read:
    """The page of the test's parameters."""
    return read(visitor, address, status=status)


@every_page
def test_it_says_its_language_and_has_one_main_heading(
    page: Read, locale: str, address: str, status: int
) -> None:
    assert page.tree.get("lang") == locale
    assert len(page.all(".//h1")) == 1
    assert page.words(".//h1") != [""]
    assert len(page.all(".//main")) == 1


@every_page
def test_the_first_link_leads_past_the_top(page: Read, locale: str, address: str, status: int) -> None:
    first = page.links()[0]

    assert first == "#isi"
    assert page.all(".//main[@id='isi']")


@every_page
def test_it_carries_no_inline_script_style_or_handler(
    page: Read, locale: str, address: str, status: int
) -> None:
    inline = [script for script in page.all(".//script") if not script.get("src")]
    attributes = [
        name for element in page.tree.iter() for name in element.attrib if isinstance(element.tag, str)
    ]

    assert {script.get("type") for script in inline} <= {"application/ld+json"}
    assert not page.all(".//style")
    assert not [name for name in attributes if name == "style" or name.startswith("on")]


@every_page
def test_it_loads_nothing_from_another_host(page: Read, locale: str, address: str, status: int) -> None:
    loaded = [one.get("src", "") for one in page.all(".//*[@src]")]
    loaded += [one.get("href", "") for one in page.all(".//link") if one.get("rel") in ("stylesheet", "icon")]

    assert loaded
    assert all(one.startswith("/assets/") and "?v=" in one for one in loaded)


@every_page
def test_no_id_stands_twice_and_every_label_has_its_field(
    page: Read, locale: str, address: str, status: int
) -> None:
    ids = Counter(one.get("id", "") for one in page.all(".//*[@id]"))
    wanted = [one.get("for", "") for one in page.all(".//label")]
    for one in page.all(".//*[@aria-labelledby]"):
        wanted += one.get("aria-labelledby", "").split()

    assert not [name for name, count in ids.items() if count > 1]
    assert set(wanted) <= set(ids)


@every_page
def test_headings_skip_no_level(page: Read, locale: str, address: str, status: int) -> None:
    main = page.tree.find(".//main")
    assert main is not None
    levels = [
        int(one.tag[1])
        for one in main.iter()
        if isinstance(one.tag, str) and one.tag in ("h1", "h2", "h3", "h4")
    ]

    steps = [after - before for before, after in zip(levels, levels[1:], strict=False)]

    assert all(step <= 1 for step in steps), levels


@every_page
def test_the_other_language_is_one_link_away(page: Read, locale: str, address: str, status: int) -> None:
    other = "en" if locale == "id" else "id"
    link = page.tree.find(f".//nav//a[@hreflang='{other}']")

    assert link is not None
    expected = f"/en{address}" if locale == "id" else address.removeprefix("/en")
    assert link.get("href", "").replace("%2C", ",") == expected


@every_page
def test_it_can_be_searched_from(page: Read, locale: str, address: str, status: int) -> None:
    forms = page.all(".//form[@role='search']")

    assert forms
    assert {form.get("action") for form in forms} == {"/en/cari" if locale == "en" else "/cari"}


@pytest.mark.parametrize("path", PAGES)
def test_it_names_its_own_address_and_its_twin(visitor: FlaskClient, path: str) -> None:
    page = read(visitor, path)

    links = {one.get("hreflang"): one.get("href", "") for one in page.all(".//link[@hreflang]")}
    canonical = page.all(".//link[@rel='canonical']")[0].get("href", "")

    assert set(links) == {"id", "en", "x-default"}
    assert canonical == links["id"] == links["x-default"]
    assert canonical.startswith("http://127.0.0.1:8000/")
    assert links["en"].startswith("http://127.0.0.1:8000/en")


@pytest.mark.parametrize("path", PAGES)
def test_it_has_a_description_and_a_breadcrumb(visitor: FlaskClient, path: str) -> None:
    page = read(visitor, path)

    description = page.all(".//meta[@name='description']")[0].get("content", "")
    crumbs = page.all(".//nav[@class='crumbs wide']")

    assert 10 <= len(description) <= 320
    assert bool(crumbs) is (path != "/")


@pytest.mark.parametrize("path", [path for path in PAGES if not path.startswith("/cari")])
def test_every_link_on_it_leads_to_a_page(visitor: FlaskClient, path: str) -> None:
    own = {
        link.split("#")[0]
        for link in read(visitor, path).links()
        if link.startswith("/") and "//" not in link
    }

    broken = [link for link in own if visitor.head(link).status_code not in (200, 308)]

    assert own
    assert not broken


def test_no_page_sets_a_cookie(visitor: FlaskClient) -> None:
    answers = [visitor.get(path) for path in PAGES]

    assert not [answer.request.path for answer in answers if "Set-Cookie" in answer.headers]


def test_an_english_page_says_no_indonesian_of_ours(visitor: FlaskClient) -> None:
    page = read(visitor, "/en/mpp/mpp-kota-kendari")

    assert "Opening hours" in page.text
    assert "Jam buka" not in page.text


def test_a_text_without_english_is_shown_in_indonesian_and_marked(visitor: FlaskClient) -> None:
    page = read(visitor, f"/en{STANDARD}")

    assert "Kartu Keluarga" in page.words(".//span[@lang='id']")
    assert "Come in person" in page.text
    assert "exist only in Indonesian" in page.text

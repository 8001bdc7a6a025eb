"""The sheet for the notice board: what matters, and a code that knows which edition hangs there."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import segno
from flask.testing import FlaskClient

from siapa.web.qr import code_of
from tests.web.site.cast import KTP, LOAN, WITHDRAWN
from tests.web.site.reading import read

STANDARD = "/standar/" + "/".join(KTP)


def test_the_sheet_says_what_matters_and_which_edition_it_is(visitor: FlaskClient) -> None:
    page = read(visitor, f"{STANDARD}/papan")

    facts = page.words(".//dl[@class='sheet-facts']//dd")
    assert facts[0].startswith("Gratis")
    assert "Kartu Keluarga (asli, 1 salinan)" in page.text
    assert "Versi 2" in page.text
    assert f"{STANDARD}/riwayat/2" in page.text
    assert "12/SK/2026" in page.text


def test_the_code_leads_to_the_page_and_tells_it_the_edition_on_the_wall(visitor: FlaskClient) -> None:
    expected = f"http://127.0.0.1:8000{STANDARD}?seen=2"

    sheet = visitor.get(f"{STANDARD}/papan").text

    assert str(code_of(expected)) in sheet
    assert str(code_of(expected.replace("seen=2", "seen=1"))) not in sheet
    parts = urlsplit(expected)
    assert visitor.get(f"{parts.path}?{parts.query}").status_code == 200


def test_the_code_can_be_read_with_a_quarter_covered() -> None:
    address = "http://127.0.0.1:8000/standar/a/b?seen=2"

    made = segno.make(address, error="q", micro=False)

    assert made.error == "Q"
    assert 'viewBox="0 0 ' + str(made.symbol_size(border=4)[0]) in str(code_of(address))


def test_fees_without_an_amount_are_said_as_a_rule(visitor: FlaskClient) -> None:
    assert "Menurut ketentuan: Bunga" in read(visitor, "/standar/" + "/".join(LOAN) + "/papan").text


@pytest.mark.parametrize(("path", "status"), [(WITHDRAWN, 410), (("a", "b"), 404)])
def test_there_is_no_sheet_of_what_is_not_in_force(
    visitor: FlaskClient, path: tuple[str, str], status: int
) -> None:
    assert visitor.get("/standar/" + "/".join(path) + "/papan").status_code == status

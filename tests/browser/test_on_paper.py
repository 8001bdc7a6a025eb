"""What is printed fits on one page: the sheet for the notice board, and the plan of one trip."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import DESK, OpenPage


@pytest.mark.parametrize(
    "path",
    [
        "/standar/polresta-kendari/perpanjangan-sim-c/papan",
        "/standar/disdukcapil-kota-kendari/penerbitan-kartu-keluarga-baru/papan",
        "/rencana?services=KTP-GANTI,SK-HILANG,SKCK,NPWP-OP&region=74.71",
    ],
)
def test_it_fits_on_one_sheet_of_a4(open_page: OpenPage, path: str) -> None:
    page = open_page(path, DESK)

    printed = page.pdf(format="A4", prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1

"""What is read in one go for plans and comparisons is read alike by both databases."""

from __future__ import annotations

import pytest
from flask import Flask

from siapa import catalogue
from siapa.records import seed_id
from tests.web.registry import SIM_RENEWAL, make_registry, make_standard, offer


@pytest.mark.postgres
def test_plans_comparisons_and_reports_are_read(either_app: Flask) -> None:
    make_registry()
    second = make_standard("polresta-kendari", "KTP-BARU", title="KTP-el di polres")
    offer(second, "mpp-kendari")

    made = catalogue.plan(["KTP-BARU", SIM_RENEWAL, "PASPOR"], region="74.71")
    beside = catalogue.comparison("KTP-BARU")
    told = catalogue.told_of_place(seed_id("location", "mpp-kendari"))

    assert [one.code for one in made.malls[0].covers] == ["KTP-BARU", SIM_RENEWAL]
    # Of two that are had there the free one is planned.
    assert made.services[0].standard is not None
    assert made.services[0].standard.agency.slug == "dukcapil-kendari"
    assert (beside.spread.standard_count, len(beside.spread.fees)) == (2, 2)
    assert told.open_count == 0

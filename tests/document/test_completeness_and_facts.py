"""What is derived from a document: completeness, and the facts search and statistics use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siapa.document.completeness import completeness
from siapa.document.facts import facts, working_days
from siapa.document.standard_document import (
    COMPONENTS,
    UNITS,
    ComplaintHandling,
    FeeLine,
    Fees,
    ServiceChannel,
    StaffCount,
    StandardDocument,
    TimeLimit,
    from_stored,
)
from tests.document.documents import DOCUMENTS, whole


def test_a_document_with_all_fourteen_is_complete():
    found = completeness(from_stored(whole()))

    assert (found.given, found.missing) == (COMPONENTS, ())
    assert (found.share, found.percent) == (1.0, 100)


def test_what_is_missing_is_named_in_the_order_of_the_law():
    lacking = {name: value for name, value in whole().items() if name not in ("safety_guarantee", "fees")}

    found = completeness(from_stored(lacking))

    assert found.missing == ("fees", "safety_guarantee")
    assert (found.share, found.percent) == (12 / 14, 86)


@given(DOCUMENTS)
def test_given_and_missing_are_together_the_fourteen(document):
    found = completeness(document)

    assert sorted(found.given + found.missing) == sorted(COMPONENTS)
    assert (found.percent == 100) is (found.missing == ())


def test_a_title_alone_is_zero_percent():
    assert completeness(StandardDocument("Cetak KK")).percent == 0


def test_free_counts_as_given_and_an_english_rendering_alone_does_not():
    document = StandardDocument("Cetak KK", fees=Fees("free"), staff_competence_en="Trained")

    assert completeness(document).given == ("fees",)


def test_a_staff_of_zero_is_an_answer_and_empty_objects_are_none():
    document = StandardDocument("Cetak KK", staff_count=StaffCount(0), complaint_handling=ComplaintHandling())

    assert completeness(document).given == ("staff_count",)


@pytest.mark.parametrize(
    ("amount", "unit", "days"),
    [
        (10, "minute", 1),
        (450, "minute", 1),
        (451, "minute", 2),
        (7, "hour", 1),
        (8, "hour", 2),
        (15, "hour", 2),
        (1, "working_day", 1),
        (14, "working_day", 14),
        (1, "day", 1),
        (7, "day", 5),
        (8, "day", 6),
        (1, "month", 22),
        (12, "month", 261),
        (0, "day", 1),
    ],
)
def test_lengths_of_time_become_whole_working_days(amount, unit, days):
    assert working_days(amount, unit) == days


@given(st.integers(0, 10**6), st.sampled_from(UNITS))
def test_a_longer_time_never_becomes_fewer_working_days(amount, unit):
    assert 1 <= working_days(amount, unit) <= working_days(amount + 1, unit)


def test_the_days_span_all_cases():
    document = StandardDocument(
        "Izin", processing_time=(TimeLimit(7, "day", case="baru"), TimeLimit(3, "working_day", 2))
    )

    assert (facts(document).days_min, facts(document).days_max) == (2, 5)


def test_free_costs_nothing_and_unknown_is_not_free():
    free, unknown = facts(StandardDocument("A", fees=Fees("free"))), facts(StandardDocument("A"))

    assert (free.is_free, free.fee_min_idr, free.fee_max_idr) == (True, 0, 0)
    assert (unknown.is_free, unknown.fee_min_idr, unknown.fee_max_idr) == (False, None, None)


def test_the_fees_span_all_lines():
    fees = Fees("tariff_table", (FeeLine(amount_idr=350_000), FeeLine(amount_idr=650_000)))

    found = facts(StandardDocument("Paspor", fees=fees))

    assert (found.is_free, found.fee_min_idr, found.fee_max_idr) == (False, 350_000, 650_000)


def test_a_line_without_amount_leaves_the_most_open():
    fees = Fees("tariff_table", (FeeLine(amount_idr=50_000), FeeLine(note="Sesuai luas")))

    found = facts(StandardDocument("Izin", fees=fees))

    assert (found.fee_min_idr, found.fee_max_idr) == (50_000, None)


def test_the_rates_of_a_formula_are_not_what_one_pays():
    fees = Fees("formula", (FeeLine(amount_idr=2_500, unit="per m2"),))

    found = facts(StandardDocument("PBG", fees=fees))

    assert (found.is_free, found.fee_min_idr, found.fee_max_idr) == (False, None, None)


def test_online_is_one_of_the_ways_to_get_it():
    counter = StandardDocument("A", channels=(ServiceChannel("counter"),))
    both = StandardDocument("A", channels=(ServiceChannel("counter"), ServiceChannel("online")))

    assert (facts(counter).has_online, facts(both).has_online) == (False, True)

"""The rules with a number: shares kept, index and grade of a survey, and how many must answer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from siapa.catalogue.measures import GRADES, grade_of, index_of, is_met, sample_needed, share_of


@pytest.mark.parametrize(
    ("within", "applications", "target", "share", "met"),
    [
        (95, 100, 95, "0.9500", True),
        (949_949, 1_000_000, 95, "0.9499", False),
        # Rounded to four decimals before it is compared.
        (949_951, 1_000_000, 95, "0.9500", True),
        (2, 3, 66.67, "0.6667", True),
        (0, 10, 90, "0.0000", False),
        (10, 10, 0, "1.0000", None),
        (10, 10, None, "1.0000", None),
        (0, 0, 95, None, None),
        (None, 10, 95, None, None),
        (None, None, 95, None, None),
    ],
)
def test_a_result_follows_by_rule_or_does_not_apply(within, applications, target, share, met):
    found = share_of(within, applications)

    assert found == (None if share is None else Decimal(share))
    assert is_met(found, target) is met


def test_the_weight_is_a_ninth_so_that_a_perfect_score_gives_a_hundred():
    """Mistake 1 of public copies: a weight of 0.11, by which the best there is gives 99."""
    assert index_of([4.0] * 9) == Decimal("100.00")
    assert index_of([1.0] * 9) == Decimal("25.00")


@pytest.mark.parametrize(("index", "grade"), [("83.31", "B"), ("88.30", "B"), ("88.31", "A")])
def test_an_a_begins_at_88_31(index, grade):
    """Mistake 2: an A from 83.31."""
    assert grade_of(Decimal(index)) == grade


@pytest.mark.parametrize(("index", "grade"), [("76.00", "C"), ("76.30", "C"), ("76.60", "C"), ("76.61", "B")])
def test_a_c_ends_at_76_60(index, grade):
    """Mistake 3: a C that ends at 76.00."""
    assert grade_of(Decimal(index)) == grade


@pytest.mark.parametrize(
    ("mean", "grade"), [(2.5998, "C"), (3.0641, "C"), (3.0643, "B"), (3.5321, "B"), (3.5324, "A")]
)
def test_what_lies_between_the_printed_intervals_has_a_grade(mean, grade):
    """Mistake 4: the raw intervals leave gaps (3.064 to 3.0644); only the rounded index is graded."""
    assert grade_of(index_of([mean] * 9)) == grade


def test_the_bands_leave_no_gap_and_cover_all_there_is():
    for hundredths in range(2500, 10_001):
        index = Decimal(hundredths) / 100
        assert grade_of(index) == next(grade for least, grade in GRADES if index >= least)


@pytest.mark.parametrize(
    ("population", "needed"),
    [
        (1, 1),
        (10, 10),
        (50, 44),
        (100, 80),
        (500, 217),
        (1_000, 278),
        (10_000, 370),
        (10**9, 384),
        (None, 384),
    ],
)
def test_so_many_must_answer_of_so_many_served(population, needed):
    """The table of Krejcie and Morgan."""
    assert sample_needed(population) == needed

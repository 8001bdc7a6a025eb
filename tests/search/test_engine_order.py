"""A page out of an order is what sorting everything would put there, wherever the page lies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from siapa.search.engine.ordering import FEW, Key, window

numbers = st.lists(st.integers(-4, 4), min_size=1, max_size=9)
floats = st.lists(
    st.one_of(st.floats(-3, 3, width=32), st.sampled_from([0.0, -0.0, np.inf, -np.inf, 0.25])),
    min_size=1,
    max_size=9,
)
flags = st.lists(st.booleans(), min_size=1, max_size=5)
#: What a key says of all places: a pattern of few different values, said again and again.
patterns = st.lists(st.one_of(numbers, floats, flags), max_size=4)
#: Below and above the number that is sorted at once.
counts = st.one_of(st.integers(0, 40), st.integers(FEW - 2, FEW + 900))


def keys_of(columns: Sequence[NDArray[Any]]) -> list[Key]:
    """A key for each column, looked up by place."""
    return [lambda some, column=column: column[some] for column in columns]


def sorted_wholly(places: NDArray[Any], columns: Sequence[NDArray[Any]]) -> list[int]:
    """``places`` by Python's own sort, which keeps equals as they come."""
    return sorted(places.tolist(), key=lambda place: tuple(column[place] for column in columns))


@given(counts, patterns, st.integers(-3, FEW + 1000), st.integers(0, 30), st.randoms(use_true_random=False))
def test_a_window_equals_that_stretch_of_the_whole_order(
    count: int, given_patterns: list[list[Any]], start: int, length: int, random: Any
) -> None:
    places = list(range(count))
    random.shuffle(places)
    columns = [np.resize(np.array(pattern), max(count, 1)) for pattern in given_patterns]

    page = window(np.array(places, np.int64), keys_of(columns), start, start + length)

    whole = sorted_wholly(np.array(places, np.int64), columns)
    assert page.tolist() == whole[max(start, 0) : max(start + length, 0)]


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_the_pages_of_any_keys_one_after_the_other_are_the_whole_order(seed: int, length: int) -> None:
    chance = np.random.default_rng(seed)
    places = chance.permutation(FEW + 500)
    columns = [
        np.round(chance.random(len(places)), 2),
        chance.integers(0, 3, len(places)),
        chance.random(len(places)),
    ]

    starts = chance.integers(0, len(places), 6)
    pages = [window(places, keys_of(columns), int(at), int(at) + length).tolist() for at in starts]

    whole = sorted_wholly(places, columns)
    assert pages == [whole[at : at + length] for at in starts.tolist()]


def test_a_deep_page_asks_the_later_keys_only_of_those_the_first_leaves_undecided() -> None:
    count, asked = 50_000, []
    by_first = np.arange(count) // 10

    def later(some: NDArray[Any]) -> NDArray[Any]:
        asked.append(len(some))
        return -some

    page = window(np.arange(count), [lambda some: by_first[some], later], 40_005, 40_025)

    assert page.tolist() == [
        *range(40_004, 39_999, -1),
        *range(40_019, 40_009, -1),
        *range(40_029, 40_024, -1),
    ]
    assert sum(asked) <= 30

"""JSON from outside is read with bounds, and refused in words."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siapa.document.strict_json import LARGEST_BYTES, parse_json
from siapa.errors import Rejected
from siapa.locales import using
from tests.document.documents import whole


def refusal(raw: bytes | str) -> str:
    with pytest.raises(Rejected) as caught:
        parse_json(raw)
    [problem] = caught.value.problems
    with using("en"):
        return str(problem.message)


def test_sound_json_is_read_as_python_reads_it():
    written = json.dumps(whole(), ensure_ascii=False)

    assert parse_json(written) == whole()
    assert parse_json(written.encode()) == whole()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(), st.lists, max_leaves=5
    )
)
def test_every_small_value_comes_back(value):
    assert parse_json(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("[NaN]", "NaN is not a number"),
        ("[-Infinity]", "-Infinity is not a number"),
        ("[1e999]", "too large"),
        ("[" + "9" * 5000 + "]", "more than 18 digits"),
        ('{"a": 1, "b": 2, "a": 3}', 'The field "a" is given twice'),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('{"a": 1,}', "not valid JSON (line 1"),
        ("", "not valid JSON"),
        (b'{"a": "\xff"}', "not valid UTF-8"),
        (b'"' + b"x" * LARGEST_BYTES + b'"', "larger than the 1000000 bytes"),
    ],
)
def test_what_python_would_take_or_choke_on_is_refused(raw, words):
    assert words in refusal(raw)


def test_brackets_within_a_text_are_no_depth():
    assert parse_json(json.dumps(["[" * 100, '\\"{{' * 100])) == ["[" * 100, '\\"{{' * 100]


def test_the_largest_hostile_text_is_read_in_little_time():
    started = time.monotonic()
    for hostile in ('"' * 999_999, '"\\' * 499_999, "[]" * 499_999, '{"a":"' + "\\" * 900_001):
        refusal(hostile)

    assert time.monotonic() - started < 3

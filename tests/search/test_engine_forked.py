"""Processes that were forked from a warm one read the same parts without disturbing each other."""

from __future__ import annotations

import os

import pytest
from flask import Flask

from siapa.search.room import room


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_processes_that_share_an_open_part_read_it_at_once(seeded_app: Flask) -> None:
    with seeded_app.app_context():
        part = room().sight().shelf.parts[0]
    words = sorted(part.told)[:400]
    expected = {word: part.reader._terms.term_info("t_rest", word.encode()).doc_frequency()
                for word in words if ("t_rest", word.encode()) in part.reader._terms}  # fmt: skip

    children = []
    for turn in range(3):
        child = os.fork()
        if not child:
            asked = [*expected] if turn % 2 else [*reversed(expected)]
            is_right = all(
                len(found[0]) == expected[word]
                for _round in range(20)
                for word in asked
                if (found := part.postings("t_rest", word))
            )
            os._exit(0 if is_right else 1)
        children.append(child)

    assert expected
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]

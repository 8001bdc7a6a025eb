"""The index withstands being killed at any moment, and publications while others search and rebuild.

The same in large: ``python -m benchmarks.endurance``.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from flask import Flask

from benchmarks.crashing import Publish, Work, fold, follow, rebuild, try_moments
from benchmarks.endurance import kills, new_word, publishes
from siapa import search
from siapa.extensions import db
from tests.search.making import make_standard

pytestmark = pytest.mark.slow


@pytest.fixture
def publish(registry: Flask) -> Publish:
    """Publishes standards, each with a word of its own in its title."""

    def one() -> str:
        word = new_word()
        make_standard(None, "polres-kendari", "mpp-kendari", title=f"Izin {word}")
        search.follow()
        db.session.remove()
        return word

    return one


def test_processes_killed_at_random_moments_leave_an_index_that_catches_up_by_itself(
    registry: Flask, publish: Publish
) -> None:
    known = publish()

    outcome = kills(registry, publish, known, 12, longest=0.4, seed=time.time_ns())

    assert (outcome.followers, outcome.rebuilders) == (6, 6)
    assert outcome.unclean == []
    assert [failure for read in outcome.read for failure in read.failures] == []
    assert sum(read.searches for read in outcome.read) > 0


@pytest.mark.parametrize("work", [follow, rebuild, fold])
def test_a_process_killed_before_it_touches_a_file_leaves_a_whole_index(
    registry: Flask, publish: Publish, work: Work
) -> None:
    folder = Path(registry.config["SIAPA"].search_dir)

    tried = try_moments(registry, publish, work, every=9)

    assert tried.moments > 10
    assert tried.unclean == []
    search.rebuild()
    assert len(list(folder.glob("part-*"))) == 1
    assert not [*folder.glob("new-*"), *folder.glob("build-*"), *folder.glob("CURRENT.*")]


def test_what_is_published_while_others_search_and_rebuild_is_seen_by_all_and_nothing_fails(
    registry: Flask, publish: Publish
) -> None:
    known = publish()

    outcome = publishes(registry, publish, known, 50)

    assert [failure for read in outcome.read for failure in read.failures] == []
    assert outcome.unclean == []
    assert outcome.rebuilds > 0
    assert [len(read.delays) for read in outcome.read] == [50, 50]
    assert sorted(delay for read in outcome.read for delay in read.delays)[49] < 1.0
    assert max(delay for read in outcome.read for delay in read.delays) < 5.0  # a busy machine's slack

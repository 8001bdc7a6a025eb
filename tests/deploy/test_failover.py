"""The primary is lost under load: nothing that was acknowledged is, and the public does not notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.failover import killed


@pytest.mark.postgres
@pytest.mark.slow
def test_the_primary_is_killed_twice_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    outcome = killed(tmp_path, 2, writers=3, readers=2, rest=0.5)

    assert outcome.lost == 0
    assert outcome.seen.failed == []
    assert outcome.seen.reads[200] > 10
    assert len(outcome.seen.acknowledged) > 5
    assert max(outcome.pauses) < 30

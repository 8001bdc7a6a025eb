"""Making standards in processes of their own, while this one writes.

The makers know no database: they get allotments and give back rows. Only a few batches
are under way at a time, so memory stays the same; a maker whose parent is gone ends.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from datetime import datetime
from itertools import islice
from multiprocessing.pool import AsyncResult

from siapa.publishing.generating.allotting import Allotted
from siapa.publishing.generating.planning import Plan
from siapa.publishing.generating.rows import Made, Maker

#: Processes beside the one that writes.
MAKERS = 2
#: Batches under way at a time.
AHEAD = MAKERS + 2

_maker: Maker | None = None


def made_batches(plan: Plan, batches: Iterable[Sequence[Allotted]], at: datetime) -> Generator[Made]:
    """The rows of each of ``batches``, in order; the logs are told that it happened ``at``."""
    global _maker
    _maker = Maker(plan.seed, plan.world, plan.kinds)  # before the fork, so that the makers have it
    waiting = iter(batches)
    first = list(islice(waiting, 2))
    if len(first) < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from (_maker.make(batch, at) for batch in (*first, *waiting))
        return
    with multiprocessing.get_context("fork").Pool(MAKERS, _watch_parent, (os.getpid(),)) as pool:
        under_way: deque[AsyncResult[Made]] = deque(pool.apply_async(_make, (batch, at)) for batch in first)
        for batch in islice(waiting, AHEAD - len(first)):
            under_way.append(pool.apply_async(_make, (batch, at)))
        while under_way:
            yield under_way.popleft().get()
            for batch in islice(waiting, 1):
                under_way.append(pool.apply_async(_make, (batch, at)))


def _make(batch: Sequence[Allotted], at: datetime) -> Made:
    assert _maker is not None, "set before the fork"
    return _maker.make(batch, at)


def _watch_parent(parent: int) -> None:
    """End this process when its parent has ended, however that happened."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

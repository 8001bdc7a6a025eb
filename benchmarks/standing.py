"""What the index costs beside answering: building, opening, memory, and a change until it is seen.

    python -m benchmarks.standing FOLDER     (used by search.py and growth.py: a process of its own)

prints, as JSON, how long a new process takes to open the index in ``FOLDER`` and what memory
it and a worker forked from it have to themselves.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.engines.ours import Find
from benchmarks.questions import questions
from benchmarks.registries import (
    ROOT,
    bytes_in,
    close_connections,
    opened,
    revise,
    settings_of,
    standard_to_revise,
)
from siapa import search
from siapa.extensions import db
from siapa.search.documents import Document, Documents
from siapa.search.engine.writing import SegmentedPart
from siapa.search.room import room

#: How often a change is published and looked for.
CHANGES = 7


@dataclass(frozen=True)
class Opening:
    """Seconds to open the index and to be warm; megabytes a process has to itself beyond the mapped index."""

    open_seconds: float
    warm_seconds: float
    alone_before_mb: float
    alone_mb: float
    worker_mb: float
    mapped_mb: float


def rebuild_seconds() -> tuple[float, float]:
    """How long the index takes to be built from the database and switched to, and its processor time."""
    started, before = time.perf_counter(), os.times()
    search.rebuild()
    spent, after = time.perf_counter() - started, os.times()
    return spent, sum(after[:4]) - sum(before[:4])


class Writing:
    """The processor time that writing a part takes, without the database: analysis, sorting, files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        stems = room().stems
        self._part = SegmentedPart(folder, stems.terms, stems.is_small)
        self.seconds = 0.0

    def add(self, document: Document) -> None:
        """Take one document in."""
        started = time.process_time()
        self._part.add(document)
        self.seconds += time.process_time() - started

    def finish(self) -> None:
        """Write everything."""
        started = time.process_time()
        self._part.finish()
        self.seconds += time.process_time() - started


def opening(folder: Path) -> Opening:
    """Open the index of ``folder`` in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.standing", str(folder)],
        cwd=ROOT, env={**os.environ, **settings_of(folder)}, check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    return Opening(**json.loads(told.stdout.splitlines()[-1]))


def _private_mb(index: Path) -> tuple[float, float]:
    """What this process has to itself: beside the files of the index, and of them."""
    beside = mapped = 0
    is_index = False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        name, *rest = line.split()
        if not name.endswith(":"):
            is_index = str(index) in line
        elif name in ("Private_Clean:", "Private_Dirty:"):
            if is_index:
                mapped += int(rest[0])
            else:
                beside += int(rest[0])
    return beside / 1024, mapped / 1024


def _worker_mb(index: Path) -> tuple[float, float]:
    """The same for a worker forked from this process, after it answered questions of every class."""
    classes = questions(room().sight().shelf)
    close_connections()
    gc.collect()
    gc.freeze()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            find = Find()
            for kind in find.kinds:
                for question in classes.get(kind, ()):
                    find.ask(question)
            os.write(writing, json.dumps(_private_mb(index)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        beside, mapped = json.loads(answer.read())
    os.waitpid(child, 0)
    return beside, mapped


def _open_here(folder: Path) -> Opening:
    index = folder.resolve() / "search_index"
    with opened(folder):
        before, _mapped = _private_mb(index)
        started = time.perf_counter()
        room().follower.index.opened()
        open_seconds = time.perf_counter() - started
        search.load()
        warm_seconds = time.perf_counter() - started
        alone, _mapped = _private_mb(index)
        worker, _mapped = _worker_mb(index)
    size = bytes_in(index) / 1e6
    return Opening(open_seconds, warm_seconds, before, alone, worker, size)


def visible_ms() -> tuple[float, float]:
    """Milliseconds from the call that publishes an edition until the search shows it: median and most.

    An edition of one made-up standard is drafted, submitted and then published again and
    again by two officers, each time with a new word in its title.
    """
    standard_id, spent = standard_to_revise(), []
    for _ in range(CHANGES):
        word = "baru" + uuid.uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))[:12]
        started: list[float] = []
        revise(standard_id, f"Layanan {word}", before=lambda began=started: began.append(time.perf_counter()))
        while not search.find(search.Query(word, exact=True, facets=())).results:
            if time.perf_counter() - started[0] > 10:
                raise RuntimeError("what was published does not become visible")
        spent.append((time.perf_counter() - started[0]) * 1e3)
    return statistics.median(spent), max(spent)


def documents() -> Any:
    """All standards of the registry, read from the database."""
    return Documents(db.session.connection()).standards()


if __name__ == "__main__":
    print(json.dumps(vars(_open_here(Path(sys.argv[1])))))

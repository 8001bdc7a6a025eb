"""What the index withstands: being killed at any moment, and a thousand publications under load.

    python -m benchmarks.endurance [--kills 200] [--every 5] [--publishes 1000] [--standards 2000]

The suite does the same in small (tests/search/test_enduring.py). Exit code 1 when anything was
not as it must be: a search that failed, a difference between index and database after
catching up, a publication that some process did not see within a second.

Runs where processes can be forked.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import registries
from benchmarks.crashing import Publish, Tried, differences, fold, follow, rebuild, try_moments
from siapa import search
from siapa.cli.searching import GIVES_WAY
from siapa.errors import Conflict
from siapa.extensions import db
from siapa.records import Edition, State, schema
from siapa.search import Busy, Query, engine, following
from siapa.search.room import room

#: Within so many seconds every process must see what was published.
SOON = 1.0
#: So many publications may be on their way to some process before the next is made.
UNSEEN = 3
#: How long a process is given to see a publication at all.
PATIENCE = 20.0

forking = multiprocessing.get_context("fork")


@dataclass
class Read:
    """What one process that searched all the time has to tell."""

    searches: int = 0
    failures: list[str] = field(default_factory=list)
    #: Seconds from a publication until it was found here, in the order of publication.
    delays: list[float] = field(default_factory=list)


# ------------------------------------------------------------------ readers


class Reader:
    """A process that searches in two threads until it is told to stop, and watches for new words."""

    def __init__(self, app: Flask, known: str) -> None:
        here, there = forking.Pipe()
        self.seen = forking.Value("i", 0)
        self._pipe: Connection = here
        self._process = forking.Process(target=_read, args=(app, known, there, self.seen), daemon=True)
        self._process.start()

    def wait(self) -> None:
        """Until it has searched once: what a server does before it is asked anything."""
        self._pipe.recv()

    def watch(self, word: str, published_at: float) -> None:
        """Have ``word`` looked for until it is found."""
        self._pipe.send((word, published_at))

    def stop(self) -> Read:
        """What was read, in all."""
        self._pipe.send(None)
        if not self._pipe.poll(PATIENCE * 3):
            return Read(failures=["the reader does not answer"])
        told: Read = self._pipe.recv()
        self._process.join()
        return told


def _read(app: Flask, known: str, pipe: Connection, seen: Any) -> None:
    read, words, ended = Read(), [known], threading.Event()

    def attempt(word: str) -> bool:
        try:
            with app.app_context():
                found = search.find(Query(text=word, exact=True, facets=())).total > 0
                db.session.remove()
                read.searches += 1
                return found
        except BaseException as error:
            read.failures.append(repr(error))
            return True

    def search_on() -> None:
        chance = random.Random(os.getpid())
        while not ended.is_set():
            word = chance.choice(words)
            if not attempt(word):
                read.failures.append(f"{word} was found before, and is not any more")

    attempt(known)
    pipe.send("ready")
    searching = threading.Thread(target=search_on)
    searching.start()
    while (told := pipe.recv()) is not None:
        word, published_at = told
        while not attempt(word) and time.monotonic() - published_at < PATIENCE:
            time.sleep(0.002)
        read.delays.append(time.monotonic() - published_at)
        words.append(word)
        seen.value += 1
    ended.set()
    searching.join()
    pipe.send(read)


@contextmanager
def reading(app: Flask, known: str, processes: int, told: list[Read]) -> Iterator[list[Reader]]:
    """Processes that search for ``known``, and what they have to tell, added to ``told`` in the end."""
    registries.close_connections()
    readers = [Reader(app, known) for _ in range(processes)]
    for reader in readers:
        reader.wait()
    try:
        yield readers
    finally:
        told.extend(reader.stop() for reader in readers)


# ------------------------------------------------------------------ killing


@dataclass
class Killed:
    """What came of killing processes at random moments."""

    followers: int = 0
    rebuilders: int = 0
    unclean: list[str] = field(default_factory=list)
    read: list[Read] = field(default_factory=list)


def _follow_on(app: Flask, publish: Publish) -> None:
    following.MOST_PARTS, following.MOST_APART = 2, 8  # so that it folds again and again
    with app.app_context():
        while True:
            publish()
            search.follow()
            room().follower.fold()


def _rebuild_on(app: Flask, publish: Publish) -> None:
    engine.apart.MOST_HERE = 100  # so that the process that writes for it is orphaned too
    with app.app_context():
        while True:
            publish()
            search.rebuild()


def kills(app: Flask, publish: Publish, known: str, times: int, *, longest: float, seed: int = 1) -> Killed:
    """Kill -9 a follower or a rebuilder ``times`` times, each within ``longest`` seconds of its start.

    After each the index must be usable as it lies, and equal the database once it has caught up.
    """
    chance = random.Random(seed)
    outcome = Killed()
    with reading(app, known, 1, outcome.read):
        for number in range(times):
            is_follower = number % 2 == 0
            registries.close_connections()
            victim = forking.Process(target=_follow_on if is_follower else _rebuild_on, args=(app, publish))
            victim.start()
            time.sleep(chance.uniform(0.0, longest))
            os.kill(victim.pid or 0, signal.SIGKILL)
            victim.join()
            outcome.followers += is_follower
            outcome.rebuilders += not is_follower
            outcome.unclean += [f"{one} (kill {number + 1})" for one in differences()]
    return outcome


# ------------------------------------------------------- publishing under load


@dataclass
class Published:
    """What came of publishing while others search and rebuild."""

    publications: int = 0
    rebuilds: int = 0
    seconds: float = 0.0
    unclean: list[str] = field(default_factory=list)
    read: list[Read] = field(default_factory=list)

    @property
    def late(self) -> list[float]:
        """The delays of publications that some process saw too late."""
        return [delay for one in self.read for delay in one.delays if delay > SOON]


def _rebuild_until(app: Flask, ended: Any, rebuilds: Any) -> None:
    os.nice(GIVES_WAY)  # as ``siapa search rebuild`` does
    with app.app_context():
        while not ended.is_set():
            try:
                search.rebuild()
                rebuilds.value += 1
                room().follower.fold()
            except Busy:
                time.sleep(0.01)


def publishes(app: Flask, publish: Publish, known: str, times: int, *, readers: int = 2) -> Published:
    """Publish ``times`` times while processes search and another rebuilds without a pause."""
    outcome = Published(publications=times)
    ended, rebuilds = forking.Event(), forking.Value("i", 0)
    with reading(app, known, readers, outcome.read) as watching:
        builder = forking.Process(target=_rebuild_until, args=(app, ended, rebuilds), daemon=True)
        builder.start()
        began = time.monotonic()
        for number in range(times):
            while min(reader.seen.value for reader in watching) < number - UNSEEN:
                time.sleep(0.001)
            word = publish()
            for reader in watching:
                reader.watch(word, time.monotonic())
        outcome.seconds = time.monotonic() - began
        ended.set()
        builder.join()
    outcome.rebuilds = rebuilds.value
    outcome.unclean = differences()
    return outcome


# ----------------------------------------------------------------- as a command


def new_word() -> str:
    """A word that stands nowhere."""
    return "baru" + uuid.uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))[:12]


def publisher() -> Publish:
    """Publishes new editions of made-up standards, each once in this process, as two officers do."""
    live = sa.select(Edition.standard_id).where(Edition.state == State.PUBLISHED, Edition.is_free)
    ids = list(db.session.scalars(live))
    chance = random.SystemRandom()

    def publish() -> str:
        word = new_word()
        while True:
            standard_id = ids.pop(chance.randrange(len(ids)))
            try:
                registries.revise(standard_id, f"Layanan {word}")
                return word
            except Conflict:
                pass  # a process that was killed has left a draft of it
            finally:
                db.session.remove()

    return publish


@contextmanager
def registry(work: Path, standards: int) -> Iterator[Flask]:
    """A registry of so many made-up standards below ``work``, inside its context."""
    folder = work.resolve() / str(standards)
    folder.mkdir(parents=True, exist_ok=True)
    with registries.opened(folder):
        schema.move_to(db.engine)
    with registries.opened(registries.make(work, standards)) as app:
        yield app


@dataclass
class Outcome:
    """All that was done."""

    killed: Killed | None = None
    tried: list[tuple[str, Tried]] = field(default_factory=list)
    published: Published | None = None

    def faults(self) -> Iterator[str]:
        """Everything that was not as it must be."""
        for one in (self.killed, self.published):
            if one is not None:
                yield from (f"FAILED search: {failure}" for read in one.read for failure in read.failures)
                yield from (f"DIFFERENCE: {difference}" for difference in one.unclean)
        for _name, tried in self.tried:
            yield from (f"DIFFERENCE: {difference}" for difference in tried.unclean)
        if self.published is not None:
            yield from (f"LATE: seen after {delay:.2f} s" for delay in self.published.late)

    def lines(self) -> Iterator[str]:
        """What was done, for people."""
        if self.killed is not None:
            searches = sum(one.searches for one in self.killed.read)
            yield f"killed at random: {self.killed.followers} followers, {self.killed.rebuilders} rebuilders"
            yield f"  {searches} searches meanwhile"
        for name, tried in self.tried:
            yield f"killed at {tried.moments} chosen moments of a {name}"
        if self.published is not None:
            yield from _told(self.published)


def _told(published: Published) -> Iterator[str]:
    delays = sorted(delay for one in published.read for delay in one.delays)
    searches = sum(one.searches for one in published.read)
    yield f"published {published.publications} times in {published.seconds:.0f} s"
    yield f"  meanwhile {published.rebuilds} rebuilds; {searches} searches in {len(published.read)} processes"
    most = delays[int(len(delays) * 0.99)]
    yield (
        f"  seen by a process after {statistics.median(delays) * 1e3:.0f} ms (median), "
        f"{most * 1e3:.0f} ms (99 of 100), {delays[-1] * 1e3:.0f} ms (longest)"
    )


def options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=200, help="at random moments")
    parser.add_argument("--every", type=int, default=5, help="which of the chosen moments to try; 1 for all")
    parser.add_argument("--publishes", type=int, default=1000)
    parser.add_argument("--standards", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    parser.add_argument("--work", type=Path, help="a folder that is kept; without it a temporary one")
    return parser.parse_args()


def main() -> int:
    """Make a registry, and do all of it; 1 when anything was not as it must be."""
    given, outcome = options(), Outcome()
    with (
        tempfile.TemporaryDirectory() as temporary,
        registry(given.work or Path(temporary), given.standards) as app,
    ):
        search.rebuild()
        publish = publisher()
        known = publish()
        if given.kills:
            outcome.killed = kills(app, publish, known, given.kills, longest=1.0, seed=given.seed)
        for work in (follow, rebuild, fold) if given.every else ():
            outcome.tried.append((work.__name__, try_moments(app, publish, work, every=given.every)))
        if given.publishes:
            outcome.published = publishes(app, publish, known, given.publishes)
    faults = list(outcome.faults())
    print("\n".join([*outcome.lines(), *faults]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""A long, even load: does the server keep its memory and its descriptors?

    python benchmarks/soak.py --minutes 60 --work FOLDER [--standards 20000] [--per-second 40]

Readers ask for pages, the API and searches, each search another one; an officer publishes every few seconds.
Every minute the memory of all processes of the server (what they share counted once, without the files that
are mapped) and their open descriptors are taken. Compared are the end and the moment after the warm-up,
when the caches have filled. Exit code 1 when memory grew by 10 % or more, descriptors by 20 or more, or a
request failed.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import random
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import registries
from benchmarks.requests import QUERIES, Server, family, running

READERS = 4
PAUSE_BETWEEN_PUBLICATIONS = 5.0
MOST_MEMORY, MOST_DESCRIPTORS = 1.10, 20


@dataclass
class Told:
    """What the readers and the officer saw."""

    milliseconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    published: int = 0


@dataclass(frozen=True)
class Sample:
    """Megabytes and open descriptors of all processes of the server, ``minute`` after the start."""

    minute: float
    memory: float
    descriptors: int


def sample(server: Server, began: float) -> Sample:
    """As it is now; a process that ends meanwhile counts nothing."""
    memory = descriptors = 0
    for pid in family(server.process.pid):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            memory += sum(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:"))
            descriptors += len(os.listdir(f"/proc/{pid}/fd"))
        except OSError:
            continue
    return Sample((time.monotonic() - began) / 60, memory / 1024, descriptors)


def addresses(port: int) -> Iterator[str]:
    """What the public asks for, for ever: pages and API answers of many standards, and searches."""
    chance = random.Random(1)
    base = f"http://127.0.0.1:{port}"
    standards = []
    for page in range(1, 21):
        answer = urllib.request.urlopen(f"{base}/api/v1/standards?per_page=100&page={page}")
        standards += json.load(answer)["results"]
    for number in itertools.count():
        one = chance.choice(standards)
        query = chance.choice(QUERIES).replace(" ", "+")
        yield f"/api/v1/standards/{one['id']}"
        yield f"/standar/{one['agency']['slug']}/{one['slug']}"
        yield f"/cari?q={query}&max_days={number % 900 + 1}"
        yield f"/api/v1/search?q={query}+{one['slug'].replace('-', '+')[:60]}"
        yield f"/api/v1/suggest?q={query[:4]}"
        yield "/mpp?near=" + f"{-chance.random() * 8:.2f},{100 + chance.random() * 38:.2f}"


def read(port: int, paths: Iterator[str], pause: float, ended: threading.Event, told: Told) -> None:
    """Ask for one after the other until ``ended``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while not ended.wait(pause):
        path = next(paths)
        began = time.monotonic()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                told.failures.append(f"{answer.status} {path}")
        except (OSError, http.client.HTTPException) as error:
            told.failures.append(f"{error!r} {path}")
            connection.close()
        told.milliseconds.append((time.monotonic() - began) * 1e3)


def publish(work: Path, ended: threading.Event, told: Told) -> None:
    """Publish one standard again and again, each time with another title."""
    with registries.opened(work):
        standard_id = registries.standard_to_revise()
        while not ended.wait(PAUSE_BETWEEN_PUBLICATIONS):
            registries.revise(standard_id, f"Layanan nomor {told.published}")
            told.published += 1


class Shared:
    """An iterator that several threads take from."""

    def __init__(self, inner: Iterator[str]) -> None:
        self._inner, self._lock = inner, threading.Lock()

    def __iter__(self) -> Shared:
        return self

    def __next__(self) -> str:
        with self._lock:
            return next(self._inner)


def soaked(server: Server, work: Path, minutes: float, per_second: float, told: Told) -> list[Sample]:
    """Load for so long; what was measured each minute."""
    ended, paths = threading.Event(), Shared(addresses(server.port))
    threads = [
        threading.Thread(target=read, args=(server.port, paths, READERS / per_second, ended, told))
        for _ in range(READERS)
    ]
    threads.append(threading.Thread(target=publish, args=(work, ended, told)))
    began = time.monotonic()
    for thread in threads:
        thread.start()
    samples = [sample(server, began)]
    while time.monotonic() - began < minutes * 60:
        time.sleep(min(60, minutes * 6))
        samples.append(sample(server, began))
    ended.set()
    for thread in threads:
        thread.join()
    return samples


def main() -> None:
    """Make the registry where it lacks, serve it, load it, say what came of it."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--warm", type=float, default=10, help="minutes until the caches count as full")
    options.add_argument("--standards", type=int, default=20_000)
    options.add_argument("--per-second", type=float, default=40)
    options.add_argument("--port", type=int, default=8796)
    options.add_argument("--work", type=Path, required=True, help="a folder for the registry; kept")
    given = options.parse_args()
    work = registries.make(given.work, given.standards)
    environment = {
        **os.environ, **registries.settings_of(work), "SIAPA_RATE_LIMITS": "100000000 per minute",
    }  # fmt: skip
    serve = ["-W", "ignore", "-c", registries.COMMAND, "serve", "--port", str(given.port)]
    told = Told()
    with running([sys.executable, *serve], given.port, "/health/ready", environment) as server:
        samples = soaked(server, work, given.minutes, given.per_second, told)
    warm = next((one for one in samples if one.minute >= given.warm), samples[0])
    end, most = samples[-1], max(one.memory for one in samples)
    ordered = sorted(told.milliseconds)
    print("| after, min | memory, MB | descriptors |\n|-|-|-|")
    for one in samples[:: max(len(samples) // 12, 1)]:
        print(f"| {one.minute:.0f} | {one.memory:.0f} | {one.descriptors} |")
    print(
        f"\n{len(ordered):,} requests, {len(told.failures)} failed; "
        f"median {ordered[len(ordered) // 2]:.1f} ms, "
        f"p99 {ordered[int(len(ordered) * 0.99)]:.1f} ms; {told.published} publications.\n"
        f"Memory {warm.memory:.0f} MB after {warm.minute:.0f} min, {end.memory:.0f} MB in the end "
        f"({end.memory / warm.memory - 1:+.1%}), at most {most:.0f}. "
        f"Descriptors {warm.descriptors}, in the end {end.descriptors}."
    )
    for failure in told.failures[:10]:
        print(failure)
    kept = end.memory < warm.memory * MOST_MEMORY and end.descriptors < warm.descriptors + MOST_DESCRIPTORS
    sys.exit(0 if kept and not told.failures else 1)


if __name__ == "__main__":
    main()

"""Requests per second of what the public asks for, beside a hello-world of the same server.

    make bench            (or: .venv/bin/python -P benchmarks/requests.py --seconds 2 --rounds 5)

The hello-world is a bare Flask view without our hooks, log, limits or database, served by
the same processes (``siapa.cli.workers``), as many and with as many threads. Other work on
the machine moves every figure, so each run of a kind has a run of the hello-world right
before it, with as many clients, and what is compared is the share of the two. The kinds
take turns; the first turn warms up and does not count. Printed are medians, and how far
the shares of single rounds lay apart. The CPU time per request, of all processes of the
server, hardly moves with other work; it is the second opinion.

The load comes from wrk (Debian package ``wrk``) on loopback; each kind of request goes
round many different addresses, so no single answer is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HELLO = """
import sys
from flask import Flask
from siapa.cli import serving, workers
from siapa.config import Config
app = Flask("hello")
app.get("/")(lambda: "Hello, world")
sockets = workers.bound("127.0.0.1", int(sys.argv[1]), Config.from_environment().workers)
serving.keep_serving(sockets, lambda listening: workers.answer(listening, app))
"""
LUA = """
local paths = {{ {paths} }}
local n = {start}
request = function()
  n = n + 1
  return wrk.format("GET", paths[(n % #paths) + 1], {headers})
end
done = function(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(95.0),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""
QUERIES = (
    "perpanjang sim c kendari", "bikin ktp", "paspor", "akte lahir", "kartu keluarga", "izin usaha", "bpjs",
    "pajak motor bombana", "skck", "nikah", "surat pindah", "balik nama tanah", "npwp", "kartu kuning", "pbb",
    "listrik baru", "halal", "imb", "ktp hilang", "santunan kematian",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of request: where it goes, from how many clients, and the share of hello-world aimed at."""

    name: str
    paths: list[str]
    aim: float
    clients: int = 32
    headers: dict[str, str] = field(default_factory=dict)
    #: Requests a second aimed at, whatever hello-world does.
    at_least: int = 0


@dataclass(frozen=True)
class Run:
    """One run of wrk: requests a second, 95th percentile in ms, errors, CPU in microseconds a request."""

    per_second: float
    p95: float
    errors: int
    cpu: float


@dataclass(frozen=True)
class Server:
    """A server under load."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """CPU time so far of all its processes; 0 where the system does not tell."""
        if not os.path.isdir("/proc/self/task"):
            return 0.0
        ticks = 0
        for pid in family(self.process.pid):
            spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(spent[11]) + int(spent[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> Iterator[int]:
    """A process and all that came from it."""
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from family(int(child))


def main() -> None:
    """Run the rounds and print one table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=int, default=2, help="of each run")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--port", type=int, default=8790, help="and the next one")
    given = options.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "SIAPA_INSTANCE_DIR": f"{folder}/instance",
            "SIAPA_SEARCH_DIR": f"{folder}/search",
            "SIAPA_RATE_LIMITS": "100000000 per minute",
        }
        command = [sys.executable, "-c", HELLO, str(given.port)]
        serve = ["-c", "from siapa.cli import main; main()", "serve", "--port", str(given.port + 1)]
        with (
            running(command, given.port, "/", environment) as hello,
            running([sys.executable, *serve], given.port + 1, "/health/ready", environment) as siapa,
        ):
            print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
            show(measure(hello, siapa, given.rounds, given.seconds, Path(folder)))


def kinds(siapa: Server) -> list[Kind]:
    """What is asked for, over the addresses that the registry itself names."""
    base = f"http://127.0.0.1:{siapa.port}"
    standards = json.load(urllib.request.urlopen(f"{base}/api/v1/standards?per_page=100"))["results"]
    programs = [f"/api/v1/standards/{one['id']}" for one in standards]
    pages = [f"/standar/{one['agency']['slug']}/{one['slug']}" for one in standards]
    searches = [f"/api/v1/search?q={query.replace(' ', '+')}" for query in QUERIES]
    varied = [f"{path}&max_days={n}" for n in range(1, 2_000) for path in searches]
    etag = urllib.request.urlopen(f"{base}{programs[0]}").headers["ETag"]
    return [
        Kind("standard JSON", programs, 0.35),
        Kind("standard page", pages, 0.60),
        Kind("standard JSON, not modified", programs[:1], 0.70, headers={"If-None-Match": etag}),
        Kind("search JSON", searches, 0.10, clients=8, at_least=400),
        Kind("search JSON, never the same", varied, 0.10, clients=8, at_least=400),
    ]


Pairs = list[tuple[Run, Run]]


def measure(
    hello: Server, siapa: Server, rounds: int, seconds: int, folder: Path
) -> list[tuple[Kind, Pairs]]:
    """Of each kind, for each round: hello-world, and right after it the kind."""
    figures: list[tuple[Kind, Pairs]] = [(kind, []) for kind in kinds(siapa)]
    for turn in range(rounds + 1):
        for kind, pairs in figures:
            lasting, start = (seconds, turn * 7_000) if turn else (1, 0)
            greeting = Kind("hello-world", ["/"], 1, clients=kind.clients)
            before = load(hello, greeting, lasting, folder, start=start)
            run = load(siapa, kind, lasting, folder, start=start)
            if turn:
                pairs.append((before, run))
    return figures


def load(server: Server, kind: Kind, seconds: int, folder: Path, *, start: int) -> Run:
    """One run of wrk, beginning with the ``start``-th of the addresses."""
    script = folder / "load.lua"
    paths = ", ".join(json.dumps(path) for path in kind.paths)
    headers = ", ".join(f"[{json.dumps(name)}] = {json.dumps(said)}" for name, said in kind.headers.items())
    script.write_text(LUA.format(paths=paths, headers="{" + headers + "}", start=start))
    before = server.cpu_seconds()
    printed = subprocess.run(
        ["wrk", "-t1", f"-c{kind.clients}", f"-d{seconds}s", "-s", script, f"http://127.0.0.1:{server.port}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    spent = server.cpu_seconds() - before
    result = next(line for line in printed.splitlines() if line.startswith("RESULT"))
    requests, microseconds, p95, errors = (int(part) for part in result.split()[1:])
    return Run(requests / (microseconds / 1e6), p95 / 1000, errors, spent / max(1, requests) * 1e6)


def show(figures: list[tuple[Kind, Pairs]]) -> None:
    """Print medians over the rounds, the share of hello-world, and how far it went up and down."""
    print(f"{'kind':<29}{'hello/s':>9}{'this/s':>8}{'share':>7}{'from - to':>13}{'aim':>6}"
          f"{'p95 ms':>8}{'CPU us':>8}{'of hello':>9}{'errors':>8}")  # fmt: skip
    for kind, pairs in figures:
        shares = [run.per_second / greeting.per_second for greeting, run in pairs]
        share, per_second = statistics.median(shares), statistics.median(run.per_second for _, run in pairs)
        cpu = statistics.median(run.cpu for _, run in pairs)
        greeting_cpu = statistics.median(greeting.cpu for greeting, _ in pairs)
        reached = share >= kind.aim and per_second >= kind.at_least
        print(
            f"{kind.name:<29}{statistics.median(greeting.per_second for greeting, _ in pairs):>9.0f}"
            f"{per_second:>8.0f}{share:>7.2f}{f'{min(shares):.2f} - {max(shares):.2f}':>13}{kind.aim:>6.2f}"
            f"{statistics.median(run.p95 for _, run in pairs):>8.1f}{cpu:>8.0f}"
            f"{(greeting_cpu / cpu if cpu else 0):>9.2f}{sum(run.errors for _, run in pairs):>8}"
            f"{'' if reached else '  under its aim'}"
        )


@contextmanager
def running(command: list[str], port: int, path: str, environment: dict[str, str]) -> Iterator[Server]:
    """Start ``command``, wait until it answers at ``path``, and end it afterwards."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if process.poll() is not None:
                sys.exit(f"the server on port {port} ended with {process.returncode}")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2).read()
                break
            except OSError:
                time.sleep(0.2)
        else:
            sys.exit(f"the server on port {port} did not answer within two minutes")
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(timeout=40)


if __name__ == "__main__":
    main()

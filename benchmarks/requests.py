"""Requests per second and p95 of what the public asks for, against a hello-world of the same server.

    make bench            (or: .venv/bin/python benchmarks/requests.py --seconds 5 --rounds 3)

Both servers run with the same gunicorn settings on this machine, and the rounds take
turns, so the *ratios* of one run mean something; the absolute figures are the machine's.
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
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HELLO = """
import sys
from flask import Flask
sys.path.insert(0, {root!r})
from siapa.cli.serving import Server
from siapa.config import Config
app = Flask("hello")
app.get("/")(lambda: "Hello, world")
config = Config.from_environment()
server = Server(app, config, "127.0.0.1", {port})
server.cfg.set("post_worker_init", lambda worker: None)
server.run()
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
AIMS = {"standard JSON": 0.35, "standard page": 0.25}


def main() -> None:
    """Run the rounds and print one table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=int, default=4)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--clients", type=int, default=32)
    options.add_argument("--port", type=int, default=8790)
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
        hello = [sys.executable, "-c", HELLO.format(root=str(ROOT), port=given.port)]
        siapa = [str(Path(sys.executable).with_name("siapa")), "serve", "--port", str(given.port + 1)]
        with (
            running(hello, f"http://127.0.0.1:{given.port}/", environment),
            running(siapa, f"http://127.0.0.1:{given.port + 1}/health/ready", environment),
        ):
            show(measure(given, Path(folder)))


def measure(given: argparse.Namespace, folder: Path) -> dict[str, list[tuple[float, float, int]]]:
    """(requests/s, p95 in ms, errors) of each kind, a tuple a round, the kinds taking turns."""
    base = f"http://127.0.0.1:{given.port + 1}"
    standards = json.load(urllib.request.urlopen(f"{base}/api/v1/standards?per_page=100"))["results"]
    json_paths = [f"/api/v1/standards/{one['id']}" for one in standards]
    pages = [f"/standar/{one['agency']['slug']}/{one['slug']}" for one in standards]
    searches = [f"/api/v1/search?q={query.replace(' ', '+')}" for query in QUERIES]
    varied = [f"{path}&max_days={n}" for n in range(1, 400) for path in searches]
    etag = urllib.request.urlopen(f"{base}{json_paths[0]}").headers["ETag"]
    kinds = {
        "hello-world": (given.port, ["/"], {}),
        "search JSON": (given.port + 1, searches, {}),
        "search JSON, never the same": (given.port + 1, varied, {}),
        "standard JSON": (given.port + 1, json_paths, {}),
        "standard page": (given.port + 1, pages, {}),
        "standard JSON, not modified": (given.port + 1, json_paths[:1], {"If-None-Match": etag}),
    }
    figures: dict[str, list[tuple[float, float, int]]] = {kind: [] for kind in kinds}
    for turn in range(given.rounds):
        for kind, (port, paths, headers) in kinds.items():
            figures[kind].append(load(port, paths, headers, given, folder, start=turn * 1500))
    return figures


def load(
    port: int,
    paths: list[str],
    headers: dict[str, str],
    given: argparse.Namespace,
    folder: Path,
    *,
    start: int,
) -> tuple[float, float, int]:
    """One run of wrk over ``paths``."""
    script = folder / "load.lua"
    lua_paths = ", ".join(json.dumps(path) for path in paths)
    lua_headers = "{" + ", ".join(f"[{json.dumps(k)}] = {json.dumps(v)}" for k, v in headers.items()) + "}"
    script.write_text(LUA.format(paths=lua_paths, headers=lua_headers, start=start))
    printed = subprocess.run(
        ["wrk", "-t1", f"-c{given.clients}", f"-d{given.seconds}s", "-s", script, f"http://127.0.0.1:{port}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    result = next(line for line in printed.splitlines() if line.startswith("RESULT"))
    requests, microseconds, p95, errors = (int(part) for part in result.split()[1:])
    return requests / (microseconds / 1e6), p95 / 1000, errors


def show(figures: dict[str, list[tuple[float, float, int]]]) -> None:
    """Print medians over the rounds and the share of hello-world."""
    medians = {kind: statistics.median(run[0] for run in runs) for kind, runs in figures.items()}
    print(f"{'kind':<30}{'requests/s':>12}{'of hello':>10}{'aim':>8}{'p95 ms':>9}{'errors':>8}")
    for kind, runs in figures.items():
        aim = f">= {AIMS[kind]:.2f}" if kind in AIMS else ""
        print(
            f"{kind:<30}{medians[kind]:>12.0f}{medians[kind] / medians['hello-world']:>10.2f}{aim:>8}"
            f"{statistics.median(run[1] for run in runs):>9.1f}{sum(run[2] for run in runs):>8}"
        )


@contextmanager
def running(command: list[str], address: str, environment: dict[str, str]):
    """Start ``command``, wait until ``address`` answers, and end it afterwards."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if process.poll() is not None:
                sys.exit(f"{command[0]} ended with {process.returncode}")
            try:
                urllib.request.urlopen(address, timeout=2).read()
                break
            except OSError:
                time.sleep(0.2)
        else:
            sys.exit(f"{address} did not answer within two minutes")
        yield
    finally:
        process.terminate()
        process.wait(timeout=40)


if __name__ == "__main__":
    main()

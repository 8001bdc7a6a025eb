"""``siapa serve``: what is brought up to date before, and what the workers are handed."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from siapa.cli import serving
from siapa.config import ROOT
from tests.cli.operator import Operator
from tests.conftest import make_app


def test_no_connection_to_the_database_crosses_the_fork(tmp_path):
    app = make_app(tmp_path)

    with app.app_context():
        serving.prepare(app.config["SIAPA"], seeds=False)
        held_before = open_files(tmp_path)
        serving.let_go()

    assert held_before
    assert open_files(tmp_path) == []


def open_files(folder: Path) -> list[str]:
    """The files of the database that this process has open."""
    targets = [os.readlink(entry.path) for entry in os.scandir("/proc/self/fd") if os.path.islink(entry.path)]
    return [target for target in targets if target.startswith(str(folder)) and "siapa.db" in target]


@dataclass
class Served:
    """A server, and all it said when it has ended."""

    said: str = ""


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_new_registry_serves_and_a_second_start_loads_nothing_again(tmp_path, port):
    with serving_at(tmp_path, port) as first:
        pass
    assert "standards: " in first.said and " added" in first.said

    with serving_at(tmp_path, port) as second:
        too_long = spoken(port, request_of(10_000))
        long_for_us = spoken(port, request_of(5_000))
        in_vain = spoken(
            port, b"GET /cari?q=kukusemu+tembaga HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )

    assert "added" not in second.said and "Loading" not in second.said
    assert too_long.startswith("HTTP/1.1 414 ") and "Alamatnya terlalu panjang" in too_long
    assert long_for_us.startswith("HTTP/1.1 414 ") and "<h1" in long_for_us
    assert in_vain.startswith("HTTP/1.1 200 ")
    assert unanswered(tmp_path) == [("kukusemu tembaga", 1)]  # written at the latest when the server ends


def unanswered(folder: Path) -> list[tuple[str, int]]:
    """What was counted of searches that found nothing."""
    with closing(sqlite3.connect(folder / "i" / "siapa.db")) as connection:
        return connection.execute("SELECT words, times FROM unanswered_query").fetchall()


def request_of(length: int) -> bytes:
    """A search for one word of ``length`` letters, as bytes on the line."""
    return b"GET /cari?q=" + b"a" * length + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def spoken(port: int, request: bytes) -> str:
    """What is answered to raw bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request)
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


@contextmanager
def serving_at(folder: Path, port: int) -> Iterator[Served]:
    """A server that is ready; it is ended politely."""
    settings = {"SIAPA_INSTANCE_DIR": str(folder / "i"), "SIAPA_SEARCH_DIR": str(folder / "s")}
    served = Served()
    process = subprocess.Popen(
        [sys.executable, "-c", "from siapa.cli import main; main()", "serve", "--port", str(port)],
        env={**os.environ, **settings}, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        wait_until_ready(process, port)
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        served.said, _ = process.communicate(timeout=60)
    assert process.returncode == 0


def wait_until_ready(process: subprocess.Popen[str], port: int) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("not ready within two minutes")


def test_a_database_that_cannot_be_reached_is_one_line(tmp_path):
    told = Operator(tmp_path).says("db", "current", SIAPA_DATABASE_URL="postgresql://127.0.0.1:1/none")

    assert told.returncode == 1
    assert told.stderr.startswith("siapa: the database cannot be used: ")
    assert told.stderr.count("\n") == 1

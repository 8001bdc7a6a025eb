"""A server under test: started, spoken to byte by byte, watched, ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from siapa.config import ROOT

SECONDS_TO_START = 120.0


def free_port() -> int:
    """A port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """A server, and all it said when it has ended."""

    process: subprocess.Popen[str]
    said: str = ""
    #: Set by a test that has ended it in its own way.
    is_over: bool = False


@contextmanager
def started(command: list[str], port: int, path: str, **settings: str) -> Iterator[Served]:
    """A Python process that answers at ``path``; it is ended politely, and must end well."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", *command],
        env={**os.environ, **settings}, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    served = Served(process)
    try:
        wait_until(lambda: process.poll() is not None or answers(port, path), SECONDS_TO_START)
        assert process.poll() is None, f"the server ended by itself: {process.communicate()[0]}"
        yield served
    finally:
        if not served.is_over:
            process.send_signal(signal.SIGTERM)
        served.said, _ = process.communicate(timeout=60)
    assert served.is_over or process.returncode == 0


def answers(port: int, path: str) -> bool:
    """Whether there is a good answer at ``path``."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_until(is_so: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until ``is_so``; too long is an error."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not so after {seconds} seconds"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """The processes that ``pid`` has started and that live."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed if is_alive(int(child))]


def is_alive(pid: int) -> bool:
    """Whether there is such a process, and not only its grave."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def spoken(port: int, request: bytes, *, is_all: bool = False) -> str:
    """What is answered to raw bytes; ``is_all`` says that no more will come."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request)
        if is_all:
            line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


def ask(port: int, path: str, seconds: float = 10.0) -> str:
    """The body at ``path``, over a connection of its own."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=seconds) as answer:
        return str(answer.read().decode())

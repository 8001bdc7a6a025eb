"""Limits that all hosts count together, with a real Redis that stops, hangs and is full."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from flask import Flask

from siapa.web import limiting
from siapa.web.desk.signing_in import ATTEMPTS, init_limits
from tests.cli.operator import Operator
from tests.cli.served import free_port, wait_until
from tests.web.conftest import copy_of

#: Longest a request may take whatever Redis does, in seconds: two questions and the answer itself.
SOON = 1.0


@dataclass
class Server:
    """Redis on a port of its own."""

    program: str
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """As the setting says it."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it empty, and wait until it answers."""
        self.process = subprocess.Popen(
            [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            stdout=subprocess.DEVNULL, cwd=self.folder,
        )  # fmt: skip
        wait_until(self._answers)

    def _answers(self) -> bool:
        try:
            return bool(self.asked().ping())
        except redis.RedisError:
            return False

    def asked(self) -> redis.Redis:
        """A line to it."""
        return redis.Redis(port=self.port, socket_timeout=2)

    def signal(self, number: signal.Signals) -> None:
        """Tell the process."""
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait(30)
            self.process = None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A running one. None to be had: skipped."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server: install that package to try shared limits")
    one = Server(program, tmp_path, free_port())
    one.start()
    yield one
    one.stop()


def hosts(server: Server, small_folder: Path, tmp_path: Path, rules: str) -> list[Flask]:
    """Two hosts that share it."""
    settings = {"SIAPA_REDIS_URL": server.address, "SIAPA_RATE_LIMITS": rules}
    return [copy_of(small_folder, tmp_path / name, **settings) for name in ("one", "two")]


def timed(app: Flask, path: str = "/api/v1/regions") -> tuple[int, float]:
    """What is answered, and after how many seconds."""
    began = time.monotonic()
    status = app.test_client().get(path).status_code
    return status, time.monotonic() - began


def test_two_hosts_count_together(server: Server, small_folder: Path, tmp_path: Path) -> None:
    one, two = hosts(server, small_folder, tmp_path, "4 per minute")

    statuses = [timed(app)[0] for app in (one, two, one, two, one, two)]

    assert statuses == [200, 200, 200, 200, 429, 429]
    assert timed(one, "/layanan")[0] == 200, "pages are not counted"


@pytest.mark.parametrize("fault", ["stopped", "hung", "full"])
def test_whatever_becomes_of_redis_the_public_is_answered_and_still_limited(
    server: Server, small_folder: Path, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, "PAUSE", 0.5)
    one, _two = hosts(server, small_folder, tmp_path, "12 per minute")
    assert timed(one)[0] == 200

    if fault == "stopped":
        server.stop()
    elif fault == "hung":
        server.signal(signal.SIGSTOP)
    else:
        server.asked().flushall()
        server.asked().config_set("maxmemory-policy", "noeviction")
        server.asked().config_set("maxmemory", "1")
    answers = [timed(one) for _ in range(8)]
    pages = [timed(one, path) for path in ("/", "/layanan", "/cari?q=sim")]
    if fault == "stopped":
        server.start()
    elif fault == "hung":
        server.signal(signal.SIGCONT)
    else:
        server.asked().config_set("maxmemory", "0")
    time.sleep(0.6)
    after = timed(one)[0]

    assert [status for status, _seconds in answers] == [200] * 6 + [429] * 2, "alone: half of it"
    assert {status for status, _seconds in pages} == {200}
    assert max(seconds for _status, seconds in answers) < SOON
    assert after == 200, "it counts together again"


def test_attempts_to_sign_in_are_counted_together_too(server: Server) -> None:
    one, two = (init_limits(server.address)["both"] for _ in range(2))

    allowed = [counter.count("a@b.id").allowed for _ in range(6) for counter in (one, two)]

    assert ATTEMPTS["both"].startswith("10 ")
    assert allowed == [True] * 10 + [False] * 2


def test_the_doctor_sees_one_that_hangs(server: Server, tmp_path: Path) -> None:
    server.signal(signal.SIGSTOP)

    told = Operator(tmp_path).says("doctor", SIAPA_REDIS_URL=server.address)

    assert f"FAULT    Redis on 127.0.0.1:{server.port} does not answer" in told.stdout

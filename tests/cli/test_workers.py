"""The server's processes: what becomes of requests when workers are killed, replaced or slow to be read."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from siapa.cli import workers
from siapa.errors import Unavailable
from tests.cli.served import Served, ask, children, free_port, is_alive, spoken, started, wait_until

#: Seconds within which somebody else is answered, whatever goes on beside.
SOON = 2.0
SLOW_CLIENTS = 200


@contextmanager
def slow_app(port: int, **settings: str) -> Iterator[Served]:
    """The small application, served; PYTHONPATH lets it be found."""
    command = ["-m", "tests.cli.slow_app", str(port)]
    with started(command, port, "/", **settings) as served:
        yield served


def askers(port: int, count: int) -> Callable[[], Counter[str]]:
    """Begin to ask from ``count`` clients; calling the result ends it and tells what came of it."""

    is_over = threading.Event()

    def asking() -> Counter[str]:
        seen: Counter[str] = Counter()
        while not is_over.is_set():
            try:
                ask(port, "/")
                seen["answered"] += 1
            except OSError as error:
                seen[repr(error)] += 1
        return seen

    pool = ThreadPoolExecutor(count)
    futures = [pool.submit(asking) for _ in range(count)]

    def told() -> Counter[str]:
        is_over.set()
        pool.shutdown()
        return sum((future.result() for future in futures), Counter())

    return told


def test_a_killed_worker_is_replaced_and_nobody_is_turned_away(port: int) -> None:
    with slow_app(port) as served:
        told = askers(port, 3)
        for _ in range(4):  # often, and shortly after one another
            before = set(children(served.process.pid))
            os.kill(max(before), signal.SIGKILL)
            wait_until(lambda before=before: len(set(children(served.process.pid)) - {max(before)}) == 2)
            time.sleep(0.2)
        seen = told()

    assert seen.pop("answered") > 100
    assert not [error for error in seen if "refused" in error]
    assert sum(seen.values()) <= 4 * 3  # what the killed ones were just answering
    assert served.said.count("ended with -9 and is replaced") == 4


def test_all_workers_may_be_killed_at_once(port: int) -> None:
    with slow_app(port) as served:
        before = children(served.process.pid)
        for pid in before:
            os.kill(pid, signal.SIGKILL)

        after = ask(port, "/")

    assert int(after) not in before


def test_a_hangup_replaces_every_worker_and_nobody_is_turned_away(port: int) -> None:
    with slow_app(port) as served:
        before = set(children(served.process.pid))
        told = askers(port, 3)
        served.process.send_signal(signal.SIGHUP)
        wait_until(lambda: not before & set(children(served.process.pid)))
        seen = told()

        assert len(children(served.process.pid)) == 2
    assert seen.pop("answered") > 0
    assert not [error for error in seen if "refused" in error]
    assert sum(seen.values()) <= 3  # connections just taken, of which nothing had been read
    assert "replaced" not in served.said


def test_requests_under_way_are_finished_and_the_server_ends_well(port: int) -> None:
    with slow_app(port) as served:
        with ThreadPoolExecutor(4) as pool:
            under_way = [pool.submit(ask, port, "/slow") for _ in range(4)]
            time.sleep(0.4)
            for pid in children(served.process.pid):  # as a terminal tells all, and somebody impatient
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGTERM, signal.SIGINT):
                    os.kill(pid, number)
            served.process.send_signal(signal.SIGTERM)
            answered = [future.result() for future in under_way]
        served.process.wait(timeout=10)
        served.is_over = True

    assert all(answered)
    assert served.process.returncode == 0


def test_who_does_not_finish_in_time_is_ended(port: int) -> None:
    with slow_app(port, GRACE="1") as served, ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(ask, port, "/stuck")
        time.sleep(0.3)
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        served.process.wait(timeout=20)
        served.is_over = True

        assert under_way.exception() is not None
    assert 0.9 < time.monotonic() - began < 10
    assert served.process.returncode == 0


def test_a_second_word_ends_it_at_once(port: int) -> None:
    with slow_app(port) as served, ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(ask, port, "/stuck")
        time.sleep(0.3)
        for _ in range(2):
            served.process.send_signal(signal.SIGINT)
            time.sleep(0.3)
        served.process.wait(timeout=5)
        served.is_over = True

        assert under_way.exception() is not None


def test_workers_do_not_outlive_a_watcher_that_was_killed(port: int) -> None:
    with slow_app(port) as served:
        left = children(served.process.pid)
        served.process.kill()
        served.process.wait()
        served.is_over = True
        wait_until(lambda: not any(is_alive(pid) for pid in left), 10)

    assert len(left) == 2
    for one in workers.bound("127.0.0.1", port, 1):  # and the address is free again
        one.close()


def test_a_second_server_on_the_same_address_does_not_start(port: int) -> None:
    with slow_app(port):
        second = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.cli.slow_app", str(port)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert second.returncode != 0
    assert f"nothing can be served on 127.0.0.1:{port}: Address already in use" in second.stderr


def test_an_address_that_is_none_of_this_machine_s_is_refused() -> None:
    with pytest.raises(Unavailable, match="192.0.2.1"):
        workers.bound("192.0.2.1", 8000, 1)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_there_is_a_socket_for_each_worker(port: int, host: str) -> None:
    sockets = workers.bound(host, port, 3)

    assert {one.getsockname()[1] for one in sockets} == {port}
    assert len({one.fileno() for one in sockets}) == (3 if workers.SPREADS else 1)
    for one in sockets:
        one.close()


def test_connections_go_to_every_worker(port: int) -> None:
    with slow_app(port) as served:
        seen = Counter(ask(port, "/") for _ in range(100))

        assert {int(pid) for pid in seen} == set(children(served.process.pid))
    assert min(seen.values()) >= 20


def unfinished(port: int, sent: bytes) -> list[socket.socket]:
    """Many clients that have sent so much and then nothing, and read nothing."""
    lines = []
    for _ in range(SLOW_CLIENTS):
        line = socket.socket()
        line.settimeout(10)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # before, or it counts for nothing
        line.connect(("127.0.0.1", port))
        line.sendall(sent)
        lines.append(line)
    time.sleep(0.5)
    return lines


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"],
    ids=["say nothing", "never end their headers", "never read a large answer"],
)
def test_slow_clients_keep_nobody_else_waiting(port: int, sent: bytes) -> None:
    with slow_app(port):
        lines = unfinished(port, sent)
        ask(port, "/", 10 * SOON)  # what was asked for is made first
        answered = [ask(port, "/", SOON) for _ in range(50)]
        for line in lines:
            line.close()

    assert len(answered) == 50


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 2_000_000, "431"),
        (b"GET / HTTP/1.1\r\nHost: x" + b"".join(b"\r\nX-%d: a" % n for n in range(5_000)), "431"),
        (b"\x00\xff\xfe", "400"),
        (b"GET /?q=" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x", "414"),
        (b"GET /\xff HTTP/1.1\r\nHost: x", "400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX : a", "400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: a\x00b", "400"),
        (b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5", "400"),
        (b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: +4", "400"),
        (b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked", "400"),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_line_closed(
    slow_port: int, request_line: bytes, status: str
) -> None:
    said = spoken(slow_port, request_line + b"\r\n\r\n")

    assert said.startswith(f"HTTP/1.1 {status} ")
    assert said.count("HTTP/1.1 ") == 1


@pytest.fixture(scope="module")
def slow_port() -> Iterator[int]:
    """The port of a small application that no test ends."""
    port = free_port()
    with slow_app(port, SIAPA_PLANTED="secret", HTTP_PLANTED="false"):
        yield port


def test_two_ways_of_saying_where_a_body_ends_hide_no_second_request(slow_port: int) -> None:
    smuggled = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    head = b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert spoken(slow_port, head + b"0\r\n\r\n" + smuggled).count("HTTP/1.1 ") == 1


def test_a_body_that_breaks_off_is_an_error(slow_port: int) -> None:
    head = b"POST /length HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 10\r\n\r\n"

    assert spoken(slow_port, head + b"0123456789").endswith("\r\n\r\n10")
    assert spoken(slow_port, head + b"012", is_all=True).startswith("HTTP/1.1 400 ")


def test_head_tells_the_length_and_sends_nothing(slow_port: int) -> None:
    connection = HTTPConnection("127.0.0.1", slow_port, timeout=10)
    connection.request("HEAD", "/large")
    answer = connection.getresponse()

    assert (answer.status, answer.headers["Content-Length"], answer.read()) == (200, "1990000", b"")
    connection.close()


def test_an_answer_of_unknown_length_is_sent_in_pieces(slow_port: int) -> None:
    assert ask(slow_port, "/pieces") == "0\n1\n2\n"


def test_settings_are_no_part_of_a_request(slow_port: int) -> None:
    assert ask(slow_port, "/named").strip() == "[]"

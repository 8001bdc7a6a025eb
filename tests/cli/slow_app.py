"""A small application to try the server with: it takes its time, tells its process, breaks off.

Run as a program it is served on the given port, by as many workers as registries have.
"""

from __future__ import annotations

import os
import socket
import sys
import time

from flask import Flask, Response, request

from siapa.cli import serving, workers

WORKERS = 2

app = Flask("slow")


@app.get("/")
def pid() -> str:
    """Which process answers."""
    return str(os.getpid())


@app.get("/slow")
def slow() -> str:
    """Answers after a second."""
    time.sleep(1)
    return str(os.getpid())


@app.get("/stuck")
def stuck() -> str:
    """Does not answer in any time a test would wait."""
    time.sleep(600)
    return ""


@app.get("/large")
def large() -> Response:
    """More than fits into the buffers of a connection, in pieces as a file is read."""
    return Response([b"x" * 10_000] * 199)


@app.get("/pieces")
def pieces() -> Response:
    """An answer whose length nobody knows before."""
    return Response((f"{number}\n" for number in range(3)), mimetype="text/plain")


@app.get("/named")
def named() -> list[str]:
    """What the environment of a request says that is nobody's business here."""
    return [name for name in request.environ if name.startswith(("SIAPA_", "HTTP_PLANTED"))]


@app.post("/length")
def length() -> str:
    """How long what was sent is."""
    return str(len(request.get_data()))


def work(listening: socket.socket) -> None:
    """What a worker does."""
    workers.answer(listening, app)


if __name__ == "__main__":
    workers.GRACE = int(os.environ.get("GRACE", workers.GRACE))
    serving.keep_serving(workers.bound("127.0.0.1", int(sys.argv[1]), WORKERS), work)

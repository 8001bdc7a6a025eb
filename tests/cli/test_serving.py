"""``siapa serve``: what is brought up to date before, and what the workers are handed."""

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from siapa.cli import serving
from tests.cli.operator import Operator
from tests.cli.served import Served, spoken, started
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


def test_a_new_registry_serves_and_a_second_start_loads_nothing_again(tmp_path, port):
    with serving_at(tmp_path, port) as first:
        pass
    assert "standards: " in first.said and " added" in first.said

    with serving_at(tmp_path, port) as second:
        in_vain = spoken(
            port, b"GET /cari?q=kukusemu+tembaga HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        long_for_us = spoken(port, request_of(50_000))
        too_long = spoken(port, request_of(70_000))

    assert (tmp_path / "i" / "served_at").read_text() == f"http://127.0.0.1:{port}\n"
    assert "added" not in second.said and "Loading" not in second.said
    assert long_for_us.startswith("HTTP/1.1 414 ") and "<h1" in long_for_us
    assert too_long.startswith("HTTP/1.1 414 ")
    assert in_vain.startswith("HTTP/1.1 200 ")
    assert unanswered(tmp_path) == [("kukusemu tembaga", 1)]  # written at the latest when the server ends


def unanswered(folder: Path) -> list[tuple[str, int]]:
    """What was counted of searches that found nothing."""
    with closing(sqlite3.connect(folder / "i" / "siapa.db")) as connection:
        return connection.execute("SELECT words, times FROM unanswered_query").fetchall()


def request_of(length: int) -> bytes:
    """A search for one word of ``length`` letters, as bytes on the line."""
    return b"GET /cari?q=" + b"a" * length + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@contextmanager
def serving_at(folder: Path, port: int) -> Iterator[Served]:
    """``siapa serve`` that is ready; it is ended politely."""
    settings = {"SIAPA_INSTANCE_DIR": str(folder / "i"), "SIAPA_SEARCH_DIR": str(folder / "s")}
    command = ["-c", "from siapa.cli import main; main()", "serve", "--port", str(port)]
    with started(command, port, "/health/ready", **settings) as served:
        yield served


def test_an_address_that_is_taken_is_one_line_and_nothing_is_touched(tmp_path, port):
    with socket.create_server(("127.0.0.1", port)):
        told = Operator(tmp_path).says("serve", "--port", str(port))

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == f"siapa: nothing can be served on 127.0.0.1:{port}: Address already in use\n"
    assert not (tmp_path / "instance").exists()


def test_a_database_that_cannot_be_reached_is_one_line(tmp_path):
    told = Operator(tmp_path).says("db", "current", SIAPA_DATABASE_URL="postgresql://127.0.0.1:1/none")

    assert told.returncode == 1
    assert told.stderr.startswith("siapa: the database cannot be used: ")
    assert told.stderr.count("\n") == 1

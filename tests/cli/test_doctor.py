"""``siapa doctor``: what is not as it should be is said in plain words, with what to do."""

from __future__ import annotations

import re
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from siapa.cli.doctor import _neighbours
from siapa.config import Config
from tests.cli.operator import Operator
from tests.cli.served import started


@pytest.fixture
def operator(own_seeded: Flask, tmp_path: Path) -> Operator:
    """An operator of a seeded registry."""
    return Operator(tmp_path)


NOBODY_THERE = {
    "SIAPA_ENVIRONMENT": "production", "SIAPA_PUBLIC_URL": "http://siapa.example",
    "SIAPA_MAIL_HOST": "127.0.0.1", "SIAPA_MAIL_PORT": "1", "SIAPA_MAIL_SENDER": "a@b.id",
}  # fmt: skip


def in_the_database(folder: Path, *statements: str) -> None:
    """Change the database past the commands."""
    with closing(sqlite3.connect(folder / "instance" / "siapa.db")) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_fresh_registry_is_told_what_it_still_lacks(operator: Operator) -> None:
    told = operator.says("doctor")

    assert "warning  SIAPA_ENVIRONMENT is local" in told.stdout
    assert "warning  there is no national administrator who could sign in" in told.stdout
    assert "warning  nothing has been served here yet\n         siapa serve\n" in told.stdout
    assert told.stdout.endswith("0 faults, 3 warnings\n")
    assert (told.returncode, told.stderr) == (0, "")


def test_neighbours_that_do_not_answer_are_named(operator: Operator) -> None:
    told = operator.says("doctor", **NOBODY_THERE)

    assert "FAULT    SIAPA_PUBLIC_URL is http://siapa.example" in told.stdout
    assert "warning  SIAPA_TRUSTED_PROXIES is 0" in told.stdout
    assert "FAULT    the mail server on 127.0.0.1:1 does not answer: " in told.stdout
    assert (told.returncode, told.stderr) == (1, "")


def test_redis_is_spoken_to_only_where_it_is_set(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        (there,) = _neighbours(Config(redis_url=f"rediss://127.0.0.1:{port}/0"))
    (gone,) = _neighbours(Config(redis_url=f"rediss://127.0.0.1:{port}/0"))

    assert str(there) == f"ok       Redis on 127.0.0.1:{port} answers"
    assert str(gone).startswith(f"FAULT    Redis on 127.0.0.1:{port} does not answer: ")
    assert list(_neighbours(Config())) == []


def test_a_database_that_does_not_answer_is_a_fault_and_no_trace(operator: Operator) -> None:
    told = operator.says("doctor", SIAPA_DATABASE_URL="postgresql://127.0.0.1:1/siapa")

    assert "FAULT    the database does not answer: " in told.stdout
    assert (told.returncode, told.stderr) == (1, "")


def test_a_database_of_another_release_is_told_how_to_get_here(operator: Operator) -> None:
    in_the_database(operator.folder, "UPDATE alembic_version SET version_num = '0001'")

    told = operator.says("doctor")

    assert re.search(
        r"^FAULT    the database stands at 0001, this release needs \d{4}\n +siapa db upgrade$",
        told.stdout,
        re.MULTILINE,
    )


def test_what_went_wrong_at_night_is_found(operator: Operator) -> None:
    (operator.folder / "search_index").chmod(0o755)
    (operator.folder / "search_index" / "CURRENT").write_bytes(b"nonsense")
    in_the_database(
        operator.folder,
        "DROP TRIGGER edition_is_frozen",
        "DROP TRIGGER edition_only_ends",
        "UPDATE edition SET state = 'scheduled', effective_from = '2020-01-01' WHERE id ="
        " (SELECT id FROM edition WHERE state = 'published' LIMIT 1)",
    )

    told = operator.says("doctor")

    assert "search_index is open to other users" in told.stdout
    assert "warning  there is no search index that can be read" in told.stdout
    assert "FAULT    1 editions should be in force and are not" in told.stdout
    assert told.returncode == 1


def test_beside_a_server_that_serves_it_finds_the_server(operator: Operator, port: int) -> None:
    command = ["-c", "from siapa.cli import main; main()", "serve", "--port", str(port)]

    with started(command, port, "/health/ready", **operator.settings):
        told = operator.says("doctor")

    assert f"ok       http://127.0.0.1:{port} answers (200)" in told.stdout
    assert "ok       the search index is 0 changes behind" in told.stdout
    assert told.returncode == 0

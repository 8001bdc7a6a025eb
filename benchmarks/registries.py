"""Registries of made-up standards for the benchmarks: each size made once in a work folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from siapa import create_app
from siapa.config import Config
from siapa.extensions import db

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "from siapa.cli import main; main()"


def settings_of(folder: Path) -> dict[str, str]:
    """The settings of a registry that lies wholly in ``folder``, whatever is set around it."""
    return {"SIAPA_INSTANCE_DIR": str(folder / "instance"), "SIAPA_SEARCH_DIR": str(folder / "search_index")}


def make(work: Path, standards: int) -> Path:
    """The folder of a registry of so many standards; what lacks is made by ``siapa generate``."""
    folder = work.resolve() / str(standards)
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIAPA_")}
    for said in (("db", "upgrade"), ("generate", "--standards", str(standards))):
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", COMMAND, *said],
            env={**kept, **settings_of(folder)},
            check=True,
        )
    return folder


@contextmanager
def opened(folder: Path) -> Iterator[Flask]:
    """The registry in ``folder``, inside its context."""
    app = create_app(Config.from_environment(settings_of(folder)))
    with app.app_context():
        try:
            yield app
        finally:
            close_connections()


def close_connections() -> None:
    """Close every connection of the application: none may cross a fork."""
    db.session.remove()
    db.engine.dispose()


def bytes_in(folder: Path) -> int:
    """How much all files below ``folder`` hold."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())

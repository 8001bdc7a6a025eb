"""``siapa serve``: bring everything up to date, then serve.

The database is migrated, the seed data loaded when they are new, the index built
when there is none; then the workers are started with the app and its index loaded, so
that they share them. A fault in a background duty is logged and tried again.
"""

from __future__ import annotations

import gc
import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.engine import make_url

from siapa import catalogue, create_app, figures, search
from siapa.catalogue import last_number
from siapa.cli import workers
from siapa.cli.reached import remember
from siapa.cli.running import as_owner
from siapa.cli.seeding import load_with_progress, show
from siapa.config import ROOT, Config
from siapa.extensions import db
from siapa.locales import speak
from siapa.publishing import spreadsheet, unsaved
from siapa.publishing.commands import publish_due
from siapa.publishing.recording import catch_up
from siapa.publishing.succeeding import succeed_due
from siapa.publishing.webhooks import deliver_due
from siapa.records import schema
from siapa.records.checkpointing import checkpoint
from siapa.search import unanswered

logger = logging.getLogger(__name__)

#: Seconds between two looks at the log, at the WAL, and for editions whose day has come.
FOLLOW_EVERY = 1.0
CHECKPOINT_EVERY = 30.0
PUBLISH_DUE_EVERY = 60.0
#: Between two looks for what registered systems are to be told.
TELL_SYSTEMS_EVERY = 5.0
#: Seconds between two looks whether the figures are older than the log, and old enough to be made anew.
REFRESH_FIGURES_EVERY = 5.0
#: Seconds between two writings of what was searched for and not found.
WRITE_DOWN_EVERY = 30.0
#: Seconds between two looks for what is kept for a while only: files handed in, texts not saved.
FORGET_EVERY = 3_600.0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--seed/--no-seed", "seeds", default=True, help="Load the seed data when they are new.")
def serve(host: str, port: int, seeds: bool) -> None:
    """Bring database, data and index up to date, then serve."""
    config = Config.from_environment()
    if config.origins["public_url"] == "default":
        config = replace(config, public_url=f"http://{host}:{port}")
    # First: where nothing can be served, nothing is touched.
    sockets = workers.bound(host, port, config.workers)
    app = create_app(config)
    with app.app_context():
        speak("en")
        prepare(config, seeds=seeds)
        let_go()
    remember(config)

    def work(listening: socket.socket) -> None:
        if (meter := app.extensions.get("siapa_meter")) is not None:
            meter.be(sockets.index(listening))
        start_duties(app, config)
        workers.answer(listening, app)
        once(app, unanswered.write_down)

    click.echo(f"SIAPA on http://{host}:{port}", err=True)
    keep_serving(sockets, work)


def keep_serving(sockets: list[socket.socket], work: Callable[[socket.socket], None]) -> None:
    """Do ``work`` in a process for each socket, until SIGTERM; all that is loaded is shared."""
    # What is loaded now stays for good: the collector need not look through it again and again,
    # and the pages that the workers share stay shared.
    gc.collect()
    gc.freeze()
    workers.Watcher(sockets, work).run()


def prepare(config: Config, *, seeds: bool) -> None:
    """Migrate, load what is new of the seed data, and have an index that knows all of it."""
    if schema.present(db.engine) != schema.newest():
        with as_owner(config) as engine:
            schema.move_to(engine)
        click.echo(f"database at {schema.newest()}", err=True)
    if seeds:
        _load_new_seed_data(config)
    if catch_up():
        click.echo("history of the open data written down", err=True)
    search.tend()
    search.load()  # here, so that the workers share its pages
    catalogue.load()
    if not figures.is_made():
        figures.refresh()
    if config.is_sqlite:
        checkpoint(_database_file(config))


def let_go() -> None:
    """Close every connection: none may cross the fork.

    SQLite's locks belong to a process. A worker that inherited an open file would hold
    none of them, and another process could take the WAL away from under it.
    """
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


def _load_new_seed_data(config: Config) -> None:
    """Load the seed data unless exactly these were loaded into this database before."""
    directory = ROOT / "seed_data"
    stamp = config.instance_dir / "seed_loaded"
    present = _fingerprint(directory, config.database_url)
    if stamp.exists() and stamp.read_text() == present and not _is_empty():
        return
    show(load_with_progress(directory))
    stamp.write_text(present)


def _fingerprint(directory: Path, database_url: str) -> str:
    digest = sha256(database_url.encode())
    for file in sorted(directory.rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(directory)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _is_empty() -> bool:
    return last_number() == 0


def _database_file(config: Config) -> Path:
    return Path(make_url(config.database_url).database or "")


def start_duties(app: Flask, config: Config) -> None:
    """Start this worker's duties: follow the log, publish what is due, count, forget files, checkpoint."""
    duties: list[tuple[float, Callable[[], object]]] = [
        (FOLLOW_EVERY, search.tend),
        (REFRESH_FIGURES_EVERY, figures.refresh_if_due),
        (PUBLISH_DUE_EVERY, publish_due),
        (PUBLISH_DUE_EVERY, succeed_due),
        (TELL_SYSTEMS_EVERY, lambda: deliver_due(config)),
        (WRITE_DOWN_EVERY, unanswered.write_down),
        (FORGET_EVERY, spreadsheet.forget_files),
        (FORGET_EVERY, unsaved.forget_old_unsaved),
    ]
    if config.is_sqlite:
        duties.append((CHECKPOINT_EVERY, lambda: checkpoint(_database_file(config))))
    for seconds, duty in duties:
        threading.Thread(target=_repeat, args=(app, seconds, duty), daemon=True).start()


def _repeat(app: Flask, seconds: float, duty: Callable[[], object]) -> None:
    pause = threading.Event()
    while not pause.wait(seconds):
        once(app, duty)


def once(app: Flask, duty: Callable[[], object]) -> None:
    """Do a duty; a fault is logged, and no fault of the server."""
    try:
        with app.app_context():
            duty()
    except Exception:
        logger.exception("a background duty failed; it is tried again at its next turn")

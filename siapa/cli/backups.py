"""``siapa backup`` and ``siapa restore``: the whole registry in one file, and from it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from siapa import search
from siapa.cli.recovering import LATEST, backup_before, moment_of, recover
from siapa.cli.running import as_owner, running
from siapa.cli.verifying import findings_of, tell
from siapa.config import Config
from siapa.extensions import db
from siapa.publishing.backups import restore_backup, write_backup
from siapa.records import now, schema


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write the whole registry to FILE (.tar or .tar.gz), also while it is served.

    The database at one moment and the files of decrees; neither the secret key nor the search index.
    Exit 1 when the file of a decree was missing; everything else is in FILE then.
    """
    with running() as app:
        made = write_backup(file.resolve(), folder=app.config["SIAPA"].instance_dir)
    click.echo(
        f"{file}: up to change {made.last_change} and act {made.last_act}, {made.decrees} decrees, "
        f"{file.stat().st_size} bytes"
    )
    for digest in made.missing:
        click.echo(f"the file of a decree is missing: {digest}", err=True)
    if made.missing:
        raise SystemExit(1)


@click.command()
@click.argument("source", metavar="FILE|FOLDER", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--to", "moment", metavar="TIME",
    help="To this moment (2026-11-30 14:05:00+07:00; without a zone: this machine's), or 'latest'.",
)  # fmt: skip
@click.option(
    "--replace", is_flag=True, help="Set a SQLite database that is not empty aside, under another name."
)
@click.option(
    "--archive", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="PostgreSQL: the archive of its log; FOLDER holds base backups then.",
)  # fmt: skip
@click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path),
    help="PostgreSQL: the empty folder in which the restored server is laid out.",
)  # fmt: skip
@click.option(
    "--port", type=click.IntRange(1, 65535),
    help="PostgreSQL: where it answers on this machine, if not where SIAPA_DATABASE_URL says.",
)  # fmt: skip
@click.option(
    "--programs", envvar="PG_BIN", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="PostgreSQL: the folder of its programs, if they are not where Debian puts them (PG_BIN).",
)  # fmt: skip
def restore(
    source: Path,
    moment: str | None,
    replace: bool,
    archive: Path | None,
    data: Path | None,
    port: int | None,
    programs: Path | None,
) -> None:
    """Put a backup in the place of an empty registry, build its index, and verify all of it.

    From FILE, or with --to from the newest file of `siapa backup` in FOLDER that was made before TIME:
    what was written after it is not in it, and it says how much time that is. With --archive and --data
    from a base backup of PostgreSQL in FOLDER and the archive of its log, exactly to TIME, into a new
    server that is left running. Stop the server first. Exit 1 when something does not hold.
    """
    began = time.monotonic()
    if archive is not None or data is not None:
        if archive is None or data is None or moment is None:
            raise click.UsageError("a PostgreSQL goes back with --to, --archive and --data together")
        _recover(source, archive, data, moment, port, programs, began)
        return
    if source.is_dir() != (moment is not None):
        raise click.UsageError("say a FILE, or a FOLDER of backups with --to")
    file, wanted = source, None
    if moment is not None:
        wanted = now() if moment == LATEST else moment_of(moment)
        file = backup_before(source, wanted)
    with running() as app:
        folder = app.config["SIAPA"].instance_dir
        with as_owner(app.config["SIAPA"]) as engine:
            put_back = restore_backup(file.resolve(), folder=folder, target=engine, replace=replace)
        click.echo(f"restored what {put_back.made_at} was; up to change {put_back.last_change}")
        if wanted is not None:
            lacking = wanted - datetime.fromisoformat(put_back.made_at)
            click.echo(f"from {file}; what was written in the {_long(lacking)} from then on is not in it")
        _finish(folder, began)


def _recover(
    source: Path,
    archive: Path,
    data: Path,
    moment: str,
    port: int | None,
    programs: Path | None,
    began: float,
) -> None:
    """The way of PostgreSQL: a new server, at the moment, with the tables of this release."""
    wanted = None if moment == LATEST else moment_of(moment)
    config, base = recover(
        source, archive, data, moment=wanted, config=Config.from_environment(), port=port, programs=programs
    )
    url = make_url(config.database_url)
    click.echo(f"{data} is what was at {wanted or 'the end of the archive'}, from {base}")
    click.echo(f"it runs and answers at {url.host}:{url.port}, after {time.monotonic() - began:.0f} s")
    with running(config) as app:
        if schema.present(db.engine) != schema.newest():
            with as_owner(config) as engine:
                schema.move_to(engine)
            click.echo(f"database at {schema.newest()}")
        _finish(app.config["SIAPA"].instance_dir, began)


def _finish(folder: Path, began: float) -> None:
    """Build the index, verify everything, and say how long all of it took."""
    db.session.remove()
    search.rebuild()
    tell(findings_of(folder), f"all holds, after {time.monotonic() - began:.0f} s")


def _long(time_between: timedelta) -> str:
    """A length of time in the two units that matter."""
    minutes, seconds = divmod(max(0, int(time_between.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"

"""``siapa backup`` and ``siapa restore``: the whole registry in one file, and from it."""

from __future__ import annotations

import time
from pathlib import Path

import click

from siapa import search
from siapa.cli.running import as_owner, running
from siapa.cli.verifying import findings_of, tell
from siapa.extensions import db
from siapa.publishing.backups import restore_backup, write_backup


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
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Set a SQLite database that is not empty aside, under another name."
)
def restore(file: Path, replace: bool) -> None:
    """Put the registry in FILE in the place of an empty one, build its index, and verify all of it.

    Stop the server first. Exit 1 when something does not hold.
    """
    began = time.monotonic()
    with running() as app:
        folder = app.config["SIAPA"].instance_dir
        with as_owner(app.config["SIAPA"]) as engine:
            put_back = restore_backup(file.resolve(), folder=folder, target=engine, replace=replace)
        click.echo(f"restored what {put_back.made_at} was; up to change {put_back.last_change}")
        db.session.remove()
        search.rebuild()
        wrong = findings_of(folder)
    tell(wrong, f"all holds, after {time.monotonic() - began:.0f} s")

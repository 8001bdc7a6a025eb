"""``siapa snapshot``: the registry as of change N, for others to keep and to verify."""

from __future__ import annotations

from pathlib import Path

import click
import orjson
from flask import current_app

from siapa.cli.running import progress, running
from siapa.cli.verifying import tell
from siapa.locales import using
from siapa.opendata import TABLES, snapshots

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def snapshot() -> None:
    """Snapshots of all that is public. All but "make" work without a database."""


@snapshot.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
def make(folder: Path | None) -> None:
    """Make the snapshot of the present state below FOLDER (or where the page /data/snapshots looks)."""
    with running(), progress("snapshot", len(TABLES)) as step:
        config = current_app.config["SIAPA"]
        root = folder or config.instance_dir / snapshots.FOLDER
        made = snapshots.make(root, config.public_url, tells=step)
    click.echo(f"snapshot as of change {made.number} below {root}")
    click.echo(f"sha256 of its manifest: {made.digest}")


@snapshot.command()
@click.argument("folder", type=FOLDER)
def verify(folder: Path) -> None:
    """Check the snapshot in FOLDER, or all below it and their chain; exit 1 and what is wrong."""
    tell(list(snapshots.faults(folder)), "all holds")


@snapshot.command()
@click.argument("folder", type=FOLDER)
@click.argument("table")
@click.argument("key", nargs=-1, required=True)
def prove(folder: Path, table: str, key: tuple[str, ...]) -> None:
    """Print what proves that the record of TABLE with this KEY is in the snapshot in FOLDER."""
    _demand_snapshot(folder)
    with using("en"):
        click.echo(orjson.dumps(snapshots.proof(folder, table, key), option=orjson.OPT_INDENT_2))


@snapshot.command()
@click.argument("proof", type=FILE)
@click.option("--manifest", type=FILE, help="The manifest.json of the snapshot that it must be in.")
def check(proof: Path, manifest: Path | None) -> None:
    """Check a PROOF; exit 1 and what is wrong."""
    try:
        told = orjson.loads(proof.read_bytes())
    except orjson.JSONDecodeError:
        told = {}
    wrong = list(snapshots.proof_faults(told, manifest.read_bytes() if manifest else None))
    for line in wrong:
        click.echo(line)
    if wrong:
        raise SystemExit(1)
    click.echo(f"in the snapshot as of change {told['number']}, manifest {told['manifest_sha256']}")


@snapshot.command()
@click.argument("older", type=FOLDER)
@click.argument("newer", type=FOLDER)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def difference(older: Path, newer: Path, file: Path) -> None:
    """Write what is other in the snapshot NEWER than in OLDER to FILE, as JSON lines."""
    for folder in (older, newer):
        _demand_snapshot(folder)
    count = 0
    with file.open("wb") as handle:
        for line in snapshots.difference(older, newer):
            handle.write(line)
            count += 1
    click.echo(f"written: {file}, {count} records")


def _demand_snapshot(folder: Path) -> None:
    try:
        snapshots.manifest_of(folder)
    except snapshots.Unreadable as error:
        raise click.UsageError(f"{folder} is no snapshot: {error}") from None

"""``siapa verify``: everything that must hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from siapa import search as engine
from siapa.cli.running import running
from siapa.extensions import db as database
from siapa.opendata import history
from siapa.publishing.verifying import verify as findings
from siapa.publishing.verifying import verify_files
from siapa.records.engine import one_view


@click.command()
def verify() -> None:
    """Check audit chain, digests, editions, log, history, decrees and index; exit 1 and what is wrong."""
    with running() as app:
        tell(findings_of(app.config["SIAPA"].instance_dir), "all holds")


def findings_of(folder: Path) -> list[str]:
    """Everything that does not hold, a line each; ``folder`` is where the decrees are kept."""
    with one_view(database.engine) as connection:
        of_history = list(history.faults(connection))
    return [
        *(str(finding) for finding in (*findings(), *verify_files(folder), *engine.check())),
        *of_history,
    ]


def tell(wrong: Sequence[str], well: str) -> None:
    """Print what is wrong and end with 1, or say that all is ``well``."""
    for line in wrong:
        click.echo(line)
    if wrong:
        click.echo(f"{len(wrong)} found", err=True)
        raise SystemExit(1)
    click.echo(well)

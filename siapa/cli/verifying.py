"""``siapa verify``: everything that must hold."""

from __future__ import annotations

import click

from siapa import search as engine
from siapa.cli.running import running
from siapa.publishing.verifying import verify as findings


@click.command()
def verify() -> None:
    """Check audit chain, digests, editions, log and index; exit 1 and what is wrong."""
    with running():
        wrong = [str(finding) for finding in findings()] + [str(one) for one in engine.check()]
        for line in wrong:
            click.echo(line)
        if wrong:
            click.echo(f"{len(wrong)} found", err=True)
            raise SystemExit(1)
        click.echo("all holds")

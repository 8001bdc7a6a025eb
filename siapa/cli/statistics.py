"""``siapa statistics``: the kept figures, which a serving registry makes anew by itself."""

from __future__ import annotations

import click

from siapa import figures
from siapa.cli.running import running


@click.group()
def statistics() -> None:
    """The figures of the whole registry, which are derived and can always be made anew."""


@statistics.command()
def refresh() -> None:
    """Make all figures anew from what is public now; exit 1 while another process does so."""
    with running():
        made = figures.refresh()
        if made is None:
            click.echo("the figures are being made by another process")
            raise SystemExit(1)
        click.echo(
            f"figures as of change {made.number} and {made.day}: {made.rows} rows in {made.took_ms} ms"
        )


@statistics.command()
def state() -> None:
    """Say as of when the figures are; exit 1 when the log has moved on."""
    with running():
        standing = figures.standing()
        behind = figures.behind()
        click.echo(
            f"figures as of change {standing.change_number} and {standing.day}, {behind} changes behind"
        )
        if behind or standing.day != figures.today():
            raise SystemExit(1)

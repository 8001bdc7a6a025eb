"""``siapa webhooks``: systems that are told of what becomes public."""

from __future__ import annotations

import click

from siapa.cli.running import running
from siapa.publishing.webhooks import deliver_due


@click.group()
def webhooks() -> None:
    """Systems that are told of what becomes public."""


@webhooks.command()
def send() -> None:
    """Send what is due to every system, as a serving registry does by itself; exit 1 if one took none."""
    with running() as app:
        sent = deliver_due(app.config["SIAPA"])
    click.echo(f"{sent.arrived} messages arrived, {sent.failed} did not, {sent.given_up} systems given up")
    if sent.failed:
        raise SystemExit(1)

"""``siapa config``: the settings as they are understood."""

from __future__ import annotations

import click

from siapa.config import Config


@click.group()
def config() -> None:
    """The settings, read from SIAPA_* in the environment."""


@config.command()
def show() -> None:
    """Print every setting with where it comes from; secrets are masked."""
    rows = Config.from_environment().shown()
    width = max(len(name) for name, _, _ in rows)
    for name, value, origin in rows:
        click.echo(f"{name:<{width}}  {value or '-'}  ({origin})")

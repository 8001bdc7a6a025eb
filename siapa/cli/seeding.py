"""``siapa seed``: the data a registry begins with."""

from __future__ import annotations

from pathlib import Path

import click

from siapa.cli.running import progress, running
from siapa.config import ROOT
from siapa.publishing.seeding import SeedReport, load_seed


@click.group()
def seed() -> None:
    """The data a registry begins with."""


@seed.command()
@click.option(
    "--dir",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT / "seed_data",
    show_default="seed_data",
)
def load(directory: Path) -> None:
    """Load the seed data; safe to repeat, and never over what officers have edited."""
    with running():
        show(load_with_progress(directory))


def load_with_progress(directory: Path) -> SeedReport:
    """Load ``directory`` and tell how far it is."""
    with progress("Loading the seed data", _files(directory)) as step:
        return load_seed(directory, progress=step)


def _files(directory: Path) -> int:
    return sum(1 for _ in directory.rglob("*.json")) + sum(1 for _ in directory.glob("*.csv"))


def show(report: SeedReport) -> None:
    """Print what was added, changed and left."""
    for line in report.lines():
        click.echo(line)

"""``siapa generate``: made-up data of national size, for trying scale."""

from __future__ import annotations

import time
from collections.abc import Callable

import click

from siapa.cli.running import running
from siapa.config import ROOT
from siapa.publishing.generating import generate as make

#: Seconds between two lines of progress.
TELL_EVERY = 5.0


@click.command()
@click.option(
    "--standards", required=True, type=click.IntRange(1, 5_000_000), help="How many there shall be."
)
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(0), help="The same seed, the same data."
)
@click.option("--force", is_flag=True, help="Also into a registry that holds real work.")
def generate(standards: int, seed: int, force: bool) -> None:
    """Fill the registry with made-up standards, each marked as such; safe to repeat and to go on with."""
    with running() as app:
        if app.config["SIAPA"].is_production and not force:
            raise click.UsageError("this registry is in production; made-up data go there only with --force")
        click.echo("Preparing regions, services, agencies and places …", err=True)
        report = make(standards, seed=seed, seed_data=ROOT / "seed_data", force=force, progress=_progress())
    if report.before == report.after:
        click.echo(f"{report.before} made-up standards are there already; nothing was done")
    else:
        click.echo(f"{report.after - report.before} made-up standards added; {report.after} in all")


def _progress() -> Callable[[int, int], None]:
    """Lines on stderr: how many there are, how many a second, and how long it will take."""
    began, told, before = time.monotonic(), 0.0, -1

    def tell(done: int, total: int) -> None:
        nonlocal began, told, before
        moment = time.monotonic()
        if before < 0:
            began, before = moment, done
        if done < total and moment - told < TELL_EVERY:
            return
        told, rate = moment, (done - before) / max(moment - began, 0.001)
        rest = f", {rate:.0f} a second, {(total - done) / rate:.0f} s left" if rate else ""
        click.echo(f"{done} of {total} standards{rest}", err=True)

    return tell

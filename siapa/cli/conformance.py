"""``siapa conformance``: our records against the rules of the formats they are given in."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from siapa.cli.running import progress, running
from siapa.extensions import db
from siapa.opendata import conformance as checking
from siapa.opendata.conformance.running import RULES
from siapa.opendata.exporting import standing_of


@click.group()
def conformance() -> None:
    """Whether HSDS, Open Referral UK, CPSV-AP, DCAT-AP and Frictionless are kept to."""


@conformance.command()
@click.argument(
    "kit", type=click.Path(exists=True, file_okay=False, path_type=Path), envvar="CONFORMANCE_DIR"
)
@click.option("--most", type=click.IntRange(1), default=2_000, show_default=True,
              help="Standards that are checked by each set of rules.")  # fmt: skip
@click.pass_context
def run(context: click.Context, kit: Path, most: int) -> None:
    """Check by the rules in KIT (or where CONFORMANCE_DIR says); the page /conformance shows the result.

    Needs the extra [conformance]. Ends with 1 where a record breaks a rule, or nothing could be checked.
    """
    with running(), progress("checking", len(RULES)) as step:
        config = current_app.config["SIAPA"]
        with db.engine.connect() as connection:
            standing = standing_of(connection, config.public_url)
        made = checking.run(kit, standing, most=most, tells=step)
        checking.write_run(config.instance_dir, made)
    for result in made.results:
        name = f"{result.format} {result.version}, {result.records}"
        if result.not_run:
            click.echo(f"not run  {name}: {result.not_run}")
            continue
        click.echo(f"{'ok' if not result.errors else 'wrong':<8} {name}: {result.checked} of {result.total} "
                   f"checked, {result.errors} errors")  # fmt: skip
        for error in result.first_errors:
            click.echo(f"         {error}")
    was_run = any(not result.not_run for result in made.results)
    context.exit(1 if made.errors or not was_run else 0)

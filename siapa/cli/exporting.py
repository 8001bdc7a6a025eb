"""``siapa export``: the whole registry, written into a folder."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from siapa.cli.running import progress, running
from siapa.opendata import TABLES, exporting
from siapa.opendata.moments import moment_of


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format", "formats", default="csv", show_default=True, metavar="csv,jsonl,parquet,xlsx",
    help="Forms, parted by commas.",
)  # fmt: skip
@click.option(
    "--known-at", metavar="MOMENT",
    help="As it was published at this moment (2026-01-31T08:00:00Z; a day alone: its end in Jakarta).",
)  # fmt: skip
def export(folder: Path, formats: str, known_at: str | None) -> None:
    """Write all that is public into FOLDER: a file a table, with its description."""
    chosen = tuple(dict.fromkeys(part.strip() for part in formats.split(",") if part.strip()))
    unknown = [form for form in chosen if form not in exporting.FORMATS]
    if unknown or not chosen:
        raise click.UsageError(f"--format may name {', '.join(exporting.FORMATS)}, parted by commas")
    with running(), progress("writing", len(TABLES)) as tell:
        public_url = current_app.config["SIAPA"].public_url
        moment = moment_of(known_at) if known_at else None
        standing = exporting.export(folder, public_url, formats=chosen, tells=tell, known_at=moment)
    click.echo(f"written: {folder}, as of change {standing.number}")

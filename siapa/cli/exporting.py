"""``siapa export``: the whole registry, written into a folder."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from siapa.cli.running import progress, running
from siapa.opendata import TABLES, exporting


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format", "formats", default="csv", show_default=True, metavar="csv,jsonl,parquet,xlsx",
    help="Forms, parted by commas.",
)  # fmt: skip
def export(folder: Path, formats: str) -> None:
    """Write all that is public into FOLDER: a file a table, with its description."""
    chosen = tuple(dict.fromkeys(part.strip() for part in formats.split(",") if part.strip()))
    unknown = [form for form in chosen if form not in exporting.FORMATS]
    if unknown or not chosen:
        raise click.UsageError(f"--format may name {', '.join(exporting.FORMATS)}, parted by commas")
    with running(), progress("writing", len(TABLES)) as tell:
        public_url = current_app.config["SIAPA"].public_url
        standing = exporting.export(folder, public_url, formats=chosen, tells=tell)
    click.echo(f"written: {folder}, as of change {standing.number}")

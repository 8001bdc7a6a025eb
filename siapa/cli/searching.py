"""``siapa search``: the index, which is derived and can always be made anew; and what it is taught."""

from __future__ import annotations

import gc
import os

import click

from siapa import search as engine
from siapa.cli.running import running
from siapa.cli.synonyms import synonyms
from siapa.cli.tables import in_columns
from siapa.cli.teaching import alias, dismiss, worklist
from siapa.search import roots

#: How much a rebuild steps back (``nice``) for those who search and publish meanwhile.
GIVES_WAY = 10


@click.group()
def search() -> None:
    """The search: its index, and what curators teach it."""


for command in (alias, dismiss, synonyms, worklist):
    search.add_command(command)


@search.command()
def follow() -> None:
    """Apply what the log holds beyond the index."""
    with running():
        click.echo(f"{engine.follow()} changes applied; index at {engine.position()}")


@search.command()
def check() -> None:
    """Compare index and database; exit 1 and the differences when they disagree."""
    with running():
        differences = engine.check()
        for difference in differences:
            click.echo(str(difference))
        if differences:
            raise SystemExit(1)
        click.echo(f"index equals database; index at {engine.position()}")


@search.command()
def rebuild() -> None:
    """Build the index beside the one in use, then switch."""
    os.nice(GIVES_WAY)
    gc.disable()  # nothing else runs here, and going through all that is read costs a third of the time
    try:
        with running():
            engine.rebuild()
            click.echo(f"index built; index at {engine.position()}")
    finally:
        gc.enable()


@search.command("missing-roots")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
def missing_roots(limit: int) -> None:
    """List the most frequent affixed words that have no root yet, each with what its root may be."""
    with running():
        rows = [(str(one.count), one.word, ", ".join(one.guesses)) for one in roots.missing_roots(limit)]
        click.echo(in_columns(("texts", "word", "root may be"), rows) if rows else "no word lacks its root")

"""``siapa replay``: the tables, made of nothing but the public feed of a registry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import click

from siapa.cli.running import progress
from siapa.locales import using
from siapa.opendata import TABLES
from siapa.opendata.formats import STREAMS
from siapa.opendata.replaying import Gap
from siapa.opendata.replaying import replay as fold

#: Lines asked for at once; with their records fewer may come.
LINES = 1_000
SECONDS = 60


@click.command()
@click.argument("url")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format", "formats", default="csv,jsonl", show_default=True, metavar="csv,jsonl",
    help="Forms, parted by commas.",
)  # fmt: skip
def replay(url: str, folder: Path, formats: str) -> None:
    """Read the feed of the registry at URL from its first line on, and write its tables into FOLDER.

    The files are those of "siapa export" there, byte for byte. It needs no database.
    """
    chosen = tuple(dict.fromkeys(part.strip() for part in formats.split(",") if part.strip()))
    if not chosen or any(form not in STREAMS for form in chosen):
        raise click.UsageError("--format may name csv, jsonl, parted by commas")
    if urlsplit(url).scheme not in ("http", "https"):
        raise click.UsageError("URL begins with http:// or https://")
    root = url.rstrip("/")
    try:
        with using("en"), progress("replaying", len(TABLES)) as tell:
            standing = fold(_pages(root), folder, root, formats=chosen, tells=tell)
    except Gap as error:
        click.echo(f"siapa: {error}", err=True)
        raise SystemExit(1) from None
    except (URLError, OSError, ValueError) as error:
        click.echo(f"siapa: the feed at {root} cannot be read: {error}", err=True)
        raise SystemExit(1) from None
    click.echo(f"written: {folder}, as of change {standing.number}")


def _pages(root: str) -> Iterator[dict[str, Any]]:
    since = 0
    while True:
        address = f"{root}/api/v1/changes?since={since}&limit={LINES}&records=true"
        asked = Request(address, headers={"Accept": "application/json", "User-Agent": "siapa-replay"})
        with urlopen(asked, timeout=SECONDS) as answer:
            page: dict[str, Any] = json.load(answer)
        yield page
        if page["next"] == since or page["next"] == page["last"]:
            return
        since = page["next"]

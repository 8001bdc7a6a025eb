"""``siapa import hsds``: services of another registry (Open Referral, HSDS) into drafts of an agency."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import click
import orjson

from siapa.cli.acting import agency_named
from siapa.cli.fetching import fetched
from siapa.cli.running import running
from siapa.cli.spreadsheets import import_sheet
from siapa.errors import Problem, Rejected
from siapa.locales import lazy as _l
from siapa.publishing import spreadsheet

#: Pages that are asked for at most, and records on each.
MOST_PAGES, PER_PAGE = 2_000, 100


@click.command()
@click.argument("source")
@click.option("--agency", required=True, metavar="SLUG")
@click.option("--organization", "organizations", multiple=True, metavar="NAME",
              help="Take the services of this organization; more than one may be named.")  # fmt: skip
@click.option("--by", metavar="EMAIL", help="The officer who writes; may be left out if only one may.")
@click.option("--dry-run", is_flag=True, help="Say what it would do, change nothing.")
@click.option("--only-valid", is_flag=True, help="Leave out what has errors.")
@click.pass_context
def hsds(
    context: click.Context,
    source: str,
    agency: str,
    organizations: tuple[str, ...],
    by: str | None,
    dry_run: bool,
    only_valid: bool,
) -> None:
    """Take the services of SOURCE into drafts of an agency: all of them, or none.

    SOURCE is the address of an API (the one that ends in /hsds/ or has /services below it), a tabular
    package (.zip), or JSON. A service is known again by its identifier: what was taken before
    and says the same is left alone, what says something else becomes the next draft.
    """
    with running():
        owner = agency_named(agency)
        content, name = _read(source)
        chosen = dict.fromkeys(organizations, "agency") or None
        code = import_sheet(
            content, name, owner, by=by, reviewer=None, publishes=False, dry_run=dry_run,
            only_valid=only_valid, mapping=chosen,
        )  # fmt: skip
        context.exit(code)


def _read(source: str) -> tuple[bytes, str]:
    """The services of ``source`` as a file, and what it is called."""
    if source.startswith(("http://", "https://")):
        host = urlsplit(source).hostname or "hsds"
        listed = orjson.dumps(list(_services(source.rstrip("/"))))
        if len(listed) > spreadsheet.LARGEST_FILE:
            most = spreadsheet.LARGEST_FILE // 1_000_000
            raise _refused(_l("The file is larger than %(most)s megabytes.", most=most), source)
        return listed, f"{host}.json"
    path = Path(source)
    if not path.is_file():
        raise click.UsageError(f"{source}: there is no such file; an API begins with https:// or http://")
    return path.read_bytes(), path.name


def _services(base: str) -> Iterator[dict[str, Any]]:
    """Every service of the API at ``base``, each whole as its own address gives it."""
    number, is_last = 1, False
    while not is_last and number <= MOST_PAGES:
        page = fetched(f"{base}/services?page={number}&per_page={PER_PAGE}")
        if not isinstance(page, dict) or not isinstance(page.get("contents"), list):
            raise _refused(_l("This is no list of services as HSDS has it."), f"{base}/services")
        for head in page["contents"]:
            key = head.get("id") if isinstance(head, dict) else None
            if not isinstance(key, str):
                raise _refused(_l("A service has no identifier."), f"{base}/services")
            whole = fetched(f"{base}/services/{quote(key, safe='')}")
            yield {**head, **whole} if isinstance(whole, dict) else head
        click.echo(f"fetched: page {number} of {page.get('total_pages', '?')}", err=True)
        is_last = bool(page.get("last_page")) or not page["contents"]
        number += 1


def _refused(message: Any, path: str) -> Rejected:
    return Rejected([Problem(path, message)])

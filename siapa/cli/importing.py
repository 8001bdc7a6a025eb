"""``siapa import``: standards of one agency from a file, checked whole before anything is kept.

JSON is read here; a spreadsheet goes the way of ``spreadsheets``.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from siapa.cli.acting import acting, agency_named, service_coded
from siapa.cli.referral import hsds
from siapa.cli.running import running
from siapa.cli.spreadsheets import import_sheet
from siapa.document.intake import publishable_problems, read_document
from siapa.document.standard_document import StandardDocument
from siapa.document.strict_json import parse_json
from siapa.errors import Problem, Rejected
from siapa.locales import lazy as _l
from siapa.publishing import Action, commands, together
from siapa.publishing.taking import Outcome, take
from siapa.records import Agency, Officer, Standard

#: What an entry of the file may hold beside its document.
ENTRY_FIELDS = {"service", "slug", "document"}


class _Imports(click.Group):
    """Takes a file, unless its first word is the name of another source."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let ``siapa import FILE …`` be ``siapa import file FILE …``."""
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["file", *args]
        return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called ``cmd_name``; what is none is a file."""
        return super().get_command(ctx, cmd_name) or self.commands["file"]


@click.group("import", cls=_Imports)
def import_() -> None:
    """Take standards in: from a FILE (.xlsx, .csv or JSON), or from another registry ("hsds")."""


@import_.command("file")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--agency", required=True, metavar="SLUG")
@click.option("--by", metavar="EMAIL", help="The officer who writes; may be left out if only one may.")
@click.option("--reviewer", metavar="EMAIL", help="The officer who publishes (four eyes).")
@click.option("--publish", "publishes", is_flag=True, help="Submit and publish each.")
@click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")
@click.option("--only-valid", is_flag=True, help="Of a spreadsheet: leave out what has errors.")
@click.pass_context
def of_file(
    context: click.Context,
    file: Path,
    agency: str,
    by: str | None,
    reviewer: str | None,
    publishes: bool,
    dry_run: bool,
    only_valid: bool,
) -> None:
    """Take the standards in FILE (.xlsx, .csv or JSON) into an agency: all of them, or none.

    A spreadsheet is best made of "siapa sheet template". JSON is one entry or a list:
    {"service": CODE, "slug": …, "document": {…}}; service and slug may be left out. What
    the agency has already becomes its next edition; what says the same is left alone.
    """
    with running():
        owner = agency_named(agency)
        if file.suffix.lower() != ".json":
            code = import_sheet(
                file.read_bytes(), file.name, owner, by=by, reviewer=reviewer, publishes=publishes,
                dry_run=dry_run, only_valid=only_valid,
            )  # fmt: skip
            context.exit(code)
        _import_json(file, owner, by, reviewer, publishes=publishes, dry_run=dry_run)


def _import_json(
    file: Path, owner: Agency, by: str | None, reviewer: str | None, *, publishes: bool, dry_run: bool
) -> None:
    entries = read_entries(parse_json(file.read_bytes()), publishes=publishes)
    officer = acting(by, Action.OPEN, owner)
    publisher = acting(reviewer or by, Action.PUBLISH, owner) if publishes else None
    outcomes: list[tuple[Standard, Outcome]] = []
    with suppress(_OnlyTried), together():
        outcomes += [_take(owner, entry, officer) for entry in entries]
        if publisher is not None:
            _publish(outcomes, officer, publisher)
        lines = [f"{outcome:<8}{owner.slug}/{subject.slug}" for subject, outcome in outcomes]
        if dry_run:
            raise _OnlyTried
    click.echo("\n".join(lines))
    if dry_run:
        click.echo("all in order; nothing was kept")


class _OnlyTried(Exception):
    """Undoes a dry run once everything was done."""


import_.add_command(hsds)

Entry = tuple[dict[str, Any], StandardDocument]


def read_entries(raw: object, *, publishes: bool) -> list[Entry]:
    """Every entry with its document; ``Rejected`` with every problem of all of them."""
    rows = raw if isinstance(raw, list) else [raw]
    entries: list[Entry] = []
    problems: list[Problem] = []
    for place, row in enumerate(rows):
        fields = row if isinstance(row, dict) and "document" in row else {"document": row}
        for unknown in sorted(fields.keys() - ENTRY_FIELDS):
            problems.append(Problem(f"[{place}].{unknown}", _l("This field is not known here.")))
        for name in sorted({"service", "slug"} & fields.keys()):
            if not isinstance(fields[name], str):
                problems.append(Problem(f"[{place}].{name}", _l("This must be a text."), fields[name]))
        try:
            document = read_document(fields["document"])
        except Rejected as error:
            problems += [Problem(f"[{place}].{one.path}", one.message, one.value) for one in error.problems]
            continue
        if publishes:
            problems += [
                Problem(f"[{place}].{one.path}", one.message) for one in publishable_problems(document)
            ]
        entries.append((fields, document))
    if problems:
        raise Rejected(problems)
    return entries


def _take(owner: Agency, entry: Entry, officer: Officer) -> tuple[Standard, Outcome]:
    fields, document = entry
    service = service_coded(fields["service"]) if "service" in fields else None
    return take(
        owner.id, document, by=officer, service_id=service.id if service else None, slug=fields.get("slug")
    )


def _publish(outcomes: list[tuple[Standard, Outcome]], officer: Officer, publisher: Officer) -> None:
    for subject, outcome in outcomes:
        if outcome != "same":
            commands.submit(subject.id, by=officer)
            commands.publish(subject.id, by=publisher, as_found=True)

"""``siapa sheet``, and ``siapa import`` of a spreadsheet: template, preview, taking in, taking back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path

import click

from siapa.cli.acting import acting, agency_named
from siapa.cli.running import running
from siapa.locales import speak, using
from siapa.publishing import Action, spreadsheet
from siapa.records import Agency, ImportBatch, ImportOutcome

#: Errors that are printed; the rest is counted.
MOST_PRINTED = 200


@click.group()
def sheet() -> None:
    """Spreadsheets of an agency's standards; they are taken in by "siapa import"."""


@sheet.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--agency", required=True, metavar="SLUG")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
def template(file: Path, agency: str, language: str) -> None:
    """Write the workbook (.xlsx) of an agency, filled with its present standards, to FILE."""
    with running():
        owner = agency_named(agency)
        with using(language):
            content = spreadsheet.template(owner)
        file.write_bytes(content)
        click.echo(f"written: {file}")


@sheet.command()
@click.argument("import_id", type=click.UUID)
@click.option("--by", metavar="EMAIL", help="The officer who takes it back.")
@click.option("--reviewer", metavar="EMAIL", help="The officer who publishes former editions anew.")
def undo(import_id: uuid.UUID, by: str | None, reviewer: str | None) -> None:
    """Take back what an import did, if nothing stands on it."""
    with running():
        batch = spreadsheet.batch(import_id)
        officer = acting(by, Action.DISCARD, batch.agency)
        publisher = acting(reviewer, Action.PUBLISH, batch.agency) if reviewer else None
        spreadsheet.undo(import_id, by=officer, publisher=publisher)
        click.echo(f"taken back: import {import_id}")


@sheet.command()
def forget() -> None:
    """Forget the files that were handed in long ago; the server does so by itself."""
    with running():
        days = spreadsheet.FILES_KEPT.days
        click.echo(f"{spreadsheet.forget_files()} files older than {days} days forgotten")


def import_sheet(
    content: bytes,
    file_name: str,
    owner: Agency,
    *,
    by: str | None,
    reviewer: str | None,
    publishes: bool,
    dry_run: bool,
    only_valid: bool,
    mapping: Mapping[str, str] | None = None,
) -> int:
    """Preview the file and, unless it is only tried, take it in; gives back the exit code."""
    speak("en")
    officer = acting(by, Action.OPEN, owner)
    publisher = acting(reviewer or by, Action.PUBLISH, owner) if publishes else None
    batch = spreadsheet.preview(
        owner.id, content, file_name=file_name, by=officer, publishes=publishes, mapping=mapping,
        progress=_told("read"),
    )  # fmt: skip
    _print_preview(batch)
    if dry_run:
        click.echo("nothing was taken in")
        return 1 if batch.error_count else 0
    batch = spreadsheet.take_in(
        batch.id, by=officer, publisher=publisher, only_valid=only_valid, progress=_told("taken in")
    )
    click.echo(f"taken in; to take it back: siapa sheet undo {batch.id}")
    return 1 if batch.error_count else 0


def _told(what: str) -> spreadsheet.Progress:
    def tell(done: int, total: int) -> None:
        click.echo(f"{what}: {done} of {total}", err=True)

    return tell


def _print_preview(batch: ImportBatch) -> None:
    click.echo(f"import {batch.id}")
    for outcome in ImportOutcome:
        click.echo(f"{outcome:<8}{getattr(batch, f'{outcome}_count')}")
    if batch.mapping and spreadsheet.is_exchanged(batch.file_name):
        for name, target in batch.mapping.items():
            click.echo(f"  {'taken' if target else 'left out'}: services of {name!r}")
        if not any(batch.mapping.values()):
            click.echo("name those of this agency with --organization")
    printed = 0
    for entry in spreadsheet.entries_of(batch.id, ImportOutcome.ERROR, most=MOST_PRINTED):
        for problem in entry.problems:
            if printed < MOST_PRINTED:
                click.echo(_line(problem))
            printed += 1


def _line(problem: spreadsheet.Kept) -> str:
    place = f"{problem['sheet']}!{problem['cell']}" if problem["cell"] else problem["sheet"]
    value = f" ({problem['value']!r})" if problem["value"] is not None else ""
    allowed = ", ".join(words["id"] for words in problem["allowed"])
    return f"  {place}{value}: {problem['message']['en']}" + (f" [{allowed}]" if allowed else "")

"""``siapa import``: standards of one agency from a file, checked whole before anything is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from siapa.cli.acting import acting, agency_named, service_coded
from siapa.cli.running import running
from siapa.document.digest import digest
from siapa.document.intake import publishable_problems, read_document
from siapa.document.standard_document import StandardDocument, to_json
from siapa.document.strict_json import parse_json
from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import Action, commands, together
from siapa.records import Agency, Officer, Standard

#: What an entry of the file may hold beside its document.
ENTRY_FIELDS = {"service", "slug", "document"}


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--agency", required=True, metavar="SLUG")
@click.option("--by", metavar="EMAIL", help="The officer who writes; may be left out if only one may.")
@click.option("--reviewer", metavar="EMAIL", help="The officer who publishes (four eyes).")
@click.option("--publish", "publishes", is_flag=True, help="Submit and publish each.")
@click.option("--dry-run", is_flag=True, help="Check everything, keep nothing.")
def import_(
    file: Path, agency: str, by: str | None, reviewer: str | None, publishes: bool, dry_run: bool
) -> None:
    """Take the standards in FILE (JSON) into an agency: all of them, or none.

    FILE holds one entry or a list: {"service": CODE, "slug": …, "document": {…}};
    service and slug may be left out. An entry whose service or slug the agency has
    already becomes its next edition; one that says the same as before is left alone.
    """
    with running():
        owner = agency_named(agency)
        entries = read_entries(parse_json(file.read_bytes()), publishes=publishes)
        if dry_run:
            click.echo(f"{len(entries)} standards are in order; nothing was kept")
            return
        officer = acting(by, Action.OPEN, owner)
        with together():
            outcomes = [_take(owner, entry, officer) for entry in entries]
            if publishes:
                publisher = acting(reviewer or by, Action.PUBLISH, owner)
                for subject, outcome in outcomes:
                    if outcome != "same":
                        commands.submit(subject.id, by=officer)
                        commands.publish(subject.id, by=publisher)
        for subject, outcome in outcomes:
            click.echo(f"{outcome:<8}{owner.slug}/{subject.slug}")


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


def _take(owner: Agency, entry: Entry, officer: Officer) -> tuple[Standard, str]:
    fields, document = entry
    service = service_coded(fields["service"]) if fields.get("service") else None
    same = sa.or_(
        Standard.service_id == service.id if service else sa.false(),
        Standard.slug == fields["slug"] if fields.get("slug") else sa.false(),
    )
    present = db.session.scalar(sa.select(Standard).where(Standard.agency_id == owner.id, same))
    if present is None:
        made = commands.open_standard(
            owner.id,
            document,
            by=officer,
            service_id=service.id if service else None,
            slug=fields.get("slug"),
        )
        return made, "new"
    draft, live = present.open_edition, present.live
    if draft is None and live is not None and live.digest == digest(to_json(document)):
        return present, "same"
    if draft is None:
        commands.open_draft(present.id, document, by=officer)
    else:
        commands.revise(present.id, document, version=draft.version, by=officer)
    return present, "changed"

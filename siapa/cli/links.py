"""``siapa links``: whether the web addresses in standards in force still lead somewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from siapa.cli.asking import Answer, Manner, ask_all
from siapa.cli.running import progress, running
from siapa.document.addresses import addresses
from siapa.document.standard_document import from_stored
from siapa.extensions import db
from siapa.records import Agency, Edition, Standard, State, now

#: Where the outcome of the last check lies, in the folder of the instance.
REPORT = "links.json"


@dataclass(frozen=True)
class Linked:
    """An address in a standard in force: whose it is, and where it stands."""

    agency: str
    agency_slug: str
    standard_slug: str
    path: str
    address: str


@click.group()
def links() -> None:
    """The web addresses in standards in force."""


@links.command()
@click.option("--agency", "slug", help="Only the standards of this agency.")
@click.option("--at-once", type=click.IntRange(1, 32), default=8, show_default=True, help="Hosts at a time.")
@click.option("--timeout", type=click.FloatRange(0.1, 60), default=10.0, show_default=True, help="Seconds.")
@click.option("--pause", type=click.FloatRange(0, 60), default=1.0, show_default=True,
              help="Seconds between two questions to one host.")  # fmt: skip
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Where to keep the outcome.")
def check(slug: str | None, at_once: int, timeout: float, pause: float, report: Path | None) -> None:
    """Ask each address once; list the broken ones by agency; exit 1 where there are any."""
    with running() as app:
        config = app.config["SIAPA"]
        found = linked(slug)
    manner = Manner(timeout, pause, is_public_only=config.links == "public")
    asked = list(dict.fromkeys(one.address for one in found))
    answers: dict[str, Answer] = {}
    with progress(f"asking {len(asked)} addresses", len(asked)) as step:
        for answer in ask_all(asked, manner, at_once=at_once):
            answers[answer.address] = answer
            step(answer.address)
    keep(report or config.instance_dir / REPORT, answers.values())
    broken = [one for one in found if answers[one.address].is_broken]
    for line in told(broken, answers):
        click.echo(line)
    click.echo(f"{len(asked)} addresses asked, {len({one.address for one in broken})} broken")
    if broken:
        raise SystemExit(1)


def linked(slug: str | None = None) -> list[Linked]:
    """Every web address in standards in force, by agency and standard."""
    columns: tuple[Any, ...] = (Agency.name, Agency.slug, Standard.slug, Edition.document)
    query = (
        sa.select(*columns)
        .join(Standard, Standard.id == Edition.standard_id)
        .join(Agency, Agency.id == Standard.agency_id)
        .where(Edition.state == State.PUBLISHED)
        .order_by(Agency.name, Agency.slug, Standard.slug)
        .execution_options(yield_per=500)
    )
    if slug is not None:
        query = query.where(Agency.slug == slug)
    return [
        Linked(name, agency_slug, standard_slug, path, address)
        for name, agency_slug, standard_slug, stored in db.session.execute(query)
        for path, address in addresses(from_stored(stored))
    ]


def told(broken: Iterable[Linked], answers: dict[str, Answer]) -> Iterable[str]:
    """What to print of the broken addresses: each agency once, its addresses below it."""
    before = ""
    for one in broken:
        if one.agency_slug != before:
            before = one.agency_slug
            yield f"{one.agency} ({one.agency_slug})"
        answer = answers[one.address]
        yield f"  {answer.status or answer.fault}  {one.address}  {one.standard_slug}: {one.path}"


def keep(file: Path, answers: Iterable[Answer]) -> None:
    """Write the outcome; an address that was broken before keeps the moment since which it is."""
    at = now().isoformat(timespec="seconds")
    former: dict[str, Any] = {}
    if file.exists():
        former = json.loads(file.read_text(encoding="utf-8")).get("addresses", {})
    outcome = {
        one.address: {
            "status": one.status, "fault": one.fault, "checked_at": at,
            "broken_since": former.get(one.address, {}).get("broken_since") or at if one.is_broken else None,
        }
        for one in answers
    }  # fmt: skip
    beside = file.with_suffix(".new")
    beside.write_text(
        json.dumps({"checked_at": at, "addresses": {**former, **outcome}}, indent=1), encoding="utf-8"
    )
    beside.replace(file)

"""``siapa standard``: the life of a standard from the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
import sqlalchemy as sa

from siapa.cli.acting import acting, agency_named, service_coded, standard_named
from siapa.cli.running import running
from siapa.document.intake import read_document
from siapa.document.standard_document import StandardDocument
from siapa.document.strict_json import parse_json
from siapa.extensions import db
from siapa.publishing import Action, commands
from siapa.publishing.taking import take_into
from siapa.records import Agency, Edition, Standard

by_option = click.option(
    "--by", metavar="EMAIL", help="The officer who acts; may be left out if only one may."
)
document_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def standard() -> None:
    """Standards: open, revise, submit, return, publish, withdraw.

    A standard is named agency-slug/standard-slug, as in its address, or by its id.
    """


@standard.command("list")
@click.option("--agency", metavar="SLUG", help="Only those of one agency.")
def list_(agency: str | None) -> None:
    """List standards with the states of their editions."""
    with running():
        query = (
            sa.select(Agency.slug, Standard.slug, Edition.number, Edition.state, Edition.title)
            .join(Standard, Standard.agency_id == Agency.id)
            .join(Edition, Edition.standard_id == Standard.id)
            .order_by(Agency.slug, Standard.slug, Edition.number)
        )
        if agency:
            query = query.where(Agency.slug == agency)
        for agency_slug, slug, number, state, title in db.session.execute(query):
            click.echo(f"{agency_slug}/{slug}\t{number}\t{state}\t{title}")


@standard.command("open")
@click.option("--agency", required=True, metavar="SLUG")
@click.option("--service", metavar="CODE", help="The national service it is for.")
@by_option
@document_argument
def open_(agency: str, service: str | None, by: str | None, file: Path) -> None:
    """Begin a standard with the draft in FILE (JSON)."""
    with running():
        owner = agency_named(agency)
        made = commands.open_standard(
            owner.id,
            read(file),
            by=acting(by, Action.OPEN, owner),
            service_id=service_coded(service).id if service else None,
        )
        click.echo(f"{owner.slug}/{made.slug}: edition 1 is a draft")


@standard.command()
@click.argument("name")
@by_option
@document_argument
def revise(name: str, by: str | None, file: Path) -> None:
    """Put FILE (JSON) into the draft of NAME, or begin the next edition with it."""
    with running():
        subject = standard_named(name)
        outcome = take_into(subject, read(file), by=acting(by, Action.REVISE, subject))
        if outcome == "same":
            click.echo("this is what is in force; nothing was changed")
        else:
            say(subject, subject.open_edition or subject.editions[-1])


@standard.command()
@click.argument("name")
@by_option
def submit(name: str, by: str | None) -> None:
    """Hand the draft of NAME to a publisher."""
    with running():
        subject = standard_named(name)
        say(subject, commands.submit(subject.id, by=acting(by, Action.SUBMIT, subject)))


@standard.command("return")
@click.argument("name")
@click.option("--remark", required=True, help="What has to be mended.")
@click.option("--component", default="", help="The component the remark is on; without it, the whole.")
@by_option
def return_(name: str, remark: str, component: str, by: str | None) -> None:
    """Send what was submitted of NAME back with a remark."""
    with running():
        subject = standard_named(name)
        officer = acting(by, Action.RETURN, subject)
        say(subject, commands.return_(subject.id, {component: remark}, by=officer))


@standard.command()
@click.argument("name")
@click.option("--from", "first_day", type=click.DateTime(["%Y-%m-%d"]), help="The day it goes into force.")
@click.option("--note", default="", help="Kept in the audit.")
@by_option
def publish(name: str, first_day: datetime | None, note: str, by: str | None) -> None:
    """Put what was submitted of NAME in force, now or on a day."""
    with running():
        subject = standard_named(name)
        officer = acting(by, Action.PUBLISH, subject)
        day = first_day.date() if first_day else None
        say(subject, commands.publish(subject.id, by=officer, note=note, effective_from=day))


@standard.command()
@click.argument("name")
@click.option("--reason", required=True, help="Shown on the page that stays.")
@click.option("--replaced-by", metavar="NAME", help="The standard that takes its place.")
@by_option
def withdraw(name: str, reason: str, replaced_by: str | None, by: str | None) -> None:
    """Take NAME out of force."""
    with running():
        subject = standard_named(name)
        successor = standard_named(replaced_by).id if replaced_by else None
        officer = acting(by, Action.WITHDRAW, subject)
        say(subject, commands.withdraw(subject.id, by=officer, reason=reason, replaced_by=successor))


def read(file: Path) -> StandardDocument:
    """The document in ``file``; ``Rejected`` with every problem."""
    return read_document(parse_json(file.read_bytes()))


def say(subject: Standard, edition: Edition) -> None:
    """Print where ``edition`` stands now."""
    click.echo(f"{subject.agency.slug}/{subject.slug}: edition {edition.number} is {edition.state}")

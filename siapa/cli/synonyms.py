"""``siapa search synonyms``: what a word, or several, may stand for in a query."""

from __future__ import annotations

import click
import sqlalchemy as sa

from siapa.cli.acting import acting
from siapa.cli.running import running
from siapa.cli.tables import in_columns
from siapa.cli.teaching import by_option, named
from siapa.cli.trying import shown
from siapa.errors import NotFound, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import Action, services
from siapa.records import Synonym
from siapa.search.trying import try_synonym

term_argument = click.argument("term")
replacement_argument = click.argument("replacement")


@click.group()
def synonyms() -> None:
    """Words that stand for others in a query: abbreviations, spellings, everyday words, English."""


@synonyms.command("list")
@click.option("--word", help="Only those that have this word in them.")
@click.option("--kind", type=click.Choice(services.SYNONYM_KINDS))
def list_(word: str | None, kind: str | None) -> None:
    """List the synonyms: what is asked, what is searched for as well."""
    with running():
        wanted = set(named(word or "").split())
        rows = [
            (row.term, row.replacement, row.kind, row.note or "")
            for row in _all()
            if wanted <= {*named(row.term).split(), *named(row.replacement).split()}
            and kind in (None, row.kind)
        ]
        titles = ("term", "also finds", "kind", "note")
        click.echo(in_columns(titles, rows) if rows else "no synonym is like this")


@synonyms.command()
@term_argument
@replacement_argument
@click.option("--kind", required=True, type=click.Choice(services.SYNONYM_KINDS))
@click.option("--note", help="Why, for those who review it.")
@by_option
def add(term: str, replacement: str, kind: str, note: str | None, by: str | None) -> None:
    """Let TERM in a query also find REPLACEMENT; or change the kind and note of one there is.

    Try it first: siapa search synonyms try.
    """
    with running():
        curator = acting(by, Action.SET_VOCABULARY, None)
        made = services.put_synonym(named(term), named(replacement), kind=kind, note=note, by=curator)
        click.echo(f"{made.term} also finds {made.replacement}")


@synonyms.command()
@term_argument
@replacement_argument
@by_option
def remove(term: str, replacement: str, by: str | None) -> None:
    """Let TERM in a query stand for itself again; no load of seed data brings the synonym back."""
    with running():
        curator = acting(by, Action.SET_VOCABULARY, None)
        ending = _one(term, replacement)
        services.remove_synonym(ending.id, by=curator)
        click.echo(f"{named(term)} no longer finds {named(replacement)}")


@synonyms.command("try")
@term_argument
@replacement_argument
@click.option("--query", "queries", required=True, multiple=True, help="What is asked; may be given again.")
def try_(term: str, replacement: str, queries: tuple[str, ...]) -> None:
    """Show what a query finds without and with the synonym; nothing is saved."""
    with running():
        if problems := services.problems_of_synonym(named(term), named(replacement)):
            raise Rejected(problems)
        for query in queries:
            click.echo(shown(try_synonym(term, replacement, query)))


def _all() -> list[Synonym]:
    return list(db.session.scalars(sa.select(Synonym).order_by(Synonym.term, Synonym.replacement)))


def _one(term: str, replacement: str) -> Synonym:
    wanted = (named(term), named(replacement))
    for row in _all():
        if (named(row.term), named(row.replacement)) == wanted:
            return row
    raise NotFound(_l("There is no such entry."))

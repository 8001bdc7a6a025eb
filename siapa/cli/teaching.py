"""``siapa search worklist | alias | dismiss``: queries that found nothing, and what they teach."""

from __future__ import annotations

import click

from siapa import search as engine
from siapa.cli.acting import acting, service_coded
from siapa.cli.running import running
from siapa.cli.tables import in_columns
from siapa.cli.trying import shown
from siapa.locales import LOCALES
from siapa.publishing import Action, services
from siapa.publishing import unanswered as decisions
from siapa.search.text import words
from siapa.search.trying import try_alias
from siapa.search.worklist import set_aside
from siapa.search.worklist import worklist as waiting

by_option = click.option(
    "--by", "--as", "by", metavar="EMAIL", help="The curator who acts; may be left out if only one may."
)
query_argument = click.argument("query")


@click.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 500))
@click.option("--all", "include_answered", is_flag=True, help="Also those that are answered by now.")
@click.option("--dismissed", is_flag=True, help="Those that curators have set aside, instead.")
def worklist(limit: int, include_answered: bool, dismissed: bool) -> None:
    """List queries that were asked again and again and found nothing, the most asked first.

    FINDS is what the search finds now: nothing; partly, when no result has all the words;
    found, when it has been taught meanwhile.
    """
    with running():
        if dismissed:
            click.echo("\n".join(set_aside()) or "nothing is set aside")
            return
        rows = [
            (str(one.times), str(one.days), f"{one.last_on}", one.now, one.words, one.understood,
             ", ".join(candidate.key for candidate in one.candidates))
            for one in waiting(limit, include_answered=include_answered)
        ]  # fmt: skip
        titles = ("times", "days", "last asked", "finds", "query", "understood as", "may mean")
        click.echo(in_columns(titles, rows) if rows else "nothing is waiting")


@click.command()
@query_argument
@click.argument("service")
@click.option("--locale", type=click.Choice(LOCALES), default="id", show_default=True)
@click.option("--try", "tries", is_flag=True, help="Show what it would change, and save nothing.")
@click.option("--query", "queries", multiple=True, help="With --try: other queries to try it on.")
@click.option("--remove", "removes", is_flag=True, help="Take the alias back.")
@by_option
def alias(
    query: str,
    service: str,
    locale: str,
    tries: bool,
    queries: tuple[str, ...],
    removes: bool,
    by: str | None,
) -> None:
    """Let QUERY find the national service with the code SERVICE; the worklist lets go of it."""
    if removes and tries:
        raise click.UsageError("--try shows what an alias would add: leave out --remove")
    with running():
        meant = service_coded(service)
        if tries:
            for text in queries or (query,):
                click.echo(shown(try_alias(meant, query, text, locale=locale)))
            return
        curator = acting(by, Action.SET_SERVICE, meant)
        if removes:
            services.remove_alias(meant.id, locale, query, by=curator)
            click.echo(f"{query!r} is no alias of {meant.code}")
            return
        decisions.teach(named(query), meant.id, by=curator, locale=locale, text=query)
        found = engine.find(engine.Query(text=query, facets=(), per_page=5))
        first = ", ".join(hit.service_code or "-" for hit in found.results) or "nothing"
        click.echo(f"{query!r} is an alias of {meant.code}; it finds now: {first}")


@click.command()
@query_argument
@click.option("--undo", is_flag=True, help="Take it up again: it is counted as any other.")
@by_option
def dismiss(query: str, undo: bool, by: str | None) -> None:
    """Set QUERY aside: nothing here answers it, and it is not counted again."""
    with running():
        curator = acting(by, Action.SETTLE_QUERY, None)
        decide = decisions.take_up if undo else decisions.dismiss
        decide(named(query), by=curator)
        click.echo(f"{query!r} is {'counted again' if undo else 'set aside'}")


def named(query: str) -> str:
    """The words by which the worklist knows ``query``."""
    return " ".join(words(query))

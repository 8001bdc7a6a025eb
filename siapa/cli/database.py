"""``siapa db``: the tables of this release."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.engine import make_url

from siapa.cli.running import as_owner, running
from siapa.config import database_address
from siapa.errors import Conflict, Unavailable
from siapa.extensions import db as database
from siapa.records import roles as rights
from siapa.records import schema
from siapa.records.checkpointing import checkpoint as move_pages
from siapa.records.copying import copy_all, is_bare, opened


@click.group()
def db() -> None:
    """The database and its tables."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to REVISION (default: this release's newest)."""
    with running() as app, as_owner(app.config["SIAPA"]) as engine:
        schema.move_to(engine, revision)
        click.echo(f"database at {schema.present(engine)}")


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="Going down removes tables and what is in them. Go on?")
def downgrade(revision: str) -> None:
    """Take the database down to REVISION ('base': no tables)."""
    with running() as app, as_owner(app.config["SIAPA"]) as engine:
        schema.move_to(engine, revision)
        click.echo(f"database at {schema.present(engine) or 'base'}")


@db.command()
def current() -> None:
    """Say where the database stands; exit 1 when it is not this release's newest."""
    with running():
        present, newest = schema.present(database.engine), schema.newest()
        click.echo(f"database at {present or 'base'}, this release at {newest}")
        if present != newest:
            raise SystemExit(1)


@db.command()
@click.option("--app", default=rights.APP, show_default=True, help="The role that SIAPA_DATABASE_URL names.")
@click.option("--readonly", default=rights.READONLY, show_default=True, help="A role that only reads.")
@click.option("--apply", "applies", is_flag=True, help="Say it to the database instead of printing it.")
def roles(app: str, readonly: str, applies: bool) -> None:
    """Print the SQL that lets the application alter no table and touch no line of log or audit.

    It is said as the owner of the tables (SIAPA_DATABASE_OWNER_URL), after the first upgrade and again
    after those that make tables. PostgreSQL only.
    """
    for name in (app, readonly):
        if not rights.is_name(name):
            raise click.UsageError(f"{name!r} is no name of a role: small letters, digits and _")
    with running() as application, as_owner(application.config["SIAPA"]) as engine:
        if engine.dialect.name != "postgresql":
            raise click.UsageError("only PostgreSQL has roles")
        if applies:
            rights.apply(engine, app, readonly)
            click.echo(f"{app} writes and {readonly} reads in {engine.url.database}")
            return
        for statement in rights.statements(engine.url.database or "", app, readonly):
            click.echo(f"{statement};")


@db.command()
def checkpoint() -> None:
    """Move what SQLite keeps beside the database into it (the server does so by itself)."""
    with running() as app:
        url = make_url(app.config["SIAPA"].database_url)
        if url.get_backend_name() != "sqlite":
            raise click.UsageError("only SQLite has something to move")
        click.echo(f"{move_pages(Path(url.database or ''), at_least_bytes=0)} pages moved")


@db.command()
@click.option("--from", "source", required=True, help="sqlite:///… or postgresql://…")
@click.option("--to", "target", required=True, help="A database without tables, or with empty ones.")
def copy(source: str, target: str) -> None:
    """Copy a whole registry from one database into another, of whatever kind.

    Copied is what stood there at one moment: stop the server first, or what is written meanwhile
    stays behind. Files of decrees stay where they are.
    """
    source, target = database_address(source, "--from"), database_address(target, "--to")
    file = make_url(source).database if make_url(source).get_backend_name() == "sqlite" else None
    if file is not None and not Path(file).is_file():
        raise Unavailable(f"there is no database in {file}")
    with opened(source) as reading, opened(target) as writing:
        stands, newest = schema.present(reading), schema.newest()
        if stands != newest:
            raise Unavailable(f"the database to be copied stands at {stands or 'base'}, not at {newest}")
        if not is_bare(writing):
            raise Conflict("the database to copy to is not empty")
        schema.move_to(writing)
        copied = copy_all(reading, writing, lambda table, rows: click.echo(f"{table}: {rows}", err=True))
    click.echo(f"{sum(copied.values())} rows in {len(copied)} tables copied")

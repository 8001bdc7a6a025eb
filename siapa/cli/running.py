"""What commands share: an app to run in, and how progress is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from siapa import create_app
from siapa.config import Config
from siapa.errors import Unavailable
from siapa.extensions import db
from siapa.locales import using
from siapa.records import schema
from siapa.records.copying import opened
from siapa.records.roles import MAY_NOT


@contextmanager
def running(config: Config | None = None) -> Iterator[Flask]:
    """An app, inside its context; the operator is spoken to in English.

    What fails because the database has not the tables of this release is told so, ``Unavailable``.
    """
    app = create_app(config)
    with app.app_context(), using("en"):
        try:
            yield app
        except (OperationalError, ProgrammingError) as error:
            db.session.rollback()
            present, newest = schema.present(db.engine), schema.newest()
            if present == newest or getattr(error.orig, "sqlstate", "") == MAY_NOT:
                raise
            stands = f"the database stands at {present or 'base'}, this release needs {newest}"
            raise Unavailable(f"{stands}; bring it there with: siapa db upgrade") from error


@contextmanager
def as_owner(config: Config) -> Iterator[sa.Engine]:
    """The database, reached as whoever may alter its tables (``SIAPA_DATABASE_OWNER_URL``)."""
    if not config.database_owner_url:
        yield db.engine
        return
    with opened(config.database_owner_url) as engine:
        yield engine


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, a plain line at the start and the end elsewhere."""
    if sys.stderr.isatty():
        with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
            yield lambda _what: bar.update(1)
    else:
        click.echo(f"{label} …", err=True)
        yield lambda _what: None

"""What commands share: an app to run in, the one who acts, and how progress is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click
import sqlalchemy as sa
from flask import Flask

from siapa import create_app
from siapa.config import Config
from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import speak
from siapa.records import Officer

T = TypeVar("T")


@contextmanager
def running(config: Config | None = None) -> Iterator[Flask]:
    """An app, inside its context; the operator is spoken to in English."""
    app = create_app(config)
    with app.app_context():
        speak("en")
        yield app


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, a plain line at the start and the end elsewhere."""
    if sys.stderr.isatty():
        with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
            yield lambda _what: bar.update(1)
    else:
        click.echo(f"{label} …", err=True)
        yield lambda _what: None


def officer_named(email: str) -> Officer:
    """The officer with this address; ``NotFound`` says how to make one."""
    found = db.session.scalar(sa.select(Officer).where(Officer.email == email.strip().lower()))
    if found is None:
        raise NotFound(f"no officer has the address {email}; make one with 'siapa officer add'")
    return found

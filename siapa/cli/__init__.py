"""The operator's door: ``siapa …``, one file a group.

Exit code 0: done. 1: something is wrong, and it was said. 2: used or configured wrongly.
"""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

from siapa.cli.backups import backup, restore
from siapa.cli.conformance import conformance
from siapa.cli.database import db
from siapa.cli.digesting import digest
from siapa.cli.doctor import doctor
from siapa.cli.exporting import export
from siapa.cli.generating import generate
from siapa.cli.importing import import_
from siapa.cli.links import links
from siapa.cli.officers import officer, token
from siapa.cli.replaying import replay
from siapa.cli.searching import search
from siapa.cli.seeding import seed
from siapa.cli.serving import serve
from siapa.cli.settings import config
from siapa.cli.snapshots import snapshot
from siapa.cli.spreadsheets import sheet
from siapa.cli.standards import standard
from siapa.cli.statistics import statistics
from siapa.cli.verifying import verify
from siapa.cli.webhooks import webhooks
from siapa.config import BadConfiguration
from siapa.errors import Rejected, SiapaError
from siapa.locales import speak
from siapa.records.roles import MAY_NOT

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="siapa")
def siapa() -> None:
    """SIAPA, the registry of public-service standards."""


for command in (
    backup,
    config,
    conformance,
    db,
    digest,
    doctor,
    export,
    generate,
    import_,
    links,
    officer,
    replay,
    restore,
    search,
    seed,
    serve,
    sheet,
    snapshot,
    standard,
    statistics,
    token,
    verify,
    webhooks,
):
    siapa.add_command(command)


def main() -> None:
    """Run the command line; a known error is one line (or one a problem), never a trace."""
    speak("en")
    try:
        siapa()
    except BadConfiguration as error:
        click.echo(f"siapa: {error}", err=True)
        sys.exit(2)
    except Rejected as error:
        for problem in error.problems:
            click.echo(f"siapa: {problem}", err=True)
        sys.exit(1)
    except SiapaError as error:
        click.echo(f"siapa: {error}", err=True)
        sys.exit(1)
    except (OperationalError, InterfaceError) as error:
        reason = str(error.orig).strip().partition("\n")[0]
        click.echo(f"siapa: the database cannot be used: {reason}", err=True)
        sys.exit(1)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != MAY_NOT:
            raise
        reason = str(error.orig).strip().partition("\n")[0]
        click.echo(f"siapa: {reason}; whoever may is named by SIAPA_DATABASE_OWNER_URL", err=True)
        sys.exit(1)

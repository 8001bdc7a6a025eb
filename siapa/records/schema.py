"""Bringing a database to the tables of this release, and telling whether it is there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from siapa.config import ROOT
from siapa.records.engine import WRITES

#: Any number, the same on every host: two hosts that migrate at once wait for each other.
MIGRATION_LOCK = 7_471_2026


def _configuration(connection: sa.Connection | None = None) -> AlembicConfig:
    configuration = AlembicConfig()
    configuration.set_main_option("script_location", str(ROOT / "migrations"))
    configuration.attributes["connection"] = connection
    return configuration


def newest() -> str:
    """The number of the newest migration of this release."""
    head = ScriptDirectory.from_config(_configuration()).get_current_head()
    assert head is not None
    return head


def numbers() -> set[str]:
    """The numbers of all migrations of this release."""
    return {script.revision for script in ScriptDirectory.from_config(_configuration()).walk_revisions()}


def present(engine: sa.Engine) -> str | None:
    """The number the database stands at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def move_to(engine: sa.Engine, revision: str = "head") -> None:
    """Upgrade, or downgrade to a lower number (``base``: no tables), in one transaction.

    A migration that fails half-way leaves the database as it was.
    """
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        configuration = _configuration(connection)
        order = ScriptDirectory.from_config(configuration)
        current = MigrationContext.configure(connection).get_current_revision()
        wanted = None if revision == "base" else order.get_revision(revision)
        numbers = [script.revision for script in order.walk_revisions()][::-1]
        rises = wanted is not None and (
            current is None or numbers.index(wanted.revision) >= numbers.index(current)
        )
        (command.upgrade if rises else command.downgrade)(configuration, revision)

"""What PostgreSQL lets the application's role do, and what it refuses whatever our code says."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.extensions import db
from siapa.records import roles, schema
from siapa.records.copying import opened
from tests.cli.operator import Operator
from tests.conftest import Copies, as_role
from tests.web.registry import make_registry

pytestmark = pytest.mark.postgres

#: What nobody who has taken over the application may do to what was promised.
REFUSED = (
    "UPDATE audit_event SET note = 'x'",
    "DELETE FROM audit_event",
    "UPDATE change SET kind = kind",
    "DELETE FROM change",
    "TRUNCATE audit_event",
    "UPDATE edition SET title = 'x' WHERE state = 'published'",
    "DELETE FROM edition WHERE state = 'published'",
    "TRUNCATE edition CASCADE",
    "ALTER TABLE edition ADD COLUMN x integer",
    "ALTER TABLE edition DISABLE TRIGGER edition_is_frozen",
    "DROP TRIGGER audit_event_is_not_changed ON audit_event",
    "CREATE OR REPLACE FUNCTION edition_is_frozen() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
    "SET session_replication_role = replica",
    "DROP TABLE audit_event",
    "CREATE TABLE mine (x integer)",
    "UPDATE alembic_version SET version_num = '0001'",
)


def address_of(role: str) -> str:
    """The database of the application as ``role`` reaches it."""
    return as_role(db.engine.url.render_as_string(hide_password=False), role)


def test_the_application_changes_neither_tables_nor_what_was_published(postgresql_app: Flask) -> None:
    make_registry()  # it does its work, by every command that takes
    assert db.engine.url.username == roles.APP

    for statement in REFUSED:
        with db.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as refused:
            connection.exec_driver_sql(statement)
        assert getattr(refused.value.orig, "sqlstate", "") in (roles.MAY_NOT, "23000"), statement


def test_who_only_reads_reads_what_is_public_and_no_secrets(postgresql_app: Flask) -> None:
    make_registry()

    with opened(address_of(roles.READONLY)) as engine, engine.connect() as connection:
        published = connection.scalar(sa.text("SELECT count(*) FROM edition WHERE state = 'published'"))
        connection.rollback()
        refused = []
        for statement in ("SELECT * FROM officer", "SELECT * FROM token", "DELETE FROM hours"):
            with pytest.raises(sa.exc.DBAPIError) as error:
                connection.exec_driver_sql(statement)
            connection.rollback()
            refused.append(getattr(error.value.orig, "sqlstate", ""))

    assert published
    assert refused[:2] == [roles.MAY_NOT] * 2
    assert refused[2] in (roles.MAY_NOT, "25006")


def test_the_owner_makes_the_tables_and_the_application_serves(
    postgresql_server: str, postgresql_copies: Copies, tmp_path: Path
) -> None:
    with sa.create_engine(postgresql_server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(sa.text("CREATE DATABASE owned"))
    owner = postgresql_copies.as_owner("owned")
    settings = {"SIAPA_DATABASE_URL": as_role(owner, "registry"), "SIAPA_DATABASE_OWNER_URL": owner}
    operator = Operator(tmp_path)
    names = ("--app", "registry", "--readonly", "registry_reader")

    printed = operator.says("db", "roles", *names, **settings)
    made = operator.says("db", "upgrade", **settings)
    given = operator.says("db", "roles", *names, "--apply", **settings)
    again = operator.says("db", "roles", *names, "--apply", **settings)
    works = operator.says("officer", "list", **{**settings, "SIAPA_DATABASE_OWNER_URL": ""})
    down = operator.says("db", "downgrade", "base", "--yes", **{**settings, "SIAPA_DATABASE_OWNER_URL": ""})

    assert [each.returncode for each in (printed, made, given, again, works)] == [0] * 5, printed.stderr
    assert "REVOKE UPDATE, DELETE ON change, audit_event, published_record FROM registry;" in printed.stdout
    assert schema.newest() in made.stdout
    assert down.returncode == 1
    assert down.stderr.startswith("siapa: ")
    assert "Traceback" not in down.stderr


def test_a_name_that_is_none_and_a_database_without_roles_are_refused_in_words(tmp_path: Path) -> None:
    odd = Operator(tmp_path).says("db", "roles", "--app", "a;DROP TABLE x")
    on_sqlite = Operator(tmp_path).says("db", "roles")

    assert (odd.returncode, on_sqlite.returncode) == (2, 2)
    assert "no name of a role" in odd.stderr
    assert "only PostgreSQL has roles" in on_sqlite.stderr

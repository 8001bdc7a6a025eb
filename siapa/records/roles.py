"""Who may do what in PostgreSQL: the owner of the tables, the application, and who only reads.

The owner alone makes and alters tables, so no fault of the application can: neither switch a
trigger off (``records/frozen.py``: what was published is frozen) nor touch a line of log or audit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlalchemy as sa

from siapa.extensions import db

APP, READONLY = "siapa_app", "siapa_readonly"
#: What PostgreSQL says where a role may not (SQLSTATE).
MAY_NOT = "42501"
#: Of these the application adds lines, and no more.
ADDED_TO = ("change", "audit_event", "published_record")
#: Where the database stands; the owner's migrations say it.
STANDING = "alembic_version"
#: What no reader of public things needs: persons, their secrets, and what is not published yet in files.
PRIVATE = (
    "authenticator", "desk_session", "feedback", "import_batch", "import_entry", "kept_answer", "membership",
    "officer", "one_time_link", "passkey", "passkey_challenge", "provider_identity", "recovery_code",
    "reminding", "token", "unsaved_step", "webhook", "webhook_delivery", "webhook_standing",
)  # fmt: skip

#: Of these, what public pages count.
PARTLY = {"feedback": ("id", "standard_id", "offering_id", "location_id", "component", "state")}

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def is_name(text: str) -> bool:
    """Whether ``text`` is a name for a role that needs no quotes."""
    return _NAME.fullmatch(text) is not None


def statements(database: str, app: str = APP, readonly: str = READONLY) -> Iterator[str]:
    """The SQL by which the owner of ``database`` gives both roles what they may; repeated it changes nothing.

    Roles that are missing are made, without a password. Names are such as ``is_name`` takes.
    """
    both = f"{app}, {readonly}"
    for role in (app, readonly):
        yield (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') "
            f"THEN CREATE ROLE {role} LOGIN; END IF; END $$"
        )
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield f'GRANT CONNECT ON DATABASE "{database}" TO {both}'
    yield f"GRANT USAGE ON SCHEMA public TO {both}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {both}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}"
    yield f"REVOKE UPDATE, DELETE ON {', '.join(ADDED_TO)} FROM {app}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON {STANDING} FROM {app}"
    # Tables of later migrations: the application has them at once, and readers when this is said again.
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}"
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {app}"
    public = sorted(table for table in db.metadata.tables if table not in PRIVATE)
    yield f"GRANT SELECT ON {', '.join((*public, STANDING))} TO {readonly}"
    for table, columns in PARTLY.items():
        yield f"GRANT SELECT ({', '.join(columns)}) ON {table} TO {readonly}"
    yield f"ALTER ROLE {readonly} SET default_transaction_read_only = on"


def apply(engine: sa.Engine, app: str = APP, readonly: str = READONLY) -> None:
    """Say them all to the database behind ``engine``, as its owner, in one transaction."""
    with engine.begin() as connection:
        for statement in statements(engine.url.database or "", app, readonly):
            connection.exec_driver_sql(statement)

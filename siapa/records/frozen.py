"""What the database itself refuses: the triggers of migrations 0008 and 0024, and whether they stand."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

#: By the name of each trigger: its table.
TRIGGERS = {
    "edition_is_frozen": "edition",
    "edition_only_ends": "edition",
    "edition_end_is_said_once": "edition",
    "edition_is_kept": "edition",
    "change_is_not_changed": "change",
    "change_is_not_deleted": "change",
    "audit_event_is_not_changed": "audit_event",
    "audit_event_is_not_deleted": "audit_event",
    "published_record_is_not_changed": "published_record",
    "published_record_is_not_deleted": "published_record",
}
#: Triggers that stand and fire, with their tables.
_STANDING = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND pg_table_is_visible(tgrelid)",
}


def missing_triggers(connection: sa.Connection) -> Iterator[str]:
    """The name of each trigger that is not there, or is switched off."""
    rows = connection.execute(sa.text(_STANDING[connection.dialect.name]))
    standing = {(name, table) for name, table in rows}
    for name, table in TRIGGERS.items():
        if (name, table) not in standing:
            yield name

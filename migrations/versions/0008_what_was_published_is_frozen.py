"""What was published is frozen, and the log and the audit are only ever added to.

Held by triggers, so that no code path, however mistaken, can change what a citizen
was promised. Safe while the app serves: nothing that stands is touched.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

PUBLIC = "('published', 'superseded', 'withdrawn')"
#: A public edition may only end; these columns never change again.
FROZEN_COLUMNS = (
    "id", "standard_id", "number", "document", "digest", "title", "title_en", "is_free", "fee_min_idr",
    "fee_max_idr", "days_min", "days_max", "has_online", "components_given", "effective_from",
    "published_at", "review_due_on", "decree_id", "created_at", "created_by_id", "submitted_by_id",
    "published_by_id", "source_address", "source_as_of", "source_note", "confidence", "sourced_components",
)  # fmt: skip
APPENDED_ONLY = ("change", "audit_event")
ENDED_OTHERWISE = (
    f"OLD.state IN {PUBLIC} AND NEW.state <> OLD.state AND NOT "
    "(OLD.state = 'published' AND NEW.state IN ('superseded', 'withdrawn'))"
)
#: How an edition ended is said when it ends, and neither before nor after.
ENDS = "OLD.state = 'published' AND NEW.state IN ('superseded', 'withdrawn')"

#: One rule a row: name, table, event, condition, message.
RULES = (
    ("edition_is_frozen", "edition", f"UPDATE OF {', '.join(FROZEN_COLUMNS)}",
     f"OLD.state IN {PUBLIC}", "a published edition is never changed"),
    ("edition_only_ends", "edition", "UPDATE OF state",
     ENDED_OTHERWISE,
     "a published edition can only be superseded or withdrawn"),
    ("edition_end_is_said_once", "edition", "UPDATE OF ended_at, withdrawal_reason", f"NOT ({ENDS})",
     "the end of an edition is only said when it ends"),
    ("edition_is_kept", "edition", "DELETE",
     f"OLD.state IN {PUBLIC}", "a published edition is never deleted"),
    *(
        rule
        for table in APPENDED_ONLY
        for rule in (
            (f"{table}_is_not_changed", table, "UPDATE", "TRUE", f"{table} is only added to"),
            (f"{table}_is_not_deleted", table, "DELETE", "TRUE", f"{table} is only added to"),
        )
    ),
)  # fmt: skip


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, event, condition, message in RULES:
        if on_postgresql:
            refusal = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'"
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal}; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW "
                f"WHEN ({condition}) EXECUTE FUNCTION {name}()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW "
                f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table, *_rest in RULES:
        if on_postgresql:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
        else:
            op.execute(f"DROP TRIGGER {name}")

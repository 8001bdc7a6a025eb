"""What became public is kept as it became, record by record, and only ever added to.

One new table that nothing else refers to: safe while the release before this one serves, whose changes
are then written down by the first change of this one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

RULES = (
    ("published_record_is_not_changed", "UPDATE"),
    ("published_record_is_not_deleted", "DELETE"),
)
MESSAGE = "published_record is only added to"


def upgrade() -> None:
    key = sa.String(300).with_variant(sa.String(300, collation="C"), "postgresql")
    op.create_table(
        "published_record",
        sa.Column("table_name", sa.String(30), nullable=False),
        sa.Column("key", key, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.String(40), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("table_name", "key", "number", name=op.f("pk_published_record")),
    )
    op.create_index("ix_published_record__number", "published_record", ["number", "table_name", "key"])
    op.create_index("ix_published_record__subject_id", "published_record", ["subject_id", "table_name"])
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, event in RULES:
        if on_postgresql:
            refusal = f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'"
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal}; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON published_record FOR EACH ROW "
                f"EXECUTE FUNCTION {name}()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON published_record FOR EACH ROW "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, _event in RULES:
            op.execute(f"DROP TRIGGER {name} ON published_record")
    op.drop_table("published_record")
    if op.get_bind().dialect.name == "postgresql":
        for name, _event in RULES:
            op.execute(f"DROP FUNCTION {name}()")

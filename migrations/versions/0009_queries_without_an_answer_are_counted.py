"""Queries without an answer are counted.

Two new tables that nothing else refers to: safe while the release before this one serves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "unanswered_query",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_unanswered_query__asked")),
        sa.PrimaryKeyConstraint("day", "words", name=op.f("pk_unanswered_query")),
    )
    op.create_table(
        "dismissed_query",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissed_query")),
        sa.UniqueConstraint("words", name=op.f("uq_dismissed_query__words")),
    )


def downgrade() -> None:
    op.drop_table("dismissed_query")
    op.drop_table("unanswered_query")

"""A request to the API that is sent twice under one key is done once.

The answer is kept in the transaction that does what was asked, so after a crash both are there
or neither is. Only adds; safe while the registry serves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the table of answers."""
    op.create_table(
        "kept_answer",
        sa.Column("token_id", sa.Uuid, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("request_digest", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_id", "key", name="pk_kept_answer"),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"], name="fk_kept_answer__token_id__token"),
    )
    op.create_index("ix_kept_answer__made_at", "kept_answer", ["made_at"])


def downgrade() -> None:
    """Forget the answers."""
    op.drop_table("kept_answer")

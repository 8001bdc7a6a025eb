"""Citizens confirm what is right.

One new table that nothing else refers to: safe while the release before this one serves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the counts."""
    op.create_table(
        "confirmation",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_confirmation__said")),
        sa.PrimaryKeyConstraint("subject_id", "day", name=op.f("pk_confirmation")),
    )


def downgrade() -> None:
    """Forget the counts."""
    op.drop_table("confirmation")

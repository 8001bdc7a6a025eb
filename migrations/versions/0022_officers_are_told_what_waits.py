"""Officers are told by mail what waits for them.

One new table that nothing else refers to: safe while the release before this one serves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "reminding",
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.Column("last_sent_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_reminding__officer_id__officer")
        ),
        sa.PrimaryKeyConstraint("officer_id", name=op.f("pk_reminding")),
    )


def downgrade() -> None:
    op.drop_table("reminding")

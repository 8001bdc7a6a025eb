"""What cannot be saved yet waits.

A new table that nothing else refers to: safe while the release before this one serves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "unsaved_step",
        sa.Column("edition_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("typed", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seen", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], ondelete="CASCADE",
            name=op.f("fk_unsaved_step__edition_id__edition"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_unsaved_step__officer_id__officer")
        ),
        sa.PrimaryKeyConstraint("edition_id", "officer_id", "step", name=op.f("pk_unsaved_step")),
    )  # fmt: skip
    op.create_index(op.f("ix_unsaved_step__saved_at"), "unsaved_step", ["saved_at"], unique=False)


def downgrade() -> None:
    op.drop_table("unsaved_step")

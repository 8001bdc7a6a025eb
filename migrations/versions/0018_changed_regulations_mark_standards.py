"""Changed regulations mark the standards that cite them.

A new table that nothing else refers to: safe while the release before this one serves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "review_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("regulation_id", sa.Uuid(), nullable=False),
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_force", "amended", "repealed",
                name="state", native_enum=False, create_constraint=True, length=20,
            ),
            nullable=False,
        ),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["regulation_id"], ["regulation.id"], name=op.f("fk_review_mark__regulation_id__regulation")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_review_mark__standard_id__standard")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["officer.id"], name=op.f("fk_review_mark__settled_by_id__officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_mark")),
    )  # fmt: skip
    for other in ("regulation_id", "standard_id"):
        op.create_index(
            f"ix_review_mark__{other}__settled_at", "review_mark", [other, "settled_at"], unique=False
        )


def downgrade() -> None:
    op.drop_table("review_mark")

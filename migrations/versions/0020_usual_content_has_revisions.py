"""The usual content of services has revisions, and agencies react to them.

Two new tables that nothing else refers to: safe while the release before this one serves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "outline_revision",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("abolished", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_outline_revision__service_id__service")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["officer.id"], name=op.f("fk_outline_revision__written_by_id__officer")
        ),
        sa.PrimaryKeyConstraint("service_id", "number", name=op.f("pk_outline_revision")),
    )
    op.create_table(
        "outline_reaction",
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_outline_reaction__standard_id__standard")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_outline_reaction__service_id__service")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_outline_reaction__officer_id__officer")
        ),
        sa.PrimaryKeyConstraint("standard_id", name=op.f("pk_outline_reaction")),
    )


def downgrade() -> None:
    op.drop_table("outline_reaction")
    op.drop_table("outline_revision")

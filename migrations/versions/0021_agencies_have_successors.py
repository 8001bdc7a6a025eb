"""Agencies merge, split and are renamed on a day.

Three new tables that nothing else refers to: safe while the release before this one serves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "succession",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "merger", "split", "renaming",
                name="kind", native_enum=False, create_constraint=True, length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "planned", "done", "cancelled",
                name="state", native_enum=False, create_constraint=True, length=20,
            ),
            nullable=False,
        ),
        sa.Column("takes_effect_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("plan", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("planned_by_id", sa.Uuid(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["officer.id"], name=op.f("fk_succession__planned_by_id__officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
    )  # fmt: skip
    op.create_index(
        "ix_succession__state__takes_effect_on", "succession", ["state", "takes_effect_on"], unique=False
    )
    op.create_table(
        "succession_part",
        sa.Column("succession_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("is_after", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_succession_part__agency_id__agency")
        ),
        sa.ForeignKeyConstraint(
            ["succession_id"], ["succession.id"], name=op.f("fk_succession_part__succession_id__succession")
        ),
        sa.PrimaryKeyConstraint("succession_id", "position", name=op.f("pk_succession_part")),
    )
    op.create_index(op.f("ix_succession_part__agency_id"), "succession_part", ["agency_id"], unique=False)
    op.create_table(
        "succession_move",
        sa.Column("succession_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("from_agency_id", sa.Uuid(), nullable=False),
        sa.Column("to_agency_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_agency_id"], ["agency.id"], name=op.f("fk_succession_move__from_agency_id__agency")
        ),
        sa.ForeignKeyConstraint(
            ["succession_id"], ["succession.id"], name=op.f("fk_succession_move__succession_id__succession")
        ),
        sa.ForeignKeyConstraint(
            ["to_agency_id"], ["agency.id"], name=op.f("fk_succession_move__to_agency_id__agency")
        ),
        sa.PrimaryKeyConstraint(
            "succession_id", "subject_kind", "subject_id", name=op.f("pk_succession_move")
        ),
    )
    op.create_index(op.f("ix_succession_move__subject_id"), "succession_move", ["subject_id"], unique=False)


def downgrade() -> None:
    op.drop_table("succession_move")
    op.drop_table("succession_part")
    op.drop_table("succession")

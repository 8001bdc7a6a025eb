"""Standards are offered at places."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "offering",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("counter_id", sa.Uuid(), nullable=True),
        sa.Column("limits", sa.Text(), nullable=True),
        sa.Column("limits_en", sa.Text(), nullable=True),
        sa.Column("booking_url", sa.String(length=300), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_address", sa.Text(), nullable=True),
        sa.Column("source_as_of", sa.Date(), nullable=True),
        sa.Column("source_note", sa.Text(), nullable=True),
        sa.Column(
            "confidence",
            sa.Enum(
                "sourced",
                "implied",
                "general",
                name="confidence",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name=op.f("fk_offering__counter_id__counter")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_offering__location_id__location")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_offering__standard_id__standard")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offering")),
        sa.UniqueConstraint("standard_id", "location_id", name=op.f("uq_offering__standard_id_location_id")),
    )
    op.create_index(op.f("ix_offering__counter_id"), "offering", ["counter_id"], unique=False)
    op.create_index(op.f("ix_offering__location_id"), "offering", ["location_id"], unique=False)


def downgrade() -> None:
    op.drop_table("offering")

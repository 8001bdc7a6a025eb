"""What citizens tell us, and what was measured."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("standard_id", sa.Uuid(), nullable=True),
        sa.Column("offering_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("edition_number", sa.Integer(), nullable=True),
        sa.Column("component", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "answered",
                "corrected",
                "declined",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "standard_id IS NOT NULL OR offering_id IS NOT NULL OR location_id IS NOT NULL",
            name=op.f("ck_feedback__about_something"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["officer.id"], name=op.f("fk_feedback__answered_by_id__officer")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_feedback__location_id__location")
        ),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_feedback__offering_id__offering")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_feedback__standard_id__standard")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("code", name=op.f("uq_feedback__code")),
    )
    op.create_index(op.f("ix_feedback__location_id"), "feedback", ["location_id"], unique=False)
    op.create_index(op.f("ix_feedback__offering_id"), "feedback", ["offering_id"], unique=False)
    op.create_index(op.f("ix_feedback__standard_id"), "feedback", ["standard_id"], unique=False)
    op.create_table(
        "satisfaction_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("respondents", sa.Integer(), nullable=False),
        sa.Column("element_means", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_satisfaction_result__in_order")),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_satisfaction_result__agency_id__agency")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_satisfaction_result__location_id__location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_satisfaction_result")),
        sa.UniqueConstraint(
            "agency_id",
            "location_id",
            "from_on",
            "until_on",
            name=op.f("uq_satisfaction_result__agency_id_location_id_from_on_until_on"),
        ),
    )
    op.create_index(
        op.f("ix_satisfaction_result__agency_id"), "satisfaction_result", ["agency_id"], unique=False
    )
    op.create_index(
        op.f("ix_satisfaction_result__location_id"), "satisfaction_result", ["location_id"], unique=False
    )
    op.create_table(
        "service_performance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("applications", sa.Integer(), nullable=True),
        sa.Column("within_promise", sa.Integer(), nullable=True),
        sa.Column("median_days", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_service_performance__in_order")),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_service_performance__standard_id__standard")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_performance")),
        sa.UniqueConstraint(
            "standard_id",
            "from_on",
            "until_on",
            name=op.f("uq_service_performance__standard_id_from_on_until_on"),
        ),
    )
    op.create_index(
        op.f("ix_service_performance__standard_id"), "service_performance", ["standard_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("service_performance")
    op.drop_table("satisfaction_result")
    op.drop_table("feedback")

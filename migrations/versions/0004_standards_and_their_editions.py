"""Standards, their numbered editions, and the law behind them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "regulation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "in_force",
                "amended",
                "repealed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
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
            ["replaced_by_id"], ["regulation.id"], name=op.f("fk_regulation__replaced_by_id__regulation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulation")),
        sa.UniqueConstraint("type", "number", "year", name=op.f("uq_regulation__type_number_year")),
    )
    op.create_table(
        "decree",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("signatory", sa.String(length=200), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("file_digest", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_decree__agency_id__agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decree")),
    )
    op.create_index(op.f("ix_decree__agency_id"), "decree", ["agency_id"], unique=False)
    op.create_table(
        "service_charter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signatory", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_service_charter__agency_id__agency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_charter")),
    )
    op.create_index(op.f("ix_service_charter__agency_id"), "service_charter", ["agency_id"], unique=False)
    op.create_table(
        "standard",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_standard__agency_id__agency")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["standard.id"], name=op.f("fk_standard__replaced_by_id__standard")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_standard__service_id__service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard")),
        sa.UniqueConstraint("agency_id", "service_id", name=op.f("uq_standard__agency_id_service_id")),
        sa.UniqueConstraint("agency_id", "slug", name=op.f("uq_standard__agency_id_slug")),
    )
    op.create_index(op.f("ix_standard__agency_id"), "standard", ["agency_id"], unique=False)
    op.create_index(op.f("ix_standard__service_id"), "standard", ["service_id"], unique=False)
    op.create_table(
        "former_slug",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=241), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "slug", name=op.f("pk_former_slug")),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("standard_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "scheduled",
                "published",
                "superseded",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=True),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.Column("fee_min_idr", sa.BigInteger(), nullable=True),
        sa.Column("fee_max_idr", sa.BigInteger(), nullable=True),
        sa.Column("days_min", sa.Integer(), nullable=True),
        sa.Column("days_max", sa.Integer(), nullable=True),
        sa.Column("has_online", sa.Boolean(), nullable=False),
        sa.Column("components_given", sa.Integer(), nullable=False),
        sa.Column("sourced_components", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("remarks", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("decree_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revised_at", sa.DateTime(timezone=True), nullable=False),
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
            ["created_by_id"], ["officer.id"], name=op.f("fk_edition__created_by_id__officer")
        ),
        sa.ForeignKeyConstraint(["decree_id"], ["decree.id"], name=op.f("fk_edition__decree_id__decree")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["officer.id"], name=op.f("fk_edition__published_by_id__officer")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_edition__standard_id__standard")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["officer.id"], name=op.f("fk_edition__submitted_by_id__officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("standard_id", "number", name=op.f("uq_edition__standard_id_number")),
    )
    op.create_index(op.f("ix_edition__standard_id"), "edition", ["standard_id"], unique=False)
    op.create_index(op.f("ix_edition__state"), "edition", ["state"], unique=False)
    op.create_index(
        "one_live_edition_per_standard",
        "edition",
        ["standard_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('published')"),
        postgresql_where=sa.text("state IN ('published')"),
    )
    op.create_index(
        "one_open_edition_per_standard",
        "edition",
        ["standard_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'submitted', 'returned', 'scheduled')"),
        postgresql_where=sa.text("state IN ('draft', 'submitted', 'returned', 'scheduled')"),
    )


def downgrade() -> None:
    op.drop_table("edition")
    op.drop_table("former_slug")
    op.drop_table("standard")
    op.drop_table("service_charter")
    op.drop_table("decree")
    op.drop_table("regulation")

"""The national service catalogue."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "category",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_category")),
    )
    op.create_table(
        "life_event",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=True),
        sa.Column("description_en", sa.String(length=300), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_life_event")),
    )
    op.create_table(
        "service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("summary_en", sa.Text(), nullable=True),
        sa.Column("agency_kind", sa.String(length=40), nullable=False),
        sa.Column("national_agency", sa.String(length=200), nullable=True),
        sa.Column("category_code", sa.String(length=40), nullable=False),
        sa.Column("outline", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sourced_components", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "retired", name="status", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
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
            ["category_code"], ["category.code"], name=op.f("fk_service__category_code__category")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["service.id"], name=op.f("fk_service__replaced_by_id__service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("code", name=op.f("uq_service__code")),
        sa.UniqueConstraint("slug", name=op.f("uq_service__slug")),
    )
    op.create_index(op.f("ix_service__category_code"), "service", ["category_code"], unique=False)
    op.create_table(
        "service_life_event",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("life_event_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["life_event_code"],
            ["life_event.code"],
            name=op.f("fk_service_life_event__life_event_code__life_event"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_life_event__service_id__service")
        ),
        sa.PrimaryKeyConstraint("service_id", "life_event_code", name=op.f("pk_service_life_event")),
    )
    op.create_table(
        "service_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_alias__service_id__service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_alias")),
        sa.UniqueConstraint(
            "service_id", "locale", "text", name=op.f("uq_service_alias__service_id_locale_text")
        ),
    )
    op.create_index(op.f("ix_service_alias__service_id"), "service_alias", ["service_id"], unique=False)
    op.create_table(
        "synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=100), nullable=False),
        sa.Column("replacement", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym")),
        sa.UniqueConstraint("term", "replacement", name=op.f("uq_synonym__term_replacement")),
    )
    op.create_index(op.f("ix_synonym__term"), "synonym", ["term"], unique=False)


def downgrade() -> None:
    op.drop_table("synonym")
    op.drop_table("service_alias")
    op.drop_table("service_life_event")
    op.drop_table("service")
    op.drop_table("life_event")
    op.drop_table("category")

"""Regions, agencies, and the places where services are had."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "province",
                "regency",
                "city",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("parent_code", sa.String(length=5), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("seat", sa.String(length=100), nullable=True),
        sa.Column("aliases", sa.JSON(none_as_null=True), nullable=False),
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
            ["parent_code"], ["region.code"], name=op.f("fk_region__parent_code__region")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    op.create_index(op.f("ix_region__parent_code"), "region", ["parent_code"], unique=False)
    op.create_table(
        "agency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("short_name", sa.String(length=60), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("succeeded_by_id", sa.Uuid(), nullable=True),
        sa.Column("single_officer", sa.Boolean(), nullable=False),
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
        sa.ForeignKeyConstraint(["parent_id"], ["agency.id"], name=op.f("fk_agency__parent_id__agency")),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_agency__region_code__region")
        ),
        sa.ForeignKeyConstraint(
            ["succeeded_by_id"], ["agency.id"], name=op.f("fk_agency__succeeded_by_id__agency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("slug", name=op.f("uq_agency__slug")),
    )
    op.create_index(op.f("ix_agency__kind"), "agency", ["kind"], unique=False)
    op.create_index(op.f("ix_agency__parent_id"), "agency", ["parent_id"], unique=False)
    op.create_index(op.f("ix_agency__region_code"), "agency", ["region_code"], unique=False)
    op.create_table(
        "location",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mall",
                "office",
                "mobile",
                "online",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column(
            "coordinate_quality",
            sa.Enum(
                "building",
                "centroid",
                name="coordinate_quality",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("hours_note", sa.Text(), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("facilities", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reported_agencies", sa.Integer(), nullable=True),
        sa.Column("reported_services", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
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
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_location__agency_id__agency")),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_location__region_code__region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("slug", name=op.f("uq_location__slug")),
    )
    op.create_index(op.f("ix_location__agency_id"), "location", ["agency_id"], unique=False)
    op.create_index(op.f("ix_location__kind"), "location", ["kind"], unique=False)
    op.create_index(op.f("ix_location__region_code"), "location", ["region_code"], unique=False)
    op.create_table(
        "counter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("floor", sa.String(length=40), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "confirmed",
                "listed",
                "agreement_only",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("hours_note", sa.Text(), nullable=True),
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
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_counter__agency_id__agency")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_counter__location_id__location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
    )
    op.create_index(op.f("ix_counter__agency_id"), "counter", ["agency_id"], unique=False)
    op.create_index(op.f("ix_counter__location_id"), "counter", ["location_id"], unique=False)
    op.create_table(
        "hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("counter_id", sa.Uuid(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=False),
        sa.Column("closes_at", sa.Time(), nullable=False),
        sa.CheckConstraint("(location_id IS NULL) <> (counter_id IS NULL)", name=op.f("ck_hours__one_owner")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_hours__opens_before_it_closes")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_hours__weekday")),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_hours__counter_id__counter")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_hours__location_id__location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours")),
    )
    op.create_index(op.f("ix_hours__counter_id"), "hours", ["counter_id"], unique=False)
    op.create_index(op.f("ix_hours__location_id"), "hours", ["location_id"], unique=False)
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("counter_id", sa.Uuid(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reason_en", sa.String(length=300), nullable=True),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_closure__in_order")),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_closure__counter_id__counter")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_closure__location_id__location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index(op.f("ix_closure__location_id"), "closure", ["location_id"], unique=False)


def downgrade() -> None:
    op.drop_table("closure")
    op.drop_table("hours")
    op.drop_table("counter")
    op.drop_table("location")
    op.drop_table("agency")
    op.drop_table("region")

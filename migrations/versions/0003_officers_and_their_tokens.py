"""Officers, what they may do where, and the tokens of their programs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "officer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.String(length=64), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("email", name=op.f("uq_officer__email")),
        sa.UniqueConstraint("session_epoch", name=op.f("uq_officer__session_epoch")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "operator",
                "publisher",
                "agency_admin",
                "mall_manager",
                "curator",
                "national_admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(role IN ('curator', 'national_admin') AND agency_id IS NULL AND location_id IS NULL)"
            " OR (role = 'mall_manager' AND location_id IS NOT NULL AND agency_id IS NULL)"
            " OR (role IN ('operator', 'publisher', 'agency_admin')"
            " AND agency_id IS NOT NULL AND location_id IS NULL)",
            name=op.f("ck_membership__scope_fits_the_role"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_membership__agency_id__agency")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_membership__location_id__location")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_membership__officer_id__officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "officer_id",
            "role",
            "agency_id",
            "location_id",
            name=op.f("uq_membership__officer_id_role_agency_id_location_id"),
        ),
    )
    op.create_index(op.f("ix_membership__agency_id"), "membership", ["agency_id"], unique=False)
    op.create_index(op.f("ix_membership__location_id"), "membership", ["location_id"], unique=False)
    op.create_index(op.f("ix_membership__officer_id"), "membership", ["officer_id"], unique=False)
    op.create_table(
        "token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_token__agency_id__agency")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_token__officer_id__officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("prefix", name=op.f("uq_token__prefix")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_token__secret_hash")),
    )
    op.create_index(op.f("ix_token__agency_id"), "token", ["agency_id"], unique=False)
    op.create_index(op.f("ix_token__officer_id"), "token", ["officer_id"], unique=False)


def downgrade() -> None:
    op.drop_table("token")
    op.drop_table("membership")
    op.drop_table("officer")

"""The log of all that became public, and the chained audit."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "counting",
        sa.Column("log", sa.String(length=20), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("log", name=op.f("pk_counting")),
    )
    op.create_table(
        "change",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "standard.published",
                "standard.superseded",
                "standard.withdrawn",
                "standard.moved",
                "offering.changed",
                "location.changed",
                "agency.changed",
                "service.changed",
                "region.changed",
                "vocabulary.changed",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("edition_number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change__subject_id"), "change", ["subject_id"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("before_digest", sa.String(length=64), nullable=True),
        sa.Column("after_digest", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("change_number", sa.Integer(), nullable=True),
        sa.Column("change_digest", sa.String(length=64), nullable=True),
        sa.Column("origin", sa.String(length=60), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officer.id"], name=op.f("fk_audit_event__officer_id__officer")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event__action"), "audit_event", ["action"], unique=False)
    op.create_index(op.f("ix_audit_event__officer_id"), "audit_event", ["officer_id"], unique=False)
    op.create_index(op.f("ix_audit_event__subject_id"), "audit_event", ["subject_id"], unique=False)


def downgrade() -> None:
    op.drop_table("audit_event")
    op.drop_table("change")
    op.drop_table("counting")

"""Figures of the whole registry are kept, and made anew when the log has moved on.

Three new tables that nothing else refers to, and the index with the facts of editions holds three
columns more, so that no document is read when they are counted. While that index is built anew
writers wait, about three seconds for 200,000 editions. Safe while the release before this one serves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

NAME, TABLE = "ix_edition__facts", "edition"
FACTS = ["standard_id", "state", "title", "published_at", "is_free", "fee_min_idr", "fee_max_idr",
         "days_min", "days_max", "confidence"]  # fmt: skip
COUNTED = ["has_online", "components_given", "review_due_on"]


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _median(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=True)


def upgrade() -> None:
    """Add the tables, and the columns of the index."""
    op.create_table(
        "figure",
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        *(_count(name) for name in ("standards", "components", "complete", "overdue", "free", "online")),
        _count("with_fee"), _median("fee_median"), _count("paid"), _median("paid_median"),
        _count("with_time"), _median("days_median"),
        sa.CheckConstraint("scope IN ('all', 'province', 'service')", name=op.f("ck_figure__scope")),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_figure")),
    )  # fmt: skip
    op.create_table(
        "movement",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        _count("begun"), _count("ended"), _count("new"),
        sa.CheckConstraint("kind IN ('mall', 'standard')", name=op.f("ck_movement__kind")),
        sa.PrimaryKeyConstraint("kind", "period", name=op.f("pk_movement")),
    )  # fmt: skip
    op.create_table(
        "figure_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change_number", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_figure_state__one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_state")),
    )
    op.execute("INSERT INTO figure_state (id, took_ms) VALUES (1, 0)")
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, [*FACTS, *COUNTED])


def downgrade() -> None:
    """Take them away again."""
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, FACTS)
    op.drop_table("figure_state")
    op.drop_table("movement")
    op.drop_table("figure")

"""The live edition of a standard is found by the standard, however many editions are live.

Without this SQLite looks through every edition of the state that is asked for: the state alone
tells nothing apart when nearly every edition is published. Safe while the app serves.
"""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_edition__standard_id__state", "edition", ["standard_id", "state"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_edition__standard_id__state", "edition")

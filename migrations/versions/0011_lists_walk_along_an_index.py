"""What is in force is counted, summed and listed along indexes, without reading the documents.

A row of ``edition`` carries its whole document, so whoever reads the fee or the title of ten
thousand rows reads their documents too. The first index holds what lists and sums need of an
edition; the next four hold the orders of the lists. The index by state alone goes: nearly every
edition has the same state, and SQLite, which does not know that, began with it. While the indexes
are built writers wait, about ten seconds for 200,000 editions.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

FACTS = ["standard_id", "state", "title", "published_at", "is_free", "fee_min_idr", "fee_max_idr",
         "days_min", "days_max", "confidence"]  # fmt: skip
#: Name, columns and the state that is indexed.
OF_A_STATE = (
    ("ix_edition__live_by_title", ["title", "standard_id", "state"], "published"),
    ("ix_edition__live_by_published_at", ["published_at", "standard_id", "state"], "published"),
    ("ix_edition__live_by_fee", ["fee_min_idr", "title", "standard_id", "state"], "published"),
    ("ix_edition__live_by_time", ["days_max", "title", "standard_id", "state"], "published"),
    ("ix_edition__scheduled", ["effective_from", "standard_id", "state"], "scheduled"),
)


def upgrade() -> None:
    """Add the new indexes and take away what they make needless."""
    op.create_index("ix_edition__facts", "edition", FACTS)
    for name, columns, state in OF_A_STATE:
        of_state = sa.text(f"state = '{state}'")
        op.create_index(name, "edition", columns, sqlite_where=of_state, postgresql_where=of_state)
    op.create_index("ix_offering__location_id__standard_id", "offering", ["location_id", "standard_id"])
    op.create_index("ix_standard__service_id__id", "standard", ["service_id", "id"])
    op.create_index("ix_standard__agency_id__id", "standard", ["agency_id", "id"])
    for table, name in (
        ("edition", "ix_edition__standard_id__state"), ("edition", "ix_edition__state"),
        ("edition", "ix_edition__standard_id"), ("offering", "ix_offering__location_id"),
        ("standard", "ix_standard__service_id"), ("standard", "ix_standard__agency_id"),
    ):  # fmt: skip
        op.drop_index(name, table)


def downgrade() -> None:
    """Put the former indexes back."""
    op.create_index("ix_standard__agency_id", "standard", ["agency_id"])
    op.create_index("ix_standard__service_id", "standard", ["service_id"])
    op.create_index("ix_offering__location_id", "offering", ["location_id"])
    op.create_index("ix_edition__standard_id", "edition", ["standard_id"])
    op.create_index("ix_edition__state", "edition", ["state"])
    op.create_index("ix_edition__standard_id__state", "edition", ["standard_id", "state"])
    op.drop_index("ix_standard__agency_id__id", "standard")
    op.drop_index("ix_standard__service_id__id", "standard")
    op.drop_index("ix_offering__location_id__standard_id", "offering")
    for name, _columns, _state in reversed(OF_A_STATE):
        op.drop_index(name, "edition")
    op.drop_index("ix_edition__facts", "edition")

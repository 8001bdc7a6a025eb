"""Results keep their history.

A correction of a result is another entry, so the period alone names no row any more. The release
before this one reads one of the tables and writes neither: safe while it serves. On SQLite both
tables are copied, which is quick: nothing could be entered so far.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_PERIOD = ["from_on", "until_on"]
_OLD_SURVEY = "uq_satisfaction_result__agency_id_location_id_from_on_until_on"
_OLD_KEPT = "uq_service_performance__standard_id_from_on_until_on"


def upgrade() -> None:
    with op.batch_alter_table("satisfaction_result") as table:
        table.add_column(sa.Column("standard_id", sa.Uuid(), nullable=True))
        table.add_column(
            sa.Column(
                "way",
                sa.Enum("agency", "counter", name="way", native_enum=False, length=20),
                nullable=False,
                server_default="agency",
            )
        )
        table.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("population", sa.Integer(), nullable=True))
        table.add_column(sa.Column("note", sa.Text(), nullable=True))
        table.create_check_constraint(op.f("ck_satisfaction_result__way"), "way IN ('agency', 'counter')")
        table.create_foreign_key(
            op.f("fk_satisfaction_result__standard_id__standard"), "standard", ["standard_id"], ["id"]
        )
        table.create_index(op.f("ix_satisfaction_result__standard_id"), ["standard_id"], unique=False)
        table.drop_constraint(op.f(_OLD_SURVEY), type_="unique")
        table.create_unique_constraint(
            op.f("uq_satisfaction_result__entry"),
            ["agency_id", "location_id", "standard_id", "way", *_PERIOD, "number"],
        )
    with op.batch_alter_table("service_performance") as table:
        table.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("target_percent", sa.Double(), nullable=True))
        table.add_column(sa.Column("note", sa.Text(), nullable=True))
        table.drop_constraint(op.f(_OLD_KEPT), type_="unique")
        table.create_unique_constraint(
            op.f("uq_service_performance__standard_id_from_on_until_on_number"),
            ["standard_id", *_PERIOD, "number"],
        )


def downgrade() -> None:
    # The release before this one knows one entry a period: the newest stays.
    op.execute(
        "DELETE FROM service_performance WHERE number < (SELECT max(other.number) FROM service_performance"
        " AS other WHERE other.standard_id = service_performance.standard_id"
        " AND other.from_on = service_performance.from_on AND other.until_on = service_performance.until_on)"
    )
    op.execute("DELETE FROM satisfaction_result WHERE standard_id IS NOT NULL OR way <> 'agency'")
    op.execute(
        "DELETE FROM satisfaction_result WHERE number < (SELECT max(other.number) FROM satisfaction_result"
        " AS other WHERE other.agency_id = satisfaction_result.agency_id"
        " AND other.location_id IS NOT DISTINCT FROM satisfaction_result.location_id"
        " AND other.from_on = satisfaction_result.from_on AND other.until_on = satisfaction_result.until_on)"
    )
    with op.batch_alter_table("service_performance") as table:
        table.drop_constraint(
            op.f("uq_service_performance__standard_id_from_on_until_on_number"), type_="unique"
        )
        table.create_unique_constraint(op.f(_OLD_KEPT), ["standard_id", *_PERIOD])
        for name in ("note", "target_percent", "number"):
            table.drop_column(name)
    with op.batch_alter_table("satisfaction_result") as table:
        table.drop_constraint(op.f("uq_satisfaction_result__entry"), type_="unique")
        table.create_unique_constraint(op.f(_OLD_SURVEY), ["agency_id", "location_id", *_PERIOD])
        table.drop_index(op.f("ix_satisfaction_result__standard_id"))
        table.drop_constraint(op.f("fk_satisfaction_result__standard_id__standard"), type_="foreignkey")
        table.drop_constraint(op.f("ck_satisfaction_result__way"), type_="check")
        for name in ("note", "population", "number", "way", "standard_id"):
            table.drop_column(name)

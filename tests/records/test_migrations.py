"""The migrations make the tables of the models, up and down, on both databases."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from siapa.extensions import db
from siapa.records import schema


def test_the_migrations_make_the_tables_of_the_models(owned):
    with owned.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, db.metadata) == []


def test_every_migration_goes_down_again(owned):
    schema.move_to(owned, "base")

    assert set(sa.inspect(owned).get_table_names()) <= {"alembic_version"}
    assert schema.present(owned) is None

    schema.move_to(owned)
    assert schema.present(owned) == schema.newest()


def test_going_up_twice_changes_nothing(owned):
    schema.move_to(owned)

    assert schema.present(owned) == schema.newest()


def test_a_migration_that_fails_leaves_the_database_as_it_was(owned):
    schema.move_to(owned, "0005")
    with owned.connect() as connection, connection.begin():
        connection.execute(sa.text("CREATE TABLE change (in_the_way INTEGER)"))
    before = set(sa.inspect(owned).get_table_names())

    with pytest.raises(sa.exc.DBAPIError):
        schema.move_to(owned)

    assert schema.present(owned) == "0005"
    assert set(sa.inspect(owned).get_table_names()) == before
    with owned.connect() as connection, connection.begin():
        connection.execute(sa.text("DROP TABLE change"))
    schema.move_to(owned)


def test_migrations_are_numbered_without_gaps():
    numbers = sorted(file.name[:4] for file in (schema.ROOT / "migrations" / "versions").glob("*.py"))

    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]

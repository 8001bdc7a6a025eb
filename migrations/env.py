"""How Alembic reaches the database: the connection it is handed, or the configured one."""

import sqlalchemy as sa
from alembic import context

import siapa.records  # noqa: F401  (the tables must be known)
from siapa.config import Config
from siapa.extensions import db
from siapa.records.engine import WRITES, engine_options, listen


def migrate(connection: sa.Connection) -> None:
    """Run the asked-for migrations on ``connection``."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        # SQLite rolls DDL back like anything else once the driver leaves BEGIN to us.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    url = Config.from_environment().database_url
    engine = sa.create_engine(url, **engine_options(url))
    listen(engine)
    with engine.connect().execution_options(**{WRITES: True}) as opened, opened.begin():
        migrate(opened)

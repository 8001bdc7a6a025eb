"""How the database is opened: SQLite's pragmas and its two kinds of transaction, PostgreSQL's limits.

SQLite's deferred transactions fail at once when a reader turns writer, whatever the
busy timeout says. So a transaction that will write says so first (``begin_writing``)
and takes the write lock at its start; every other one only reads.

The WAL is not checkpointed by the connections (see ``records/checkpointing.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import make_url

from siapa.extensions import READS_FROM

#: Longest wait for another writer, in milliseconds.
BUSY_TIMEOUT_MS = 10_000
#: The execution option by which a transaction says that it will write.
WRITES = "siapa_writes"
#: PostgreSQL cancels a statement after as long; a server that hangs does not even do that.
STATEMENT_SECONDS = 15
#: So whoever waits longer for an answer gives the connection up.
PATIENCE_SECONDS = STATEMENT_SECONDS + 2.0
#: PostgreSQL: what we are connected to has become a standby; every connection to it is of no use.
IS_STANDBY = "25006"
#: And the one by which it says that it rather does without than wait for another writer.
WAITS_NOT = "siapa_waits_not"

PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",  # first: the next line may have to wait
    "PRAGMA journal_mode=WAL",
    "PRAGMA wal_autocheckpoint=0",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA trusted_schema=OFF",
)


def _json_read(text: Any) -> Any:
    """The value of a JSON column. ``TypeError`` for no text: SQLAlchemy then takes a number as it stands."""
    if not isinstance(text, str | bytes | memoryview):
        raise TypeError(f"a JSON column holds {type(text).__name__}")
    return orjson.loads(text)


def engine_options(url: str) -> dict[str, Any]:
    """What Flask-SQLAlchemy hands to ``create_engine`` for ``url``."""
    if make_url(url).get_backend_name() == "sqlite":
        return {
            "json_deserializer": _json_read,
            "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000},
        }
    return {
        "json_deserializer": _json_read,
        "pool_pre_ping": True,
        "pool_recycle": 300,
        "pool_timeout": 3,
        "connect_args": {
            "connect_timeout": 3,
            "options": f"-c statement_timeout={STATEMENT_SECONDS * 1000} -c lock_timeout=4000"
            " -c idle_in_transaction_session_timeout=30000",
        },
    }


def listen(engine: sa.Engine, *, patience: float | None = None) -> None:
    """Attach the handlers that make SQLite behave, and that give up a PostgreSQL that has gone.

    ``patience``: seconds after which an answer of PostgreSQL is waited for no longer; None for work
    of which a single step may take long.
    """
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare)
        sa.event.listen(engine, "begin", _begin)
        return
    sa.event.listen(engine, "handle_error", _see_a_standby)
    if patience is not None:
        from siapa.records.patience import impatient  # psycopg is there with PostgreSQL only

        sa.event.listen(engine, "do_connect", impatient(patience))


def is_standby(driver: Any) -> bool:
    """Whether a connection of psycopg leads to a standby now; PostgreSQL tells of a promotion by itself."""
    return bool(driver.info.parameter_status("in_hot_standby") == "on")


def keep_standbys_only(engine: sa.Engine) -> None:
    """Let the pool of a PostgreSQL ``engine`` for reading keep no connection that leads to the primary.

    One is got while the standby is away (``target_session_attrs=prefer-standby``). Kept, it would be
    what is read from when the standby is back and the primary hangs.
    """

    def let_go(driver: Any, record: Any) -> None:
        if driver is not None and not driver.closed and not is_standby(driver):
            record.invalidate()

    sa.event.listen(engine, "checkin", let_go)


def _see_a_standby(context: sa.engine.ExceptionContext) -> None:
    """Treat it as a connection that is lost: a ping does not tell, and a pool would hold on to it."""
    if getattr(context.original_exception, "sqlstate", None) == IS_STANDBY:
        context.is_disconnect = True


def _prepare(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: ``_begin`` does.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(WAITS_NOT, False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES, False) else "BEGIN")
        return
    waits_usually = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={waits_usually}")


def begin_writing(db: SQLAlchemy, *, waits: bool = True) -> None:
    """Open the session's transaction as one that writes; without ``waits`` only if nobody else does now.

    What the session has read so far is let go first: a snapshot taken before the
    lock could be older than what another writer just committed.
    """
    session = db.session()
    if session.in_transaction():
        session.rollback()
    session.info.pop(READS_FROM, None)
    connection = session.connection(execution_options={WRITES: True, WAITS_NOT: not waits})
    if not waits and connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '20ms'")


def read_from(db: SQLAlchemy, engine: sa.Engine) -> None:
    """Let the session read from ``engine`` from here on, until it writes or is removed."""
    session = db.session()
    if session.in_transaction():
        session.rollback()
    session.info[READS_FROM] = engine


def reading(db: SQLAlchemy) -> sa.Engine:
    """What the session reads from."""
    engine: sa.Engine = db.session.info.get(READS_FROM, db.engine)
    return engine


@contextmanager
def one_view(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees the database at one moment, however much is written meanwhile.

    SQLite's transactions do so by themselves, from the first thing read.
    """
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(**options)
            with _patient(connection):
                yield connection
        else:
            yield connection


@contextmanager
def _patient(connection: sa.Connection) -> Iterator[None]:
    """Wait for each step on ``connection`` as long as PostgreSQL itself lets it take."""
    driver: Any = connection.connection.dbapi_connection
    before = getattr(driver, "patience", None)
    if before is not None:
        driver.patience = None
    try:
        yield
    finally:
        if before is not None:
            driver.patience = before

"""The number of the newest change, asked for by every public request: the cheapest way to know it.

Each thread has a connection of its own for this one question. Borrowing one from the pool
and giving it back costs three times the question itself, and on PostgreSQL two more ways
to the server.

So it is also the cheapest way to know whether a PostgreSQL is there. One that is not is left
alone for a moment: nobody waits for what did not come a second ago.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import sqlalchemy as sa
import structlog

from siapa.errors import Unavailable
from siapa.locales import lazy as _l
from siapa.records.engine import engine_options, is_standby, listen

logger = structlog.stdlib.get_logger("siapa.newest")

LAST_NUMBER = "SELECT last_number FROM counting WHERE log = 'change'"
#: Seconds after which a connection is opened anew: the address may mean another server by now.
LONGEST_USE = 300.0
#: Seconds to wait for an answer of PostgreSQL, and to leave one alone that gave none.
PATIENCE = 2.0
PAUSE = 3.0


class Newest:
    """Asks the database behind ``engine``; a thread's connection is opened when it first asks.

    ``writes``: whether it must be one that can be written to, and no standby. Without, a standby is
    looked for: an address of several servers leads to the primary instead while that one is away.
    """

    def __init__(self, engine: sa.Engine, *, writes: bool = True) -> None:
        self._engine = _apart(engine)
        self._writes = writes
        self._is_postgresql = engine.dialect.name == "postgresql"
        self._held = threading.local()
        #: Until when it is left alone (monotonic); 0 while it answers.
        self._away_until = 0.0
        sa.event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def number(self) -> int:
        """The number of the newest change; raises SQLite's own errors.

        ``Unavailable``: a PostgreSQL did not answer; it is not asked again for a moment.
        """
        if not self._is_postgresql:
            return self._asked()
        no_answer = _l("The registry's database does not answer.")
        if time.monotonic() < self._away_until:
            raise Unavailable(no_answer)
        if self._away_until:  # one asks; the others leave it alone meanwhile
            self._away_until = time.monotonic() + PAUSE
        try:
            number = self._asked_again()
        except Exception as error:
            self._leave_alone(error)
            raise Unavailable(no_answer) from error
        self._away_until = 0.0
        return number

    def leads_to_a_standby(self) -> bool:
        """Whether what gave this thread its last answer is a standby."""
        return not self._held.__dict__.get("is_instead", True)

    def _leave_alone(self, error: Exception) -> None:
        """Ask it nothing for a moment."""
        self._away_until = time.monotonic() + PAUSE
        line = str(error).strip().partition("\n")[0]
        logger.warning("a database does not answer", which=str(self._engine.url), error=line)

    def _asked_again(self) -> int:
        """A connection that has gone, as after a restart, is no news of the server: a new one is."""
        was_held = "connection" in self._held.__dict__
        was_instead = self._held.__dict__.get("is_instead", False)
        try:
            return self._asked()
        except Exception as error:
            # What took its time would take it again, unless it is another that is looked for.
            if not was_held or ("did not answer within" in str(error) and not was_instead):
                raise
            return self._asked()

    def _asked(self) -> int:
        held = self._held.__dict__.get("connection")
        if held is None or time.monotonic() > self._held.until:
            held = self._open()
        try:
            row = held.execute(LAST_NUMBER).fetchone()
            if self._is_postgresql:
                self._see_where_it_leads(held)
        except Exception:
            self.close()
            raise
        return row[0] if row else 0

    def _see_where_it_leads(self, held: Any) -> None:
        """Refuse a standby where there is to be written; for reading, look for one soon again."""
        leads_to_a_standby = is_standby(held)
        if self._writes and leads_to_a_standby:
            raise ConnectionError("this is a standby")
        if not (self._writes or leads_to_a_standby or self._held.is_instead):
            self._held.until = time.monotonic() + PAUSE
        self._held.is_instead = not (self._writes or leads_to_a_standby)

    def close(self) -> None:
        """Let go of this thread's connection."""
        held = self._held.__dict__.pop("connection", None)
        if held is not None:
            held.close()

    def _open(self) -> Any:
        self.close()
        borrowed = self._engine.raw_connection()
        connection: Any = borrowed.dbapi_connection
        borrowed.detach()  # never to go back to the pool
        if self._is_postgresql:
            connection.autocommit = True  # each question sees what is newest, and holds nothing
        self._held.connection = connection
        self._held.is_instead = False
        self._held.until = time.monotonic() + LONGEST_USE
        return connection


def _apart(engine: sa.Engine) -> sa.Engine:
    """``engine``; of a PostgreSQL one without its pool, in which connections lie that may hang for long."""
    if engine.dialect.name != "postgresql":
        return engine
    options = engine_options(engine.url.render_as_string(hide_password=False))
    own = sa.create_engine(engine.url, poolclass=sa.NullPool, connect_args=options["connect_args"])
    listen(own, patience=PATIENCE)
    return own

"""The number of the newest change, asked for by every public request: the cheapest way to know it.

Each thread has a connection of its own for this one question. Borrowing one from the pool
and giving it back costs three times the question itself, and on PostgreSQL two more ways
to the server.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import sqlalchemy as sa

LAST_NUMBER = "SELECT last_number FROM counting WHERE log = 'change'"
#: Seconds after which a connection is opened anew: the address may mean another server by now.
LONGEST_USE = 300.0


class Newest:
    """Asks the database behind ``engine``; a thread's connection is opened when it first asks."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._held = threading.local()
        sa.event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def number(self) -> int:
        """The number of the newest change; raises the database's own errors, and then asks anew."""
        held = self._held.__dict__.get("connection")
        if held is None or time.monotonic() > self._held.until:
            held = self._open()
        try:
            row = held.execute(LAST_NUMBER).fetchone()
        except Exception:
            self.close()
            raise
        return row[0] if row else 0

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
        if self._engine.dialect.name == "postgresql":
            connection.autocommit = True  # each question sees what is newest, and holds nothing
        self._held.connection = connection
        self._held.until = time.monotonic() + LONGEST_USE
        return connection

"""A PostgreSQL that hangs is given up: its own limits of time are of no use when it does not run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.errors import _WaitTimeout

NO_ANSWER = "the server did not answer within"


class Impatient(psycopg.Connection):
    """Closed, with an ``OperationalError``, where the server takes longer than ``patience`` seconds."""

    patience: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """The outcome of ``gen``, which speaks with the server."""
        if timeout is not None or self.patience is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except _WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"{NO_ANSWER} {self.patience:.0f} s") from None


def impatient(seconds: float) -> Callable[..., Impatient]:
    """What opens connections that wait no longer than ``seconds`` (the event ``do_connect``)."""

    def connect(_dialect: Any, _record: Any, args: Any, settings: Any) -> Impatient:
        connection = Impatient.connect(*args, **settings)
        connection.patience = seconds
        return connection

    return connect

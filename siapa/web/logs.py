"""Log lines: plain for a person, JSON for a machine; one line a request, without what was asked.

The query string is left out on purpose: what a citizen searches for is nobody's business.
"""

from __future__ import annotations

import logging
import sys
import time
from datetime import UTC, datetime
from typing import TextIO

import orjson
import structlog

#: What every line gets, whether it comes from structlog or from the standard library.
_SHARED: tuple[structlog.types.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)

logger = logging.getLogger("siapa.access")


class Access:
    """Writes the line of each request ready made: through ``logging`` it would cost as much as an answer.

    The level of the logger ``siapa.access`` still decides whether lines are written.
    """

    def __init__(self) -> None:
        self.is_json = False

    def __call__(self, method: str, path: str, status: int, started: float | None, name: str | None) -> None:
        """Write the line of the request ``name``, which began at ``started`` of ``time.perf_counter``."""
        if not logger.isEnabledFor(logging.INFO):
            return
        moment = datetime.now(UTC)
        taken = None if started is None else round((time.perf_counter() - started) * 1000, 1)
        path = ascii(path[:200])[1:-1]  # whatever somebody typed: no line breaks into the log
        if self.is_json:
            values = {"timestamp": moment, "method": method, "path": path, "status": status,
                      "milliseconds": taken, "request_id": name}  # fmt: skip
            line = orjson.dumps(values, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE).decode()
        else:
            begun = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            line = f"{begun} {method=!s} {path=!s} {status=} milliseconds={taken} request_id={name}\n"
        try:
            sys.stderr.write(line)  # in one piece: other threads and processes write there too
        except (OSError, ValueError):
            return  # a full disk or a closed pipe is no reason to answer nobody


access = Access()


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is now: a server or a test may have changed it."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def configure(log_format: str) -> None:
    """Set up the logger ``siapa`` and all below it; safe to call again."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    access.is_json = log_format == "json"
    logger.setLevel(logging.INFO)
    handler = _Stderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _renderer(log_format),
            ],
        ),
    )
    named = logging.getLogger("siapa")
    named.handlers = [handler]
    named.setLevel(logging.INFO)
    named.propagate = False


def _renderer(log_format: str) -> structlog.types.Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)

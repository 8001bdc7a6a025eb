"""Log lines: plain for a person, JSON for a machine; one line a request, without what was asked.

The query string is left out on purpose: what a citizen searches for is nobody's business.
"""

from __future__ import annotations

import logging
import sys
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


class _Line(logging.Formatter):
    """The line of a request, ready made: the way through structlog would cost as much as the answer."""

    def __init__(self, log_format: str) -> None:
        super().__init__()
        self._is_json = log_format == "json"

    def format(self, record: logging.LogRecord) -> str:
        """One line; ``record.args`` holds its values by name."""
        values: dict[str, object] = {"timestamp": datetime.now(UTC), **record.args}  # type: ignore[dict-item]
        if self._is_json:
            return orjson.dumps(values, option=orjson.OPT_UTC_Z).decode()
        moment = f"{values.pop('timestamp'):%Y-%m-%dT%H:%M:%SZ}"
        return " ".join([moment, *(f"{name}={value}" for name, value in values.items())])


def access(values: dict[str, object]) -> None:
    """Write the line of one request."""
    logger.info("request", values)


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
    _hang("siapa.access", _Line(log_format))
    _hang(
        "siapa",
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _renderer(log_format),
            ],
        ),
    )
    logger.propagate = False


def _hang(name: str, formatter: logging.Formatter) -> None:
    handler = _Stderr()
    handler.setFormatter(formatter)
    named = logging.getLogger(name)
    named.handlers = [handler]
    named.setLevel(logging.INFO)


def _renderer(log_format: str) -> structlog.types.Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)

"""How often one address may ask the API: counted by ``limits``, for all hosts in Redis if there is one.

Only what costs more than a page is counted. When the shared counter cannot be
reached each process counts alone with the same rules: the site stays up, and stays
guarded.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import structlog
from flask import Flask, Response, current_app, g, request
from limits import parse_many
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from siapa.config import Config

log = structlog.get_logger(__name__)

#: Paths under which requests are counted.
LIMITED_PATHS = ("/api/", "/saran", "/en/saran")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an address stands with one rule; the window ends at ``resets_at`` (seconds since 1970)."""

    allowed: bool
    limit: int
    remaining: int
    resets_at: int


class Counter:
    """Counts the requests of each address; raises ``ConfigurationError`` for a Redis that cannot be used."""

    def __init__(self, rules: str, redis_url: str) -> None:
        self._rules = parse_many(rules)
        self.shared = FixedWindowRateLimiter(storage_from_string(redis_url or "memory://"))
        self._alone = FixedWindowRateLimiter(MemoryStorage())

    def count(self, address: str) -> Standing:
        """Count one request of ``address``; its standing with the rule that is nearest to its end."""
        try:
            return self._counted(self.shared, address)
        except Exception as error:  # whatever a client of Redis raises
            log.warning("requests cannot be counted together", error=repr(error))
            return self._counted(self._alone, address)

    def _counted(self, counter: FixedWindowRateLimiter, address: str) -> Standing:
        standings = []
        for rule in self._rules:
            allowed = counter.hit(rule, address)
            window = counter.get_window_stats(rule, address)
            standings.append(Standing(allowed, rule.amount, window.remaining, int(window.reset_time) + 1))
        return min(standings, key=lambda standing: (standing.allowed, standing.remaining))


def init_app(app: Flask, config: Config) -> None:
    """Count before each request to a limited path, and tell the standing after it."""
    app.extensions["siapa_limits"] = Counter(config.rate_limits, config.redis_url)
    app.before_request(_count)
    app.after_request(_tell)


def _count() -> None:
    g.standing = None
    if not request.path.startswith(LIMITED_PATHS):
        return
    counter: Counter = current_app.extensions["siapa_limits"]
    g.standing = standing = counter.count(request.remote_addr or "")
    if not standing.allowed:
        raise TooManyRequests(retry_after=max(1, standing.resets_at - int(time.time())))


def _tell(response: Response) -> Response:
    standing: Standing | None = g.get("standing")
    if standing is not None:
        response.headers.add("X-RateLimit-Limit", standing.limit)
        response.headers.add("X-RateLimit-Remaining", standing.remaining)
        response.headers.add("X-RateLimit-Reset", standing.resets_at)
    return response

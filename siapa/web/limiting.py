"""How often one address may ask the API: counted in this process, or for all hosts in Redis if there is one.

Only what costs more than a page is counted. When the shared counter cannot be
reached each process counts alone, with half of what the rules allow: the site stays up, and stays
guarded. The rules are written, and counted in Redis, by ``limits``; its counter in memory
would start a thread a hundred times a second to look through every address.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from flask import Flask, Response, current_app, g, request
from limits import RateLimitItem, parse_many
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from siapa.config import Config

log = structlog.get_logger(__name__)

#: Paths under which requests are counted.
LIMITED_PATHS = ("/api/", "/data/", "/hsds", "/oai", "/saran", "/en/saran")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an address stands with one rule; the window ends at ``resets_at`` (seconds since 1970)."""

    allowed: bool
    limit: int
    remaining: int
    resets_at: int

    def said(self) -> tuple[tuple[str, str], ...]:
        """The headers that tell it."""
        return (
            ("X-RateLimit-Limit", str(self.limit)),
            ("X-RateLimit-Remaining", str(self.remaining)),
            ("X-RateLimit-Reset", str(self.resets_at)),
        )


class Window:
    """Counts in memory by one rule; a window begins with the first request of its address."""

    def __init__(self, limit: int, seconds: int) -> None:
        self.limit = limit
        self._seconds = seconds
        #: Of each address: how many requests, and when its window ends.
        self._counts: dict[str, tuple[int, float]] = {}
        self._swept_at = 0.0
        self._lock = threading.Lock()

    def count(self, address: str) -> Standing:
        """Count one request of ``address``."""
        now = time.time()
        with self._lock:
            if now >= self._swept_at + self._seconds:
                self._sweep(now)
            count, ends_at = self._counts.get(address, (0, 0.0))
            if ends_at <= now:
                count, ends_at = 0, now + self._seconds
            count += 1
            self._counts[address] = count, ends_at
        return Standing(count <= self.limit, self.limit, max(0, self.limit - count), int(ends_at) + 1)

    def __len__(self) -> int:
        """How many addresses it remembers."""
        return len(self._counts)

    def _sweep(self, now: float) -> None:
        """Forget the addresses whose window is over, once a window."""
        self._swept_at = now
        self._counts = {address: held for address, held in self._counts.items() if held[1] > now}


#: Seconds that Redis has to answer, and for which it is left alone when it did not or could not count.
PATIENCE = 0.2
PAUSE = 5.0


class Shared:
    """Counts for all hosts in Redis; raises ``ConfigurationError`` for one that cannot be used."""

    def __init__(self, rules: Sequence[RateLimitItem], redis_url: str) -> None:
        self._rules = rules
        # Tried once: whoever waits is a citizen, and there is another way to count.
        options: dict[str, Any] = {
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "retry": None,
        }
        self._counter = FixedWindowRateLimiter(storage_from_string(redis_url, **options))

    def count(self, address: str) -> list[Standing]:
        """Count one request of ``address``: its standing with each rule; the errors are Redis's."""
        standings = []
        for rule in self._rules:
            allowed = self._counter.hit(rule, address)
            window = self._counter.get_window_stats(rule, address)
            standings.append(Standing(allowed, rule.amount, window.remaining, int(window.reset_time) + 1))
        return standings


class Common(Protocol):
    """Where all hosts count together."""

    def count(self, address: str) -> list[Standing]:
        """Count one request of ``address``: its standing with each rule."""


class Counter:
    """Counts the requests of each address: with the other hosts if it can, else alone and more strictly."""

    def __init__(self, rules: str, redis_url: str) -> None:
        items = parse_many(rules)
        self.shared: Common | None = Shared(items, redis_url) if redis_url else None
        part = 2 if redis_url else 1
        self._alone = [Window(math.ceil(rule.amount / part), rule.get_expiry()) for rule in items]
        self._alone_until = 0.0

    def count(self, address: str) -> Standing:
        """Count one request of ``address``; its standing with the rule that is nearest to its end."""
        return min(self._standings(address), key=lambda standing: (standing.allowed, standing.remaining))

    def _standings(self, address: str) -> list[Standing]:
        if self.shared is not None and time.monotonic() >= self._alone_until:
            try:
                return self.shared.count(address)
            except Exception as error:
                self._alone_until = time.monotonic() + PAUSE
                log.warning("requests cannot be counted together", error=repr(error))
        return [window.count(address) for window in self._alone]


def init_app(app: Flask, config: Config) -> None:
    """Count before each request to a limited path, and tell the standing after it."""
    app.extensions["siapa_limits"] = Counter(config.rate_limits, config.redis_url)
    app.before_request(_count)
    app.after_request(_tell)


def counter_of(app: Flask) -> Counter:
    """What counts the requests to ``app``."""
    counter: Counter = app.extensions["siapa_limits"]
    return counter


def _count() -> None:
    g.standing = None
    if not request.path.startswith(LIMITED_PATHS):
        return
    g.standing = standing = counter_of(current_app).count(request.remote_addr or "")
    if not standing.allowed:
        raise TooManyRequests(retry_after=max(1, standing.resets_at - int(time.time())))


def _tell(response: Response) -> Response:
    standing: Standing | None = g.get("standing")
    if standing is not None:
        response.headers.extend(standing.said())
    return response

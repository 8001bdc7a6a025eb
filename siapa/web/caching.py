"""Public answers are made once and kept: in this process, and with rules for browsers and proxies.

An answer is kept under everything it depends on: the address, the language, the number
of the last change of the log, and where the index stands. So nothing has to be thrown
away: what is withdrawn is gone with the next request, because the number has moved on.
What depends on the time (a place opens at eight) is kept for the minute, or for as long
as the view says with ``shows`` or ``timeless``.

A request with a cookie or credentials is neither answered from here nor kept.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime

from cachetools import LRUCache
from flask import Flask, Response, current_app, g, request
from werkzeug.datastructures import Headers
from werkzeug.http import http_date

from siapa import catalogue, search
from siapa.catalogue.views import OpeningState
from siapa.extensions import db
from siapa.locales import current_locale

#: Bytes of bodies kept per process.
CAPACITY = 64_000_000
#: A body above this is not kept: one export must not push out a thousand pages.
LARGEST = 2_000_000
#: Bytes under which compressing costs more than it saves.
WORTH_COMPRESSING = 500
#: Blueprints whose answers to GET are the same for everybody.
PUBLIC = ("site", "site_en", "discovery", "api", "api_reference")
#: Views that ask the index, which may be a moment behind the log.
SEARCHES = ("find", "search", "suggest")
RULES = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
FOREVER = "public, max-age=31536000, immutable"
LAST_NUMBER = "SELECT last_number FROM counting WHERE log = 'change'"
MINUTE, HOUR = 60, 3600
#: The headers that belong to the answer and not to the request.
_KEPT_HEADERS = ("Content-Type", "Vary", "Link", "Content-Language", "Content-Disposition", "X-Robots-Tag")
#: What makes a request conditional.
_CONDITIONS = ("If-None-Match", "If-Modified-Since")

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: its body, plain and compressed, and what is said about it."""

    body: bytes
    compressed: bytes | None
    headers: tuple[tuple[str, str], ...]
    #: Seconds of the clock from which it may be wrong.
    until: float

    @property
    def size(self) -> int:
        """Bytes it takes, roughly."""
        return len(self.body) + len(self.compressed or b"") + 500


class Shelf:
    """The answers of this process; safe for threads."""

    def __init__(self, capacity: int) -> None:
        self._answers: LRUCache[Key, Kept] = LRUCache(capacity, getsizeof=lambda kept: kept.size)
        self._lock = threading.Lock()

    def get(self, key: Key) -> Kept | None:
        """The answer under ``key``, if it is kept."""
        with self._lock:
            return self._answers.get(key)

    def put(self, key: Key, kept: Kept) -> None:
        """Keep ``kept``; what was not asked for longest makes room."""
        if kept.size <= LARGEST:
            with self._lock:
                self._answers[key] = kept


def init_app(app: Flask) -> None:
    """Hang the cache on ``app``: look before the view, keep after it."""
    app.extensions["siapa_answers"] = Shelf(CAPACITY)
    app.before_request(_look)
    app.after_request(_keep)


def timeless() -> None:
    """Said by a view whose answer changes with the log alone: no clock, no calendar, no opening hours."""
    g.is_timeless = True


def shows(*values: object) -> None:
    """Said by a view that shows ``values`` of the catalogue: right until one of its places opens or closes.

    Never over a full hour, at which days begin somewhere in the country.
    """
    now = time.time()
    moments = [opening.changes_at.timestamp() for opening in _openings(values) if opening.changes_at]
    g.right_until = min([now // HOUR * HOUR + HOUR, *(moment for moment in moments if moment > now)])


def _openings(value: object) -> Iterator[OpeningState]:
    if isinstance(value, OpeningState):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _openings(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _openings(getattr(value, field.name))


def _is_public() -> bool:
    return (
        request.method in ("GET", "HEAD")
        and request.blueprint in PUBLIC
        and "Authorization" not in request.headers
        and "Cookie" not in request.headers
    )


def _look() -> Response | None:
    """The kept answer to this request, if there is one."""
    for name in ("cache_key", "kept", "is_timeless", "right_until"):
        g.pop(name, None)  # one context may serve several requests
    if not _is_public():
        return None
    try:
        g.cache_key = _key()
    except Exception:
        return None  # whatever it is, the view will meet it too and say so properly
    kept = _shelf().get(g.cache_key)
    if kept is None or kept.until <= time.time():
        return None
    g.kept = kept
    return _answer(kept)


def _key() -> Key:
    endpoint = request.endpoint or ""
    return (
        request.scheme,
        request.host,
        request.path,
        tuple(sorted(request.args.items(multi=True))),
        current_locale(),
        _last_number(),
        search.position() if endpoint.rpartition(".")[2] in SEARCHES else None,
    )


def _last_number() -> int:
    """The number of the newest change, read without a session: every request asks for it."""
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(LAST_NUMBER)
        row = cursor.fetchone()
        return row[0] if row else 0
    finally:
        connection.close()  # back to the pool


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions["siapa_answers"]
    return shelf


def _keep(response: Response) -> Response:
    """Keep a good public answer and say how long others may; forbid keeping what is personal."""
    if "kept" in g:
        return response
    if request.endpoint == "static":
        return _asset(response)
    if not _may_be_kept(response):
        response.headers.setdefault("Cache-Control", "no-store")
        return response
    kept = _kept(response)
    answer = _answer(kept)
    if "cache_key" in g:
        _shelf().put(g.cache_key, kept)
    else:
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _asset(response: Response) -> Response:
    """An address with the file's mark in it never means another content."""
    if response.status_code == 200 and request.args.get("v"):
        response.headers["Cache-Control"] = FOREVER
    return response


def _may_be_kept(response: Response) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and request.blueprint in PUBLIC
        and response.status_code == 200
        and "Set-Cookie" not in response.headers
        and not response.cache_control.no_store
        and not response.is_streamed
        and not response.direct_passthrough
    )


def _kept(response: Response) -> Kept:
    body = response.get_data()
    response.headers.setdefault("Content-Language", current_locale())
    response.vary.update(("Accept-Encoding",))
    if request.path.startswith("/api/"):
        response.vary.update(("Accept-Language",))
    headers = [(name, value) for name, value in response.headers if name in _KEPT_HEADERS]
    headers.append(("Cache-Control", RULES))
    # The body alone decides: the same content has the same tag, on every host. Weak: the compressed
    # and the plain answer are the same to a reader, not byte for byte.
    headers.append(("ETag", f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'))
    modified_at = _modified_at()
    if modified_at is not None:
        headers.append(("Last-Modified", http_date(modified_at)))
    return Kept(
        body=body,
        compressed=gzip.compress(body, 6, mtime=0) if len(body) > WORTH_COMPRESSING else None,
        headers=tuple(headers),
        until=_right_until(),
    )


def _modified_at() -> datetime | None:
    """The last change of the log; where the time shows, this moment, which is never earlier."""
    if g.get("is_timeless", False):
        return catalogue.last_change().at
    return datetime.fromtimestamp(time.time(), UTC)


def _right_until() -> float:
    """From when the answer may be wrong although nothing was published."""
    if g.get("is_timeless", False):
        return math.inf
    until: float = g.get("right_until", time.time() // MINUTE * MINUTE + MINUTE)
    return until


def _answer(kept: Kept) -> Response:
    """``kept`` as a response: 304 when the client has it, compressed when the client can read that."""
    packed = kept.compressed is not None and "Accept-Encoding" in request.headers
    packed = packed and request.accept_encodings["gzip"] > 0
    response = Response(kept.compressed if packed else kept.body, headers=Headers(kept.headers))
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if any(name in request.headers for name in _CONDITIONS):
        response.make_conditional(request)
    return response

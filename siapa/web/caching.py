"""Public answers are made once and kept: in this process, and with rules for browsers and proxies.

An answer is kept under what was asked (``key_of``), with the number of the last change of
the log and where the index stood. It is given again (``early``) while both are the same:
what is withdrawn is gone with the next request, because the number has moved on. What
depends on the time (a place opens at eight) is kept for the minute, or for as long as the
view says with ``shows`` or ``timeless``.

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
from functools import lru_cache

from cachetools import LRUCache
from flask import Flask, Response, current_app, g, request
from werkzeug.datastructures import Headers
from werkzeug.http import http_date, parse_accept_header

from siapa import catalogue, search
from siapa.catalogue.views import OpeningState
from siapa.locales import current_locale
from siapa.web import hooks, negotiating
from siapa.web.sources import PUBLIC, sources_of

#: Bytes of bodies kept per process.
CAPACITY = 64_000_000
#: A body above this is not kept: one export must not push out a thousand pages.
LARGEST = 2_000_000
#: Bytes under which compressing costs more than it saves.
WORTH_COMPRESSING = 500
#: How much work is put into compressing an answer, of 9: 1 takes half the time, for a seventh more bytes.
QUICK, THOROUGH = 1, 6
#: Files of ours that are compressed.
TEXT_TYPES = ("text/css", "text/plain", "text/javascript", "application/javascript", "image/svg+xml")
#: Views that ask the index, which may be a moment behind the log.
SEARCHES = ("find", "search", "suggest", "feed", "explore")
RULES = "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
FOREVER = "public, max-age=31536000, immutable"
MINUTE, HOUR = 60, 3600
#: The headers that belong to the answer and not to the request.
_KEPT_HEADERS = ("Content-Type", "Vary", "Link", "Content-Language", "Content-Disposition", "X-Robots-Tag")
#: What makes a request conditional.
_CONDITIONS = ("If-None-Match", "If-Modified-Since")

Key = tuple[str, ...]
Head = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: its body, plain and compressed, what is said about it, and what it was made from."""

    body: bytes
    compressed: bytes | None
    headers: Head
    #: What every answer to such a request says besides, whatever it is.
    standing: Head
    #: Seconds of the clock from which it may be wrong.
    until: float
    #: The newest change of the log when it was made.
    number: int = 0
    #: How far the index had read by then; None where it was not asked.
    position: int | None = None

    @property
    def size(self) -> int:
        """Bytes it takes, roughly."""
        return len(self.body) + len(self.compressed or b"") + 1_000

    def header(self, name: str) -> str | None:
        """What is said under ``name``."""
        return next((value for said, value in self.headers if said == name), None)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a public request asks for, and the state of the registry before it was answered."""

    key: Key
    number: int
    position: int | None


class Shelf:
    """The answers of this process; safe for threads."""

    def __init__(self, capacity: int) -> None:
        self._answers: LRUCache[Key, Kept] = LRUCache(capacity, getsizeof=lambda kept: kept.size)
        self._lock = threading.Lock()

    def get(self, key: Key) -> Kept | None:
        """The answer under ``key``, if it is kept."""
        with self._lock:
            return self._answers.get(key)

    def empty(self) -> None:
        """Forget all answers."""
        with self._lock:
            self._answers.clear()

    def put(self, key: Key, kept: Kept) -> None:
        """Keep ``kept``; what was not asked for longest makes room."""
        if kept.size <= LARGEST:
            with self._lock:
                self._answers[key] = kept


def init_app(app: Flask) -> None:
    """Hang the cache on ``app``: note the state before the view, keep the answer after it."""
    app.extensions["siapa_answers"] = Shelf(CAPACITY)
    app.before_request(_note)
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


def for_a_minute() -> None:
    """Said by a view, after ``shows``, that tells what changes without a line in the log."""
    g.right_until = min(g.get("right_until", math.inf), time.time() + MINUTE)


def _openings(value: object) -> Iterator[OpeningState]:
    if isinstance(value, OpeningState):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _openings(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _openings(getattr(value, field.name))


def key_of(environ: hooks.Environ) -> Key | None:
    """What a request asks for, as far as the answer depends on it; None if it is not for everybody.

    Read from the raw request, before anything else is made of it: asking for a kept answer
    must cost less than answering. The language of a page stands in its address.
    """
    if (
        environ["REQUEST_METHOD"] not in ("GET", "HEAD")
        or "HTTP_COOKIE" in environ
        or "HTTP_AUTHORIZATION" in environ
    ):
        return None
    path = environ["PATH_INFO"]
    if negotiating.is_for_programs(path, environ.get("HTTP_ACCEPT", "")):
        return None  # sent on to another address
    return (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST", ""),
        environ.get("SCRIPT_NAME", "") + path,
        _ordered(environ.get("QUERY_STRING", "")),
        hooks.preferred(environ.get("HTTP_ACCEPT_LANGUAGE", "")) if hooks.is_for_programs(path) else "",
    )


def _ordered(query: str) -> str:
    """``query`` with its parameters in one order, unless their order could mean something."""
    if "&" not in query:
        return query
    parts = query.split("&")
    names = {part.partition("=")[0] for part in parts}
    if len(names) < len(parts) or any("%" in name for name in names):
        return query  # a name that stands twice, perhaps written in two ways
    return "&".join(sorted(parts))


def _note() -> None:
    """Before a public answer is made: what it will depend on. What changes meanwhile makes it too old."""
    for name in ("asked", "is_timeless", "right_until"):
        g.pop(name, None)  # one context may serve several requests
    key = key_of(request.environ)
    if key is None or request.blueprint not in PUBLIC:
        return
    searches = (request.endpoint or "").rpartition(".")[2] in SEARCHES
    try:
        g.asked = Asked(key, newest(), search.position() if searches else None)
    except Exception:
        return  # whatever it is, the view will meet it too and say so properly


def _keep(response: Response) -> Response:
    """Keep a good public answer and say how long others may; forbid keeping what is personal."""
    if response.direct_passthrough:
        return _file(response)
    if not _may_be_kept(response):
        response.headers.setdefault("Cache-Control", "no-store")
        return response
    kept = _kept(response, g.get("asked"))
    answer = _answer(kept)
    if "asked" in g:
        shelf_of(current_app).put(g.asked.key, kept)
    else:
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def shelf_of(app: Flask) -> Shelf:
    """The answers that ``app`` keeps."""
    shelf: Shelf = app.extensions["siapa_answers"]
    return shelf


def newest() -> int:
    """The newest change when this request came."""
    if "newest" not in g:
        g.newest = sources_of(current_app).number()
    number: int = g.newest
    return number


def _file(response: Response) -> Response:
    """An address with the file's mark in it never means another content; text is given compressed."""
    if request.endpoint == "static" and request.args.get("v") and response.status_code in (200, 304):
        response.headers["Cache-Control"] = FOREVER
    is_whole = response.status_code == 200 and (response.content_length or LARGEST) < LARGEST
    if is_whole and response.mimetype in TEXT_TYPES:
        response.vary.add("Accept-Encoding")
        if takes_gzip(request.headers.get("Accept-Encoding", "")):
            _pack(response)
    return response


def _pack(response: Response) -> None:
    response.direct_passthrough = False
    response.set_data(_compressed(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    tag, _is_weak = response.get_etag()
    if tag:  # the same to a reader, but no longer byte for byte
        response.set_etag(tag, weak=True)


@lru_cache(64)
def _compressed(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


def _may_be_kept(response: Response) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and request.blueprint in PUBLIC
        and response.status_code == 200
        and "Set-Cookie" not in response.headers
        and not response.cache_control.no_store
        and not response.is_streamed
    )


def _kept(response: Response, asked: Asked | None) -> Kept:
    body = response.get_data()
    response.headers.setdefault("Content-Language", current_locale())
    response.vary.update(("Accept-Encoding",))
    if hooks.is_api():
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
        compressed=_packed(body, asked),
        headers=tuple(headers),
        standing=hooks.standing_headers(request.path, is_secure=request.is_secure),
        until=_right_until(),
        number=asked.number if asked else 0,
        position=asked.position if asked else None,
    )


def _packed(body: bytes, asked: Asked | None) -> bytes | None:
    """``body`` compressed. A search is seldom asked twice in the same words: less care is taken with it."""
    if len(body) <= WORTH_COMPRESSING:
        return None
    is_search = asked is not None and asked.position is not None
    return gzip.compress(body, QUICK if is_search else THOROUGH, mtime=0)


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


@lru_cache(1_000)
def takes_gzip(accepted: str) -> bool:
    """Whether a client that sends this ``Accept-Encoding`` can read what is compressed."""
    return parse_accept_header(accepted)["gzip"] > 0


def is_packed(kept: Kept, environ: hooks.Environ) -> bool:
    """Whether ``kept`` is given compressed to whoever asks so."""
    return kept.compressed is not None and takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))


def _answer(kept: Kept) -> Response:
    """``kept`` as a response: 304 when the client has it, compressed when the client can read that."""
    packed = is_packed(kept, request.environ)
    response = Response(kept.compressed if packed else kept.body, headers=Headers(kept.headers))
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if any(name in request.headers for name in _CONDITIONS):
        response.make_conditional(request)
    return response

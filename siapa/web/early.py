"""A kept answer is given before the application is asked: no routing, no context, no hooks.

Most requests ask for what was answered a moment ago. For them the way through the
framework would cost more than all they need: the number of the log (is the answer still
right?), the count of the address, a line in the log. Whoever asks for anything else, or
has to be refused, is handed on; what is said here is what the application would have said.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from flask import Flask
from werkzeug.http import is_resource_modified

from siapa import search
from siapa.config import Config
from siapa.web import caching, hooks, limiting, logs, metrics
from siapa.web.caching import Head, Kept
from siapa.web.sources import sources_of

#: What says something of a body: left out where none is sent.
_OF_A_BODY = ("Content-Type", "Content-Language", "Last-Modified")


def init_app(app: Flask, config: Config) -> None:
    """Stand before ``app``."""
    app.wsgi_app = Early(app, config)  # type: ignore[method-assign]


class Early:
    """The application behind the answers it keeps (WSGI)."""

    def __init__(self, app: Flask, config: Config) -> None:
        self._app = app
        self._inner = app.wsgi_app
        self._config = config
        self._shelf = caching.shelf_of(app)
        self._sources = sources_of(app)
        self._counter = limiting.counter_of(app)
        self._meter = metrics.meter_of(app)

    def __call__(self, environ: hooks.Environ, start_response: hooks.StartResponse) -> Iterable[bytes]:
        """The kept answer, or the application's."""
        started = time.perf_counter()
        kept = self._kept(environ)
        if kept is None:
            return self._inner(environ, start_response)
        counted = self._counted(environ)
        if counted is None:
            return self._inner(environ, start_response)
        status, head, body = _answer(kept, environ)
        request_id = hooks.request_id(environ, self._config)
        start_response(status, [*head, *kept.standing, *counted, ("X-Request-Id", request_id)])
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        logs.access(method, path, int(status[:3]), started, request_id)
        if self._meter is not None:
            self._meter.count(metrics.KEPT, int(status[:3]), time.perf_counter() - started)
        return [] if method == "HEAD" else [body]

    def _kept(self, environ: hooks.Environ) -> Kept | None:
        """The answer to this request, if it is kept and still right, and the request plain."""
        key = caching.key_of(environ)
        kept = None if key is None else self._shelf.get(key)
        if kept is None or kept.until <= time.time() or "HTTP_IF_MATCH" in environ:
            return None
        return kept if hooks.is_plain(environ) and self._is_newest(kept) else None

    def _is_newest(self, kept: Kept) -> bool:
        """Whether nothing it depends on has changed; if that cannot be known the application will say why."""
        try:
            if kept.number != self._sources.number():
                return False
            if kept.position is None or kept.position == kept.number:
                return True  # the index had read all there is; what is behind may have caught up
            with self._app.app_context():
                return kept.position == search.position()
        except Exception:
            return False

    def _counted(self, environ: hooks.Environ) -> Head | None:
        """Count the request where requests are counted: what its client is told; None if it is too many."""
        if not environ["PATH_INFO"].startswith(limiting.LIMITED_PATHS):
            return ()
        standing = self._counter.count(environ.get("REMOTE_ADDR", ""))
        return standing.said() if standing.allowed else None


def _answer(kept: Kept, environ: hooks.Environ) -> tuple[str, Head, bytes]:
    """Status, headers and body: 304 for whom has it, compressed for whom can read that."""
    if _has_it(kept, environ):
        return "304 NOT MODIFIED", tuple(one for one in kept.headers if one[0] not in _OF_A_BODY), b""
    if caching.is_packed(kept, environ) and kept.compressed is not None:
        said = (("Content-Encoding", "gzip"), ("Content-Length", str(len(kept.compressed))))
        return "200 OK", kept.headers + said, kept.compressed
    return "200 OK", (*kept.headers, ("Content-Length", str(len(kept.body)))), kept.body


def _has_it(kept: Kept, environ: hooks.Environ) -> bool:
    if "HTTP_IF_NONE_MATCH" not in environ and "HTTP_IF_MODIFIED_SINCE" not in environ:
        return False
    etag = kept.header("ETag")
    if environ.get("HTTP_IF_NONE_MATCH") == etag:
        return True
    return not is_resource_modified(environ, etag, last_modified=kept.header("Last-Modified"))

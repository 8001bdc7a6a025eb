"""What is done around every request: the gate before it, the headers after it.

The gate refuses what no honest client sends (broken UTF-8, NUL, endless addresses)
before anything else reads it, so no room below ever meets it.
"""

from __future__ import annotations

import re
import time
import uuid
from typing import Any
from urllib.parse import unquote_to_bytes

import structlog
from flask import Flask, Request, Response, current_app, g, request
from werkzeug.exceptions import BadRequest, HTTPException, RequestHeaderFieldsTooLarge, RequestURITooLarge
from werkzeug.middleware.proxy_fix import ProxyFix

from siapa.config import Config
from siapa.locales import DEFAULT_LOCALE, LOCALES, current_locale, speak
from siapa.locales import gettext as _
from siapa.web import logs

#: Longest body, in bytes. A door that takes files raises it for its own requests.
LARGEST_BODY = 1_000_000
LARGEST_FORM = 256_000
MOST_FORM_PARTS = 200
#: Longest path with query, in bytes; under gunicorn's own limit, so that ours answers in words.
LONGEST_ADDRESS = 3_000
LARGEST_HEADERS = 32_000

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: The API is for every origin; it knows no cookies, so nothing is given away.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept-Language, Authorization, Content-Type, If-Match, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After, X-RateLimit-Limit, "
    "X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def init_app(app: Flask, config: Config) -> None:
    """Set Flask's limits and hang the hooks on ``app``."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
        TRUSTED_HOSTS=list(config.trusted_hosts),
        SESSION_COOKIE_NAME="__Host-siapa" if config.is_production else "siapa",
        SESSION_COOKIE_SECURE=config.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_MIMETYPES=list(TEXT_TYPES),
    )
    if config.trusted_proxies:
        # The host is not taken from the proxy's headers: nginx hands on the real one.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.trusted_proxies, x_proto=config.trusted_proxies, x_host=0
        )
    app.before_request(_begin)
    app.before_request(_gate)
    app.before_request(_speak_as_asked)
    app.after_request(_finish)
    app.teardown_request(_forget)


#: What is worth compressing.
TEXT_TYPES = (
    "text/html", "text/css", "text/plain", "text/javascript", "application/javascript", "image/svg+xml",
    "application/json", "application/problem+json", "application/xml", "application/atom+xml",
    "application/opensearchdescription+xml",
)  # fmt: skip


def is_api() -> bool:
    """Whether the request is for a program: its errors are JSON."""
    return request.path.startswith(("/api/", "/health/")) or request.path == "/api"


def _begin() -> None:
    """Name the request, start its clock, and settle the language in which it may be refused."""
    g.started = time.perf_counter()
    g.request_id = _request_id()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    speak(_language(request))


def _request_id() -> str:
    given = request.headers.get("X-Request-Id", "")
    if current_app.config["SIAPA"].trusted_proxies and _REQUEST_ID.fullmatch(given):
        return given
    return uuid.uuid4().hex


def _language(asked: Request) -> str:
    """Pages: by their address. The API: what the client prefers."""
    if not is_api():
        return "en" if asked.path == "/en" or asked.path.startswith("/en/") else DEFAULT_LOCALE
    # In the order of preference, by the language alone: en-GB before id means English.
    wished = (tag.partition("-")[0].lower() for tag in asked.accept_languages.values())
    default: str = current_app.config["SIAPA"].default_locale
    return next((tag for tag in wished if tag in LOCALES), default)


def _speak_as_asked() -> None:
    """The API also takes ``lang``; read only now, for before the gate the query may be anything."""
    if is_api() and request.args.get("lang") in LOCALES:
        speak(request.args["lang"])


def _gate() -> None:
    """Refuse what is not clean UTF-8 or far too long; ``HTTPException`` says which."""
    environ = request.environ
    path = environ.get("PATH_INFO", "").encode("latin-1", "replace")
    query = environ.get("QUERY_STRING", "").encode("latin-1", "replace")
    if len(path) + len(query) > LONGEST_ADDRESS:
        sentence = _("The address is too long: at most %(most)s characters are read.", most=LONGEST_ADDRESS)
        raise refusal(RequestURITooLarge, sentence)
    for text in (path, unquote_to_bytes(query)):
        _demand_clean(text)
    size = 0
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            size += len(name) + len(value)
            _demand_clean(value.encode("latin-1", "replace"))
    if size > LARGEST_HEADERS:
        raise refusal(RequestHeaderFieldsTooLarge, _("The headers of the request are too large."))
    if request.method in ("POST", "PUT", "PATCH", "DELETE"):
        _demand_clean_form()


def refusal(kind: type[HTTPException], sentence: str) -> HTTPException:
    """An error of ``kind`` whose sentence is ours and may be shown; Werkzeug's own are not."""
    error = kind(sentence)
    error.is_ours = True  # type: ignore[attr-defined]
    return error


def _demand_clean(raw: bytes) -> None:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        sentence = _("The request contains bytes that are not UTF-8 text.")
        raise refusal(BadRequest, sentence) from None
    if b"\x00" in raw:
        raise refusal(BadRequest, _("The request contains a NUL character."))


def _demand_clean_form() -> None:
    """Forms too; of a multipart one Werkzeug has put U+FFFD, which nobody types, where bytes are no text."""
    if request.mimetype == "application/x-www-form-urlencoded":
        _demand_clean(unquote_to_bytes(request.get_data(parse_form_data=False)))
    elif request.mimetype == "multipart/form-data":
        for pair in request.form.items(multi=True):
            for text in pair:
                _demand_clean(text.replace("\ufffd", "\udcff").encode("utf-8", "surrogateescape"))


def _finish(response: Response) -> Response:
    """Add the headers that every answer has, and write the line in the log."""
    # Added, not set: setting looks through all headers for each one, and no view sets any of these.
    for name, value in HEADERS.items():
        response.headers.add(name, value)
    if request.path.startswith("/api/"):
        for name, value in CORS.items():
            response.headers.add(name, value)
    config: Config = current_app.config["SIAPA"]
    if config.is_production and request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers.setdefault("Content-Language", current_locale())
    if not request.path.startswith("/health/"):
        _log(response)
    return response


def _log(response: Response) -> None:
    started = g.get("started")
    logs.access(
        {
            "method": request.method,
            # A path is whatever somebody typed: no line breaks into the log.
            "path": ascii(request.path[:200])[1:-1],
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - started) * 1000, 1) if started else None,
            "request_id": g.get("request_id"),
        }
    )


def _forget(_error: Any) -> None:
    """The next request of this thread starts from the default language and no name."""
    speak(DEFAULT_LOCALE)
    structlog.contextvars.clear_contextvars()

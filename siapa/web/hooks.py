"""What is done around every request: the gate before it, the headers after it.

The gate refuses what no honest client sends (broken UTF-8, NUL, endless addresses)
before anything else reads it, so no room below ever meets it.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

import structlog
from flask import Flask, Request, Response, current_app, g, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    LengthRequired,
    RequestHeaderFieldsTooLarge,
    RequestURITooLarge,
)
from werkzeug.http import parse_accept_header
from werkzeug.middleware.proxy_fix import ProxyFix

from siapa.config import Config
from siapa.locales import DEFAULT_LOCALE, LOCALES, current_locale, speak
from siapa.locales import gettext as _
from siapa.web import logs

#: Longest body, in bytes. A door that takes files raises it for its own requests.
LARGEST_BODY = 1_000_000
LARGEST_FORM = 256_000
MOST_FORM_PARTS = 200
READ_AT_ONCE = 65_536
#: Methods whose requests may have a body.
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
#: Longest path with query, in bytes; far under the server's own limit, so that ours answers in words.
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
#: What is below these is for every origin; it knows no cookies, so nothing is given away.
OPEN_TO_ALL = ("/api/", "/data/", "/hsds", "/oai")
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept-Language, Authorization, Content-Type, If-Match, If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After, X-RateLimit-Limit, "
    "X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

#: Paths that machines of the operator ask again and again: no line in the log for each.
FOR_OPERATORS = ("/health/", "/metrics")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

#: A request as the server hands it on, and how it is told what is answered (WSGI).
Environ = dict[str, Any]
View = TypeVar("View", bound=Callable[..., Any])
StartResponse = Callable[..., Any]


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
    )
    app.before_request(_begin)
    app.before_request(_gate)
    app.before_request(_speak_as_asked)
    app.after_request(_finish)
    app.teardown_request(_forget)


def trust_proxies(app: Flask, config: Config) -> None:
    """Believe the proxies in front about who asks, and how; said last, for all that asks it stands behind."""
    if config.trusted_proxies:
        # The host is not taken from the proxy's headers: nginx hands on the real one.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.trusted_proxies, x_proto=config.trusted_proxies, x_host=0
        )


def is_for_programs(path: str) -> bool:
    """Whether a program asks for ``path``: its errors are JSON, its language is what it prefers."""
    return path.startswith(("/api/", "/hsds/", *FOR_OPERATORS)) or path in ("/api", "/hsds")


def is_api() -> bool:
    """Whether the request is for a program."""
    return is_for_programs(request.path)


def _begin() -> None:
    """Name the request, start its clock, and settle the language in which it may be refused."""
    g.started = time.perf_counter()
    g.request_id = request_id(request.environ, current_app.config["SIAPA"])
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    speak(_language(request))


def request_id(environ: Environ, config: Config) -> str:
    """The name of a request: the proxy's, if there is one to trust, else a new one."""
    if config.trusted_proxies and _REQUEST_ID.fullmatch(given := environ.get("HTTP_X_REQUEST_ID", "")):
        return str(given)
    return secrets.token_hex(16)


def _language(asked: Request) -> str:
    """Pages: by their address. The API: what the client prefers."""
    if not is_api():
        return "en" if asked.path == "/en" or asked.path.startswith("/en/") else DEFAULT_LOCALE
    default: str = current_app.config["SIAPA"].default_locale
    return preferred(asked.headers.get("Accept-Language", "")) or default


@lru_cache(1_000)
def preferred(accepted: str) -> str:
    """The one of our languages that a client with this ``Accept-Language`` likes best; "" if none."""
    # In the order of preference, by the language alone: en-GB before id means English.
    wished = (tag.partition("-")[0].lower() for tag in parse_accept_header(accepted, LanguageAccept).values())
    return next((tag for tag in wished if tag in LOCALES), "")


def _speak_as_asked() -> None:
    """The API also takes ``lang``; read only now, for before the gate the query may be anything."""
    if is_api() and request.args.get("lang") in LOCALES:
        speak(request.args["lang"])


def takes_files(largest_bytes: int) -> Callable[[View], View]:
    """Let a view take bodies up to ``largest_bytes``; stands below the route."""

    def mark(view: View) -> View:
        view.largest_body = largest_bytes  # type: ignore[attr-defined]
        return view

    return mark


def _gate() -> None:
    """Refuse what is not clean UTF-8 or far too long; ``HTTPException`` says which."""
    view = current_app.view_functions.get(request.endpoint or "")
    if (largest := getattr(view, "largest_body", None)) is not None:
        request.max_content_length = largest
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
    if request.method in CHANGING:
        if "HTTP_TRANSFER_ENCODING" in environ:  # where nobody could tell that it broke off
            sentence = _("Send the body with its length (Content-Length), not in chunks.")
            raise refusal(LengthRequired, sentence)
        _demand_clean_form()


def is_plain(environ: Environ) -> bool:
    """Whether the gate need not look closer at path and headers: ASCII, and not too much of it."""
    said = [name + value for name, value in environ.items() if name.startswith("HTTP_")]
    text = "".join([environ["PATH_INFO"], *said])
    return len(text) <= LARGEST_HEADERS and text.isascii() and "\0" not in text


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


def _read_on() -> None:
    """Read what is left of a body: whoever is still sending when the answer comes takes it for a fault."""
    if request.method not in CHANGING or request.content_length is None:
        return
    with suppress(HTTPException):  # too large, or broken off
        while request.stream.read(READ_AT_ONCE):
            pass


def _finish(response: Response) -> Response:
    """Add the headers that every answer has, and write the line in the log."""
    _read_on()
    # Added, not set: setting looks through all headers for each one, and no view sets any of these.
    for name, value in standing_headers(request.path, is_secure=request.is_secure):
        response.headers.add(name, value)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers.setdefault("Content-Language", current_locale())
    if not request.path.startswith(FOR_OPERATORS):
        logs.access(request.method, request.path, response.status_code, g.get("started"), g.get("request_id"))
    return response


def standing_headers(path: str, *, is_secure: bool) -> tuple[tuple[str, str], ...]:
    """What every answer to a request for ``path`` says, whatever it is."""
    config: Config = current_app.config["SIAPA"]
    said = [*HEADERS.items(), *(CORS.items() if path.startswith(OPEN_TO_ALL) else ())]
    if config.is_production and is_secure:
        said.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
    return tuple(said)


def _forget(_error: Any) -> None:
    """The next request of this thread starts from the default language and no name."""
    speak(DEFAULT_LOCALE)
    structlog.contextvars.clear_contextvars()

"""What went wrong, said in the way of the door: a page for people, problem+json for programs.

Here alone the five kinds of ``siapa.errors`` get their HTTP status. No answer tells of
the inside: what is unexpected goes to the log, the reader gets a plain sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from markupsafe import escape
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from siapa.errors import Conflict, Gone, NotAllowed, NotFound, Problem, Rejected, SiapaError, Unavailable
from siapa.locales import Words, current_locale
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.web.hooks import is_api
from siapa.web.sources import answered_anew

logger = structlog.stdlib.get_logger("siapa.errors")

#: Where the kinds of problem are explained; the name of each is an anchor there.
PROBLEM_TYPES = "/api/v1/docs#problem-"
#: Seconds after which a busy or absent database is worth another try.
TRY_AGAIN = 5

STATUS: Mapping[type[SiapaError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Rejected: 422,
    Conflict: 409,
    Unavailable: 503,
}
TITLES: Mapping[int, Words] = {
    400: _l("The request cannot be read"),
    401: _l("You are not signed in"),
    403: _l("This is not allowed"),
    404: _l("Not found"),
    405: _l("This cannot be done here"),
    406: _l("This form is not offered"),
    409: _l("It has changed in the meantime"),
    410: _l("No longer in force"),
    412: _l("It has changed in the meantime"),
    413: _l("Too large"),
    414: _l("The address is too long"),
    415: _l("This kind of content is not taken"),
    422: _l("Something in the request cannot be used"),
    428: _l("Say which version you mean"),
    429: _l("Too many requests"),
    431: _l("The headers are too large"),
    500: _l("Something went wrong on our side"),
    503: _l("Not available at the moment"),
}
#: The names of the kinds, as in ``PROBLEM_TYPES``.
KINDS: Mapping[int, str] = {
    400: "unreadable", 401: "not-signed-in", 403: "not-allowed", 404: "not-found", 405: "wrong-method",
    409: "conflict", 410: "gone", 412: "stale", 413: "too-large", 414: "address-too-long",
    415: "wrong-content", 422: "rejected", 428: "version-needed", 429: "too-many-requests",
    431: "headers-too-large", 500: "internal", 503: "unavailable",
}  # fmt: skip

_ARGUMENT = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


def init_app(app: Flask) -> None:
    """Hang the handlers on ``app``."""
    app.register_error_handler(SiapaError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(Exception, _unexpected)


def _known(error: SiapaError) -> ResponseReturnValue:
    """One of the five kinds."""
    if isinstance(error, NotFound):
        if error.moved_to is not None and (address := _present_address(error.moved_to)):
            return redirect(address, 301 if request.method in ("GET", "HEAD") else 308)
        if error.gone is not None:
            return _gone(str(error), error.gone)
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    problems = error.problems if isinstance(error, Rejected) else ()
    detail = _("This cannot be used as it is. See what is wrong below.") if problems else str(error)
    response = answer(status, detail, problems=problems)
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after_seconds or TRY_AGAIN)
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    """What Flask itself found: no such address, a wrong method, a body too large, a limit reached."""
    if error.response is not None or isinstance(error, RequestRedirect):
        return error
    status = error.code or 500
    response = answer(status, _said(error, status))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value  # Allow of a 405, Retry-After of a 429
    return response


def _said(error: HTTPException, status: int) -> str:
    """The sentence for ``status``; our own where the error carries one, never Werkzeug's English."""
    if getattr(error, "is_ours", False) and error.description:
        return error.description
    match status:
        case 404:
            return _("There is nothing at this address.")
        case 405:
            allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
            return _("This address answers other methods: %(allowed)s.", allowed=allowed)
        case 413:
            return _("What was sent is larger than this address takes.")
        case 429:
            return _("You have asked very often. Wait a moment, then try again.")
        case 400:
            return _("The request cannot be read. Check the address and what was sent.")
    return str(TITLES.get(status, TITLES[500]))


def _database(error: Exception) -> ResponseReturnValue:
    """The database is away or busy: 503, if there is no other. Any other fault of it is ours: 500."""
    anew = answered_anew(error)
    if anew is not None:
        return anew
    if not isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return _unexpected(error)
    logger.error("the database does not answer", exc_info=error)
    response = answer(503, _("The registry cannot be read at the moment. Try again shortly."))
    response.headers["Retry-After"] = str(TRY_AGAIN)
    return response


def _unexpected(error: Exception) -> ResponseReturnValue:
    """A fault of ours: the whole of it in the log, none of it in the answer."""
    logger.error("unexpected error", path=request.path[:200], exc_info=error)
    sentence = _("The fault has been noted. If it stays, tell us this number: %(number)s.",
                 number=g.get("request_id", "-"))  # fmt: skip
    return answer(500, sentence)


def answer(status: int, detail: str, *, problems: tuple[Problem, ...] = ()) -> Response:
    """The error in the way of the door that was asked."""
    if is_api():
        return problem_json(status, detail, problems=problems)
    return _page("errors/error.html", status, detail, problems=problems)


def problem_json(status: int, detail: str, *, problems: tuple[Problem, ...] = (), **more: Any) -> Response:
    """An ``application/problem+json`` answer (RFC 9457); ``errors`` lists every problem."""
    body: dict[str, Any] = {
        "type": PROBLEM_TYPES + KINDS[status] if status in KINDS else "about:blank",
        "title": str(TITLES.get(status, TITLES[500 if status >= 500 else 400])),
        "status": status,
        "detail": detail,
        **more,
    }
    if problems:
        body["errors"] = [_problem(problem) for problem in problems]
    if status >= 500:
        body["request_id"] = g.get("request_id")
    response = Response(
        orjson.dumps(body, default=str), status=status, content_type="application/problem+json"
    )
    response.headers["Vary"] = "Accept-Language"
    response.cache_control.no_store = True
    return response


def _problem(problem: Problem) -> dict[str, Any]:
    said: dict[str, Any] = {"path": problem.path, "message": str(problem.message)}
    if problem.value is not None:
        said["value"] = problem.value
    return said


def _gone(detail: str, gone: Gone) -> Response:
    """410: what stood here, why it went, and what takes its place."""
    if is_api():
        agency, slug, title = gone.replaced_by or (None, None, None)
        replacement = {"agency": agency, "slug": slug, "title": title} if gone.replaced_by else None
        told = {"title": gone.title, "reason": gone.reason, "since": gone.since, "replaced_by": replacement}
        return problem_json(410, detail, gone=told)
    return _page("errors/gone.html", 410, detail, gone=gone)


def _page(template: str, status: int, detail: str, **more: Any) -> Response:
    """An error page; the plainest there is where the request or the template cannot carry one."""
    title = str(TITLES.get(status, TITLES[500 if status >= 500 else 400]))
    body = _plain_page(title, detail)
    if request_ctx.url_adapter is not None:  # none for a host we do not answer for
        try:
            body = render_template(template, status=status, title=title, message=detail,
                                   **{"problems": (), **more})  # fmt: skip
        except Exception as fault:  # whatever it is, the reader gets the first error, not a second
            logger.error("the error page itself failed", exc_info=fault)
    response = Response(body, status=status, content_type="text/html; charset=utf-8")
    response.cache_control.no_store = True
    return response


def _plain_page(title: str, detail: str) -> str:
    return (
        f'<!doctype html><html lang="{current_locale()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title></head>'
        f"<body><main><h1>{escape(title)}</h1><p>{escape(detail)}</p></main></body></html>"
    )


def _present_address(parts: tuple[str, ...]) -> str | None:
    """This request's address with the former names replaced by ``parts``; None if it has no such names."""
    if request.url_rule is None or request.endpoint is None:
        return None
    names = [
        name
        for converter, name in _ARGUMENT.findall(request.url_rule.rule)
        if converter in ("", "string") and name not in ("lang", "locale")
    ]
    if len(names) < len(parts):
        return None
    values = {**(request.view_args or {}), **dict(zip(names, parts, strict=False))}
    address = url_for(request.endpoint, **values)
    query = request.query_string.decode()
    return f"{address}?{query}" if query else address

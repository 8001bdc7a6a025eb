"""Addresses for officers' programs: by token, and, where something is done, once for each key.

Which version of a draft is meant is told by ``If-Match``; that a request is the same as
one before, by ``Idempotency-Key``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from hashlib import sha256
from typing import Any, Literal

import marshmallow as ma
from flask import Response, request
from werkzeug.exceptions import PreconditionRequired

from siapa.errors import Problem, Rejected
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action, once
from siapa.web.api.asking import Asked, shown
from siapa.web.api.bodies import JSON, Body, body_of
from siapa.web.api.openapi import TOKEN, View, api
from siapa.web.api.shapes import Schema
from siapa.web.api.tokens import caller
from siapa.web.hooks import refusal

Method = Literal["get", "post", "put"]
#: Headers of an answer that are given again with it.
KEPT_HEADERS = ("Content-Type", "ETag", "Location")

_KEY = re.compile(rf"[\x21-\x7e]{{1,{once.LONGEST_KEY}}}")
_HEADERS = {
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A name of your own for this request, such as a UUID: sent again with the same key, "
        "it is not done again, and the first answer is given once more.",
        "schema": {"type": "string", "minLength": 1, "maxLength": once.LONGEST_KEY},
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag of what you have seen: 412 when somebody else saved it since.",
        "schema": {"type": "string"},
    },
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "description": "An asterisk, to begin the next edition: 412 when there is a draft already.",
        "schema": {"type": "string"},
    },
}


def signed(
    path: str, answer: Schema, *, tag: str, action: Action | None = None, method: Method = "get",
    asked: type[ma.Schema] = Asked, body: type[Body] | None = None, status: int = 200,
    headers: Sequence[str] = (), named: Sequence[int] = (), takes: Sequence[str] = (),
) -> Callable[[View], View]:  # fmt: skip
    """Make a view that of ``path`` for officers, by their token.

    With ``action`` they must have that right in the whole registry; else the command that
    the view gives decides. The view gets what was asked, or what was sent, and who asks.
    ``headers`` it reads are documented, and so are the errors ``named`` and the kinds of file
    it ``takes`` as a body.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(question: dict[str, Any], **place: Any) -> Response:
            who = caller(action, writes=method != "get")
            given = body_of(body) if body else question
            response = _once(who.token_id, method, lambda: view(given, who.by, **place))
            response.cache_control.no_store = True
            return response

        wrapped = api.response(status, answer)(opened)
        for code, name in _errors(method, named).items():
            wrapped = api.alt_response(code, response=name)(wrapped)
        wrapped = api.arguments(asked(), location="query")(wrapped)
        wrapped = api.doc(operationId=view.__name__, **_told(tag, method, body, headers, takes))(wrapped)
        finished: View = getattr(api, method)(path)(wrapped)
        return finished

    return decorate


def names_version() -> bool:
    """Whether the request says which version of a draft it is about."""
    return "If-Match" in request.headers


def match(etag: str) -> bool:
    """Whether ``If-Match`` names ``etag``; an asterisk names whichever there is."""
    return request.if_match.star_tag or request.if_match.contains(etag)


def demand_version() -> None:
    """Answer 428 where the request does not say which version it is about."""
    if not names_version():
        sentence = _(
            "Send If-Match with the ETag of the draft, or If-None-Match: * to begin the next edition."
        )
        raise refusal(PreconditionRequired, sentence)


def begins() -> bool:
    """Whether the request is to begin what is not there yet."""
    return request.headers.get("If-None-Match", "").strip() == "*"


def _errors(method: Method, named: Sequence[int]) -> dict[int, str]:
    found = {400: "UNREADABLE", 401: "NOT_SIGNED_IN", 403: "NOT_ALLOWED", 429: "TOO_MANY_REQUESTS",
             503: "UNAVAILABLE"}  # fmt: skip
    if method != "get" or 404 in named:
        found[404] = "NOT_FOUND"
    if method != "get":
        found |= {409: "CONFLICT", 413: "TOO_LARGE", 415: "WRONG_CONTENT"}
    more = {412: "STALE", 428: "VERSION_NEEDED"}
    return found | {code: name for code, name in more.items() if code in named}


def _told(
    tag: str, method: Method, body: type[Body] | None, headers: Sequence[str], takes: Sequence[str]
) -> dict[str, Any]:
    """What the description says beside parameters and answers."""
    told: dict[str, Any] = {"tags": [tag], "security": [{TOKEN: []}]}
    names = (*(("Idempotency-Key",) if method == "post" else ()), *headers)
    if names:
        told["parameters"] = [_HEADERS[name] for name in names]
    if body is not None:
        told["requestBody"] = {"required": True, "content": {JSON: {"schema": body}}}
    if takes:
        told["requestBody"] = {"required": True, "content": {kind: {"schema": {}} for kind in takes}}
    return told


def _once(token_id: Any, method: Method, view: Callable[[], Response]) -> Response:
    """The answer of ``view``; for a POST with a key, the one it gave the first time."""
    key = request.headers.get("Idempotency-Key")
    if key is None or method != "post":
        return view()
    if not _KEY.fullmatch(key):
        wrong = _l("Send a key of 1 to %(most)s visible ASCII characters.", most=once.LONGEST_KEY)
        raise Rejected([Problem("Idempotency-Key", wrong, shown(key))])
    said = once.once(token_id, key, _digest(), lambda: _kept(view()))
    response = Response(said.body, status=said.status, headers=dict(said.headers))
    if said.is_again:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _kept(response: Response) -> once.Answer:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return once.Answer(response.status_code, headers, response.get_data(as_text=True))


def _digest() -> str:
    """By which a request is known again: method, address with its question, version meant, and body."""
    parts = (request.method, request.full_path, request.headers.get("If-Match", ""))
    return sha256("\n".join(parts).encode() + b"\n" + request.get_data()).hexdigest()

"""The OpenAPI document: flask-smorest, held to what the API really answers.

Errors are documented as problem+json and answered by ``web.errors`` alone; the schemas
of answers come from the values themselves (``shapes``), so they cannot fall behind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Flask

from siapa.catalogue import views
from siapa.web.api.asking import reader
from siapa.web.api.shapes import Components, Schema

#: Kinds of value of which ``fields`` picks names.
SELECTABLE: tuple[type, ...] = (
    views.StandardCard, views.StandardView, views.EditionCard, views.ServiceCard, views.ServiceView,
    views.AgencyCard, views.AgencyView, views.MallCard, views.MallView, views.MallOffering,
    views.RegionRef, views.RegionView,
)  # fmt: skip

DESCRIPTION = """\
Public service standards of Indonesia: which mall offers a service, what to bring, what it
costs, how long it takes. Open to everybody, no account. The data is under CC BY 4.0.

This registry is not the official national system; each entry names its source.
"""

_PROBLEM: Schema = {
    "type": "object",
    "description": "What went wrong (RFC 9457), in the language that was asked for.",
    "properties": {
        "type": {"type": "string", "description": "Which kind of problem; explained under this address."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence a person can act on."},
        "request_id": {"type": ["string", "null"], "description": "Given with faults of ours: quote it."},
        "errors": {
            "type": "array",
            "description": "Everything that is wrong with the request, each with its place.",
            "items": {
                "type": "object",
                "properties": {
                    "path": {"type": "string"},
                    "message": {"type": "string"},
                    "value": {"description": "What stood there."},
                },
                "required": ["path", "message"],
            },
        },
        "yours": {"description": "With 412: the document that was sent."},
        "present": {"description": "With 412: the draft as it stands, with the ETag to send next."},
        "differs_in": {
            "type": "array",
            "items": {"type": "string"},
            "description": "With 412: the parts that differ.",
        },
        "gone": {
            "type": "object",
            "description": "With 410: what stood here, why it went, what takes its place.",
            "properties": {
                "title": {"type": "string"},
                "reason": {"type": "string"},
                "since": {"type": ["string", "null"], "format": "date-time"},
                "replaced_by": {"type": ["object", "null"]},
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
_HEADERS: Schema = {
    name: {"description": description, "schema": {"type": "string"}}
    for name, description in {
        "ETag": "Send it back in If-None-Match: 304 while nothing changed.",
        "Last-Modified": "When the answer last changed.",
        "Cache-Control": "How long the answer may be kept.",
    }.items()
}
#: The answers that are documented by name.
_RESPONSES = {
    "NOT_MODIFIED": "Nothing changed since the answer whose ETag was sent.",
    "UNREADABLE": "The request is not clean UTF-8 text.",
    "NOT_SIGNED_IN": "There is no token, or it does not hold (any more).",
    "NOT_ALLOWED": "The officer behind the token may not do this.",
    "NOT_FOUND": "Nothing public stands under this name.",
    "GONE": "What stood here was withdrawn.",
    "CONFLICT": "Somebody else was quicker, or it is not in the state this needs.",
    "STALE": "Somebody else saved it meanwhile: present is what stands there now, yours what was sent.",
    "VERSION_NEEDED": "If-Match is missing: say which version was changed.",
    "TOO_LARGE": "What was sent is too large.",
    "WRONG_CONTENT": "What was sent is not JSON.",
    "UNPROCESSABLE_ENTITY": "A parameter is unknown or its value cannot be used; the answer names it.",
    "TOO_MANY_REQUESTS": "Too many requests; Retry-After says when to come back.",
    "UNAVAILABLE": "A part is not available now; the rest works.",
    "DEFAULT_ERROR": "Another error.",
}

#: The name of the way to sign in.
TOKEN = "token"

components = Components(SELECTABLE)


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """Addresses that are documented, whose parameters are read by our reader."""

    ARGUMENTS_PARSER = reader


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest without its error handler, which would drop ``Allow`` and speak for the pages too."""

    def _register_error_handlers(self) -> None:
        """``web.errors`` answers for every door."""

    def _register_responses(self) -> None:
        """Document the errors as what they are: problem+json."""
        self.spec.components.schema("Problem", _PROBLEM)
        problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for name, description in _RESPONSES.items():
            content = {} if name == "NOT_MODIFIED" else {"content": problem}
            self.spec.components.response(name, {"description": description, **content})

    def _register_etag_headers(self) -> None:
        """Ours are on every answer; see ``answers``."""

    def _register_pagination_header(self) -> None:
        """Pages stand in the body."""


api = Blueprint("api", __name__, url_prefix="/api/v1")


def bind(app: Flask) -> Api:
    """Open the documented addresses in ``app``."""
    app.config.update(
        API_TITLE="SIAPA", API_VERSION="1", OPENAPI_VERSION="3.1.0", API_SPEC_OPTIONS={
            "info": {
                "description": DESCRIPTION,
                "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
            },
            "servers": [{"url": "/", "description": "This registry"}],
        },
    )  # fmt: skip
    bound = Api(app)
    bound.spec.components.security_scheme(
        TOKEN, {"type": "http", "scheme": "bearer", "description": "The token of an officer's program."}
    )
    for name, schema in sorted(components.schemas.items()):
        bound.spec.components.schema(name, schema)
    bound.register_blueprint(api)
    return bound


View = Callable[..., Any]


def reads(
    path: str, asked: type[ma.Schema], answer: Schema, *, tag: str,
    may_be_absent: bool = False, may_be_gone: bool = False,
) -> Callable[[View], View]:  # fmt: skip
    """Make a view the GET of ``path``: ``asked`` reads its parameters, ``answer`` documents what it says."""
    named = {304: "NOT_MODIFIED", 400: "UNREADABLE", 429: "TOO_MANY_REQUESTS", 503: "UNAVAILABLE"}
    if may_be_absent or may_be_gone:
        named[404] = "NOT_FOUND"
    if may_be_gone:
        named[410] = "GONE"

    def decorate(view: View) -> View:
        wrapped = api.response(200, answer, headers=_HEADERS)(view)
        for status, name in named.items():
            wrapped = api.alt_response(status, response=name)(wrapped)
        # One reader for all requests: making one would cost more than reading does.
        wrapped = api.arguments(asked(), location="query")(wrapped)
        wrapped = api.doc(tags=[tag], operationId=view.__name__)(wrapped)
        finished: View = api.get(path)(wrapped)
        return finished

    return decorate


def one_of(kind: type) -> Schema:
    """The schema of a ``kind``."""
    return components.of(kind)


def page_of(kind: type) -> Schema:
    """The schema of a page of ``kind``."""
    name = f"{kind.__name__}Page"
    components.schemas[name] = {
        "type": "object",
        "description": "One page of a list.",
        "properties": {
            "total": {"type": "integer", "description": "Results on all pages."},
            "page": {"type": "integer"},
            "per_page": {"type": "integer"},
            "pages": {"type": "integer"},
            "next": {
                "type": ["string", "null"],
                "description": "Address of the following page, from the root of the site; null on the last.",
            },
            "results": {"type": "array", "items": components.of(kind)},
        },
        "required": ["total", "page", "per_page", "pages", "next", "results"],
    }
    return {"$ref": f"#/components/schemas/{name}"}

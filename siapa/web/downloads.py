"""Files given as downloads, handed up or made by us: never shown by the browser as a page of ours."""

from __future__ import annotations

from io import BytesIO

from flask import Response, current_app, send_file

from siapa.errors import NotFound
from siapa.locales import lazy as _l
from siapa.publishing.decrees import path_of

#: Nothing in the file may do anything, even where a browser opens it after all.
NOTHING_ALLOWED = "default-src 'none'; sandbox"


def attached(content: bytes, name: str, mimetype: str) -> Response:
    """``content`` under a name for people, made for this one request and kept nowhere."""
    response = send_file(BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = NOTHING_ALLOWED
    response.cache_control.no_store = True
    return response


def pdf(digest: str, name: str) -> Response:
    """The stored PDF with this digest, under a name for people; ``NotFound`` where it is not there."""
    path = path_of(current_app.config["SIAPA"].instance_dir, digest)
    if not path.is_file():
        raise NotFound(_l("There is no file here."))
    response = send_file(
        path, mimetype="application/pdf", as_attachment=True, download_name=name, etag=digest
    )
    response.headers["Content-Security-Policy"] = NOTHING_ALLOWED
    return response

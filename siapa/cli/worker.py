"""gunicorn's thread worker, which refuses in our words what it never hands on to the app."""

from __future__ import annotations

import socket
from typing import Any

import orjson
from gunicorn.http.errors import InvalidRequestLine, LimitRequestHeaders, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

from siapa.locales import LOCALES, using
from siapa.locales import gettext as _


class Worker(ThreadWorker):  # type: ignore[misc]
    """Serves requests in threads; an unreadable one gets a problem document (RFC 9457)."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer a request that could not be read; everything else is gunicorn's own affair."""
        match exc:
            case LimitRequestLine():
                client.sendall(refusal(414, "URI Too Long"))
            case LimitRequestHeaders():
                client.sendall(refusal(431, "Request Header Fields Too Large"))
            case InvalidRequestLine():
                client.sendall(refusal(400, "Bad Request"))
            case _:
                super().handle_error(req, client, addr, exc)


def refusal(status: int, reason: str) -> bytes:
    """The whole answer, in both languages: what was asked, and so in which language, is not known."""
    sentences = []
    for locale in LOCALES:
        with using(locale):
            sentences.append(_sentence(status))
    body = orjson.dumps(
        {"type": "about:blank", "title": reason, "status": status, "detail": " / ".join(sentences)}
    )
    head = (
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: application/problem+json",
        "Access-Control-Allow-Origin: *",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def _sentence(status: int) -> str:
    match status:
        case 414:
            return _("The address is too long. Shorten the search or leave out some filters.")
        case 431:
            return _("The headers of the request are too large.")
        case _:
            return _("The request cannot be read.")

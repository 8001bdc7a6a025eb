"""A slash too many at the end of an address leads to the page itself."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from siapa.web.hooks import is_api


def init(site: Blueprint) -> None:
    """Ask ``without_the_last_slash`` before every request of the app."""
    site.before_app_request(without_the_last_slash)


def without_the_last_slash() -> ResponseReturnValue | None:
    """A lasting redirect (308) where only the slash at the end keeps an address from being a page.

    Addresses of programs are left to their own door. What is redirected to is always a rule
    of ours, matched whole, so that no other host can be reached by it.
    """
    if not isinstance(request.routing_exception, HTTPException) or is_api():
        return None
    bare = request.path.rstrip("/")
    adapter = request_ctx.url_adapter
    if adapter is None or not bare or bare == request.path:
        return None
    try:
        adapter.match(bare, method="GET")
    except HTTPException:  # no such page either, or only a redirect
        return None
    query = request.query_string.decode("ascii", "replace")
    return redirect(f"{bare}?{query}" if query else bare, 308)

"""The public API, ``/api/v1``: for programs, without an account.

``asking`` reads what is asked, ``answering`` and ``shapes`` make the JSON, ``openapi``
describes it; the other modules hold the addresses, one noun each.
"""

from __future__ import annotations

from flask import Flask

from siapa.web.api import (
    changes,
    comparing,
    counters,
    drafting,
    imports,
    offering,
    openapi,
    places,
    planning,
    reference,
    results,
    searching,
    services,
    standards,
    statistics,
    tending,
    webhooks,
    worklist,
)

__all__ = [
    "changes", "comparing", "counters", "drafting", "imports", "init_app", "offering", "openapi",
    "places", "planning", "reference", "results", "searching", "services", "standards", "statistics",
    "tending", "webhooks", "worklist",
]  # fmt: skip


def init_app(app: Flask) -> None:
    """Open the API of ``app``, with its description."""
    bound = openapi.bind(app)
    reference.bind(app, bound.spec)

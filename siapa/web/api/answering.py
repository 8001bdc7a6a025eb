"""How the API answers: JSON made straight from the values, in one envelope for all lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from siapa.catalogue import Page
from siapa.web import caching
from siapa.web.api.asking import chosen_fields, this_address
from siapa.web.api.shapes import plain, serialised


def answered(body: Any) -> Response:
    """``body`` as the answer."""
    return Response(serialised(body), mimetype="application/json")


def one(value: Any, asked: Mapping[str, Any]) -> Response:
    """A single value, or of it the names asked for with ``fields``."""
    caching.shows(value)
    return answered(_selected(value, chosen_fields(asked)))


def listed(page: Page[Any], asked: Mapping[str, Any]) -> Response:
    """A page of a list in its envelope; ``next`` is the address of the page after it."""
    names = chosen_fields(asked)
    caching.shows(page.results)
    return answered(
        {
            "total": page.total,
            "page": page.page,
            "per_page": page.per_page,
            "pages": page.pages,
            "next": this_address(page.next) if page.next else None,
            "results": [_selected(value, names) for value in page.results],
        }
    )


def _selected(value: Any, names: tuple[str, ...] | None) -> Any:
    if names is None:
        return value
    content = plain(value)
    return {name: content[name] for name in names}

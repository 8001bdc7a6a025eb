"""Addresses of pages: in the language spoken now, of the same page in the other, and for the outside."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import current_app, request, url_for

from siapa.locales import current_locale

#: The name under which the pages are registered in English.
ENGLISH = "site_en"
#: Query parameters that make another page worth finding from outside; the rest is dropped there.
LASTING = ("region", "category", "kind", "initial", "page", "services")


def language_of(path: str) -> str:
    """The language of the page at ``path``: ``en`` below ``/en``, else ``id``."""
    return "en" if path == "/en" or path.startswith("/en/") else "id"


def page_url(endpoint: str, **values: object) -> str:
    """The address of the page ``endpoint`` of the site in the current language; empty values are left out."""
    blueprint = ENGLISH if current_locale() == "en" else "site"
    given = {name: value for name, value in values.items() if value is not None and value != ""}
    return url_for(f"{blueprint}.{endpoint}", **given)  # type: ignore[arg-type]


def path_in(locale: str, path: str) -> str:
    """``path`` of a page, in the language ``locale``."""
    bare = path[3:] or "/" if language_of(path) == "en" else path
    return f"/en{bare}" if locale == "en" else bare


def same_page(locale: str) -> str:
    """The address of the page shown now in the language ``locale``, with all that is asked of it."""
    query = request.query_string.decode("utf-8", "replace")
    return path_in(locale, request.path) + (f"?{query}" if query else "")


def public_url(path: str) -> str:
    """``path`` as the outside knows it: below the configured address, whatever host was asked for."""
    return f"{current_app.config['SIAPA'].public_url}{path}"


def lasting_url(locale: str) -> str:
    """The one outside address of the page shown now in ``locale``, without what only narrows the view."""
    kept = [(name, request.args[name]) for name in LASTING if request.args.get(name)]
    query = f"?{urlencode(kept)}" if kept else ""
    return public_url(path_in(locale, request.path)) + query

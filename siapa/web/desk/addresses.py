"""Addresses of the desk: in the language spoken now, and whether a path leads there."""

from __future__ import annotations

from flask import url_for

from siapa.locales import current_locale

#: Where the desk stands; English before it (``site.addresses.path_in``).
ROOT = "/meja"
ENGLISH_ROOT = "/en/meja"
#: The name under which the desk is registered in English.
ENGLISH = "desk_en"


def desk_url(endpoint: str, **values: object) -> str:
    """The address of the desk's page ``endpoint`` in the current language; empty values are left out."""
    blueprint = ENGLISH if current_locale() == "en" else "desk"
    given = {name: value for name, value in values.items() if value is not None and value != ""}
    return url_for(f"{blueprint}.{endpoint}", **given)  # type: ignore[arg-type]


def is_desk(path: str) -> bool:
    """Whether ``path`` is one of the desk's: only there cookies are known."""
    return path in (ROOT, ENGLISH_ROOT) or path.startswith((f"{ROOT}/", f"{ENGLISH_ROOT}/"))


def path_back(asked: str | None) -> str | None:
    """``asked`` if it is an address of the desk, with nothing in it that could lead to another host."""
    path = (asked or "").partition("?")[0]
    if asked and asked.isascii() and asked.isprintable() and "\\" not in asked and is_desk(path):
        return asked
    return None

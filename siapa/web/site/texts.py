"""Pages of words: help, about, accessibility, privacy. Each is written whole in both languages."""

from __future__ import annotations

from flask import render_template

from siapa.locales import current_locale
from siapa.web import caching
from siapa.web.site.blueprint import site


@site.get("/bantuan")
def help() -> str:
    """How to use the registry."""
    return _words("help")


@site.get("/tentang")
def about() -> str:
    """What the registry is and is not, where its data come from, and under which licences it stands."""
    return _words("about")


@site.get("/aksesibilitas")
def accessibility() -> str:
    """How the pages serve people with disabilities."""
    return _words("accessibility")


@site.get("/privasi")
def privacy() -> str:
    """What is kept of visitors."""
    return _words("privacy")


def _words(name: str) -> str:
    caching.timeless()
    return render_template(f"site/words/{name}.{current_locale()}.html")

"""The languages of the registry, and which one is asked for.

Source strings are English; the Indonesian stands in ``translations/id/*.po``, one
file per room, and is read into memory once. Nothing here knows a request: the
doors say which language they serve with ``using``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy

LOCALES = ("id", "en")
DEFAULT_LOCALE = "id"
LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}
TRANSLATIONS = Path(__file__).parent / "translations"

#: A text for people: said now, or when it is read.
Words = str | LazyProxy

_current: ContextVar[str] = ContextVar("siapa_locale", default=DEFAULT_LOCALE)


def current_locale() -> str:
    """The language spoken now: one of ``LOCALES``."""
    return _current.get()


@contextmanager
def using(locale: str) -> Iterator[None]:
    """Speak ``locale`` inside the block; an unknown one is a ``ValueError``."""
    if locale not in LOCALES:
        raise ValueError(f"unknown locale {locale!r}")
    token = _current.set(locale)
    try:
        yield
    finally:
        _current.reset(token)


def speak(locale: str) -> None:
    """Speak ``locale`` from here on in this context (a door, at the start of its work)."""
    _current.set(locale if locale in LOCALES else DEFAULT_LOCALE)


@cache
def catalogue_of(locale: str) -> NullTranslations:
    """All committed .po files of ``locale`` as one catalogue; English is its own source."""
    merged = Catalog(locale=locale)
    # Indonesian has one form for every number; Babel knows no rule for it.
    merged.mime_headers = [("Plural-Forms", "nplurals=1; plural=0;")]
    files = sorted((TRANSLATIONS / locale).glob("*.po"))
    if not files:
        return NullTranslations()
    for file in files:
        with file.open("rb") as handle:
            for message in read_po(handle, locale=locale):
                if message.id:
                    merged[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return GNUTranslations(compiled)


def gettext(message: str, **values: object) -> str:
    """``message`` in the current language, with ``%(name)s`` filled in."""
    text = catalogue_of(current_locale()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """The form for ``number``; ``%(num)s`` stands for it."""
    text = catalogue_of(current_locale()).ngettext(singular, plural, number)
    return text % {"num": number, **values}


def lazy(message: str, **values: object) -> LazyProxy:
    """Like ``gettext``, said when it is read: for module level and for errors."""
    return LazyProxy(gettext, message, enable_cache=False, **values)

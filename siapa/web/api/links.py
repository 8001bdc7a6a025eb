"""Addresses that stand in answers: pages for people, in the language of the answer, from the site's root."""

from __future__ import annotations

from urllib.parse import quote

from siapa.catalogue.views import PlaceRef
from siapa.locales import current_locale
from siapa.records import LocationKind


def _page(path: str) -> str:
    return f"/en{path}" if current_locale() == "en" else path


def standard(agency_slug: str, slug: str) -> str:
    """The page of a standard."""
    return _page(f"/standar/{quote(agency_slug)}/{quote(slug)}")


def service(slug: str) -> str:
    """The page of a national service."""
    return _page(f"/layanan/{quote(slug)}")


def agency(slug: str) -> str:
    """The page of an agency."""
    return _page(f"/instansi/{quote(slug)}")


def mall(slug: str) -> str:
    """The page of a mall."""
    return _page(f"/mpp/{quote(slug)}")


def place(value: PlaceRef) -> str | None:
    """The page of a place; only malls have one."""
    return mall(value.slug) if value.kind is LocationKind.MALL else None


def region(code: str) -> str:
    """The page of a region."""
    return _page(f"/wilayah/{quote(code)}")

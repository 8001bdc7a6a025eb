"""The fields of the index, what a word found in one of them is worth, and the mark of their shape."""

from __future__ import annotations

import hashlib

from whoosh.fields import KEYWORD, Schema

from siapa.search.documents import SHAPE

#: What a word found in a field is worth.
SERVICE_FIELDS = {
    "s_name": 1.0, "s_alias": 1.0, "s_name_en": 0.95, "s_alias_en": 0.95,
    "s_summary": 0.45, "s_topic": 0.25, "s_outline": 0.2,
}  # fmt: skip
STANDARD_FIELDS = {"t_title": 0.9, "t_title_en": 0.9, "t_agency": 0.8, "t_place": 0.4, "t_rest": 0.2}
TITLES = ("t_title", "t_title_en")
#: Fields whose words are what people look for: a spelling is mended to these.
TELLING = frozenset(
    ("s_name", "s_alias", "s_name_en", "s_alias_en", "t_title", "t_title_en", "t_agency", "t_place")
)
#: Raise when the files of a part are laid out in another way.
LAYOUT = 2


def schema() -> Schema:
    """The Whoosh schema of the standards: words parted by spaces, counted, without their places."""
    return Schema(**{name: KEYWORD(scorable=True) for name in STANDARD_FIELDS})


def schema_mark(extra: str) -> str:
    """What must be alike for an index to be read: fields, shape, layout and ``extra``."""
    text = f"{SHAPE}:{LAYOUT}:{sorted(SERVICE_FIELDS)}:{sorted(STANDARD_FIELDS)}:{extra}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]

"""The Whoosh index on disk, behind a narrow door: write documents, open what was written.

Only this module imports Whoosh. Documents come with their terms made (``documents``), so
the index needs no analyser and no query parser; what is read back are postings and rows.
Another engine, or one that works on arrays, offers the same two names.
"""

from __future__ import annotations

import hashlib
import threading
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh.fields import ID, KEYWORD, STORED, Schema
from whoosh.reading import TermNotFound

from siapa.search.documents import SHAPE, Document

#: What a word found in a field is worth.
SERVICE_FIELDS = {
    "s_name": 1.0, "s_alias": 1.0, "s_name_en": 0.95, "s_alias_en": 0.95,
    "s_summary": 0.45, "s_topic": 0.25, "s_outline": 0.2,
}  # fmt: skip
STANDARD_FIELDS = {"t_title": 0.9, "t_agency": 0.8, "t_place": 0.4, "t_rest": 0.2}
#: Fields whose words are what people look for: a spelling is mended to these.
_TELLING = ("s_name", "s_alias", "s_name_en", "s_alias_en", "t_title", "t_agency", "t_place")
_LONG = ("s_summary", "s_outline", "s_topic", "t_rest")
#: A word of the long texts is taken for right when so many documents have it.
_OFTEN = 2


def schema() -> Schema:
    """The fields of the index."""
    fields = {name: KEYWORD(scorable=False) for name in (*SERVICE_FIELDS, *STANDARD_FIELDS)}
    return Schema(key=ID(unique=True), row=STORED(), **fields)


def schema_mark(extra: str) -> str:
    """What must be alike for an index to be read: the fields, our shape and ``extra``."""
    text = f"{SHAPE}:{sorted(SERVICE_FIELDS)}:{sorted(STANDARD_FIELDS)}:{extra}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def create(folder: Path) -> None:
    """An empty index in ``folder``."""
    whoosh_index.create_in(str(folder), schema())


def write(folder: Path, documents: Iterable[Document], removed: Iterable[str] = ()) -> None:
    """Take ``documents`` into the index, replacing those of the same key, and drop the keys ``removed``.

    All of it becomes visible at once. The caller holds the lock of the folder.
    """
    writer = whoosh_index.open_dir(str(folder)).writer(limitmb=64)
    try:
        for key in removed:
            writer.delete_by_term("key", key)
        for document in documents:
            writer.update_document(key=document.key, row=document.row, **document.fields)
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


class Shelf:
    """What stood in the index when it was opened; it never changes, so threads share it freely.

    ``services`` and ``standards`` are the rows of the documents; documents are named by
    their place in these lists.
    """

    def __init__(self, folder: Path) -> None:
        self._reader = whoosh_index.open_dir(str(folder)).reader()
        # The reader is part of a ring of references; its files are closed when nobody holds the shelf.
        weakref.finalize(self, self._reader.close)
        self._lock = threading.Lock()
        self._terms: dict[tuple[str, str], Mapping[int, float]] = {}
        self.services: list[dict[str, Any]] = []
        self.standards: list[dict[str, Any]] = []
        self._places: dict[int, int] = {}
        for number, stored in self._reader.iter_docs():
            row = stored["row"]
            shelf = self.services if row["kind"] == "service" else self.standards
            self._places[number] = len(shelf)
            shelf.append(row)
        self._written = self._words_of(_TELLING, 1)
        self._known = {**self._words_of(_LONG, _OFTEN), **self._written}

    def _words_of(self, fields: Iterable[str], often: int) -> dict[str, int]:
        counts: dict[str, int] = {}
        for field in fields:
            for raw, info in self._reader.iter_field(field):
                term = raw.decode()
                counts[term] = counts.get(term, 0) + int(info.doc_frequency())
        return {term: count for term, count in counts.items() if count >= often}

    def rows(self) -> Iterable[dict[str, Any]]:
        """The rows of all documents."""
        return [*self.services, *self.standards]

    def count(self, term: str) -> int:
        """In how many documents, roughly, ``term`` is found; 0 for an unknown word."""
        return self._known.get(term, 0)

    def written(self) -> Mapping[str, int]:
        """The words of names, aliases, titles, agencies and places."""
        return self._written

    def of_services(self, term: str) -> Mapping[int, float]:
        """The services that have ``term``, with the worth of the best field."""
        return self._strengths("service", term, SERVICE_FIELDS)

    def of_standards(self, term: str) -> Mapping[int, float]:
        """The standards that have ``term``, with the worth of the best field."""
        return self._strengths("standard", term, STANDARD_FIELDS)

    def _strengths(self, kind: str, term: str, fields: Mapping[str, float]) -> Mapping[int, float]:
        """Decoded once; the reader's files know one position, so one thread reads at a time."""
        found = self._terms.get((kind, term))
        if found is None:
            with self._lock:
                found = self._decoded(term, fields)
            if found:  # what nobody has is not kept: a public text could fill the memory with it
                self._terms[kind, term] = found
        return found

    def _decoded(self, term: str, fields: Mapping[str, float]) -> dict[int, float]:
        strengths: dict[int, float] = {}
        for field, worth in fields.items():
            try:
                postings = self._reader.postings(field, term)
            except TermNotFound:
                continue
            while postings.is_active():
                place = self._places[postings.id()]
                strengths[place] = max(strengths.get(place, 0.0), worth)
                postings.next()
        return strengths

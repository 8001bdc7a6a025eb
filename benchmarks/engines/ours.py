"""Our own two levels: the whole search as citizens get it, and the bare engine on arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.engines import BOOSTS, FIELDS, Answer
from benchmarks.questions import KINDS, PAGE, Question
from benchmarks.registries import close_connections
from siapa import search
from siapa.extensions import db
from siapa.search.counting import facets
from siapa.search.engine.bm25 import Word
from siapa.search.engine.bm25 import search as scored
from siapa.search.engine.ordering import window
from siapa.search.room import Sight, room


class Find:
    """``search.find`` and ``search.suggest``: understanding, both levels, and the database's last word."""

    name = "find"
    kinds = tuple(
        kind for kind in KINDS if kind != "OR3"
    )  # it asks for all words, and for most when none has all

    def open(self) -> None:
        """Have a connection."""
        db.session.connection()

    def close(self) -> None:
        """Let go of it."""
        close_connections()

    def seconds_elsewhere(self) -> float:
        """All of it runs here."""
        return 0.0

    def ask(self, question: Question) -> Answer:
        """What a citizen would get: grouped by service, the first page with its highlights."""
        if question.kind == "prefix":
            return Answer(len(search.suggest(question.text)), {})
        found = search.find(
            search.Query(
                question.text,
                category=question.category,
                near=question.near,
                sort="distance" if question.near else "relevance",
                # A page far behind is one of standards: there are not so many services.
                group="standard" if question.start else "auto",
                page=question.start // PAGE + 1,
                per_page=PAGE,
                facets=question.facets,
            )
        )
        counts = {name: {one.value: one.count for one in values} for name, values in found.facets.items()}
        return Answer(found.total, counts)


@dataclass(frozen=True)
class _Matches:
    """Standards as the facets take them: each is a result of its own."""

    standards: Any
    many: None = None
    bare_rows: tuple[Any, ...] = ()


class Bare:
    """The engine alone: Whoosh's BM25F on arrays, the top, a filter, the facets; nothing is understood."""

    name = "engine"
    kinds = ("common", "vcommon", "rare", "AND3", "OR3", "filter", "facets", "deep")
    _sight: Sight

    def open(self) -> None:
        """Take what the search has loaded."""
        self._sight = room().sight()

    def close(self) -> None:
        """Nothing is held but what the search holds."""
        close_connections()

    def seconds_elsewhere(self) -> float:
        """All of it runs here."""
        return 0.0

    def ask(self, question: Question) -> Answer:
        """The same question as the others get."""
        shelf = self._sight.shelf
        asked: list[Word] = [
            [(field, word, boost) for field, boost in zip(FIELDS, BOOSTS, strict=True)]
            for word in question.words
        ]
        found, scores = scored(shelf, asked, 1 if question.is_any else len(asked))
        if question.category is not None:
            rows = shelf.table("services")
            is_meant = np.array([*(row[1] == question.category for row in rows), False])
            kept = is_meant[shelf.column("service")[found]]
            found, scores = found[kept], scores[kept]
        page = window(
            np.arange(len(found)), [lambda some: -scores[some]], question.start, question.start + PAGE
        )
        matches: Any = _Matches(found)
        counted = facets(shelf, matches, question.facets, self._sight.tables, None)
        counts = {name: {one.value: one.count for one in values} for name, values in counted.items()}
        return Answer(len(found), counts, tuple(found[page].tolist()))

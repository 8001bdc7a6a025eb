"""tantivy, a search engine in Rust: the five fields with positions, what is counted by as fast fields."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query

from benchmarks.engines import BOOSTS, FIELDS, Answer, Entry
from benchmarks.questions import KINDS, PAGE, Question

_HEAP_BYTES = 256 << 20
_MOST_VALUES = 10_000


class Tantivy:
    """BM25 over boosted fields. Its Python door asks once for the page and once more for the facets."""

    name = "tantivy"
    kinds = tuple(kind for kind in KINDS if kind != "near")
    _index: Any
    _searcher: Any

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, entries: Iterable[Entry]) -> None:
        """Write the corpus and wait until its segments are merged."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        builder = tantivy.SchemaBuilder()
        for field in FIELDS:
            builder.add_text_field(field, tokenizer_name="whitespace")
        for name in ("category", "agency", "region", "mall"):
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("number", fast=True)
        index = tantivy.Index(builder.build(), path=str(self.folder))
        writer = index.writer(_HEAP_BYTES, 2)
        for one in entries:
            held: dict[str, Any] = {
                field: [text] for field, text in zip(FIELDS, one.texts, strict=True) if text
            }
            held |= {"region": list(one.regions), "mall": list(one.malls), "number": one.number}
            held |= {"category": [one.category] if one.category else []}
            held |= {"agency": [one.agency] if one.agency else []}
            writer.add_document(tantivy.Document(**held))
        writer.commit()
        writer.wait_merging_threads()

    def count(self) -> int:
        """How many standards it holds."""
        return int(tantivy.Index.open(str(self.folder)).searcher().num_docs)

    def open(self) -> None:
        """Open the files anew."""
        self._index = tantivy.Index.open(str(self.folder))
        self._searcher = self._index.searcher()

    def close(self) -> None:
        """Let go of the files."""
        del self._searcher, self._index

    def seconds_elsewhere(self) -> float:
        """All of it runs here."""
        return 0.0

    def stop(self) -> None:
        """Nothing runs beside this process."""

    def ask(self, question: Question) -> Answer:
        """The page, the total and the facets."""
        query = self._query(question)
        found = self._searcher.search(query, PAGE, count=True, offset=question.start)
        counts: dict[str, dict[str, int]] = {}
        if question.facets:
            wanted = {name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in question.facets}
            told = self._searcher.aggregate(query, wanted)
            counts = {
                name: {one["key"]: int(one["doc_count"]) for one in told[name]["buckets"]}
                for name in question.facets
            }
        addresses = [address for _score, address in found.hits]
        page = self._searcher.fast_field_values("number", addresses) if addresses else []
        return Answer(found.count, counts, tuple(page))

    def _query(self, question: Question) -> Any:
        if question.kind == "phrase":
            words = [
                self._any_field(lambda f: Query.phrase_query(self._index.schema, f, list(question.words)))
            ]
        elif question.kind == "prefix":
            pattern = f"{question.words[0]}.*"
            words = [self._any_field(lambda f: Query.regex_query(self._index.schema, f, pattern))]
        elif question.kind == "fuzzy":
            words = [
                self._any_field(lambda f: Query.fuzzy_term_query(self._index.schema, f, question.words[0]))
            ]
        else:
            words = [self._word(word) for word in question.words]
        how = Occur.Should if question.is_any else Occur.Must
        query = words[0] if len(words) == 1 else Query.boolean_query([(how, word) for word in words])
        if question.category is None:
            return query
        within = Query.const_score_query(
            Query.term_query(self._index.schema, "category", question.category), 0.0
        )
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, within)])

    def _word(self, word: str) -> Any:
        return self._any_field(lambda field: Query.term_query(self._index.schema, field, word))

    def _any_field(self, make: Any) -> Any:
        boosted = [
            (Occur.Should, Query.boost_query(make(field), boost))
            for field, boost in zip(FIELDS, BOOSTS, strict=True)
        ]
        return Query.boolean_query(boosted)

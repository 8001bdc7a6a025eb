"""A part of the index, written in one go: a Whoosh segment, arrays of values, and small tables.

The postings are sorted as arrays, not one by one: about ten times as fast as Whoosh's own
writer, and its searcher reads the outcome all the same. A part never changes once written.
"""

from __future__ import annotations

import struct
from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from whoosh import index as whoosh_index
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, _lenfield
from whoosh.writing import NO_MERGE, SegmentWriter

from siapa.search.documents import Document
from siapa.search.engine.codec import RawCodec, bytes_of_lengths, write_block
from siapa.search.engine.packing import pack
from siapa.search.engine.schema import SERVICE_FIELDS, STANDARD_FIELDS, TELLING, TITLES, schema
from siapa.search.text import words

VALUES, TABLES, SERVICES = "values.bin", "tables.json", "services.json"
#: So many words of a field wait to be counted together, and so many texts are known by heart.
MOST_SAID, MOST_TEXTS = 1 << 20, 100_000
#: The bits of the column ``flags``.
FREE, PRICED, ONLINE = 1, 2, 4
#: From a text to what it is found by; and whether a word says nothing of a subject.
TermsOf = Callable[[str], Iterable[str]]
IsSmall = Callable[[str], bool]


class _Vocabulary(dict[str, int]):
    """Numbers words as they come."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


class _Field:
    """The postings of one field, in the order of the documents.

    Words are taken in as numbers and counted for many documents in one go: by a sort, not one by one.
    """

    def __init__(self, terms_of: TermsOf) -> None:
        self.words = _Vocabulary()
        self.lengths = array("I")
        self._terms = array("I")
        self._counts = array("I")
        self._different = array("I")
        self._said = array("I")  # the words of the documents that are not counted yet
        self._numbers_of = lru_cache(maxsize=MOST_TEXTS)(partial(self._numbers, terms_of))

    def _numbers(self, terms_of: TermsOf, text: str) -> array[int]:
        return array("I", [self.words[word] for word in terms_of(text)])

    def add(self, texts: Iterable[str]) -> None:
        """One document more."""
        said, before = self._said, len(self._said)
        for text in texts:
            said.extend(self._numbers_of(text))
        self.lengths.append(len(said) - before)
        if len(said) > MOST_SAID:
            self._count()

    def _count(self) -> None:
        """Count what is not counted: for each document its different words, and how often it has each."""
        lengths = np.frombuffer(self.lengths, np.uint32)[len(self._different) :]
        documents = np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths)
        pairs = (documents << np.uint64(32)) | np.frombuffer(self._said, np.uint32)
        pairs.sort()
        firsts = np.flatnonzero(np.diff(pairs, prepend=~pairs[:1]))
        counts = np.diff(firsts, append=len(pairs))
        different = np.bincount((pairs[firsts] >> np.uint64(32)).astype(np.int64), minlength=len(lengths))
        self._terms.frombytes(pairs[firsts].astype(np.uint32).tobytes())
        self._counts.frombytes(counts.astype(np.uint32).tobytes())
        self._different.frombytes(different.astype(np.uint32).tobytes())
        self._said = array("I")

    def counted(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]:
        """The words' numbers, how often each, and how many each document has, document after document."""
        if len(self._different) < len(self.lengths):
            self._count()
        terms, counts, different = (
            np.frombuffer(one, np.uint32) for one in (self._terms, self._counts, self._different)
        )
        return terms, counts, different


class _Numbered:
    """Rows by their first value, each numbered once: what many standards have in common."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.rows: list[Any] = []

    def number(self, key: str | None, row: Any) -> int:
        """The number of ``row``; -1 without a key."""
        if key is None:
            return -1
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.rows)
            self.rows.append(row)
        return number


class SegmentedPart:
    """Takes documents and writes them to ``folder`` as one part."""

    def __init__(self, folder: Path, terms_of: TermsOf, is_small: IsSmall) -> None:
        self._folder = folder
        self._terms_of = terms_of
        self._is_small = is_small
        self._fields = {name: _Field(terms_of) for name in STANDARD_FIELDS}
        self._services: list[dict[str, Any]] = []
        self._tables = {name: _Numbered() for name in ("services", "agencies", "places", "counters")}
        self._columns: dict[str, list[int]] = {
            name: [] for name in ("edition", "service", "agency", "fee", "days", "due", "given", "flags")
        }
        self._title_words: dict[str, list[int]] = {name: [] for name in TITLES}
        self._ids: list[bytes] = []
        self._marks: list[bytes] = []
        self._titles: list[bytes] = []
        self._offers = array("I")
        self._offer_place = array("i")
        self._offer_counter = array("i")

    def add(self, document: Document) -> None:
        """Take one document in."""
        if document.kind == "service":
            terms = {
                name: sorted({term for text in texts for term in self._terms_of(text)})
                for name, texts in document.texts.items()
            }
            self._services.append({"mark": document.mark.hex(), "row": document.row, "terms": terms})
            return
        for name, field in self._fields.items():
            field.add(document.texts[name])
            if name in TITLES:
                self._title_words[name].append(self._telling_words(document.texts[name]))
        self._ids.append(bytes.fromhex(document.id.replace("-", "")))
        self._marks.append(document.mark)
        self._titles.append(document.row["title"].encode())
        self._add_values(document.row)

    def _telling_words(self, texts: Iterable[str]) -> int:
        """How many different words of ``texts`` say something of a subject."""
        return sum(not self._is_small(word) for word in {word for text in texts for word in words(text)})

    def _add_values(self, row: dict[str, Any]) -> None:
        column, tables = self._columns, self._tables
        service, agency = row["service"], row["agency"]
        column["edition"].append(row["edition"])
        column["service"].append(tables["services"].number(service and service[0], service))
        column["agency"].append(tables["agencies"].number(orjson.dumps(agency).decode(), agency))
        column["fee"].append(-1 if row["fee"] is None else row["fee"])
        column["days"].append(-1 if row["days"] is None else row["days"])
        column["due"].append(date.fromisoformat(row["due"]).toordinal() if row["due"] else 0)
        column["given"].append(row["given"])
        column["flags"].append(FREE * row["free"] + PRICED * row["priced"] + ONLINE * row["online"])
        self._offers.append(len(row["places"]))
        for place in row["places"]:
            self._offer_place.append(tables["places"].number(place[0], place[:5]))
            self._offer_counter.append(tables["counters"].number(place[5], place[5]))

    def finish(self) -> None:
        """Write everything; ``folder`` is then a whole part."""
        (self._folder / SERVICES).write_bytes(orjson.dumps(self._services))
        tables = {name: table.rows for name, table in self._tables.items()}
        (self._folder / TABLES).write_bytes(orjson.dumps(tables))
        lexicon = self._lexicon()
        pack(self._folder / VALUES, {**self._values(), **lexicon})
        if self._ids:
            ix = whoosh_index.create_in(str(self._folder), schema())
            writer = _SegmentWriter(ix, self._fields)
            writer.commit(mergetype=NO_MERGE)

    def _values(self) -> dict[str, NDArray[Any]]:
        kinds = {"fee": np.int64, "given": np.uint8, "flags": np.uint8}
        values = {name: np.array(held, kinds.get(name, np.int32)) for name, held in self._columns.items()}
        values["id"] = np.frombuffer(b"".join(self._ids), np.uint8)
        values["mark"] = np.frombuffer(b"".join(self._marks), np.uint8)
        values["title"] = np.frombuffer(b"".join(self._titles), np.uint8)
        values["title_ends"] = np.cumsum([len(title) for title in self._titles], dtype=np.int64)
        folded = np.array([title.decode().casefold() for title in self._titles], dtype=object)
        values["by_title"] = np.argsort(folded, kind="stable").astype(np.int32)
        values["offer_ends"] = np.cumsum(np.frombuffer(self._offers, np.uint32), dtype=np.int64)
        values["offer_place"] = np.frombuffer(self._offer_place, np.int32)
        values["offer_counter"] = np.frombuffer(self._offer_counter, np.int32)
        for name, field in self._fields.items():
            lengths = np.frombuffer(field.lengths, np.uint32)
            values[f"length_{name}"] = bytes_of_lengths(lengths)
            values[f"total_{name}"] = np.array([lengths.sum()], np.int64)
        for name, told in self._title_words.items():
            values[f"told_{name}"] = np.array(told, np.uint8) if told else np.zeros(0, np.uint8)
        return values

    def _stem(self, word: str) -> str:
        """The stem of a word: what a text of this one word is found by, beside it."""
        return [*self._terms_of(word)][-1] if word.isalpha() else word

    def _lexicon(self) -> dict[str, NDArray[Any]]:
        """Every word, its stem, and in how many documents it stands in a telling field and in a long one."""
        told: Counter[str] = Counter()
        mentioned: Counter[str] = Counter()
        for name, field in self._fields.items():
            counts = np.bincount(field.counted()[0], minlength=len(field.words)).tolist()
            (told if name in TELLING else mentioned).update(dict(zip(field.words, counts, strict=True)))
        for service in self._services:
            for name in SERVICE_FIELDS:
                (told if name in TELLING else mentioned).update(service["terms"][name])
        every = sorted(told.keys() | mentioned.keys())
        number = {word: at for at, word in enumerate(every)}
        return {
            "stems": np.array([number.get(self._stem(word), -1) for word in every], np.int32),
            "words": np.frombuffer("\n".join(every).encode(), np.uint8),
            "words_told": np.array([told[word] for word in every], np.uint32),
            "words_mentioned": np.array([mentioned[word] for word in every], np.uint32),
        }


class _SegmentWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer of segments, given whole fields instead of documents."""

    def __init__(self, ix: Any, fields: dict[str, _Field]) -> None:
        super().__init__(ix, codec=RawCodec(), compound=False)
        self._whole = fields
        self._added = True
        self.docnum = len(next(iter(fields.values())).lengths)

    def _flush_segment(self) -> None:
        self._write_lengths()
        for name in sorted(self._whole):
            self._write_field(name, self._whole.pop(name))
        self.fieldwriter.close()

    def _write_lengths(self) -> None:
        documents = self.perdocwriter
        for name, field in self._whole.items():
            lengths = np.frombuffer(field.lengths, np.uint32)
            documents._create_column(_lenfield(name), LENGTHS_COLUMN)
            column = documents._get_column(_lenfield(name))
            column._dbfile.write(bytes_of_lengths(lengths).tobytes())
            column._count = len(lengths)
            documents._fieldlengths[name] = int(lengths.sum())
        documents._doccount = self.docnum
        documents._indoc = None
        documents.close()

    def _write_field(self, name: str, field: _Field) -> None:
        ordered = sorted((word.encode(), number) for word, number in field.words.items())
        ranks = np.empty(len(ordered), np.uint32)
        ranks[[number for _word, number in ordered]] = np.arange(len(ordered), dtype=np.uint32)
        terms, often, different = field.counted()
        by_term = ranks[terms]
        order = _order_of(by_term)
        ends = np.cumsum(np.bincount(by_term, minlength=len(ordered)))
        del by_term
        documents = np.repeat(np.arange(len(different), dtype=np.uint32), different)[order]
        counts = often[order]
        lengths = bytes_of_lengths(np.frombuffer(field.lengths, np.uint32))
        out = self.fieldwriter
        out.start_field(name, self.schema[name])
        start = 0
        for (word, _number), end in zip(ordered, ends.tolist(), strict=True):
            ids = documents[start:end]
            _begin, _size, info = write_block(out._postfile, ids, counts[start:end], lengths[ids])
            out._tindex.add(struct.pack("!H", out._fieldid) + word, info.to_bytes())
            start = end
        out.finish_field()


def _order_of(numbers: NDArray[np.uint32]) -> NDArray[np.int64]:
    """What ``np.argsort`` gives, by 16 bits at a time: of so short numbers it sorts without comparing."""
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    high = (numbers >> np.uint32(16)).astype(np.uint16)
    return order[np.argsort(high[order], kind="stable")] if high.any() else order

"""What the tests of the engine share: shelves of made-up documents, and Whoosh's own answers beside them."""

from __future__ import annotations

import itertools
import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh.fields import KEYWORD, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.query import And, Or, Term
from whoosh.reading import MultiReader
from whoosh.searching import Searcher

from siapa.search.documents import Document
from siapa.search.engine import STANDARD_FIELDS, Layer, Part, PartWriter, Shelf
from siapa.search.engine.bm25 import Word

FIELDS = tuple(STANDARD_FIELDS)
#: For each field its words in order.
Texts = Mapping[str, Sequence[str]]


def document(number: int, texts: Texts, **values: Any) -> Document:
    """A standard with these words (parted by spaces); ``values`` as ``Documents`` gives them."""
    row = {
        "id": str(uuid.UUID(int=number + 1)), "edition": 1, "title": f"Standar {number}", "service": None,
        "agency": [["dinas"], None], "free": False, "fee": None, "priced": False, "days": None,
        "online": False, "due": None, "given": 6, "places": [], **values,
    }  # fmt: skip
    return Document.of("standard", {name: [" ".join(texts.get(name, ()))] for name in FIELDS}, row)


def words_of(text: str) -> list[str]:
    """The words of a made-up text: what stands between spaces, whatever signs they are of."""
    return [word for word in text.split(" ") if word]


def write_part(folder: Path, documents: Sequence[Document], terms_of: Any = words_of) -> Part:
    """``documents`` as a part in ``folder``."""
    folder.mkdir(parents=True)
    writer = PartWriter(folder, terms_of, lambda _word: False)
    for one in documents:
        writer.add(one)
    writer.finish()
    return Part(folder)


@dataclass(frozen=True)
class Corpus:
    """Documents, where one part ends and the next begins, and which of them are dead."""

    vocabulary: list[str]
    documents: list[Texts]
    ends: list[int]
    dead: frozenset[int]

    @property
    def pieces(self) -> list[range]:
        """The numbers of the documents of each part."""
        borders = [0, *self.ends, len(self.documents)]
        return [range(first, last) for first, last in itertools.pairwise(borders)]


@contextmanager
def shelved(
    corpus: Corpus, values: Sequence[Mapping[str, Any]] | None = None
) -> Iterator[tuple[Shelf, list[Path]]]:
    """``corpus`` as our engine holds it, and the folders of its parts."""
    with tempfile.TemporaryDirectory() as base:
        layers, folders = [], []
        for at, numbers in enumerate(corpus.pieces):
            folders.append(Path(base) / str(at))
            documents = [
                document(number, corpus.documents[number], **(values[number] if values else {}))
                for number in numbers
            ]
            part = write_part(folders[-1], documents)
            layers.append(
                Layer(part, [number - numbers.start for number in numbers if number in corpus.dead])
            )
        yield Shelf(layers), folders


class RamAlone(RamStorage):
    """Whoosh's storage in memory puts its temporary files in one folder for all processes of a machine,
    and the first to finish removes it; here each process has a folder of its own."""

    def temp_storage(self, name: str | None = None) -> Any:
        return super().temp_storage(f"{os.getpid()}-{name}")


def stock_index(corpus: Corpus) -> Any:
    """``corpus`` as Whoosh itself writes and holds it: its writer, its codec, a segment a part."""
    schema = Schema(**{name: KEYWORD(scorable=True) for name in FIELDS})
    made = RamAlone().create_index(schema)
    for numbers in corpus.pieces:
        writer = made.writer()
        for number in numbers:
            writer.add_document(**{name: " ".join(corpus.documents[number].get(name, ())) for name in FIELDS})
        writer.commit(merge=False)
    writer = made.writer()
    for number in corpus.dead:
        writer.delete_document(number)
    writer.commit(merge=False)
    return made


def searcher_of_parts(folders: Sequence[Path]) -> Searcher:
    """Whoosh's own searcher over segments that we wrote."""
    readers = [whoosh_index.open_dir(str(one)).reader() for one in folders if list(one.glob("*.toc"))]
    return Searcher(readers[0] if len(readers) == 1 else MultiReader(readers))


def whoosh_scores(searcher: Searcher, words: Sequence[Word], least: int) -> dict[int, float]:
    """What Whoosh's own scorer (BM25F as it comes) gives each document with ``least`` of ``words``."""
    asked = [Or([Term(field, text, boost=boost) for field, text, boost in word]) for word in words]
    if least >= len(words):
        found = searcher.search(And(asked), limit=None)
    elif least <= 1:
        found = searcher.search(Or(asked), limit=None)
    else:  # Whoosh never came to ``minmatch``: any so many of the words, as a filter, say the same
        most = Or([And(list(some)) for some in itertools.combinations(asked, least)])
        found = searcher.search(Or(asked), limit=None, filter=most)
    assert len(found) == len(found.top_n)
    return {docnum: score for score, docnum in found.top_n}


def assert_alike(ours: tuple[Any, Any], theirs: Mapping[int, float]) -> None:
    """Both found the same documents and give them the same scores, but for the last bits of a sum."""
    places, scores = ours
    assert places.tolist() == sorted(theirs)
    np.testing.assert_allclose(scores, [theirs[place] for place in places.tolist()], rtol=1e-12)


#: A word is any run of signs but those at which Whoosh parts a text.
some_word = st.text(
    st.characters(exclude_characters=" \t\r\n", exclude_categories=["Cs"]), min_size=1, max_size=5
)
#: How often a word stands in a text: mostly a few times, now and then more than a byte can tell.
some_count = st.sampled_from([1, 1, 1, 2, 3, 17, 254, 255, 256, 300, 1200])


@st.composite
def corpora(draw: st.DrawFn, most_documents: int = 9) -> Corpus:
    """Few words in few documents, so that they meet often; in up to three parts, some dead."""
    vocabulary = draw(st.lists(some_word, min_size=1, max_size=5, unique=True))
    counted = st.lists(st.tuples(st.sampled_from(vocabulary), some_count), max_size=3)
    fields = st.dictionaries(st.sampled_from(FIELDS), counted)
    documents = [
        {name: [word for word, count in pairs for _ in range(count)] for name, pairs in one.items()}
        for one in draw(st.lists(fields, max_size=most_documents))
    ]
    count = len(documents)
    ends = sorted(draw(st.lists(st.integers(0, count), max_size=2)))
    dead = draw(st.frozensets(st.integers(0, count - 1))) if count else frozenset()
    return Corpus(vocabulary, documents, ends, dead)


@st.composite
def questions(draw: st.DrawFn, vocabulary: Sequence[str]) -> tuple[list[Word], int]:
    """Words, each answered by some terms with boosts, and how many of them must be there."""
    text = st.sampled_from([*vocabulary, "nowhere"])
    boost = st.sampled_from([1.0, 0.9, 0.4, 0.2, 2.5])
    term = st.tuples(st.sampled_from(FIELDS), text, boost)
    words = draw(st.lists(st.lists(term, min_size=1, max_size=3), min_size=1, max_size=4))
    return words, draw(st.integers(1, len(words)))

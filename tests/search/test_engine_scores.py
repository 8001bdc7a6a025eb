"""The engine gives the scores and the totals of Whoosh's own scorer, on a real corpus and on made-up ones."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from siapa.extensions import db
from siapa.search.documents import Document, Documents
from siapa.search.engine import STANDARD_FIELDS, Layer, Shelf
from siapa.search.engine.bm25 import Word, scores_of, search
from siapa.search.room import room
from siapa.search.text import words as words_in
from tests.search.shelving import (
    FIELDS,
    Corpus,
    assert_alike,
    corpora,
    questions,
    searcher_of_parts,
    shelved,
    stock_index,
    whoosh_scores,
    write_part,
)

QUERIES = Path(__file__).with_name("queries.csv")

# ------------------------------------------------------------------ made-up corpora


@given(st.data())
def test_scores_and_totals_are_those_of_an_index_whoosh_wrote_itself(data: st.DataObject) -> None:
    corpus = data.draw(corpora())
    asked = data.draw(st.lists(questions(corpus.vocabulary), min_size=1, max_size=4))

    with shelved(corpus) as (shelf, _folders), stock_index(corpus).searcher() as searcher:
        for words, least in asked:
            assert_alike(search(shelf, words, least), whoosh_scores(searcher, words, least))


@given(st.data())
def test_whoosh_itself_finds_the_same_in_the_files_we_wrote(data: st.DataObject) -> None:
    corpus = data.draw(corpora().filter(lambda one: one.documents))
    words, least = data.draw(questions(corpus.vocabulary))

    with shelved(corpus) as (shelf, folders), searcher_of_parts(folders) as searcher:
        theirs = whoosh_scores(searcher, words, least)
        living = {place: score for place, score in theirs.items() if place not in corpus.dead}
        assert_alike(search(shelf, words, least), living)


@given(st.data())
def test_the_scores_of_named_standards_are_those_of_the_search(data: st.DataObject) -> None:
    corpus = data.draw(corpora())
    words, least = data.draw(questions(corpus.vocabulary))

    with shelved(corpus) as (shelf, _folders):
        found, scores = search(shelf, words, least)
        every = np.arange(shelf.count, dtype=np.uint32)
        of_every = scores_of(shelf, every, words)

        np.testing.assert_allclose(of_every[found], scores, rtol=1e-12)
        others = shelf.living(np.setdiff1d(every, search(shelf, words, 1)[0]))
        assert not of_every[others].any()


@given(corpora())
def test_postings_tell_where_a_word_stands_and_how_often(corpus: Corpus) -> None:
    with shelved(corpus) as (shelf, _folders):
        for field in FIELDS:
            for word in [*corpus.vocabulary, "nowhere"]:
                ids, counts = shelf.postings(field, word)

                counted = [Counter(one.get(field, ()))[word] for one in corpus.documents]
                assert ids.tolist() == [number for number, count in enumerate(counted) if count]
                assert counts.tolist() == [count for count in counted if count]


@given(corpora())
def test_the_strength_of_a_word_is_the_worth_of_the_best_field_it_stands_in(corpus: Corpus) -> None:
    with shelved(corpus) as (shelf, _folders):
        for word in [*corpus.vocabulary, "nowhere"]:
            worths = shelf.strengths(word).of(np.arange(shelf.count, dtype=np.uint32))

            best = [
                max(
                    (worth for name, worth in STANDARD_FIELDS.items() if word in one.get(name, ())), default=0
                )
                for one in corpus.documents
            ]
            np.testing.assert_allclose(worths, best, rtol=1e-6)


def test_a_word_in_every_document_and_one_in_a_single_document_score_as_in_whoosh() -> None:
    documents = [{"t_title": ["izin"], "t_rest": ["izin"] * 70} for _ in range(300)]
    documents[123] = {"t_title": ["izin", "langka"], "t_rest": ["panjang"] * 40_000}
    corpus = Corpus([], documents, [100, 200], frozenset({0, 150, 299}))
    words: list[Word] = [[("t_title", "izin", 0.9), ("t_rest", "izin", 0.2)], [("t_title", "langka", 0.9)]]
    words.append([("t_rest", "panjang", 0.2)])

    with shelved(corpus) as (shelf, _folders), stock_index(corpus).searcher() as searcher:
        totals = []
        for least in (1, 2, 3):
            ours = search(shelf, words, least)
            assert_alike(ours, whoosh_scores(searcher, words, least))
            totals.append(len(ours[0]))

    assert totals == [297, 1, 1]


def test_an_index_without_a_standard_answers_nothing() -> None:
    words: list[Word] = [[("t_title", "izin", 1.0)]]

    with shelved(Corpus([], [], [], frozenset())) as (shelf, _folders):
        found, scores = search(shelf, words, 1)

    assert (len(found), len(scores)) == (0, 0)


# ------------------------------------------------------------------ the seeded registry


@pytest.fixture
def standards(seeded: Flask) -> list[Document]:
    """The documents of all standards of the seeded registry."""
    return list(Documents(db.session.connection()).standards())


@pytest.fixture
def corpus(standards: list[Document]) -> Corpus:
    """The same as words, in three parts, every seventh dead."""
    terms_of = room().stems.terms
    documents = [
        {name: [word for text in one.texts[name] for word in terms_of(text)] for name in FIELDS}
        for one in standards
    ]
    count = len(documents)
    return Corpus([], documents, [count // 2, count * 3 // 4], frozenset(range(0, count, 7)))


def asked_by_citizens() -> Iterator[list[Word]]:
    """The queries of the list, each word as written and as its stem, in every field with its worth."""
    stems = room().stems
    with QUERIES.open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            yield [
                [
                    (field, term, worth)
                    for term in dict.fromkeys((word, stems.stem(word)))
                    for field, worth in STANDARD_FIELDS.items()
                ]
                for word in words_in(row["query"])
            ]


def test_on_the_seeded_registry_every_query_scores_as_in_whoosh(
    standards: list[Document], corpus: Corpus, tmp_path: Path
) -> None:
    terms_of = room().stems.terms
    folders = [tmp_path / str(at) for at in range(len(corpus.pieces))]
    layers = [
        Layer(
            write_part(folder, standards[numbers.start : numbers.stop], terms_of),
            [number - numbers.start for number in numbers if number in corpus.dead],
        )
        for folder, numbers in zip(folders, corpus.pieces, strict=True)
    ]
    shelf = Shelf(layers)

    answered = 0
    with stock_index(corpus).searcher() as stock, searcher_of_parts(folders) as reading_ours:
        # Every eighth: Whoosh's own scorer takes its time.
        for words in [some for some in asked_by_citizens() if some][::8]:
            for least in {1, (len(words) + 1) // 2, len(words)}:
                ours = search(shelf, words, least)
                theirs = whoosh_scores(stock, words, least)
                assert_alike(ours, theirs)
                again = whoosh_scores(reading_ours, words, least)
                assert_alike(ours, {place: again[place] for place in theirs})
                answered += bool(theirs)

    assert answered > 100
    assert shelf.count == len(standards) > 150

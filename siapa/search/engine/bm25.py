"""BM25F over the postings, on arrays: the same scores and totals as Whoosh's own searcher gives.

A word is a row of terms in fields, each with a boost; a document scores the sum of what its
terms score. ``least`` words of the row must be there: all of them (AND), one (OR), or most.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from siapa.search.engine.codec import BYTE_LENGTHS, Ids, Weights
from siapa.search.engine.shelf import Shelf

#: The parameters that Whoosh takes when none are given.
B, K1 = 0.75, 1.2

#: A term: its field, itself, its boost. A word is what any of some terms answers.
Term = tuple[str, str, float]
Word = Sequence[Term]
Scores = NDArray[np.float64]


def search(shelf: Shelf, words: Sequence[Word], least: int) -> tuple[Ids, Scores]:
    """The living standards that answer ``least`` of ``words``, in their order, with their scores."""
    scores = np.zeros(shelf.count, np.float64)
    answered = np.zeros(shelf.count, np.uint8)
    for word in words:
        has_it = np.zeros(shelf.count, bool)
        for term in word:
            ids, worths = impacts(shelf, term)
            scores[ids] += worths
            has_it[ids] = True
        answered += has_it
    found = shelf.living(np.flatnonzero(answered >= max(least, 1)).astype(np.uint32))
    return found, scores[found]


def scores_of(shelf: Shelf, places: Ids, words: Sequence[Word]) -> Scores:
    """What each of ``places`` scores, 0 where none of the words is."""
    scores = np.zeros(len(places), np.float64)
    for word in words:
        for field, text, boost in word:
            ids, counts = shelf.postings(field, text)
            if len(ids):
                at = np.minimum(np.searchsorted(ids, places), len(ids) - 1)
                here = np.flatnonzero(ids[at] == places)
                if len(here):
                    at = at[here]
                    scores[here] += boost * _worths(shelf, field, ids[at], counts[at], len(ids))
    return scores


def impacts(shelf: Shelf, term: Term) -> tuple[Ids, Scores]:
    """The standards that have ``term``, dead ones too, and what it is worth in each."""
    field, text, boost = term
    ids, counts = shelf.postings(field, text)
    return ids, boost * _worths(shelf, field, ids, counts, len(ids))


def _worths(shelf: Shelf, field: str, ids: Ids, counts: Weights, having: int) -> Scores:
    """What a term that ``having`` standards have is worth in ``ids``, which have it ``counts`` times."""
    idf = math.log(shelf.count / (having + 1)) + 1 if having else 0.0
    average = shelf.total_length(field) / (shelf.count or 1) or 1
    lengths = BYTE_LENGTHS[shelf.column(f"length_{field}")[ids]].astype(np.float64)
    tf = counts.astype(np.float64)
    worths: Scores = idf * (tf * (K1 + 1) / (tf + K1 * ((1 - B) + B * lengths / average)))
    return worths

"""The questions of the benchmarks: classes of queries, their words chosen by how many standards have them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from siapa.search.engine import Shelf
from siapa.search.room import room
from siapa.search.text import words

#: How many questions a class has, and how many results a page.
MOST, PAGE = 6, 20
FACETS = ("region", "category", "agency", "mall")
#: Shares of all standards that have a word: those of the measurements the aims come from.
VERY_COMMON, COMMON, MEDIUM = (0.6, 1.0), (0.21, 0.34), (0.02, 0.1)
#: A rare word stands in so many standards.
RARE = (2, 20)
KINDS = {
    "common": "a word that about a quarter of all standards have",
    "vcommon": "a word that most standards have",
    "rare": "a word that a few standards have",
    "AND3": "three words, all of them",
    "OR3": "three words, any of them",
    "filter": "a common word within one category",
    "facets": "a common word and four facets",
    "phrase": "two words side by side",
    "deep": "a common word, a page far behind",
    "near": "a common word, the nearest first",
    "fuzzy": "a common word with two letters swapped",
    "prefix": "the first letters of a word",
}


@dataclass(frozen=True)
class Question:
    """One question of a class: ``text`` as a citizen types it, ``words`` as an engine takes them.

    All words must be there unless ``is_any``. ``start`` is the first result of the page;
    ``near`` (latitude, longitude) asks for the nearest first.
    """

    kind: str
    text: str
    words: tuple[str, ...]
    is_any: bool = False
    category: str | None = None
    facets: tuple[str, ...] = ()
    start: int = 0
    near: tuple[float, float] | None = None


def questions(shelf: Shelf) -> dict[str, list[Question]]:
    """For each class its questions; a class for which the corpus has no words is left out."""
    shelf = Shelf(shelf.layers)  # of its own: what is looked up here must not be warm afterwards
    having = _having(shelf)
    very_common, common, medium = (
        _within(having, low * shelf.count, high * shelf.count) for low, high in (VERY_COMMON, COMMON, MEDIUM)
    )
    common = common or _nearest(having, 0.275 * shelf.count)
    medium = medium or _nearest(having, 0.05 * shelf.count)
    categories = _categories(shelf)
    points = [row[2:4] for row in shelf.table("places") if row[4] is not None and row[2] is not None]
    plain = [Question("common", word, (word,)) for word in common[:MOST]]
    found = [
        *plain,
        *(Question("vcommon", word, (word,)) for word in very_common[:MOST]),
        *(Question("rare", word, (word,)) for word in _within(having, *RARE)[:MOST]),
        *_threes(shelf, [*very_common[:2], *common[:4], *medium[:6]]),
        *(
            replace(one, kind="filter", category=category)
            for one, category in zip(plain, itertools.cycle(categories), strict=False)
        ),
        *(replace(one, kind="facets", facets=FACETS) for one in plain),
        *(Question("phrase", f'"{" ".join(pair)}"', pair) for pair in _pairs(shelf)[:MOST]),
        *(replace(one, kind="deep", start=min(10_000, having[one.text] // 2)) for one in plain),
        *(
            replace(one, kind="near", near=(point[0], point[1]))
            for one, point in zip(plain, points[:: max(len(points) // MOST, 1)], strict=False)
        ),
        *(Question("fuzzy", slip, (slip,)) for slip in _slips([*common, *medium], having)[:MOST]),
        *(Question("prefix", word[:4], (word[:4],)) for word in [*common[:3], *medium[:3]]),
    ]
    return {kind: some for kind in KINDS if (some := [one for one in found if one.kind == kind])}


def _having(shelf: Shelf) -> dict[str, int]:
    """How many standards have each word that is its own stem, names no place and asks for something."""
    here = room()
    sight = here.sight()
    places = sight.tables.gazetteer.single_words() | sight.tables.gazetteer.words()
    told: Counter[str] = Counter()
    for part in shelf.parts:
        told.update(part.told)
        told.update(part.mentioned)
    asked = [
        word
        for word, count in told.items()
        if word.isascii() and word.isalpha() and len(word) >= 4 and word not in places
        and not here.stems.is_small(word) and here.stems.stem(word) == word
        and (count >= MEDIUM[0] * shelf.count or RARE[0] <= count <= RARE[1])
    ]  # fmt: skip
    rare = [word for word in sorted(asked) if told[word] <= RARE[1]][:200]
    often = [word for word in asked if told[word] > RARE[1]]
    return {word: len(shelf.strengths(word).above(0)) for word in (*often, *rare)}


def _within(having: dict[str, int], low: float, high: float) -> list[str]:
    """The words that so many standards have, spread over the band rather than all at its edge."""
    some = sorted(
        (word for word, count in having.items() if low <= count <= high), key=lambda w: (having[w], w)
    )
    step = max(len(some) // (2 * MOST), 1)
    return some[::step]


def _nearest(having: dict[str, int], wanted: float) -> list[str]:
    return sorted(having, key=lambda word: (abs(having[word] - wanted), word))[: 2 * MOST]


def _threes(shelf: Shelf, some: Sequence[str]) -> Iterable[Question]:
    """Threes of words that stand together somewhere, for AND3 and OR3 alike."""
    made = 0
    for three in itertools.islice(itertools.combinations(some, 3), 0, None, 7):
        both = set(shelf.strengths(three[0]).above(0).tolist())
        for word in three[1:]:
            both.intersection_update(shelf.strengths(word).above(0).tolist())
        if len(both) >= PAGE:
            yield Question("AND3", " ".join(three), three)
            yield Question("OR3", " ".join(three), three, is_any=True)
            made += 1
        if made >= MOST:
            return


def _pairs(shelf: Shelf) -> list[tuple[str, str]]:
    """Neighbours in titles, the most frequent first."""
    is_small = room().stems.is_small
    counted: Counter[tuple[str, str]] = Counter()
    for place in range(0, shelf.count, max(shelf.count // 2_000, 1)):
        said = words(shelf.title_of(place))
        counted.update(pair for pair in itertools.pairwise(said) if not any(map(is_small, pair)))
    return [pair for pair, _count in counted.most_common(MOST)]


def _slips(some: Sequence[str], having: dict[str, int]) -> list[str]:
    """The words with two letters swapped, where that gives no other word."""
    known = room().sight().shelf.lexicon
    slips = [
        word[:2] + word[3] + word[2] + word[4:] for word in some if len(word) >= 6 and word[2] != word[3]
    ]
    return [slip for slip in slips if slip not in having and not known.count(slip)]


def _categories(shelf: Shelf) -> list[str]:
    """The largest categories."""
    counted: Counter[str] = Counter()
    rows = shelf.table("services")
    for row in rows:
        counted[row[1]] += shelf.live_of_service.get(row[0], 0)
    return [category for category, _count in counted.most_common(3)]

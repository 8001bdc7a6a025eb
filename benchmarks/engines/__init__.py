"""What answers the questions of the benchmarks: our search, our bare engine, and others on the same corpus.

Every engine gets the same words in the same five fields with the same boosts, analysed by
us, so that none has less or other work with the language than another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.questions import Question
from siapa.search.documents import Document
from siapa.search.engine import STANDARD_FIELDS
from siapa.search.stems import Stems

FIELDS = tuple(STANDARD_FIELDS)
#: What a word in each field is worth.
BOOSTS = tuple(STANDARD_FIELDS.values())


@dataclass(frozen=True)
class Entry:
    """One standard as the others take it: its words by field, and what it is counted under."""

    number: int
    texts: tuple[str, ...]
    category: str | None
    agency: str | None
    regions: tuple[str, ...]
    malls: tuple[str, ...]
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Answer:
    """What came back: how many results, the facets that were asked for, and the numbers of one page."""

    total: int
    facets: dict[str, dict[str, int]]
    page: tuple[int, ...] = ()


class Engine(Protocol):
    """Something that can be asked."""

    name: str
    #: The classes of questions it has an answer to.
    kinds: Collection[str]

    def open(self) -> None:
        """Make ready to be asked, as a new process would."""

    def close(self) -> None:
        """Let go of every connection."""

    def ask(self, question: Question) -> Answer:
        """The answer to one question."""

    def seconds_elsewhere(self) -> float:
        """Processor time that another process has spent on its answers so far."""


class Rival(Engine, Protocol):
    """An engine of others, which must be given the corpus first."""

    def build(self, entries: Iterable[Entry]) -> None:
        """Take the whole corpus in."""

    def count(self) -> int:
        """How many standards it holds, 0 when it was never given any."""

    def stop(self) -> None:
        """End what was started for it."""

    @property
    def folder(self) -> Path:
        """Where its files lie."""


def entries(documents: Iterable[Document], stems: Stems) -> Iterator[Entry]:
    """``documents`` for the others, in the order in which our engine numbers them."""
    for number, one in enumerate(documents):
        row = one.row
        places = row["places"]
        regions = {place[1] for place in places} if places else {row["agency"][1]}
        slugs = row["agency"][0]
        yield Entry(
            number,
            tuple(
                " ".join(term for text in one.texts[field] for term in stems.terms(text)) for field in FIELDS
            ),
            row["service"][1] if row["service"] else None,
            slugs[0] if slugs else None,
            tuple(sorted({code.partition(".")[0] for code in regions if code})),
            tuple(sorted({place[4] for place in places if place[4]})),
            tuple((place[2], place[3]) for place in places if place[2] is not None and place[3] is not None),
        )

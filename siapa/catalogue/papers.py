"""Papers that go by several names, and which service is arranged before which.

Both are reviewed tables made to be corrected by hand (``seed_data/papers.csv`` and
``service_order.csv``). A name counts only as a whole: *KTP pemilik* is somebody else's card
and stays a line of its own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from siapa.config import ROOT

PAPERS = ROOT / "seed_data" / "papers.csv"
ORDER = ROOT / "seed_data" / "service_order.csv"

_COPY_OF = "fotokopi "
_ORIGINAL = " asli"
_JOINED = re.compile(r", dan | dan |, ")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper by the name under which a checklist shows it."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one wording asks for: known papers, or one thing as it is worded (``papers`` is empty)."""

    #: The wording in plain form.
    plain: str
    papers: tuple[Paper, ...]
    #: What the wording itself says of it; None where it says nothing.
    original: bool | None
    copies: int | None

    @property
    def keys(self) -> tuple[str, ...]:
        """By what it is the same thing as another; a paper's key is its code."""
        return tuple(paper.code for paper in self.papers) or (self.plain,)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one service is arranged before another."""

    reason: str
    reason_en: str


def reading_of(wording: str, papers: Mapping[str, Paper] | None = None) -> Reading:
    """What ``wording`` asks for, by the table of papers (``papers``: plain name to paper).

    Several papers in one sentence are several only if each of them is known.
    """
    known = known_papers() if papers is None else papers
    plain = " ".join(wording.casefold().split())
    bare, original, copies = plain, None, None
    if bare.startswith(_COPY_OF):
        bare, original, copies = bare.removeprefix(_COPY_OF), False, 1
    if bare.endswith(_ORIGINAL):
        bare, original = bare.removesuffix(_ORIGINAL), True
    parts = (bare,) if bare in known else tuple(_JOINED.split(bare))
    found = tuple(dict.fromkeys(known[part] for part in parts if part in known))
    return Reading(plain, found if len(found) == len(set(parts)) else (), original, copies)


@cache
def known_papers() -> Mapping[str, Paper]:
    """Each plain name of a paper that goes by several, with the paper."""
    return {
        word: Paper(row["code"], row["name_id"], row["name_en"])
        for row in _rows(PAPERS)
        for word in row["words"].split(";")
    }


@cache
def reviewed_order() -> Mapping[tuple[str, str], Reason]:
    """Pairs of service codes, the first to be arranged before the second, with the reason."""
    return {(row["first"], row["then"]): Reason(row["reason_id"], row["reason_en"]) for row in _rows(ORDER)}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))

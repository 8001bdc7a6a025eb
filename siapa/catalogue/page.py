"""A page of a list, the same everywhere: which rows, out of how many, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

PER_PAGE = 20
MOST_PER_PAGE = 100
#: Beyond this page a list is read by filter or export, not by turning pages.
LAST_PAGE = 10_000


@dataclass(frozen=True)
class Page(Generic[T]):
    """``results`` of page ``page`` (from 1) out of ``total`` rows."""

    total: int
    page: int
    per_page: int
    results: tuple[T, ...]

    @property
    def pages(self) -> int:
        """How many pages there are; 0 for an empty list."""
        return -(-self.total // self.per_page)

    @property
    def next(self) -> int | None:
        """The number of the page after this one, if there is one."""
        return self.page + 1 if self.page < self.pages else None

    @property
    def previous(self) -> int | None:
        """The number of the page before this one, if there is one."""
        return self.page - 1 if 1 < self.page <= self.pages + 1 else None


def slice_of(rows: Iterable[T], *, page: int, per_page: int) -> Page[T]:
    """The asked-for page of rows that are all in memory already."""
    everything = tuple(rows)
    start = (page - 1) * per_page
    return Page(len(everything), page, per_page, everything[start : start + per_page])

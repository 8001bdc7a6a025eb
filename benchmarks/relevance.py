"""How often the right service comes first, and among the first five, over a list of citizens' queries.

    python benchmarks/relevance.py QUERIES.csv [--misses]

The list has the columns query, expected_service_code (any of several parted by ``|``),
expected_region_name (may be empty) and kind. The search is the real one, on the registry
that the settings name. A query with a place counts as right only if the place is understood.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from siapa import create_app, search


@dataclass(frozen=True)
class Asked:
    """One query of the list, and what became of it: the rank of the right service, 0 when not among five."""

    query: str
    kind: str
    expected: frozenset[str]
    rank: int
    region_is_right: bool
    first: tuple[str | None, ...]
    milliseconds: float

    def is_right_within(self, most: int) -> bool:
        """Whether the right service stands among the first ``most`` and the place was understood."""
        return self.region_is_right and 0 < self.rank <= most


def ask(file: Path) -> Iterator[Asked]:
    """Put every query of ``file`` to the search of the current application."""
    with file.open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            expected = frozenset(row["expected_service_code"].split("|"))
            started = time.perf_counter()
            found = search.find(search.Query(text=row["query"]))
            milliseconds = (time.perf_counter() - started) * 1000
            codes = tuple(hit.service_code for hit in found.results[:5])
            rank = next((place for place, code in enumerate(codes, 1) if code in expected), 0)
            region = found.region.label if found.region else ""
            yield Asked(
                query=row["query"],
                kind=row["kind"],
                expected=expected,
                rank=rank,
                region_is_right=region == row["expected_region_name"],
                first=codes,
                milliseconds=milliseconds,
            )


def table(asked: list[Asked]) -> str:
    """The shares by kind of query, as text."""
    lines = [f"{'kind':<12} {'queries':>7} {'first':>7} {'in five':>8}"]
    for kind in [*sorted({one.kind for one in asked}), "all"]:
        some = [one for one in asked if kind in (one.kind, "all")]
        first, five = (share(some, most) for most in (1, 5))
        lines.append(f"{kind:<12} {len(some):>7} {first:>7.1%} {five:>8.1%}")
    times = sorted(one.milliseconds for one in asked)
    p95 = times[int(len(times) * 0.95)]
    lines.append(f"milliseconds a search: median {statistics.median(times):.1f}, p95 {p95:.1f}")
    return "\n".join(lines)


def share(asked: list[Asked], most: int) -> float:
    """The share of queries answered rightly within the first ``most`` results."""
    return sum(one.is_right_within(most) for one in asked) / len(asked) if asked else 0.0


def main() -> int:
    """Print the table; with ``--misses`` also what came first instead."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("queries", type=Path)
    parser.add_argument("--misses", action="store_true", help="list the queries that were not answered first")
    options = parser.parse_args()
    with create_app().app_context():
        search.find(search.Query(text="ktp"))  # opens the index
        asked = list(ask(options.queries))
    print(table(asked))
    if options.misses:
        for one in asked:
            if not one.is_right_within(1):
                place = "" if one.region_is_right else "  (place not understood)"
                print(
                    f"{one.rank or '-'}  {one.query}: {'|'.join(sorted(one.expected))} <- {one.first}{place}"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How time and memory grow with the number of standards: a table, and an exponent for each row.

    python benchmarks/growth.py --work FOLDER [--sizes 10000,20000,50000,100000,200000] [--seconds 2]

An exponent of 1 is growth in proportion, 0 none. It is the slope of the logarithms over all
sizes. Processor time is used where it can be, as it is troubled less by others on the machine.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import registries, standing, timing
from benchmarks.engines.ours import Bare, Find
from benchmarks.questions import questions
from siapa import search
from siapa.search.room import room

SIZES = "10000,20000,50000,100000,200000"
#: By row of the table: what one size came to.
Row = dict[str, float]


def main() -> None:
    """Each size in a process of its own, so that none inherits the memory of another."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="a folder for registries and indexes")
    parser.add_argument("--sizes", default=SIZES, help="numbers of standards, parted by commas")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each class and size")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one is not None:
        print(json.dumps(measured(given.work, given.one, given.seconds)))
        return
    sizes = [int(size) for size in given.sizes.split(",")]
    rows = {size: _in_its_own_process(given, size) for size in sizes}
    print("\n".join(table(rows)))


def _in_its_own_process(given: argparse.Namespace, size: int) -> Row:
    command = [sys.executable, "-W", "ignore", __file__, "--work", str(given.work.resolve())]
    told = subprocess.run(
        [*command, "--seconds", str(given.seconds), "--one", str(size)],
        env=os.environ, check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    found: Row = json.loads(told.stdout.splitlines()[-1])
    return found


def measured(work: Path, standards: int, seconds: float) -> Row:
    """Every figure of one size."""
    folder = registries.make(work, standards)
    with registries.opened(folder):
        wall, processor = standing.rebuild_seconds()
        opening = standing.opening(folder)
        search.load()
        asked = questions(room().sight().shelf)
        engines = (Find(), Bare())
        cold = timing.cold(engines, asked, seconds)
        warm = timing.warm(engines, asked, seconds)
        median, _most = standing.visible_ms()
    row = {
        "rebuild, s": wall,
        "rebuild, CPU s": processor,
        "index, MB": opening.mapped_mb,
        "open, s": opening.open_seconds,
        "warm after, s": opening.warm_seconds,
        "memory of a process, MB": opening.alone_mb,
        "memory of a worker, MB": opening.worker_mb,
        "change seen, ms": median,
    }
    for engine in engines:
        for kind in asked:
            for label, figures in (("warm", warm), ("cold", cold)):
                if (kind, engine.name) in figures:
                    spent = figures[kind, engine.name].processor
                    row[f"{engine.name}, {kind}, {label}, CPU ms"] = timing.quantile(spent, 0.5)
    return row


def exponent(sizes: Sequence[int], values: Sequence[float]) -> float:
    """The slope of the logarithm of ``values`` over that of ``sizes``, by least squares."""
    xs, ys = [math.log(size) for size in sizes], [math.log(max(value, 1e-6)) for value in values]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread if spread else 0.0


def table(rows: Mapping[int, Row]) -> list[str]:
    """A row a figure, a column a size, and the exponent."""
    sizes = sorted(rows)
    lines = [
        "| | " + " | ".join(f"{size:,}" for size in sizes) + " | exponent |",
        "|-" * (len(sizes) + 2) + "|",
    ]
    for name in rows[sizes[0]]:
        having = [size for size in sizes if name in rows[size]]
        cells = [f"{rows[size][name]:.3g}" if size in having else "-" for size in sizes]
        slope = exponent(having, [rows[size][name] for size in having])
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {slope:.2f} |")
    return lines


if __name__ == "__main__":
    main()

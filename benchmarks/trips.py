"""Planning one trip: eight services over every mall, warm and right after a change.

    python benchmarks/trips.py --work FOLDER --standards 400000

makes a registry of made-up standards in ``FOLDER`` (each size once) and prints the milliseconds of
``catalogue.plan`` by the clock and of processor time: ``warm`` is what a worker answers while nothing
changes, ``cold`` what it costs when which mall covers which service is read anew for all of them.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.registries import make, opened
from benchmarks.timing import quantile
from siapa import catalogue
from siapa.catalogue import keeping
from siapa.extensions import db
from siapa.records import Location, LocationKind, Offering, Region, Service

SERVICES = 8


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds that ``act`` takes, by the clock and of processor time."""
    started, worked = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - started) * 1e3, (time.process_time() - worked) * 1e3


def main() -> None:
    """Measure, and print one line for each kind."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--work", type=Path, required=True, help="folder for the registries")
    arguments.add_argument("--standards", type=int, default=400_000)
    arguments.add_argument("--times", type=int, default=200, help="plans of each kind")
    asked = arguments.parse_args()
    chance = random.Random(89)
    with opened(make(asked.work, asked.standards)):
        codes = list(db.session.scalars(sa.select(Service.code).order_by(Service.code)))
        regions = list(db.session.scalars(sa.select(Region.code).order_by(Region.code)))
        malls = sa.select(sa.func.count()).select_from(Location).where(Location.kind == LocationKind.MALL)
        offerings = sa.select(sa.func.count()).select_from(Offering)
        print(f"{db.session.scalar(malls)} malls, {db.session.scalar(offerings)} offerings")

        def plan() -> object:
            return catalogue.plan(chance.sample(codes, SERVICES), region=chance.choice(regions))

        for kind in ("warm", "cold"):
            for _ in range(20):
                plan()
            spent = []
            for _ in range(asked.times if kind == "warm" else asked.times // 10):
                if kind == "cold":
                    keeping._keepers.clear()
                spent.append(timed(plan))
            for name, figures in zip(("clock", "processor"), zip(*spent, strict=True), strict=True):
                said = ", ".join(
                    f"p{share * 100:.0f} {quantile(figures, share):.1f} ms" for share in (0.5, 0.95)
                )
                print(f"{kind}, {name}: {said}")


if __name__ == "__main__":
    main()

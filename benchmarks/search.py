"""The search beside SQLite FTS5, PostgreSQL and tantivy: the same corpus, the same questions, one run.

    python benchmarks/search.py --standards 200000 --work FOLDER [--seconds 4] [--only find,engine]

Makes a registry of so many made-up standards in FOLDER, gives its words to every engine, and
asks them all, in turn, the classes of questions of ``questions.py``. What FOLDER holds
already is used again. The *ratios* of one run mean something; the milliseconds are the
machine's. The others need the dependency group ``benchmark``; one that is missing is left out.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import registries, standing, timing
from benchmarks.engines import Answer, Engine, Entry, Rival, entries
from benchmarks.engines.ours import Bare, Find
from benchmarks.questions import FACETS, KINDS, PAGE, Question, questions
from siapa import search
from siapa.search.room import room

#: Raise when what the others are given changes: what was built before is then built anew.
GIVEN = 2
#: What an engine of others has built, and how long that took.
BUILT = "built.json"
OURS = (Find.name, Bare.name)


def main() -> None:
    """Make, build, ask, print."""
    given = options()
    only, kinds = given.only.split(","), given.kinds.split(",")
    began = time.perf_counter()
    folder = registries.make(given.work, given.standards)
    with registries.opened(folder):
        seconds, processor = (0.0, 0.0) if given.as_it_is else standing.rebuild_seconds()
        rivals = [one for one in others(folder) if one.name in only]
        try:
            costs = [] if given.as_it_is else built(folder, rivals, given.standards)
            opening = standing.opening(folder)
            search.load()
            every = questions(room().sight().shelf)
            asked = {kind: some for kind, some in every.items() if kind in kinds}
            engines: list[Engine] = [*(one for one in (Find(), Bare()) if one.name in only), *rivals]
            cold = timing.cold(engines, asked, given.seconds)
            warm = timing.warm(engines, asked, given.seconds)
            print("\n".join(heading(given.standards, asked)))
            print("\n".join(table(warm, cold, asked, [one.name for one in engines])))
            print("\n".join(["", *compared(engines, asked)]))
            median, most = standing.visible_ms()
        finally:
            for one in rivals:
                one.stop()
    if seconds:
        print(
            f"rebuild: {given.standards / seconds:.0f} standards/s ({seconds:.0f} s, {processor:.0f} of CPU)"
        )
    print("\n".join([*costs, *standing_lines(opening)]))
    print(f"change: a published edition is found after {median:.0f} ms (most {most:.0f})")
    print(f"the whole run: {time.perf_counter() - began:.0f} s")


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--standards", type=int, default=20_000)
    parser.add_argument("--work", type=Path, required=True, help="a folder for registries and indexes")
    parser.add_argument("--seconds", type=float, default=4.0, help="for each engine in each class")
    parser.add_argument("--kinds", default=",".join(KINDS), help="the classes to ask, parted by commas")
    parser.add_argument("--only", default="find,engine,FTS5,PostgreSQL,tantivy", help="the engines to ask")
    parser.add_argument("--as-it-is", action="store_true", help="ask what was built before")
    return parser.parse_args()


def others(folder: Path) -> Iterator[Any]:
    """The engines of others that are installed here."""
    from benchmarks.engines.fts5 import Fts5

    yield Fts5(folder / "fts5")
    try:
        from benchmarks.engines.postgresql import PostgreSql

        yield PostgreSql(folder / "postgresql")
    except ImportError as error:
        print(f"PostgreSQL is left out: {error}", file=sys.stderr)
    try:
        from benchmarks.engines.tantivies import Tantivy

        yield Tantivy(folder / "tantivy")
    except ImportError as error:
        print(f"tantivy is left out: {error}", file=sys.stderr)


def built(folder: Path, rivals: Sequence[Rival], standards: int) -> list[str]:
    """What building cost: a part of ours alone, and the others as far as they are not there yet."""
    writing = standing.Writing(folder / "part")
    for document in standing.documents():
        writing.add(document)
    writing.finish()
    lines = [
        f"writing without the database: {standards / writing.seconds:.0f} standards/s of processor time",
        f"index: {registries.bytes_in(folder / 'search_index') / 1e6:.0f} MB",
    ]
    shutil.rmtree(folder / "part")
    for one in rivals:
        note = one.folder / BUILT
        held = json.loads(note.read_text()) if note.exists() else {}
        if held.get("given") != GIVEN or one.count() != standards:
            waiting = Waiting(entries(standing.documents(), room().stems))
            started = time.perf_counter()
            one.build(waiting)
            spent = time.perf_counter() - started - waiting.seconds
            held = {"given": GIVEN, "seconds": round(spent, 1)}
            note.write_text(json.dumps(held))
        size = registries.bytes_in(one.folder) / 1e6
        lines.append(f"{one.name}: built in {held['seconds']} s from analysed words, {size:.0f} MB")
    return lines


class Waiting:
    """Entries, and the seconds that whoever takes them has waited for them."""

    def __init__(self, held: Iterable[Entry]) -> None:
        self._held = held
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Entry]:
        held = iter(self._held)
        while True:
            started = time.perf_counter()
            one = next(held, None)
            self.seconds += time.perf_counter() - started
            if one is None:
                return
            yield one


def compared(engines: Sequence[Engine], asked: dict[str, list[Question]]) -> list[str]:
    """Whether the bare engine and the others found as many and counted alike."""
    bare = next((one for one in engines if one.name == Bare.name), None)
    lines = []
    for other in engines if bare is not None else ():
        if other.name in OURS:
            continue
        bare.open()
        other.open()
        same = [
            _is_same(bare.ask(question), other.ask(question))
            for kind in ("common", "rare", "AND3", "OR3", "filter", "facets")
            for question in asked.get(kind, ())[:2]
        ]
        other.close()
        lines.append(f"{other.name}: totals and facets as our engine's in {sum(same)} of {len(same)} answers")
    return lines


def _is_same(ours: Answer, theirs: Answer) -> bool:
    """Our facets name at most so many values; of longer ones those that are named must be alike."""
    return ours.total == theirs.total and all(
        counts.items() <= theirs.facets[name].items() for name, counts in ours.facets.items()
    )


def heading(standards: int, asked: dict[str, list[Question]]) -> list[str]:
    """What the table shows."""
    words = "; ".join(f"{kind}: {', '.join(one.text for one in some[:3])}" for kind, some in asked.items())
    return [
        f"{standards} standards, pages of {PAGE}, facets {', '.join(FACETS)}. Milliseconds (p50/p95) by",
        "the clock and of processor time (CPU). Ratios are of the medians: how many times ours FTS5 and",
        "PostgreSQL take, and how many times tantivy's ours take.",
        f"Some of the questions: {words}",
        "",
    ]


def table(
    warm: timing.Figures, cold: timing.Figures, kinds: Iterable[str], names: Sequence[str]
) -> Iterator[str]:
    """Four rows a class: warm and cold, by the clock and of processor time; and the ratios of this run."""
    mine = [name for name in names if name in OURS]
    pairs = [(one, other) for one in mine for other in names if other not in OURS]
    ratios = [f"{one}/{other}" if other == "tantivy" else f"{other}/{one}" for one, other in pairs]
    yield "| " + " | ".join(["class", "", *names, *ratios]) + " |"
    yield "|-" * (2 + len(names) + len(ratios)) + "|"
    for kind in kinds:
        yield from _rows(f"**{kind}**", "warm", {name: warm.get((kind, name)) for name in names}, pairs)
        yield from _rows("", "cold", {name: cold.get((kind, name)) for name in names}, pairs)


def _rows(
    kind: str, label: str, times: dict[str, timing.Times | None], pairs: Sequence[tuple[str, str]]
) -> Iterator[str]:
    clock = {name: one.clock if one else [] for name, one in times.items()}
    processor = {name: one.processor if one else [] for name, one in times.items()}
    for head, values in (([kind, label], clock), (["", f"{label}, CPU"], processor)):
        cells = [_span(one) for one in values.values()]
        cells += [_ratio(values[one], values[other], other) for one, other in pairs]
        yield "| " + " | ".join([*head, *cells]) + " |"


def _span(values: Sequence[float]) -> str:
    if not values:
        return "-"
    return f"{_digits(timing.quantile(values, 0.5))}/{_digits(timing.quantile(values, 0.95))}"


def _ratio(ours: Sequence[float], theirs: Sequence[float], name: str) -> str:
    if not ours or not theirs:
        return "-"
    one, other = timing.quantile(ours, 0.5), timing.quantile(theirs, 0.5)
    return _digits(one / other if name == "tantivy" else other / one)


def _digits(value: float) -> str:
    """``value`` with the digits that say something."""
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 100 else f"{value:.0f}"


def standing_lines(opening: standing.Opening) -> list[str]:
    """What the index takes of a machine."""
    return [
        f"opening: {opening.open_seconds:.2f} s in a new process, warm after {opening.warm_seconds:.2f}",
        f"memory: {opening.mapped_mb:.0f} MB of files are mapped; beyond them a process alone has to itself",
        f"  {opening.alone_mb:.0f} MB ({opening.alone_before_mb:.0f} before it opened the index), a worker",
        f"  forked from it {opening.worker_mb:.0f} MB, after questions of every class",
    ]


if __name__ == "__main__":
    main()

"""Tables of the open data as streams, beside the shell of SQLite on the same query: rows a second and memory.

    python benchmarks/opendata.py --registry DIR [--tables standards,fees] [--runs 3]

DIR is a registry that ``siapa generate`` filled (``benchmarks/registries.py`` makes one). Each stream
runs in a process of its own, which says how long its first piece took and how much memory it
took above what it had when it was idle. The shell gets the statement that the stream sends, without
its parts, and writes into nothing as well. Rows a second are those of the processor's time, which a busy
machine does not change; the share is ours by the shell's, beside it the same by the clock.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
#: Tables whose rows are those of the database; others are made of documents, which no shell takes apart.
TABLES = ("standards", "editions", "offerings", "locations")
MODES = {"csv": "csv", "jsonl": "json"}


def measured(folder: Path, name: str, form: str) -> dict[str, Any]:
    """One stream, read to its end in this process."""
    from benchmarks.registries import opened
    from siapa.extensions import db
    from siapa.opendata import table_named
    from siapa.opendata.formats import STREAMS
    from siapa.records.engine import reading

    with opened(folder):
        table = table_named(name)
        next(iter(STREAMS[form](table_named("regions"), table_named("regions").read(reading(db).connect))))
        idle, first, rows = _memory(), 0.0, 0 if form == "jsonl" else -1
        started, worked = time.perf_counter(), time.process_time()
        for piece in STREAMS[form](table, table.read(reading(db).connect)):
            first = first or time.perf_counter() - started
            rows += piece.count(b"\r\n" if form == "csv" else b"\n")  # texts hold no such line ends
        seconds, worked = time.perf_counter() - started, time.process_time() - worked
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"first": first, "seconds": seconds, "worked": worked, "rows": rows, "memory": peak - idle}


def statement_of(folder: Path, name: str) -> str:
    """The statement that reads the whole table, as the shell takes it."""
    import sqlalchemy as sa

    from benchmarks.registries import opened
    from siapa.extensions import db
    from siapa.opendata import table_named

    said: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        parts = iter(parameters)
        said.append(re.sub(r"\?", lambda _mark: _literal(next(parts)), statement))

    with opened(folder):
        sa.event.listen(db.engine, "before_cursor_execute", note)
        next(iter(table_named(name).read(db.engine.connect)))
    whole = max((one for one in said if one.lstrip().startswith("SELECT")), key=len)
    whole = re.sub(r"(?is)\s+LIMIT\s+\S+(\s+OFFSET\s+\S+)?\s*$", "", whole)
    return re.sub(r"(?is)\S+\.?\S*\s+BETWEEN\s+'[^']*'\s+AND\s+'[^']*'", "1", whole)


def _literal(value: Any) -> str:
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"


def of_shell(database: Path, statement: str, form: str) -> tuple[float, float, int]:
    """Seconds of the processor and of the clock that the shell takes for the rows, and how many there are."""
    flat = " ".join(statement.split())
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        ["sqlite3", "-readonly", "-cmd", f".mode {MODES[form]}", "-cmd", ".output /dev/null", database, flat],
        check=True,
    )
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    counted = subprocess.run(
        ["sqlite3", "-readonly", database, f"SELECT count(*) FROM ({flat})"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return worked, seconds, int(counted.stdout)


def _memory() -> float:
    """Megabytes that this process takes now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    """Print one line for each table and form."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--registry", type=Path, required=True)
    asked.add_argument("--tables", default=",".join(TABLES))
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--one", nargs=2, metavar=("TABLE", "FORM"), help="Only measure one, here.")
    said = asked.parse_args()
    if said.one:
        print(json.dumps(measured(said.registry, *said.one)))
        return
    if shutil.which("sqlite3") is None:
        sys.exit("the shell of SQLite (sqlite3) is not installed")
    print(
        "| table | form | rows | ours, rows/s | shell, rows/s | share | by the clock | first piece | memory |"
    )
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|")
    for name in said.tables.split(","):
        for form in MODES:
            print(_line(said.registry, name, form, said.runs), flush=True)


def _line(registry: Path, name: str, form: str, runs: int) -> str:
    statement, shell, ours = statement_of(registry, name), [], []
    command = [sys.executable, "-W", "ignore", __file__, "--registry", str(registry), "--one", name, form]
    for _run in range(runs):
        shell.append(of_shell(registry / "instance" / "siapa.db", statement, form))
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        ours.append(json.loads(told.splitlines()[-1]))
    rows, least = shell[0][2], {key: min(one[key] for one in ours) for key in ours[0]}
    mine, theirs = rows / least["worked"], rows / min(one[0] for one in shell)
    by_clock = min(one[1] for one in shell) / least["seconds"]
    assert all(one["rows"] == rows for one in ours), "both read the same rows"
    return (
        f"| {name} | {form} | {rows:,} | {mine:,.0f} | {theirs:,.0f} | {mine / theirs:.2f} "
        f"| {by_clock:.2f} | "
        f"{1000 * least['first']:.0f} ms | {max(one['memory'] for one in ours):.0f} MB |"
    )


if __name__ == "__main__":
    main()

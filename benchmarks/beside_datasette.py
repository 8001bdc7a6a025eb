"""The same data and the same requests at Datasette and here: one process each.

    python -P benchmarks/beside_datasette.py --work FOLDER --datasette PROGRAM [--standards 200000]

Datasette (datasette.io) publishes an SQLite file as JSON and pages; it is what one would take who had
this registry in a file and no time. It is given one table of the standards that are in force, with the
columns that lists and filters need, an index for each, and FTS5 over the words. Both serve with one process;
the load is wrk's, from 4 clients, each request another address. PROGRAM is the ``datasette`` of an
environment of its own (tried with 0.65.5).
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import quote_plus

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import registries, standing
from benchmarks.questions import questions
from benchmarks.requests import Kind, Run, Server, load, running
from siapa import search
from siapa.search.room import room

COLUMNS = ("id", "title", "service", "category", "agency", "region", "fee", "days", "words")
#: What Datasette counts beside a search, and how ours calls the same.
FACETS = ("category", "agency", "region")
CLIENTS = 4


def build(file: Path) -> None:
    """Write the table that Datasette serves; what is there already is used again."""
    if file.exists():
        return
    half = file.with_suffix(".half")
    half.unlink(missing_ok=True)
    database = sqlite3.connect(half)
    database.execute(f"CREATE TABLE standard (id TEXT PRIMARY KEY, {', '.join(COLUMNS[1:])})")
    database.executemany(
        f"INSERT INTO standard VALUES ({', '.join('?' * len(COLUMNS))})",
        (row_of(one.row, one.texts) for one in standing.documents()),
    )
    for column in FACETS:
        database.execute(f"CREATE INDEX standard_{column} ON standard ({column})")
    database.execute("CREATE VIRTUAL TABLE standard_fts USING fts5 (title, words, content=standard)")
    database.execute("INSERT INTO standard_fts (standard_fts) VALUES ('rebuild')")
    database.commit()
    database.close()
    half.rename(file)


def row_of(row: dict, texts: dict[str, list[str]]) -> tuple:
    """One standard as a row."""
    words = " ".join(text for some in texts.values() for text in some)
    service, agency = (row["service"] or (None, None))[:2], row["agency"]
    values = (row["id"], row["title"], *service, agency[0][0], agency[1], row["fee"], row["days"])
    return (*values, words)


def kinds(file: Path) -> list[tuple[str, Kind, Kind]]:
    """Each kind of request, as it is put to us and to Datasette."""
    with sqlite3.connect(file) as database:
        ids = [row[0] for row in database.execute("SELECT id FROM standard LIMIT 5000")]
        agencies = [row[0] for row in database.execute("SELECT DISTINCT agency FROM standard LIMIT 1000")]
    asked = questions(room().sight().shelf)
    words = {kind: [quote_plus(one.text) for one in asked[kind]] for kind in ("common", "rare", "AND3")}
    table = f"/{file.stem}/standard"
    counted = "".join(f"&_facet={name}" for name in FACETS)
    ours = f"&facets={','.join(FACETS)}"

    def pair(name: str, here: list[str], there: list[str]) -> tuple[str, Kind, Kind]:
        return name, Kind(name, here, 0, clients=CLIENTS), Kind(name, there, 0, clients=CLIENTS)

    def searches(kind: str) -> tuple[list[str], list[str]]:
        # Another limit on the days each time, so that neither can give what it has kept.
        varied = [(word, days) for days, word in itertools.product(range(60, 400), words[kind])]
        return (
            [f"/api/v1/search?q={word}&group=standard&max_days={days}{ours}" for word, days in varied],
            [f"{table}.json?_search={word}&days__lte={days}&_size=20{counted}" for word, days in varied],
        )

    return [
        pair("one standard", [f"/api/v1/standards/{one}" for one in ids],
             [f"{table}/{one}.json?_shape=object" for one in ids]),
        pair("standards of an agency", [f"/api/v1/standards?agency={one}&per_page=20" for one in agencies],
             [f"{table}.json?agency={one}&_size=20" for one in agencies]),
        pair("search, a common word, 3 facets", *searches("common")),
        pair("search, a rare word, 3 facets", *searches("rare")),
        pair("search, three words, 3 facets", *searches("AND3")),
    ]  # fmt: skip


def check(server: Server, kind: Kind) -> int:
    """The bytes of the first answer; a server that does not answer the question ends the run."""
    answer = urllib.request.urlopen(f"http://127.0.0.1:{server.port}{kind.paths[0]}")
    said = answer.read()
    json.loads(said)
    return len(said)


def show(name: str, runs: list[tuple[Run, Run]], sizes: tuple[int, int]) -> None:
    """One line of the table: medians over the rounds."""
    ours, theirs = ([pair[at].per_second for pair in runs] for at in (0, 1))
    p95 = [statistics.median(pair[at].p95 for pair in runs) for at in (0, 1)]
    errors = [sum(pair[at].errors for pair in runs) for at in (0, 1)]
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    print(
        f"| {name} | {statistics.median(ours):.0f} | {statistics.median(theirs):.1f} | {ratio:.1f} | "
        f"{p95[0]:.0f} / {p95[1]:.0f} | {errors[0]} / {errors[1]} | {sizes[0]:,} / {sizes[1]:,} |"
    )


def main() -> None:
    """Make what lacks, serve both, load them in turn, print one table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--work", type=Path, required=True)
    options.add_argument("--datasette", required=True, help="the program")
    options.add_argument("--standards", type=int, default=200_000)
    options.add_argument("--seconds", type=int, default=3)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--port", type=int, default=8780, help="and the next one")
    given = options.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed (Debian: apt-get install wrk)")
    work = registries.make(given.work, given.standards)
    file = work / "datasette.db"
    with registries.opened(work):
        search.follow()
        search.load()
        build(file)
        every = kinds(file)
    environment = {
        **os.environ, **registries.settings_of(work), "SIAPA_RATE_LIMITS": "100000000 per minute",
        "SIAPA_WORKERS": "1",
    }  # fmt: skip
    ours = [sys.executable, "-W", "ignore", "-c", registries.COMMAND, "serve", "--port", str(given.port)]
    theirs = [
        given.datasette, "serve", "-i", str(file), "--port", str(given.port + 1),
        "--setting", "sql_time_limit_ms", "20000", "--setting", "facet_time_limit_ms", "20000",
        "--setting", "suggest_facets", "off", "--setting", "default_cache_ttl", "0",
    ]  # fmt: skip
    with (
        tempfile.TemporaryDirectory() as folder,
        running(ours, given.port, "/health/ready", environment) as here,
        running(theirs, given.port + 1, "/-/versions.json", environment) as there,
    ):
        print("| request | here/s | Datasette/s | ratio | p95 ms | errors | bytes |\n|-|-|-|-|-|-|-|")
        for name, to_us, to_them in every:
            sizes = check(here, to_us), check(there, to_them)
            runs = []
            for turn in range(given.rounds):
                start = turn * 997
                runs.append(
                    (
                        load(here, to_us, given.seconds, Path(folder), start=start),
                        load(there, to_them, given.seconds, Path(folder), start=start),
                    )
                )
            show(name, runs, sizes)


if __name__ == "__main__":
    main()

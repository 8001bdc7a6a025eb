"""SQLite's FTS5: a contentless table with positions, and plain tables to count by."""

from __future__ import annotations

import contextlib
import math
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.engines import BOOSTS, FIELDS, Answer, Entry
from benchmarks.questions import KINDS, PAGE, Question

#: Rows in one transaction.
_BATCH = 5_000
#: The counts of one facet over what was found.
_COUNTS = {
    "category": "SELECT category, count(*) FROM hits JOIN docs USING (doc) GROUP BY category",
    "agency": "SELECT agency, count(*) FROM hits JOIN docs USING (doc) GROUP BY agency",
    "region": "SELECT value, count(*) FROM hits JOIN doc_region USING (doc) GROUP BY value",
    "mall": "SELECT value, count(*) FROM hits JOIN doc_mall USING (doc) GROUP BY value",
}


class Fts5:
    """FTS5 with ``bm25`` and our boosts as the weights of its columns."""

    name = "FTS5"
    kinds = tuple(kind for kind in KINDS if kind != "fuzzy")
    _connection: sqlite3.Connection

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, entries: Iterable[Entry]) -> None:
        """Write the corpus; syncing is off."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        connection = sqlite3.connect(self.folder / "fts5.db")
        connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;"
            f"CREATE VIRTUAL TABLE fts USING fts5({', '.join(FIELDS)}, content='', tokenize='unicode61');"
            f"INSERT INTO fts(fts, rank) VALUES ('rank', 'bm25({', '.join(map(str, BOOSTS))})');"
            "CREATE TABLE docs (doc INTEGER PRIMARY KEY, category TEXT, agency TEXT);"
            "CREATE TABLE doc_region (doc INTEGER, value TEXT, PRIMARY KEY (doc, value)) WITHOUT ROWID;"
            "CREATE TABLE doc_mall (doc INTEGER, value TEXT, PRIMARY KEY (doc, value)) WITHOUT ROWID;"
            "CREATE TABLE doc_point (doc INTEGER, latitude REAL, longitude REAL);"
        )
        places = ", ".join("?" * (len(FIELDS) + 1))
        for some in batches(entries, _BATCH):
            connection.executemany(f"INSERT INTO fts (rowid, {', '.join(FIELDS)}) VALUES ({places})",
                                   [(one.number, *one.texts) for one in some])  # fmt: skip
            connection.executemany(
                "INSERT INTO docs VALUES (?, ?, ?)", [(one.number, one.category, one.agency) for one in some]
            )
            for table, values in (
                ("doc_region", [(one.number, value) for one in some for value in one.regions]),
                ("doc_mall", [(one.number, value) for one in some for value in one.malls]),
            ):
                connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", values)
            points = [(one.number, *point) for one in some for point in one.points]
            connection.executemany("INSERT INTO doc_point VALUES (?, ?, ?)", points)
            connection.commit()
        connection.execute("INSERT INTO fts(fts) VALUES ('optimize')")
        connection.execute("CREATE INDEX point_of_doc ON doc_point (doc, latitude, longitude)")
        connection.execute("ANALYZE")
        connection.commit()
        connection.close()

    def count(self) -> int:
        """How many standards it holds."""
        with contextlib.closing(sqlite3.connect(self.folder / "fts5.db")) as connection:
            return int(connection.execute("SELECT count(*) FROM docs").fetchone()[0])

    def open(self) -> None:
        """A new connection, its own cache empty."""
        self._connection = sqlite3.connect(f"file:{self.folder / 'fts5.db'}?mode=ro", uri=True)
        self._connection.execute("PRAGMA cache_size=-200000")
        self._connection.execute("PRAGMA mmap_size=4000000000")
        self._connection.execute("PRAGMA temp_store=MEMORY")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def seconds_elsewhere(self) -> float:
        """All of it runs here."""
        return 0.0

    def stop(self) -> None:
        """Nothing runs beside this process."""

    def ask(self, question: Question) -> Answer:
        """The page, the total and the facets."""
        match = _match(question)
        if question.facets:
            return self._counted(question, match)
        if question.near is not None:
            return self._nearest(question, match)
        found, values = "fts WHERE fts MATCH ?", [match]
        if question.category is not None:  # CROSS keeps it to this order; it would begin with the category
            found = "fts CROSS JOIN docs ON docs.doc = fts.rowid WHERE fts MATCH ? AND category = ?"
            values.append(question.category)
        total = self._connection.execute(f"SELECT count(*) FROM {found}", values).fetchone()[0]
        page = self._connection.execute(
            f"SELECT fts.rowid FROM {found} ORDER BY rank LIMIT {PAGE} OFFSET {question.start}", values
        )
        return Answer(total, {}, tuple(row[0] for row in page))

    def _counted(self, question: Question, match: str) -> Answer:
        """What is found is kept in a table of its own and joined with what it is counted by.

        The other way, asking the text again for every facet, is slower by a fifth.
        """
        ask = self._connection.execute
        ask("DROP TABLE IF EXISTS temp.hits")
        ask(
            "CREATE TEMP TABLE hits AS SELECT rowid AS doc, rank AS score FROM fts WHERE fts MATCH ?", [match]
        )
        counts = {name: _counts(ask(_COUNTS[name])) for name in question.facets}
        page = tuple(row[0] for row in ask(f"SELECT doc FROM hits ORDER BY score LIMIT {PAGE}"))
        return Answer(ask("SELECT count(*) FROM hits").fetchone()[0], counts, page)

    def _nearest(self, question: Question, match: str) -> Answer:
        assert question.near is not None
        latitude, longitude = question.near
        total = self._connection.execute("SELECT count(*) FROM fts WHERE fts MATCH ?", [match]).fetchone()[0]
        page = self._connection.execute(
            "SELECT fts.rowid, min((latitude - ?) * (latitude - ?) + (longitude - ?) * (longitude - ?) * ?)"
            " AS away FROM fts LEFT JOIN doc_point ON doc_point.doc = fts.rowid WHERE fts MATCH ?"
            f" GROUP BY fts.rowid ORDER BY away IS NULL, away LIMIT {PAGE}",
            [latitude, latitude, longitude, longitude, math.cos(math.radians(latitude)) ** 2, match],
        )
        return Answer(total, {}, tuple(row[0] for row in page))


def batches(entries: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    """``entries`` in lists of ``size``."""
    waiting = iter(entries)
    while some := list(islice(waiting, size)):
        yield some


def _match(question: Question) -> str:
    if question.kind == "phrase":
        return f'"{" ".join(question.words)}"'
    if question.kind == "prefix":
        return f'"{question.words[0]}"*'
    return (" OR " if question.is_any else " AND ").join(f'"{word}"' for word in question.words)


def _counts(rows: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    return {value: count for value, count in rows if value is not None}

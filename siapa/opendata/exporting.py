"""The whole registry written into a folder, as it is at one moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from siapa.extensions import db
from siapa.opendata import parquet
from siapa.opendata.formats import STREAMS, workbook
from siapa.opendata.history import standing_at, tables_at
from siapa.opendata.package import File, Standing, citation, descriptor, readme, written
from siapa.opendata.table import Opens, Row, Table
from siapa.opendata.tables import TABLES
from siapa.opendata.writing import sum_of, write
from siapa.records import Change
from siapa.records.engine import one_view

#: The forms of an export; the first is what it has if nothing is said.
FORMATS = ("csv", "jsonl", "parquet", "xlsx")
#: Told before each table: its name.
Tells = Callable[[str], object]


@contextmanager
def one_state(public_url: str) -> Iterator[tuple[Opens, Standing]]:
    """A view of the registry at one moment for all that is read in it, and which state that is."""
    with one_view(db.engine) as connection:
        yield lambda: nullcontext(connection), standing_of(connection, public_url)


def standing_of(connection: sa.Connection, public_url: str) -> Standing:
    """The state of the registry that ``connection`` sees."""
    last = connection.execute(
        sa.select(Change.number, Change.at).order_by(Change.number.desc()).limit(1)
    ).one_or_none()
    return Standing(last[0] if last else 0, last[1] if last else None, public_url)


def export(
    folder: Path,
    public_url: str,
    *,
    formats: Collection[str],
    tells: Tells,
    known_at: datetime | None = None,
) -> Standing:
    """Write every table in every form of ``formats`` into ``folder``, described; says which state it is.

    What was there under the same names is replaced, file by file. A workbook holds all tables.
    With ``known_at`` it is what was public at that moment; raises ``NotFound`` as ``standing_at``, and
    ``Unavailable`` before anything is written where Parquet is asked for and its extra is missing.
    """
    if "parquet" in formats:
        parquet.require()
    with one_state(public_url) as (opens, standing):
        tables = TABLES
        if known_at is not None:
            with opens() as connection:
                standing = standing_at(connection, known_at, public_url)
            tables = tables_at(standing.number)
        write_tables(folder, tables, standing, formats, tells, opens)
    return standing


def write_tables(
    folder: Path,
    tables: Sequence[Table],
    standing: Standing,
    formats: Collection[str],
    tells: Tells,
    opens: Opens,
) -> None:
    """Write ``tables`` into ``folder`` in every form of ``formats``, described."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for table in tables:
        tells(table.name)
        for form in formats:
            if form in STREAMS:
                path = f"{table.name}.{form}"
                count = [0]
                held = write(folder / path, STREAMS[form](table, _counted(table.read(opens), count)))
                files.append((table, File(path, form, False, held.bytes, held.sha256, count[0])))
        if "parquet" in formats:
            files.append((table, _as_parquet(folder, table, opens)))
    if "xlsx" in formats:
        workbook(folder / "siapa.xlsx", ((table, table.read(opens)) for table in tables))
    describe(folder, standing, files)


def _as_parquet(folder: Path, table: Table, opens: Opens) -> File:
    count, path = [0], f"{table.name}.parquet"
    parquet.write_parquet(folder / path, table, _counted(table.read(opens), count))
    size = (folder / path).stat().st_size
    return File(path, "parquet", False, size, sum_of(folder / path), count[0])


def describe(folder: Path, standing: Standing, files: list[tuple[Table, File]]) -> None:
    """Write what describes ``files`` beside them: data package, page and citation."""
    if files:
        (folder / "datapackage.json").write_bytes(written(descriptor(standing, files)))
    (folder / "README.md").write_bytes(readme(standing, TABLES))
    (folder / "CITATION.cff").write_bytes(citation(standing))


def _counted(rows: Iterable[Row], count: list[int]) -> Iterator[Row]:
    """``rows``; ``count`` holds how many have passed."""
    for row in rows:
        count[0] += 1
        yield row

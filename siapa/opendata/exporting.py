"""The whole registry written into a folder, as it is at one moment."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from siapa.extensions import db
from siapa.opendata.formats import STREAMS, workbook
from siapa.opendata.package import File, Standing, citation, descriptor, readme, written
from siapa.opendata.table import Opens, Row, Table
from siapa.opendata.tables import TABLES
from siapa.records import Change
from siapa.records.engine import one_view

#: The forms of an export; the first is what it has if nothing is said.
FORMATS = ("csv", "jsonl", "xlsx")
#: Told before each table: its name.
Tells = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds: bytes and SHA-256 (in hex) of the content before it was compressed, and its rows."""

    bytes: int
    sha256: str
    rows: int


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


def export(folder: Path, public_url: str, *, formats: Collection[str], tells: Tells) -> Standing:
    """Write every table in every form of ``formats`` into ``folder``, described; says which state it is.

    What was there under the same names is replaced, file by file. A workbook holds all tables.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with one_state(public_url) as (opens, standing):
        files = []
        for table in TABLES:
            tells(table.name)
            for form in formats:
                if form in STREAMS:
                    path = f"{table.name}.{form}"
                    held = write_stream(folder / path, table, form, table.read(opens))
                    files.append((table, File(path, form, False, held.bytes, held.sha256, held.rows)))
        if "xlsx" in formats:
            workbook(folder / "siapa.xlsx", ((table, table.read(opens)) for table in TABLES))
    write_description(folder, standing, files)
    return standing


def write_description(folder: Path, standing: Standing, files: list[tuple[Table, File]]) -> None:
    """Write what describes ``files`` beside them: data package, page and citation."""
    if files:
        (folder / "datapackage.json").write_bytes(written(descriptor(standing, files)))
    (folder / "README.md").write_bytes(readme(standing, TABLES))
    (folder / "CITATION.cff").write_bytes(citation(standing))


def write_stream(
    path: Path, table: Table, form: str, rows: Iterable[Row], *, is_compressed: bool = False
) -> Written:
    """Write ``rows`` to ``path``; the file is there whole or not at all."""
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    size, digest = 0, hashlib.sha256()
    being_written = path.with_name(f".{path.name}.part")
    with being_written.open("wb") as raw:
        target = gzip.GzipFile("", "wb", 6, raw, mtime=0) if is_compressed else raw
        for piece in STREAMS[form](table, counted()):
            target.write(piece)
            digest.update(piece)
            size += len(piece)
        if target is not raw:
            target.close()
        raw.flush()
        os.fsync(raw.fileno())
    being_written.replace(path)
    return Written(size, digest.hexdigest(), count)

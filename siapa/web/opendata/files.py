"""The tables as files, as the registry stands now: ``/data/standards.csv`` and the like.

A stream is read from the database in parts, each by itself, so that a slow reader holds no
view of the database open: what changes meanwhile may show in the later parts. Who needs one
state of everything takes a snapshot.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from flask import Blueprint, Response, current_app, request
from werkzeug.wsgi import FileWrapper

from siapa.catalogue import last_change
from siapa.errors import NotFound, Unavailable
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.opendata import TABLES, Table, moments, package, parquet, table_named
from siapa.opendata.formats import STREAMS, compressed, workbook
from siapa.opendata.history import standing_at, table_at
from siapa.opendata.package import MEDIA_TYPES, File, Standing
from siapa.opendata.parquet import write_parquet
from siapa.opendata.table import Row
from siapa.records.engine import reading
from siapa.web.downloads import NOTHING_ALLOWED
from siapa.web.opendata.slots import STREAMS as STREAM_SLOTS
from siapa.web.opendata.slots import WORKBOOKS, Slot

files = Blueprint("opendata", __name__)

#: Rows of a table in a workbook or a Parquet file that is made while its reader waits.
MOST_AT_ONCE = 200_000


@files.get("/data/datapackage.json")
def data_package() -> Response:
    """The data package of the tables as CSV."""
    standing = present_standing()
    listed = [(table, File(f"{standing.public_url}/data/{table.name}.csv", "csv")) for table in TABLES]
    return _described(package.written(package.descriptor(standing, listed)), "application/json", standing)


@files.get("/data/README.md")
def readme() -> Response:
    """The page that goes with the files."""
    standing = present_standing()
    return _described(package.readme(standing, TABLES), "text/markdown; charset=utf-8", standing)


@files.get("/data/CITATION.cff")
def citation() -> Response:
    """How to cite the data."""
    standing = present_standing()
    return _described(package.citation(standing), "text/yaml; charset=utf-8", standing)


@files.get("/data/siapa.xlsx")
def whole_workbook() -> Response:
    """Every table in one workbook; with ``known_at`` as they were then."""
    return _workbook("siapa.xlsx", *_asked_for(TABLES))


@files.get("/data/<name>.<ending>")
def table_file(name: str, ending: str) -> Response:
    """One table in one form: csv, csv.gz, jsonl, jsonl.gz, parquet or xlsx; with ``known_at`` as it was."""
    table_name, _, first_ending = f"{name}.{ending}".partition(".")
    tables, standing = _asked_for((table_named(table_name),))
    (table,) = tables
    form, is_compressed = first_ending.removesuffix(".gz"), first_ending.endswith(".gz")
    if first_ending == "xlsx":
        return _workbook(f"{table.name}.xlsx", tables, standing)
    if first_ending == "parquet":
        parquet.require()
        name = f"{table.name}.parquet"
        return _whole(name, lambda path: write_parquet(path, table, _rows(table)), standing)
    if form not in STREAMS:
        raise NotFound(_l("The tables are had as csv, jsonl, parquet and xlsx."))
    return _stream(table, standing, form, is_compressed=is_compressed)


def present_standing() -> Standing:
    """The state of the registry now."""
    last = last_change()
    return Standing(last.number, last.at, current_app.config["SIAPA"].public_url)


def _asked_for(tables: tuple[Table, ...]) -> tuple[tuple[Table, ...], Standing]:
    """``tables`` as they are asked for, and the state that is: the present one, or that of ``known_at``."""
    present = present_standing()
    if not (text := request.args.get(moments.NAME)):
        return tables, present
    standing = standing_at(db.session.connection(), moments.moment_of(text), present.public_url)
    return tuple(table_at(table, standing.number) for table in tables), standing


def _stream(table: Table, standing: Standing, form: str, *, is_compressed: bool) -> Response:
    name = f"{table.name}.{form}" + (".gz" if is_compressed else "")
    response = Response(mimetype="application/gzip" if is_compressed else MEDIA_TYPES[form])
    if not _is_wanted(response, standing, name):
        return response
    slot = Slot(STREAM_SLOTS)
    pieces = STREAMS[form](table, table.read(reading(db).connect))
    response.response = held(slot, compressed(pieces) if is_compressed else pieces)
    response.call_on_close(slot.let_go)  # also where nobody ever asks for the first piece
    return response


def held(slot: Slot, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """``pieces``; after the last, or when the reader goes away, ``slot`` is let go."""
    try:
        yield from pieces
    finally:
        slot.let_go()


def _workbook(name: str, tables: tuple[Table, ...], standing: Standing) -> Response:
    return _whole(name, lambda path: workbook(path, ((table, _rows(table)) for table in tables)), standing)


def _whole(name: str, make: Callable[[Path], None], standing: Standing) -> Response:
    """A file that ``make`` writes whole before its first byte goes out."""
    response = Response(mimetype=MEDIA_TYPES[name.rpartition(".")[2]])
    if not _is_wanted(response, standing, name):
        return response
    slot = Slot(WORKBOOKS)
    try:
        made = _made(make)
    finally:
        slot.let_go()
    response.content_length = os.fstat(made.fileno()).st_size
    response.response = FileWrapper(made, 64_000)
    return response


def _made(make: Callable[[Path], None]) -> IO[bytes]:
    """What ``make`` writes as an open file whose name is gone already: nothing is left behind."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made"
        make(path)
        return path.open("rb")


def _rows(table: Table) -> Iterator[Row]:
    """The rows of ``table``; ``Unavailable`` where they are too many to be waited for."""
    rows = table.read(reading(db).connect)
    yield from islice(rows, MOST_AT_ONCE)
    if next(rows, None) is not None:
        raise Unavailable(_l("This is too much for a file that is made at once. Take CSV, or a snapshot."))


def _described(content: bytes, mimetype: str, standing: Standing) -> Response:
    response = Response(content, content_type=mimetype)
    _say_state(response, standing)
    return response.make_conditional(request)  # type: ignore[return-value]


def _is_wanted(response: Response, standing: Standing, name: str) -> bool:
    """Say what ``response`` is; whether its content is asked for: not by HEAD, nor by who has this state."""
    _say_state(response, standing)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = NOTHING_ALLOWED
    response.make_conditional(request)
    if response.status_code != 200:
        return False
    # Nothing is in it yet, but its length is not 0: it is not known.
    response.response = iter(())
    response.headers.pop("Content-Length", None)
    return request.method == "GET"


def _say_state(response: Response, standing: Standing) -> None:
    response.set_etag(str(standing.number), weak=True)
    response.last_modified = standing.at
    response.headers["X-Change-Number"] = str(standing.number)
    response.headers["Cache-Control"] = "no-cache"

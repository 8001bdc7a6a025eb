"""What the explorer shows, to take away: as CSV, as a workbook, or as JSON that says as of when it is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import orjson
from flask import Response, request
from werkzeug.wsgi import FileWrapper

from siapa.errors import NotFound, Unavailable
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.opendata.formats import STREAMS, workbook
from siapa.opendata.of_explored import GROUPS, rows_of, table_of
from siapa.opendata.package import MEDIA_TYPES
from siapa.opendata.table import Row, Table
from siapa.web.downloads import NOTHING_ALLOWED
from siapa.web.opendata.files import MOST_AT_ONCE, held
from siapa.web.opendata.slots import STREAMS as STREAM_SLOTS
from siapa.web.opendata.slots import WORKBOOKS, Slot
from siapa.web.site.blueprint import site
from siapa.web.site.explore import Asked, asked_of, groups_of


@site.get("/data/jelajah.<ending>")
def explored_file(ending: str) -> Response:
    """Exactly what the page of the same address shows, all pages of it."""
    if ending not in ("csv", "xlsx", "json"):
        raise NotFound(_l("What is explored is had as csv, xlsx and json."))
    asked = asked_of(request.args)
    table, rows = _table_of(asked)
    response = Response(mimetype=MEDIA_TYPES.get(ending, "application/json"))
    response.headers["Content-Disposition"] = f'attachment; filename="{table.name}.{ending}"'
    response.headers["Content-Security-Policy"] = NOTHING_ALLOWED
    response.headers["X-Change-Number"] = str(asked.found.position)
    response.headers["Cache-Control"] = "no-store"
    if request.method == "HEAD":
        return response
    slot = Slot(WORKBOOKS if ending == "xlsx" else STREAM_SLOTS)
    if ending == "xlsx":
        try:
            made = _workbook(table, rows)
        finally:
            slot.let_go()
        response.content_length = os.fstat(made.fileno()).st_size
        response.response = FileWrapper(made, 64_000)
        return response
    pieces = STREAMS["csv"](table, rows) if ending == "csv" else _json(asked, table, rows)
    response.response = held(slot, pieces)
    response.call_on_close(slot.let_go)
    return response


def _table_of(asked: Asked) -> tuple[Table, Iterable[Row]]:
    if asked.by is None:
        ids = asked.found.ids(asked.order)
        return table_of(asked.columns), rows_of(ids, asked.columns, db.engine.connect)
    groups = groups_of(asked)
    return GROUPS, [(one.key, one.name_id, one.name_en, *astuple(one.figures)) for one in groups]


def _json(asked: Asked, table: Table, rows: Iterable[Row]) -> Iterator[bytes]:
    """One object: as of which change, how many standards, and the rows as objects."""
    head = {"change_number": asked.found.position, "standards": asked.found.total, "grouped_by": asked.by}
    yield orjson.dumps(head)[:-1] + b',"rows":['
    walk, is_first = iter(rows), True
    while some := list(islice(walk, 500)):
        lines = (
            orjson.dumps(dict(zip(table.names, row, strict=True)), option=orjson.OPT_UTC_Z) for row in some
        )
        yield (b"" if is_first else b",\n") + b",\n".join(lines)
        is_first = False
    yield b"]}\n"


def _workbook(table: Table, rows: Iterable[Row]) -> IO[bytes]:
    """The workbook as an open file whose name is gone already: nothing is left behind."""
    walk = iter(rows)
    few = chain(islice(walk, MOST_AT_ONCE), _no_more(walk))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        workbook(path, ((table, few),))
        return path.open("rb")


def _no_more(walk: Iterator[Row]) -> Iterator[Row]:
    if next(walk, None) is not None:
        raise Unavailable(_l("This is too much for a file that is made at once. Take CSV, or a snapshot."))
    yield from ()

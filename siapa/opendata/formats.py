"""How rows are written: CSV, JSON lines and workbooks; the first two also compressed.

CSV is that of RFC 4180 in UTF-8 with names in the first line; a list or an object stands in
its cell as JSON. Both streams are the same bytes for the same rows, on every machine.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import Any

import orjson
import xlsxwriter

from siapa.opendata.table import Field, Row, Table

#: Rows that are written into one piece of a stream.
PIECE = 500
#: Rows of one sheet, with the one of names (Excel's limit); what is beyond stands on the next.
SHEET_ROWS = 1_048_576
#: Characters of one cell (Excel's limit).
CELL_CHARACTERS = 32_767
_JSON = orjson.OPT_UTC_Z

Writes = Callable[[Table, Iterable[Row]], Iterator[bytes]]


def jsonl(table: Table, rows: Iterable[Row]) -> Iterator[bytes]:
    """One JSON object a line, its names in the order of the columns."""
    for piece in _pieces(rows):
        yield b"".join(line(table, row) for row in piece)


def line(table: Table, row: Row) -> bytes:
    """One row as a line of JSON, with its end."""
    told = dict(zip(table.names, row, strict=True))
    return orjson.dumps(told, option=_JSON | orjson.OPT_APPEND_NEWLINE)


def delimited(table: Table, rows: Iterable[Row]) -> Iterator[bytes]:
    """CSV; nothing is an empty cell, yes and no are ``true`` and ``false``."""
    lines: list[str] = []
    writer = csv.writer(_Lines(lines))
    converted = [
        (place, kind) for place, field in enumerate(table.fields) if (kind := _TEXTS.get(field.type))
    ]
    writer.writerow(table.names)
    for piece in _pieces(rows):
        # Column by column: a loop over the cells of each row would cost as much as writing them.
        columns: list[Any] = list(zip(*piece, strict=True))
        for place, as_text in converted:
            columns[place] = [
                cell if cell is None or type(cell) is str else as_text(cell) for cell in columns[place]
            ]
        writer.writerows(zip(*columns, strict=True))
        yield "".join(lines).encode()
        lines.clear()
    if lines:
        yield "".join(lines).encode()


def compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """``pieces`` as one gzip file, without name and time."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def workbook(path: Path, tables: Iterable[tuple[Table, Iterable[Row]]]) -> None:
    """Write ``tables`` into a workbook, a sheet each; columns that hold a whole document are left out."""
    book = xlsxwriter.Workbook(
        str(path),
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "strings_to_numbers": False, "tmpdir": str(path.parent)},
    )  # fmt: skip
    head = book.add_format({"bold": True})
    with book:
        for table, rows in tables:
            for number, part in enumerate(_sheets(rows), 1):
                title = table.name if number == 1 else f"{table.name} {number}"
                _fill(book.add_worksheet(title), head, table, part)


def _fill(sheet: Any, head: Any, table: Table, rows: Iterable[Row]) -> None:
    shown = [(place, field) for place, field in enumerate(table.fields) if field.type != "object"]
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(shown) - 1, 18)
    sheet.write_row(0, 0, [field.name for _, field in shown], head)
    for line, row in enumerate(rows, 1):
        for cell, (place, field) in enumerate(shown):
            if (value := row[place]) is not None:
                _write(sheet, line, cell, value, field)


def _write(sheet: Any, line: int, cell: int, value: Any, field: Field) -> None:
    match field.type:
        case "integer" | "number":
            sheet.write_number(line, cell, value)
        case "boolean":
            sheet.write_boolean(line, cell, value)
        case _:
            text = value if isinstance(value, str) else _TEXTS.get(field.type, str)(value)
            sheet.write_string(line, cell, text[:CELL_CHARACTERS])


class _Lines:
    """Takes what a csv writer writes into a list."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def _moment(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _iso(value: date | time) -> str:
    return value.isoformat()


def _json(value: Any) -> str:
    return orjson.dumps(value, option=_JSON).decode()


#: How values of a type become text, where ``str`` would not do; text and numbers are left as they are.
_TEXTS: dict[str, Callable[[Any], str]] = {
    "boolean": lambda value: "true" if value else "false",
    "datetime": _moment,
    "date": _iso,
    "time": _iso,
    "array": _json,
    "object": _json,
}


def _pieces(rows: Iterable[Row]) -> Iterator[list[Row]]:
    walk = iter(rows)
    while piece := list(islice(walk, PIECE)):
        yield piece


def _sheets(rows: Iterable[Row]) -> Iterator[Iterable[Row]]:
    """``rows`` in runs that fit a sheet; at least one. Each is read before the next is asked for."""
    walk = iter(rows)
    first: list[Row] = list(islice(walk, 1))
    while True:
        yield chain(first, islice(walk, SHEET_ROWS - 1 - len(first)))
        first = list(islice(walk, 1))
        if not first:
            return


#: The streams by the ending of their files.
STREAMS: dict[str, Writes] = {"csv": delimited, "jsonl": jsonl}

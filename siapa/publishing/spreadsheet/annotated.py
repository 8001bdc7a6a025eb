"""The file as it was handed in, with every error marked in its cell and listed on a sheet of its own."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from siapa.locales import Words, current_locale
from siapa.locales import lazy as _l
from siapa.publishing.spreadsheet.cells import Cell, plain
from siapa.publishing.spreadsheet.delimited import open_delimited
from siapa.publishing.spreadsheet.faults import Kept
from siapa.publishing.spreadsheet.layout import ERROR_SHEET, cell_name, folded, help_sheets
from siapa.publishing.spreadsheet.opening import Grid, is_workbook, open_workbook
from siapa.publishing.spreadsheet.previewing import entries_of
from siapa.publishing.spreadsheet.template import Formats, write_text
from siapa.records import ImportBatch, ImportOutcome

#: Longest comment of a cell, and most errors that are listed.
LONGEST_COMMENT, MOST_LISTED = 500, 50_000
_HEADINGS: tuple[Words, ...] = (_l("Cell"), _l("Column"), _l("What stands there"), _l("What is wrong"),
                                _l("What may stand there"))  # fmt: skip


def annotated(batch: ImportBatch) -> bytes:
    """A workbook (.xlsx) with the values of the file, in the language spoken now, to be handed in again."""
    found: dict[tuple[str, str], Kept] = {}
    for entry in entries_of(batch.id, ImportOutcome.ERROR):
        for problem in entry.problems:
            if len(found) < MOST_LISTED:
                found.setdefault((problem["sheet"], problem["cell"]), problem)
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        formats = Formats.of(book)
        for grid in _grids(batch.content):
            page = book.add_worksheet(grid.name[:31])
            page.freeze_panes(1, 1)
            page.set_column(0, max((len(row) for row in grid.rows), default=1), 24)
            for number, row in enumerate(grid.rows):
                for place, cell in enumerate(row):
                    _write(
                        page, number, place, cell, found.get((grid.name, cell_name(number, place))), formats
                    )
        _list(book, found.values(), formats)
    return out.getvalue()


def problem_words(problem: Kept) -> tuple[str, str, str, str, str]:
    """Place, column, value, message and allowed values of a stored fault, in the language spoken now."""
    locale = current_locale()
    place = f"{problem['sheet']}!{problem['cell']}" if problem["cell"] else problem["sheet"]
    allowed = ", ".join(words[locale] for words in problem["allowed"])
    return place, problem["column"][locale], problem["value"] or "", problem["message"][locale], allowed


def _grids(content: bytes) -> Iterator[Grid]:
    if not is_workbook(content):
        yield open_delimited(content)
        return
    book = open_workbook(content)
    for name in book.names:
        if folded(name) not in help_sheets():
            yield book.grid(name)


def _write(
    page: Worksheet, row: int, column: int, cell: Cell, problem: Kept | None, formats: Formats
) -> None:
    if problem is not None:
        _place, _column, _value, message, allowed = problem_words(problem)
        page.write_string(row, column, plain(cell), formats.wrong)
        comment = f"{message} {allowed}".strip()
        page.write_comment(row, column, comment[:LONGEST_COMMENT], {"x_scale": 2})
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell)
    elif isinstance(cell, datetime.datetime):
        page.write_datetime(row, column, cell, formats.day)
    elif isinstance(cell, datetime.date):
        page.write_datetime(row, column, datetime.datetime.combine(cell, datetime.time()), formats.day)
    elif cell != "":
        write_text(page, row, column, plain(cell), formats)


def _list(book: xlsxwriter.Workbook, problems: Iterable[Kept], formats: Formats) -> None:
    page = book.add_worksheet(str(ERROR_SHEET))
    page.set_column(0, len(_HEADINGS) - 1, 32)
    for place, words in enumerate(_HEADINGS):
        page.write_string(0, place, str(words), formats.head)
    for number, problem in enumerate(problems, start=1):
        for place, said in enumerate(problem_words(problem)):
            write_text(page, number, place, said, formats)

"""The workbook of an agency: our form, filled with its present standards.

No cell of it is ever a formula: texts are written as texts, and those that look like a
formula are marked as text, so that no program runs them even when they are edited.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import sqlalchemy as sa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from siapa.document import labels
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.publishing.spreadsheet.cells import RISKY, shown
from siapa.publishing.spreadsheet.layout import (
    HELP_SHEET,
    KEY,
    MAIN,
    REFERENCE_SHEET,
    SERVICE,
    SHEETS,
    Column,
    Sheet,
    column_letters,
)
from siapa.records import OPEN_STATES, Agency, Edition, Service, ServiceStatus, Standard, State

#: Rows for which the lists to choose from are prepared.
PREPARED_ROWS = 5_000
_HELP: tuple[Words, ...] = (
    _l("Each standard has one row in the first sheet, and as many rows as needed in the others."),
    _l("The code in the first column says to which standard a row belongs."),
    _l("A standard that is not in the file stays as it is. A cell that is emptied says nothing any more."),
    _l("Columns with a star must be filled. Nothing happens before you have seen the preview."),
    _l("Write values, no formulas. Do not merge cells; leave the names of sheets and columns as they are."),
)

Row = tuple[str, str | None, dict[str, Any]]


@dataclass
class Formats:
    """How cells look."""

    head: Format
    needed: Format
    text: Format
    risky: Format
    number: Format
    day: Format
    wrong: Format

    @classmethod
    def of(cls, book: xlsxwriter.Workbook) -> Formats:
        """The formats of ``book``."""
        head = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
        body = {"valign": "top", "text_wrap": True}
        return cls(
            book.add_format({**head, "bg_color": "#E8EEF4"}),
            book.add_format({**head, "bg_color": "#F4E9D8"}),
            book.add_format({**body, "num_format": "@"}),
            book.add_format({**body, "num_format": "@", "quote_prefix": True}),
            book.add_format({**body, "num_format": "0"}),
            book.add_format({**body, "num_format": "yyyy-mm-dd"}),
            book.add_format({**body, "bg_color": "#F8D7D3", "quote_prefix": True}),
        )


def template(agency: Agency) -> bytes:
    """The workbook (.xlsx) for ``agency``, in the language spoken now."""
    rows = list(_standards_of(agency))
    services = list(_services())
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"title": agency.name})
        formats = Formats.of(book)
        lists = _places_of_lists(services, rows)
        for sheet in SHEETS:
            page = book.add_worksheet(str(sheet.name))
            _head(page, sheet, formats)
            _offer_choices(page, sheet, lists)
            for number, (key, values) in enumerate(_lines(sheet, rows), start=1):
                _write_line(page, number, sheet, key, values, formats)
        _help(book, formats)
        _reference(book, services, formats)
    return out.getvalue()


def write_text(page: Worksheet, row: int, column: int, text: str, formats: Formats) -> None:
    """Write ``text`` as a text, whatever it looks like."""
    page.write_string(row, column, text, formats.risky if text.startswith(RISKY) else formats.text)


def _standards_of(agency: Agency) -> Iterator[Row]:
    """Slug, service and document of each standard: what is being drafted, or else what is in force."""
    stands = Edition.state.in_([*OPEN_STATES, State.PUBLISHED])
    query = (
        sa.select(Standard.slug, Service.code, Edition.state, Edition.document)
        .join(Edition, Edition.standard_id == Standard.id)
        .outerjoin(Service, Service.id == Standard.service_id)
        .where(Standard.agency_id == agency.id, stands)
        .order_by(Standard.slug, Edition.number)
    )
    found: dict[str, Row] = {}
    for slug, code, _state, document in db.session.execute(query):
        found[slug] = (slug, code, document)  # the draft is the later one
    yield from found.values()


def _services() -> Iterator[tuple[str, str]]:
    query = sa.select(Service.code, Service.name).where(Service.status == ServiceStatus.ACTIVE)
    yield from db.session.execute(query.order_by(Service.code))


def _lines(sheet: Sheet, rows: list[Row]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, code, document in rows:
        if sheet is MAIN:
            yield key, {SERVICE: code, **document}
            continue
        held: Any = document
        for part in sheet.parts:
            held = held.get(part, {}) if isinstance(held, dict) else {}
        for item in held or ():
            yield key, item


def _write_line(
    page: Worksheet, row: int, sheet: Sheet, key: str, values: dict[str, Any], formats: Formats
) -> None:
    for index, column in enumerate(sheet.columns):
        value = shown(column, key if column.path == KEY else _at(values, column))
        if value is None or value == "":
            continue
        if isinstance(value, datetime.date):
            page.write_datetime(row, index, datetime.datetime.combine(value, datetime.time()), formats.day)
        elif isinstance(value, int):
            page.write_number(row, index, value, formats.number)
        else:
            write_text(page, row, index, value, formats)


def _at(values: dict[str, Any], column: Column) -> Any:
    held: Any = values
    for part in column.parts:
        held = held.get(part) if isinstance(held, dict) else None
    return held


def _head(page: Worksheet, sheet: Sheet, formats: Formats) -> None:
    page.freeze_panes(1, 2 if sheet is MAIN else 1)
    page.set_row(0, 34)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        heading = f"{column.heading} *" if column.is_needed else str(column.heading)
        page.write_string(0, index, heading, formats.needed if column.is_needed else formats.head)
        if str(column.hint):
            page.write_comment(0, index, str(column.hint), {"x_scale": 1.6})


def _choices() -> list[Column]:
    """The columns with a list to choose from, each list once."""
    found: dict[int, Column] = {}
    for sheet in SHEETS:
        for column in sheet.columns:
            if column.options:
                found.setdefault(id(column.options), column)
    return list(found.values())


def _places_of_lists(services: list[tuple[str, str]], rows: list[Row]) -> dict[object, str]:
    """Where each list to choose from stands: an address in the hidden sheet, or in the first one."""
    hidden = str(REFERENCE_SHEET)
    places: dict[object, str] = {
        id(column.options): _range(hidden, index + 2, len(column.options))
        for index, column in enumerate(_choices())
    }
    if services:
        places[SERVICE] = _range(hidden, 0, len(services))
    places[KEY] = _range(str(MAIN.name), 0, PREPARED_ROWS + len(rows))
    return places


def _range(sheet: str, column: int, count: int) -> str:
    letters = column_letters(column)
    return f"='{sheet}'!${letters}$2:${letters}${count + 1}"


def _offer_choices(page: Worksheet, sheet: Sheet, lists: dict[object, str]) -> None:
    for index, column in enumerate(sheet.columns):
        key: object = id(column.options) if column.options else column.path
        if key not in lists or (sheet is MAIN and column.path == KEY):
            continue
        page.data_validation(
            1, index, PREPARED_ROWS, index,
            {"validate": "list", "source": lists[key], "error_type": "warning", "ignore_blank": True},
        )  # fmt: skip


def _help(book: xlsxwriter.Workbook, formats: Formats) -> None:
    page = book.add_worksheet(str(HELP_SHEET))
    page.set_column(0, 0, 100)
    for row, words in enumerate(_HELP):
        page.write_string(row, 0, str(words), formats.text)


def _reference(book: xlsxwriter.Workbook, services: Iterable[tuple[str, str]], formats: Formats) -> None:
    page = book.add_worksheet(str(REFERENCE_SHEET))
    page.hide()
    columns: list[tuple[Words, list[str]]] = [
        (_l("National service code"), [code for code, _name in services]),
        (labels.HEAD_FIELD_NAMES["title"], [name for _code, name in services]),
        *((column.heading, [str(words) for words in column.options.values()]) for column in _choices()),
    ]
    longest = max(len(values) for _heading, values in columns)
    for row in range(longest + 1):  # row by row: the file is written as it goes
        for index, (heading, values) in enumerate(columns):
            if row == 0:
                page.write_string(0, index, str(heading), formats.head)
            elif row <= len(values):
                write_text(page, row, index, values[row - 1], formats)

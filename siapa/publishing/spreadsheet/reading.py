"""From the sheets of our own form to documents as they were handed in, one standard at a time.

Only what is known is read: a sheet, a column or a code that is missing, doubled or
unknown is refused by name, because what is left out of the file would be left out of the
standard. Where each value stood is kept, so that every fault names its cell.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from siapa.errors import Problem, Rejected
from siapa.locales import lazy as _l
from siapa.publishing.slugs import slug_of
from siapa.publishing.spreadsheet.cells import Cell, Unreadable, plain, read
from siapa.publishing.spreadsheet.faults import Fault, of_column
from siapa.publishing.spreadsheet.layout import (
    KEY,
    LISTS,
    MAIN,
    SERVICE,
    SHEETS,
    Column,
    Sheet,
    cell_name,
    columns_by_heading,
    folded,
    help_sheets,
    sheets_by_name,
)
from siapa.publishing.spreadsheet.opening import Cells, Grid, Workbook, refusal

LONGEST_KEY = 100
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass
class Guess:
    """What was read out of a free text: the component, what stood there, and what was made of it."""

    component: str
    text: str
    made: list[dict[str, Any]]

    def kept(self) -> dict[str, Any]:
        """The guess as it is stored."""
        return {"component": self.component, "text": self.text[:500], "made": self.made[:100]}


@dataclass
class Handed:
    """One standard as the file says it, before anybody judged it."""

    key: str
    place: str
    raw: dict[str, Any] = field(default_factory=dict)
    service: str | None = None
    faults: list[Fault] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    #: Whether what the file has no column for stays as it is.
    is_partial: bool = False
    #: By what another registry knows it.
    identity: str | None = None
    #: The identifiers of standards that are known as one of the file, this or another.
    others: frozenset[uuid.UUID] = frozenset()

    def over(self, standing: Mapping[str, Any]) -> dict[str, Any]:
        """The document that this makes of the one that stands."""
        return {**standing, **self.raw} if self.is_partial else self.raw

    def fault_at(self, problem: Problem) -> Fault:
        """``problem`` of the document as a fault of the cell that it comes from."""
        raise NotImplementedError


@dataclass
class _Table:
    """One sheet with its columns found and its rows told apart by standard."""

    sheet: Sheet
    name: str
    rows: list[Cells]
    columns: list[tuple[int, Column]]
    rows_of: dict[str, list[int]] = field(default_factory=dict)

    def cell(self, row: int, index: int) -> Cell:
        held = self.rows[row]
        return held[index] if index < len(held) else ""

    def index_of(self, path: str) -> int:
        return next((index for index, column in self.columns if column.path == path), 0)


class Reading:
    """The whole file, ready to be read standard by standard; ``total`` is how many there are."""

    def __init__(self, tables: dict[str, _Table]) -> None:
        #: Only sheets that are not ours need one.
        self.mapping: dict[str, str] | None = None
        self._tables = tables
        self._main = tables[""]
        self._strays = self._keys_without_standard()
        self.total = sum(len(rows) for rows in self._main.rows_of.values()) + len(self._strays)

    def handed(self) -> Iterator[Handed]:
        """Each standard in the order of the file, and each code that no standard has."""
        places = sorted((row, key) for key, rows in self._main.rows_of.items() for row in rows)
        seen: dict[str, int] = {}
        slugs: dict[str, str] = {}
        for row, key in places:
            one = _OfWorkbook(key, f"{self._main.name}!{row + 1}", tables=self._tables, row=row)
            key_cell = cell_name(row, self._main.index_of(KEY))
            if key in seen:
                message = _l("This code stands in row %(row)s already.", row=seen[key] + 1)
                one.faults.append(Fault(self._main.name, key_cell, message, MAIN.columns[0].heading, key))
            elif slugs.setdefault(slug_of(key), key) != key or slug_of(key) != key or len(key) > LONGEST_KEY:
                message = _l("Use small letters, digits and hyphens only.")
                one.faults.append(Fault(self._main.name, key_cell, message, MAIN.columns[0].heading, key))
            seen.setdefault(key, row)
            one.fill()
            yield one
        for table, key, row in self._strays:
            stray = _OfWorkbook(key, f"{table.name}!{row + 1}", tables=self._tables, row=row)
            stray.faults.append(
                Fault(
                    table.name, cell_name(row, table.index_of(KEY)),
                    _l("No standard of the first sheet has this code."), MAIN.columns[0].heading, key,
                )
            )  # fmt: skip
            yield stray

    def _keys_without_standard(self) -> list[tuple[_Table, str, int]]:
        return [
            (table, key, rows[0])
            for sheet in LISTS
            for table in (self._tables[sheet.path],)
            for key, rows in table.rows_of.items()
            if key not in self._main.rows_of
        ]


@dataclass
class _OfWorkbook(Handed):
    tables: dict[str, _Table] = field(default_factory=dict)
    row: int = 0

    def fill(self) -> None:
        """Read the rows of this standard out of every sheet."""
        for sheet in SHEETS:
            table = self.tables[sheet.path]
            if sheet is MAIN:
                self._read_row(table, self.row, self.raw)
                continue
            rows = table.rows_of.get(self.key)
            if not rows:
                continue
            items: list[dict[str, Any]] = [{} for _row in rows]
            for row, item in zip(rows, items, strict=True):
                self._read_row(table, row, item)
            target = self.raw
            for part in sheet.parts[:-1]:
                target = target.setdefault(part, {})
            target[sheet.parts[-1]] = items

    def _read_row(self, table: _Table, row: int, target: dict[str, Any]) -> None:
        held = table.rows[row]
        for index, column in table.columns:
            cell = held[index] if index < len(held) else ""
            if column.path == KEY or cell == "" or cell is None:
                continue
            try:
                value = read(column, cell)
            except Unreadable as error:
                where = cell_name(row, index)
                self.faults.append(of_column(table.name, where, column, error.message, cell))
                continue
            if value is None:
                continue
            if column.path == SERVICE and table.sheet is MAIN:
                self.service = str(value)
                continue
            inner = target
            for part in column.parts[:-1]:
                inner = inner.setdefault(part, {})
            inner[column.parts[-1]] = value

    def fault_at(self, problem: Problem) -> Fault:
        """The cell of ``problem``: of its list's row, or of the standard's own."""
        steps = [name or int(index) for name, index in _STEP.findall(problem.path)]
        table, row, rest = self._row_of(steps)
        wanted = ".".join(str(step) for step in rest if isinstance(step, str))
        index, column = max(
            table.columns, key=lambda one: (_shared(one[1].path, wanted), one[1].is_needed, -one[0])
        )
        if not _shared(column.path, wanted):
            index, column = next(
                (one for one in table.columns if one[1].is_needed and one[1].path != KEY), table.columns[0]
            )
        cell = table.cell(row, index)
        value = cell if cell != "" else problem.value
        return of_column(table.name, cell_name(row, index), column, problem.message, value)

    def _row_of(self, steps: list[str | int]) -> tuple[_Table, int, list[str | int]]:
        for sheet in LISTS:
            size = len(sheet.parts)
            rows = self.tables[sheet.path].rows_of.get(self.key, [])
            if tuple(steps[:size]) == sheet.parts and rows:
                place = steps[size] if len(steps) > size else 0
                assert isinstance(place, int), "a list is indexed"
                return self.tables[sheet.path], rows[min(place, len(rows) - 1)], steps[size + 1 :]
        return self.tables[""], self.row, steps


def _shared(path: str, wanted: str) -> int:
    """How much of ``wanted`` the column at ``path`` is for."""
    if path == wanted:
        return len(path) + 1
    if not wanted:
        return 0
    return len(wanted) if path.startswith(f"{wanted}.") else len(path) if wanted.startswith(f"{path}.") else 0


def is_ours(book: Workbook) -> bool:
    """Whether ``book`` has the sheets of our template, or most of them."""
    known = {sheets_by_name().get(folded(name)) for name in book.names} - {None}
    return len(known) > 1


def read_workbook(book: Workbook) -> Reading:
    """The standards of ``book``, a workbook of our form; ``Rejected`` says all that is wrong with it."""
    problems: list[Problem] = []
    tables: dict[str, _Table] = {}
    for name in book.names:
        sheet = sheets_by_name().get(folded(name))
        if sheet is None:
            if folded(name) not in help_sheets():
                problems.append(Problem(name, _l("There is no such sheet in the template. Remove it.")))
        elif sheet.path in tables:
            problems.append(Problem(name, _l("This sheet is there twice.")))
        else:
            found, faults = _table(sheet, book.grid(name))
            tables[sheet.path] = found
            problems += faults
    for sheet in SHEETS:
        if sheet.path not in tables:
            problems.append(
                Problem(
                    str(sheet.name), _l("This sheet of the template is missing. Leave it in, even if empty.")
                )
            )
    if problems:
        raise Rejected(problems)
    reading = Reading(tables)
    if not reading.total:
        raise refusal(_l("There is no standard in the file."))
    return reading


def _table(sheet: Sheet, grid: Grid) -> tuple[_Table, list[Problem]]:
    problems: list[Problem] = []
    columns: list[tuple[int, Column]] = []
    known = columns_by_heading(sheet)
    head = grid.rows[0] if grid.rows else []
    for index, cell in enumerate(head):
        said = plain(cell)
        column = known.get(folded(said.rstrip(" *")))
        where = f"{grid.name}!{cell_name(0, index)}"
        if column is None:
            if said.strip() or any(index < len(row) and row[index] != "" for row in grid.rows):
                problems.append(Problem(where, _l("There is no such column in the template."), said[:80]))
        elif any(column is other for _index, other in columns):
            problems.append(Problem(where, _l("This column is there twice."), said[:80]))
        else:
            columns.append((index, column))
    missing = [column for column in sheet.columns if all(column is not other for _index, other in columns)]
    for column in missing:
        message = _l('The column "%(heading)s" is missing.', heading=column.heading)
        problems.append(Problem(f"{grid.name}!1", message))
    table = _Table(sheet, grid.name, grid.rows, columns)
    if not problems:
        problems += _tell_rows_apart(table)
    return table, problems


def _tell_rows_apart(table: _Table) -> Iterator[Problem]:
    index = table.index_of(KEY)
    for row, held in enumerate(table.rows):
        if not row or all(cell == "" for cell in held):
            continue
        key = plain(table.cell(row, index)).strip()
        if key:
            table.rows_of.setdefault(key, []).append(row)
        else:
            where = f"{table.name}!{cell_name(row, index)}"
            yield Problem(where, _l("The code of the standard is missing in this row."))

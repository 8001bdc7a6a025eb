"""Reading the seed files: tables with typed cells, documents, and every problem with its place.

Nothing here touches the database. A problem is named ``malls.csv:12:latitude`` (file, line,
column) or ``standards/<agency>/<code>.json:document.fees``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from siapa.document.intake import read_document
from siapa.document.standard_document import StandardDocument
from siapa.errors import Problem, Rejected
from siapa.locales import Words
from siapa.locales import lazy as _l

T = TypeVar("T")
Kind = TypeVar("Kind", bound=StrEnum)

#: What a longer list in one cell is parted by.
PARTED_BY = ";"


@dataclass
class Problems:
    """What is wrong in the files, gathered over all of them."""

    found: list[Problem] = field(default_factory=list)

    def add(self, place: str, message: Words, value: object = None) -> None:
        """Note one problem."""
        self.found.append(Problem(place, message, value))

    def stop_if_any(self) -> None:
        """Raise ``Rejected`` with all of them."""
        if self.found:
            raise Rejected(self.found)


@dataclass(frozen=True)
class Row:
    """One line of a table; its cells trimmed, an empty one is None."""

    file: str
    line: int
    cells: Mapping[str, str | None]
    problems: Problems

    def place(self, column: str) -> str:
        """How a problem in ``column`` is named."""
        return f"{self.file}:{self.line}:{column}"

    def text(self, column: str) -> str | None:
        """The cell as it stands."""
        return self.cells.get(column)

    def key(self, column: str) -> str:
        """A cell that must not be empty."""
        value = self.text(column)
        if value is None:
            self.problems.add(self.place(column), _l("This must be given."))
        return value or ""

    def words(self, column: str) -> list[str]:
        """The parts of a cell, parted by semicolons."""
        parts = (part.strip() for part in (self.text(column) or "").split(PARTED_BY))
        return [part for part in parts if part]

    def whole(self, column: str) -> int | None:
        """A whole number."""
        return self._read(column, int, _l("This is not a whole number."))

    def number(self, column: str) -> float | None:
        """A number with a decimal point."""
        return self._read(column, float, _l("This is not a number."))

    def day(self, column: str) -> date | None:
        """A day, written 2026-01-31."""
        return self._read(column, date.fromisoformat, _l("This is not a day. Write it like 2026-01-31."))

    def one_of(self, column: str, kind: type[Kind]) -> Kind | None:
        """One of the words of ``kind``."""
        known = ", ".join(member.value for member in kind)
        return self._read(column, kind, _l("This must be one of: %(known)s.", known=known))

    def known(self, column: str, keys: Mapping[str, T]) -> T | None:
        """What stands in ``keys`` under the cell; a problem when nothing does."""
        value = self.text(column)
        if value is not None and value not in keys:
            self.problems.add(self.place(column), _l("Nothing has this key."), value)
        return None if value is None else keys.get(value)

    def _read(self, column: str, read: Callable[[str], T], wrong: Words) -> T | None:
        value = self.text(column)
        if value is None:
            return None
        try:
            return read(value)
        except ValueError:
            self.problems.add(self.place(column), wrong, value)
            return None


@dataclass(frozen=True)
class DocumentFile:
    """One JSON file: what stands in it, and where."""

    file: str
    content: Mapping[str, Any]
    problems: Problems

    def place(self, name: str) -> str:
        """How a problem at ``name`` is named."""
        return f"{self.file}:{name}"

    @property
    def raw(self) -> Mapping[str, Any]:
        """The document as it is written."""
        raw = self.content.get("document")
        return raw if isinstance(raw, Mapping) else {}

    def read(self) -> StandardDocument | None:
        """The document; None with its problems noted when it is none."""
        try:
            return read_document(self.content.get("document"))
        except Rejected as error:
            for problem in error.problems:
                path = f"document.{problem.path}" if problem.path else "document"
                self.problems.add(self.place(path), problem.message, problem.value)
            return None


def table(directory: Path, name: str, columns: tuple[str, ...], problems: Problems) -> list[Row]:
    """The rows of ``name``; empty when there is no such file.

    ``columns`` must be there; further ones are the compilers' own.
    """
    path = directory / name
    if not path.exists():
        return []
    rows: list[Row] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            header = next(reader, [])
            for column in columns:
                if column not in header:
                    problems.add(f"{name}:1:{column}", _l("This column is missing."))
            for cells in reader:
                if len(cells) != len(header):
                    problems.add(f"{name}:{reader.line_num}", _l("This line has too few or too many cells."))
                    continue
                trimmed = ((column, cell.strip() or None) for column, cell in zip(header, cells, strict=True))
                rows.append(Row(name, reader.line_num, dict(trimmed), problems))
    except (csv.Error, UnicodeDecodeError) as error:
        problems.add(name, _l("This is not a table in UTF-8: %(error)s", error=str(error)))
    return rows


def documents(directory: Path, folder: str, problems: Problems) -> Iterator[DocumentFile]:
    """Every JSON file in ``folder`` and below, by name."""
    for path in sorted((directory / folder).rglob("*.json")):
        name = str(path.relative_to(directory))
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            problems.add(name, _l("This is not JSON in UTF-8: %(error)s", error=str(error)))
            continue
        if isinstance(content, dict):
            yield DocumentFile(name, content, problems)
        else:
            problems.add(name, _l("This must be an object with named fields."))


def keyed(rows: list[Row], *columns: str) -> dict[str, Row]:
    """The rows by their key; one that stands twice is a problem."""
    found: dict[str, Row] = {}
    for row in rows:
        key = "/".join(row.key(column) for column in columns)
        if key in found:
            row.problems.add(row.place(columns[0]), _l("This key stands twice."), key)
        found[key] = row
    return found

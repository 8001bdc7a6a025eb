"""What is wrong in a file: sheet, cell, what stands there, and what may stand there."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from siapa.locales import LOCALES, Words, using
from siapa.publishing.spreadsheet.cells import plain
from siapa.publishing.spreadsheet.layout import Column

LONGEST_SHOWN = 200
MOST_ALLOWED = 30
#: A fault as it is stored.
Kept = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one cell (``cell`` as ``C14``, empty for a whole sheet)."""

    sheet: str
    cell: str
    message: Words
    column: Words = ""
    value: object = None
    allowed: tuple[Words, ...] = ()

    @property
    def place(self) -> str:
        """Sheet and cell, as ``Persyaratan!C14``."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    def kept(self) -> Kept:
        """The fault as it is stored: every sentence in every language."""
        return {
            "sheet": self.sheet,
            "cell": self.cell,
            "column": in_each(self.column),
            "value": shown_value(self.value),
            "message": in_each(self.message),
            "allowed": [in_each(words) for words in self.allowed[:MOST_ALLOWED]],
        }


def of_column(sheet: str, cell: str, column: Column, message: Words, value: object) -> Fault:
    """A fault in a cell of ``column``; what may stand there comes from the column."""
    return Fault(sheet, cell, message, column.heading, value, tuple(column.options.values()))


def in_each(words: Words) -> dict[str, str]:
    """``words`` by language."""
    said = {}
    for locale in LOCALES:
        with using(locale):
            said[locale] = str(words)
    return said


def shown_value(value: object) -> str | None:
    """``value`` short enough to be shown, without what cannot be written."""
    if value is None or not isinstance(value, str | int | float | datetime.date | datetime.time):
        return None
    said = plain(value)[:LONGEST_SHOWN]
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in said)


def once_each(faults: Iterable[Fault]) -> list[Fault]:
    """The faults, of each cell only the first: later ones follow from it."""
    kept: dict[str, Fault] = {}
    for fault in faults:
        kept.setdefault(fault.place, fault)
    return list(kept.values())

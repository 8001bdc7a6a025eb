"""Single cells: from the document to the sheet, and from the sheet to the document.

What cannot be read stays as it stands, so that the intake says what is wrong with it;
choices are refused here, because only here is known what they are called in the sheet.
"""

from __future__ import annotations

import datetime
import math
import re
from typing import Any

from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.publishing.spreadsheet.layout import Column, codes_by_name, folded

#: What a spreadsheet program hands out, and what it takes.
Cell = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta
#: How a text begins that a spreadsheet program could take for a formula (OWASP, CSV injection).
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
WORD_MARK = "; "

_GROUPED = re.compile(r"(?:rp\.?\s*)?(\d{1,3}(?:[.\s]\d{3})+|\d+)(?:,-|,00)?", re.IGNORECASE)
_DIGITS = re.compile(r"(\d{1,15})")
_LOCAL_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


class Unreadable(Exception):
    """A cell that cannot mean anything here; ``message`` says what may stand there."""

    def __init__(self, message: Words) -> None:
        super().__init__(message)
        self.message = message


def guarded(text: str) -> str:
    """``text`` for a CSV file: an apostrophe in front of what could be taken for a formula."""
    return f"'{text}" if text.startswith((*RISKY, "'")) else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*RISKY, "'")) else text


def shown(column: Column, value: Any) -> str | int | datetime.date | None:
    """``value`` of a document as it is written into a cell of ``column``."""
    if value is None:
        return None
    match column.kind:
        case "words":
            return WORD_MARK.join(value)
        case "day":
            return datetime.date.fromisoformat(value)
        case "yes" | "choice":
            return str(column.options[str(value).lower()])
        case "whole" | "money":
            return int(value)
        case _:
            return str(value)


def read(column: Column, cell: Cell) -> Any:
    """What ``cell`` says, as the document holds it; None for an empty one. Raises ``Unreadable``."""
    if isinstance(cell, str) and not cell.strip():
        return None
    match column.kind:
        case "words":
            return [word for part in plain(cell).split(";") if (word := part.strip())]
        case "day":
            return _day(cell)
        case "yes":
            return cell if isinstance(cell, bool) else _chosen(column, cell) == "true"
        case "choice":
            return _chosen(column, cell)
        case "whole" | "money":
            return _whole(cell, is_money=column.kind == "money")
        case _:
            return plain(cell)


def plain(cell: Cell) -> str:
    """``cell`` as a text: whole numbers without point, days as ``2026-01-31``."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and math.isfinite(cell) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return str(cell)


def _chosen(column: Column, cell: Cell) -> str:
    code = codes_by_name(column).get(folded(plain(cell)))
    if code is None:
        raise Unreadable(_l("This is not one of the values that may be chosen."))
    return code


def _whole(cell: Cell, *, is_money: bool) -> int | Cell:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise Unreadable(_l("Write a whole number."))
    if isinstance(cell, str):
        found = (_GROUPED if is_money else _DIGITS).fullmatch(cell.strip()[:40])
        if found is None:
            raise Unreadable(_l("Write a whole number."))
        return int(re.sub(r"\D", "", found[1]))
    if isinstance(cell, float) and not (math.isfinite(cell) and cell.is_integer()):
        raise Unreadable(_l("Write a whole number."))
    return int(cell)


def _day(cell: Cell) -> str:
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if not isinstance(cell, str):
        raise Unreadable(_l("Write a date, such as 2026-01-31."))
    found = _LOCAL_DAY.fullmatch(cell.strip()[:20])
    # Day before month, as everybody writes it in Indonesia.
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else cell.strip()

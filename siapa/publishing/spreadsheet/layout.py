"""The sheets and columns of our spreadsheet: one sheet a list, every row keyed by its standard.

The first sheet has a row for each standard with all that a standard says once; each of
the others has rows of one list (requirements, steps, fees …) that name the standard they
belong to. Export and import are the same form: what the template is filled with comes
back as the same document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from siapa.document import labels
from siapa.locales import LOCALES, Words, using
from siapa.locales import lazy as _l

Kind = Literal["text", "words", "whole", "money", "day", "yes", "choice"]

YES_NO: Mapping[str, Words] = {"true": _l("yes"), "false": _l("no")}
KEY, SERVICE = "key", "service"


@dataclass(frozen=True, eq=False)
class Column:
    """One column: where its values stand in the document, what it is called, what it may hold."""

    path: str
    heading: Words
    hint: Words = ""
    kind: Kind = "text"
    #: Codes and their names, for a choice.
    options: Mapping[str, Words] = field(default_factory=dict)
    is_needed: bool = False
    width: int = 22

    @property
    def parts(self) -> tuple[str, ...]:
        """The names that lead from the row's object to the value."""
        return tuple(self.path.split("."))


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet; ``path`` is where its rows stand in the document, empty for the first."""

    path: str
    name: Words
    columns: tuple[Column, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """The names that lead from the document to the list."""
        return tuple(self.path.split(".")) if self.path else ()


def _english(column: Column) -> Column:
    heading = _l("%(heading)s, in English", heading=column.heading)
    return Column(
        f"{column.path}_en", heading, _l("The same in English; may be left out."), width=column.width
    )


def _sheet(path: str, name: Words, *columns: Column, english: str = "") -> Sheet:
    """The sheet with its key in front and its English renderings behind."""
    key = Column(
        KEY,
        _l("Standard code"),
        _l("The code of the standard, as it stands in the first sheet.")
        if path
        else _l("A short name of small letters, digits and hyphens; it becomes part of the web address."),
        is_needed=True,
        width=26,
    )
    also = tuple(_english(column) for column in columns if column.path in english.split())
    return Sheet(path, name, (key, *columns, *also))


def _many(path: str, heading: Words, hint: Words = "", *, needed: bool = False) -> Column:
    return Column(path, heading, hint, is_needed=needed, width=48)


def _choice(
    path: str, heading: Words, options: Mapping[str, Words], *, hint: Words = "", needed: bool = False
) -> Column:
    return Column(path, heading, hint or _l("Choose from the list."), "choice", options, needed)


_A_DATE = _l("A date, such as 2026-01-31.")
_SECTIONS = (
    ("staff_competence", labels.COMPONENT_NAMES["staff_competence"]),
    ("internal_supervision", labels.COMPONENT_NAMES["internal_supervision"]),
    ("service_guarantee", labels.COMPONENT_NAMES["service_guarantee"]),
    ("safety_guarantee", labels.COMPONENT_NAMES["safety_guarantee"]),
    ("performance_evaluation", labels.COMPONENT_NAMES["performance_evaluation"]),
)

MAIN = _sheet(
    "", _l("Standards"),
    Column(SERVICE, _l("National service code"), _l("From the hidden sheet; may be left out."), width=20),
    _many("title", _l("Name of the standard"), _l("3 to 200 characters."), needed=True),
    _many("summary", _l("Summary"), _l("One or two sentences for citizens.")),
    _many("audience", labels.HEAD_FIELD_NAMES["audience"]),
    Column("keywords", _l("Search words"), _l("Parted by semicolons."), "words"),
    Column("decree.number", _l("Decree number")),
    Column("decree.date", _l("Decree date"), _A_DATE, "day"),
    Column("decree.signatory", _l("Signed by")),
    Column("effective_from", labels.HEAD_FIELD_NAMES["effective_from"], _A_DATE, "day"),
    Column("review_due", labels.HEAD_FIELD_NAMES["review_due"], _A_DATE, "day"),
    _choice(
        "fees.fee_kind", _l("Kind of fee"), labels.FEE_KIND_NAMES,
        hint=_l("An empty cell means that the fee is not known, not that it is free."),
    ),
    _many("complaint_handling.text", _l("How complaints are handled"), _l("Channels stand in their sheet.")),
    *(_many(path, heading) for path, heading in _SECTIONS),
    Column("staff_count.count", labels.COMPONENT_NAMES["staff_count"], _l("A whole number."), "whole"),
    _many("staff_count.note", _l("Note on the number of staff")),
    english="title summary audience complaint_handling.text staff_count.note "
    + " ".join(path for path, _heading in _SECTIONS),
)  # fmt: skip

LISTS: tuple[Sheet, ...] = (
    _sheet(
        "channels", _l("Ways to get it"),
        _choice("kind", _l("Way"), labels.SERVICE_CHANNEL_KIND_NAMES, needed=True),
        Column("url", _l("Web address"), _l("Begins with https:// or http://."), width=36),
        _many("note", _l("Note")), english="note",
    ),
    _sheet(
        "requirements", labels.COMPONENT_NAMES["requirements"],
        _many("text", _l("Requirement"), _l("One a row."), needed=True),
        _choice("kind", _l("Kind"), labels.REQUIREMENT_KIND_NAMES, needed=True),
        Column("original", _l("Original to be shown"), _l("yes or no"), "yes", YES_NO),
        Column("copies", _l("Copies"), _l("0 to 20."), "whole"),
        Column("form_url", _l("Address of the form"), _l("Begins with https:// or http://."), width=36),
        Column("applies_when", _l("Only in the case"), _l("Empty when it always holds.")),
        english="text applies_when",
    ),
    _sheet(
        "procedure", _l("Procedure"),
        _many("text", _l("Step"), _l("One a row, in order."), needed=True),
        _choice("actor", _l("Who acts"), labels.ACTOR_NAMES),
        Column("duration.amount", _l("Duration"), _l("A whole number."), "whole"),
        _choice("duration.unit", _l("Unit of the duration"), labels.UNIT_NAMES), english="text",
    ),
    _sheet(
        "processing_time", labels.COMPONENT_NAMES["processing_time"],
        Column("case", _l("Case"), _l("When different times hold for different cases.")),
        Column("amount_min", _l("Shortest"), _l("A whole number; may be left out."), "whole"),
        Column("amount_max", _l("Longest"), _l("A whole number."), "whole", is_needed=True),
        _choice("unit", _l("Unit of time"), labels.UNIT_NAMES, needed=True),
        Column("counted_from", _l("Counted from")), english="case counted_from",
    ),
    _sheet(
        "fees.lines", _l("Fee lines"),
        Column("label", _l("What is paid for"), width=36),
        Column("case", _l("Case"), _l("When different fees hold for different cases.")),
        Column("amount_idr", _l("Amount in rupiah"), _l("A whole number, such as 350000."), "money"),
        Column("unit", _l("For each")),
        _many("note", _l("Note")),
        Column("legal_basis", _l("Legal basis of the fee"), width=36),
        _many("basis_note", _l("Why without a regulation in force")),
        english="label case unit note basis_note",
    ),
    _sheet(
        "products", _l("Products"),
        _many("name", _l("Product"), needed=True), Column("validity", _l("Valid for")),
        english="name validity",
    ),
    _sheet(
        "complaint_handling.channels", _l("Complaints"),
        _choice("kind", _l("Channel"), labels.COMPLAINT_CHANNEL_KIND_NAMES, needed=True),
        _many("value", _l("Number or address"), _l("Of the office, never a private number."), needed=True),
    ),
    _sheet(
        "legal_bases", labels.COMPONENT_NAMES["legal_bases"],
        Column("type", _l("Kind of regulation"), _l("Such as UU, PP, Perda.")),
        Column("number", _l("Number")),
        Column("year", _l("Year"), _l("Four digits."), "whole"),
        _many("title", _l("About"), needed=True), Column("url", _l("Web address"), width=36),
    ),
    _sheet(
        "facilities", _l("Facilities"),
        _many("text", _l("Facility"), needed=True),
        Column("accessible", _l("For people with disabilities"), _l("yes or no"), "yes", YES_NO),
        english="text",
    ),
)  # fmt: skip
SHEETS = (MAIN, *LISTS)
#: Sheets that are ours and hold no data.
HELP_SHEET, REFERENCE_SHEET, ERROR_SHEET = _l("How to fill in"), _l("Reference"), _l("Errors")


def said_in_each(words: Words) -> Iterator[str]:
    """``words`` in every language."""
    for locale in LOCALES:
        with using(locale):
            yield str(words)


def folded(text: str) -> str:
    """``text`` for comparison: case, marks and blanks do not count."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


@cache
def columns_by_heading(sheet: Sheet) -> Mapping[str, Column]:
    """The columns of ``sheet`` by their headings in every language, folded."""
    return {folded(said): column for column in sheet.columns for said in said_in_each(column.heading)}


@cache
def sheets_by_name() -> Mapping[str, Sheet]:
    """The sheets by their names in every language, folded."""
    return {folded(said): sheet for sheet in SHEETS for said in said_in_each(sheet.name)}


@cache
def help_sheets() -> frozenset[str]:
    """The names of the sheets that hold no data, in every language, folded."""
    return frozenset(
        folded(said) for name in (HELP_SHEET, REFERENCE_SHEET, ERROR_SHEET) for said in said_in_each(name)
    )


@cache
def codes_by_name(column: Column) -> Mapping[str, str]:
    """The codes of a choice by their names in every language, folded; a code is a name of itself."""
    found = {folded(said): code for code, words in column.options.items() for said in said_in_each(words)}
    return {**{folded(code): code for code in column.options}, **found}


def column_letters(index: int) -> str:
    """How spreadsheet programs call the column with this ``index`` from 0: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """``row`` and ``column``, each from 0, as ``C14``."""
    return f"{column_letters(column)}{row + 1}"

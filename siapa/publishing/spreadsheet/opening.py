"""Opening a file that somebody handed in, and refusing what it must not be.

A workbook is a zip of XML. Every member is inflated once, in pieces and counted, before
the reader sees any of it: what a cell could grow to is known by then. So a file costs
bounded time and memory, and whatever is refused is refused with its reason.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, WorksheetNotFound

from siapa.errors import Problem, Rejected
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.publishing.spreadsheet.cells import Cell
from siapa.publishing.spreadsheet.layout import cell_name

LARGEST_FILE = 20_000_000
MOST_MEMBERS, MOST_SHEETS = 300, 30
#: Bytes of one member, and of all, once inflated.
LARGEST_MEMBER, LARGEST_WHOLE = 120_000_000, 250_000_000
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 200_000, 100, 2_500_000
#: Characters of a cell, and of all cells of a sheet.
LONGEST_CELL, LONGEST_SHEET = 20_000, 80_000_000
_PIECE = 1 << 20

Cells = tuple[Cell, ...]

_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,4})([0-9]{0,12})""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_INDEX = re.compile(rb"<(?:\w+:)?v[^>]*>\s*([0-9]{1,9})\s*<")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_STRING = re.compile(rb"<(?:\w+:)?si[\s>]")
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FROM_1904 = re.compile(rb"""date1904\s*=\s*["'](?:1|true)["']""", re.IGNORECASE)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass
class Grid:
    """One sheet as it stands: rows of cells, the first row and column being A1."""

    name: str
    rows: list[Cells] = field(default_factory=list)


def refusal(message: Words, path: str = "", value: object = None) -> Rejected:
    """The file as a whole cannot be taken."""
    return Rejected([Problem(path, message, value)])


def is_workbook(content: bytes) -> bool:
    """Whether ``content`` is a zip, as workbooks are, or an older Office file."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLD_OFFICE))


def open_workbook(content: bytes) -> Workbook:
    """The workbook in ``content``; raises ``Rejected`` with the reason it cannot be taken."""
    if len(content) > LARGEST_FILE:
        raise refusal(_l("The file is larger than %(most)s megabytes.", most=LARGEST_FILE // 1_000_000))
    if content.startswith(_OLD_OFFICE):
        raise refusal(
            _l("This is an older Excel file, or one with a password. Save it as .xlsx without a password.")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _examine(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise refusal(_l("The file is damaged or is no workbook. Save it anew as .xlsx.")) from None
    try:
        return Workbook(CalamineWorkbook.from_filelike(io.BytesIO(content)))
    except (CalamineError, PasswordError, ValueError, OSError):
        raise refusal(_l("The file is damaged or is no workbook. Save it anew as .xlsx.")) from None


class Workbook:
    """A workbook that was examined; its sheets are read one at a time."""

    def __init__(self, book: CalamineWorkbook) -> None:
        self._book = book
        if len(book.sheet_names) > MOST_SHEETS:
            raise refusal(_l("The file has more than %(most)s sheets.", most=MOST_SHEETS))

    @property
    def names(self) -> list[str]:
        """The names of the sheets, in order."""
        return list(self._book.sheet_names)

    def grid(self, name: str) -> Grid:
        """The sheet called ``name``; raises ``Rejected`` for merged and over-long cells."""
        try:
            sheet = self._book.get_sheet_by_name(name)
        except (CalamineError, WorksheetNotFound, ValueError):
            raise refusal(_l("This sheet cannot be read."), name) from None
        for start, end in (sheet.merged_cell_ranges or [])[:1]:
            where = f"{name}!{cell_name(*start)}:{cell_name(*end)}"
            raise refusal(
                _l("Cells are merged here. Undo the merging: each row must stand for itself."), where
            )
        grid = Grid(name, _kept(sheet))
        check_grid(grid)
        return grid


def _kept(sheet: CalamineSheet) -> list[Cells]:
    """The rows of ``sheet`` as far as they are filled; a text is kept once, however often it stands."""
    known: dict[str, str] = {}
    rows: list[Cells] = []
    # The reader gives empty rows above the first cell, but not the empty columns before it.
    lead = ("",) * (sheet.start[1] if sheet.start else 0)
    for cells in sheet.iter_rows():
        while cells and cells[-1] == "":
            cells.pop()
        # Tuples: the collector passes over them, of which there are hundreds of thousands.
        kept = tuple(known.setdefault(c, c) if isinstance(c, str) else c for c in cells)
        rows.append(lead + kept if kept else ())
    return rows


def check_grid(grid: Grid) -> None:
    """Raise ``Rejected`` for too many rows or columns, and for a cell that is too long."""
    if len(grid.rows) > MOST_ROWS:
        raise refusal(_l("There are more than %(most)s rows.", most=MOST_ROWS), grid.name)
    for number, row in enumerate(grid.rows):
        if len(row) > MOST_COLUMNS:
            raise _too_wide(grid.name)
        for place, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) > LONGEST_CELL:
                raise refusal(
                    _l("This cell holds more than %(most)s characters.", most=LONGEST_CELL),
                    f"{grid.name}!{cell_name(number, place)}",
                    cell[:80],
                )


def _too_wide(where: str) -> Rejected:
    return refusal(_l("There are more than %(most)s columns.", most=MOST_COLUMNS), where)


def _examine(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = {member.filename for member in members}
    _check_kind(names, members)
    if len(members) > MOST_MEMBERS:
        raise refusal(_l("The file holds more than %(most)s parts.", most=MOST_MEMBERS))
    if len(names) < len(members):
        raise refusal(_l("The file holds a part twice."))
    if any(member.flag_bits & 1 for member in members):
        raise refusal(_l("The file has a password. Save it without one."))
    if (
        sum(member.file_size for member in members) > LARGEST_WHOLE
        or max(member.file_size for member in members) > LARGEST_MEMBER
    ):
        raise refusal(_l("Unpacked, the file is larger than is taken. Split it into smaller ones."))
    lengths: list[int] = []
    # The texts first: sheets refer to them, and are measured by them.
    for member in sorted(members, key=lambda one: not one.filename.lower().endswith("sharedstrings.xml")):
        _examine_member(archive, member, lengths)


def _check_kind(names: set[str], members: list[zipfile.ZipInfo]) -> None:
    lowered = {name.lower() for name in names}
    if any("vbaproject" in name or "macrosheets/" in name for name in lowered):
        raise refusal(_l("The file holds macros. Save it as .xlsx, without macros."))
    if any("externallinks/" in name or "embeddings/" in name or "activex/" in name for name in lowered):
        raise refusal(_l("The file holds links to other files, or files within it. Paste the values only."))
    if "xl/workbook.bin" in lowered or "mimetype" in lowered or "xl/workbook.xml" not in lowered:
        raise refusal(_l("This kind of file is not read. Save it as .xlsx or as CSV."))
    if not members:
        raise refusal(_l("The file is empty."))


def _examine_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, lengths: list[int]) -> None:
    name = member.filename.lower()
    measure = _Measure(member.filename, lengths)
    for piece in _pieces(archive, member):
        if _DECLARED.search(piece) or piece.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise refusal(_l("The file declares entities of its own, as no spreadsheet program does."))
        if name == "xl/workbook.xml" and _FROM_1904.search(piece):
            raise refusal(
                _l("The file counts its dates from 1904. Turn that off in its settings, and save anew.")
            )
        if name.endswith("sharedstrings.xml"):
            measure.strings(piece)
        elif name.startswith("xl/worksheets/") and name.endswith(".xml"):
            measure.sheet(piece)


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member in pieces that each end before a tag; the archive checks their sum as it goes."""
    held, passed = b"", 0
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            passed += len(piece)
            if passed > LARGEST_MEMBER:
                raise refusal(_l("Unpacked, the file is larger than is taken. Split it into smaller ones."))
            held += piece
            cut = held.rfind(b"<")
            if cut > 0:
                yield held[:cut]
                held = held[cut:]
            elif len(held) > 2 * _PIECE and member.filename.lower().endswith(".xml"):
                raise refusal(_l("This cell holds more than %(most)s characters.", most=LONGEST_CELL))
            elif not member.filename.lower().endswith(".xml"):
                held = b""
    yield held


class _Measure:
    """How far one member reaches: places, cells, and how long its texts are once they stand in cells."""

    def __init__(self, name: str, lengths: list[int]) -> None:
        self.name = name.rpartition("/")[2].removesuffix(".xml")
        self.lengths = lengths
        self.cells = self.characters = self.row = self.column = 0

    def strings(self, piece: bytes) -> None:
        """Note the length of every shared text; a text that spans pieces is the longer for it."""
        starts = [found.start() for found in _STRING.finditer(piece)]
        head = starts[0] if starts else len(piece)
        if self.lengths:
            self.lengths[-1] += head
        ends = [*starts[1:], len(piece)] if starts else []
        self.lengths.extend(end - start for start, end in zip(starts, ends, strict=True))

    def sheet(self, piece: bytes) -> None:
        """Check where the cells of a piece stand and what they refer to."""
        formula = _FORMULA.search(piece)
        if formula:
            before = [found for found in _PLACE.finditer(piece, 0, formula.start()) if found[1]]
            where = (before[-1][1] + before[-1][2]).decode() if before else ""
            raise refusal(
                _l("There are formulas in the file. Copy the cells and paste the values only."),
                f"{self.name}!{where}" if where else self.name,
            )
        self.cells += len(_CELL.findall(piece))
        for letters, digits in _PLACE.findall(piece):
            self.row = max(self.row, int(digits or 0))
            self.column = max(self.column, _column_number(letters))
        if self.row > MOST_ROWS:
            raise refusal(_l("There are more than %(most)s rows.", most=MOST_ROWS), self.name)
        if self.column > MOST_COLUMNS:
            raise _too_wide(self.name)
        known = len(self.lengths)
        for index in _INDEX.findall(piece):
            self.characters += self.lengths[int(index)] if int(index) < known else 0
        # The reader keeps a place for every cell of the rectangle.
        if max(self.cells, self.row * self.column) > MOST_CELLS or self.characters > LONGEST_SHEET:
            raise refusal(
                _l("The sheet is larger than is taken. Split the file into smaller ones."), self.name
            )


@cache
def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number

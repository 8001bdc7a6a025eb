"""CSV files, bounded and refused with their reason: encoding, delimiter, quotes, width."""

from __future__ import annotations

import csv
import io

from siapa.locales import lazy as _l
from siapa.publishing.spreadsheet.cells import unguarded
from siapa.publishing.spreadsheet.opening import (
    LARGEST_FILE,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Cells,
    Grid,
    check_grid,
    refusal,
)

DELIMITERS = (";", ",", "\t")
#: Bytes with which files begin that are something else altogether.
_OTHER = (b"%PDF", b"<", b"{", b"[", b"\x1f\x8b", b"\x89PNG", b"Rar!", b"7z")


def open_delimited(content: bytes, name: str = "CSV") -> Grid:
    """The one sheet of a CSV file; raises ``Rejected`` with the reason it cannot be taken."""
    if len(content) > LARGEST_FILE:
        raise refusal(_l("The file is larger than %(most)s megabytes.", most=LARGEST_FILE // 1_000_000))
    if content.lstrip()[:8].startswith(_OTHER):
        raise refusal(_l("This kind of file is not read. Save it as .xlsx or as CSV."))
    text = _decoded(content)
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    if len(head) > MOST_COLUMNS * 200 or head.count(delimiter) >= MOST_COLUMNS:
        raise refusal(_l("There are more than %(most)s columns.", most=MOST_COLUMNS), name)
    grid = Grid(name, _rows(text, delimiter, name))
    check_grid(grid)
    return grid


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:4000]:
        raise refusal(_l("The file is not in UTF-8. Save it as CSV UTF-8."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refusal(_l("The file is not in UTF-8. Save it as CSV UTF-8."), str(line)) from None
    if "\x00" in text:
        raise refusal(_l("The file holds bytes that no text has."))
    return text


def _rows(text: str, delimiter: str, name: str) -> list[Cells]:
    # Twice the bound: which cell is too long is said by ``check_grid``.
    csv.field_size_limit(2 * LONGEST_CELL)
    rows: list[Cells] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if len(rows) > MOST_ROWS:
                raise refusal(_l("There are more than %(most)s rows.", most=MOST_ROWS), name)
            rows.append(tuple(unguarded(cell) for cell in row))
    except csv.Error:
        raise refusal(
            _l("A quotation mark is not closed, or a cell is too long, from this line on."),
            f"{name}!{len(rows) + 1}",
        ) from None
    return rows

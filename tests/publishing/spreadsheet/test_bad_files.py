"""Files that must not be taken: each is refused with its reason, and costs little time and memory."""

from __future__ import annotations

import datetime
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from siapa.errors import Problem, Rejected
from siapa.locales import using
from siapa.publishing.spreadsheet.layout import SHEETS
from siapa.publishing.spreadsheet.opening import LONGEST_CELL
from siapa.publishing.spreadsheet.previewing import read_file
from tests.publishing.spreadsheet.sheets import NEW, Sheets, plus, workbook

MOST_BYTES = 200_000_000


def good(**options: Any) -> bytes:
    """A workbook of our form with one standard in it."""
    return workbook(good_sheets(), **options)


def good_sheets() -> Sheets:
    """The cells of that workbook."""
    with using("id"):
        heads = {str(s.name): [[str(c.heading) for c in s.columns]] for s in SHEETS}
    return plus(heads, NEW)


def members(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    """A workbook of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in parts.items():
            archive.writestr(name, held)
    return out.getvalue()


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The good workbook with one part changed, or added."""
    parts = members(good())
    return zipped({**parts, name: change(parts.get(name, b""))})


def sheet_with(rows: bytes) -> bytes:
    """The good workbook whose first sheet has these rows in place of its own."""

    def changed(held: bytes) -> bytes:
        start, end = held.index(b"<sheetData>"), held.index(b"</sheetData>")
        return held[:start] + b"<sheetData>" + rows + held[end:]

    return with_part("xl/worksheets/sheet1.xml", changed)


def changed_sheets(change: Callable[[Sheets], object]) -> bytes:
    """The good workbook after ``change`` of its cells."""
    sheets = good_sheets()
    change(sheets)
    return workbook(sheets)


def drawn(draw: Callable[[Any, Any], object]) -> bytes:
    """A workbook whose first sheet is ours and was drawn in by ``draw``."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in good_sheets().items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
            if name == "Standar":
                draw(book, page)
    return out.getvalue()


def lying_about_its_size() -> bytes:
    content = bytearray(with_part("xl/theme/theme1.xml", lambda _held: b"<a>" + b" " * 3_000_000))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = 0
        while (at := content.find(signature, at)) >= 0:
            if content[at + offset : at + offset + 4] == (3_000_003).to_bytes(4, "little"):
                content[at + offset : at + offset + 4] = (100).to_bytes(4, "little")
            at += 4
    return bytes(content)


def far_shared_string() -> bytes:
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    )
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 9000))
    parts = members(sheet_with(cells))
    return zipped({**parts, "xl/sharedStrings.xml": strings % (b"x" * 19_000)})


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing at all": (lambda: b"", "The file is empty"),
    "a PDF": (lambda: b"%PDF-1.7\n...", "kind of file is not read"),
    "a web page": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "kind of file is not read"),
    "an older or encrypted Office file": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "older Excel",
    ),
    "a zip of something else": (lambda: zipped({"a.txt": b"x"}), "kind of file is not read"),
    "an OpenDocument sheet": (
        lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        "kind of file is not read",
    ),
    "a binary workbook": (
        lambda: with_part("xl/workbook.bin", lambda _held: b"x"),
        "kind of file is not read",
    ),
    "a file that was cut off": (lambda: good()[:-200], "damaged"),
    "a broken sheet": (
        lambda: with_part("xl/worksheets/sheet1.xml", lambda held: held[:300]),
        "damaged|cannot be read",
    ),
    "macros": (lambda: with_part("xl/vbaProject.bin", lambda _held: b"x"), "macros"),
    "links to other files": (
        lambda: with_part("xl/externalLinks/externalLink1.xml", lambda _held: b"<a/>"),
        "links to other files",
    ),
    "embedded files": (lambda: with_part("xl/embeddings/a.docx", lambda _held: b"x"), "files within it"),
    "entities": (
        lambda: with_part(
            "xl/workbook.xml",
            lambda held: held.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook', 1),
        ),
        "entities",
    ),
    "an outside entity in a sheet": (
        lambda: with_part(
            "xl/worksheets/sheet1.xml",
            lambda held: held.replace(
                b"<worksheet", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet', 1
            ),
        ),
        "entities",
    ),
    "XML in UTF-16": (
        lambda: with_part("xl/worksheets/sheet1.xml", lambda held: held.decode().encode("utf-16")),
        "entities",
    ),
    "a zip bomb": (lambda: with_part("xl/theme/theme1.xml", lambda _held: b" " * 130_000_000), "Unpacked"),
    "a part that is larger than it says": (lying_about_its_size, "damaged"),
    "twice the same part": (lambda: _doubled(), "part twice"),
    "thousands of parts": (
        lambda: zipped({**members(good()), **{f"xl/x/{n}.xml": b"<a/>" for n in range(400)}}),
        "parts",
    ),
    "a cell in the last row": (
        lambda: sheet_with(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "rows",
    ),
    "a cell in the last column": (
        lambda: sheet_with(b'<row r="1"><c r="XFD1"><v>1</v></c></row>'),
        "columns",
    ),
    "300 columns": (
        lambda: changed_sheets(lambda sheets: sheets["Standar"][0].extend(f"K{n}" for n in range(300))),
        "columns",
    ),
    "one long text in thousands of cells": (far_shared_string, "larger than is taken"),
    "a huge cell": (
        lambda: changed_sheets(lambda s: s["Standar"][1].__setitem__(2, "x" * (LONGEST_CELL + 1))),
        "characters",
    ),
    "formulas": (
        lambda: drawn(lambda _book, page: page.write_formula("C2", '=HYPERLINK("http://x")')),
        "formulas",
    ),
    "merged cells": (lambda: drawn(lambda _book, page: page.merge_range("B5:C6", "x")), "merged"),
    "dates counted from 1904": (lambda: good(date_1904=True), "1904"),
    "no sheet of ours": (lambda: workbook({"Lembar1": [["a", "b"], [1, 2]]}), "No row with headings"),
    "a sheet too many": (lambda: changed_sheets(lambda s: s.update({"Catatan": [["x"]]})), "no such sheet"),
    "a sheet too few": (lambda: changed_sheets(lambda s: s.pop("Produk")), "is missing"),
    "a column that is missing": (
        lambda: changed_sheets(lambda s: s["Produk"][0].__setitem__(2, "")),
        "Masa berlaku|Valid for",
    ),
    "a column that is unknown": (
        lambda: changed_sheets(lambda s: s["Produk"][0].append("status")),
        "no such column",
    ),
    "a column that is doubled": (
        lambda: changed_sheets(lambda s: s["Produk"][0].append(s["Produk"][0][1])),
        "there twice",
    ),
    "a row without code": (
        lambda: changed_sheets(lambda s: s["Produk"].append(["", "Kartu"])),
        "code of the standard is missing",
    ),
    "only headings": (
        lambda: changed_sheets(lambda s: [rows.__delitem__(slice(1, None)) for rows in s.values()]),
        "no standard",
    ),
    "more than thirty sheets": (
        lambda: changed_sheets(lambda s: s.update({f"L{n}": [["x"]] for n in range(31)})),
        "sheets",
    ),
    "CSV in another encoding": (lambda: "Nama standar\nAkté é".encode("latin-1"), "UTF-8"),
    "CSV in UTF-16": (lambda: "Nama standar\nAkta".encode("utf-16"), "UTF-8"),
    "CSV with NUL": (lambda: b"Nama standar\n" + b"a" * 5000 + b"\x00", "no text has"),
    "CSV with an open quotation mark": (lambda: b'Nama standar;Biaya\n"Akta;Gratis\n', "quotation mark"),
    "CSV with 300 columns": (lambda: ("Nama standar" + ";x" * 300 + "\n").encode(), "columns"),
    "CSV with a huge cell": (lambda: b"Nama standar\n" + b"a" * 30_000, "characters"),
    "CSV with the same column twice": (lambda: b"Nama standar;Biaya;Biaya\nAkta;0;0\n", "there twice"),
    "CSV without headings": (lambda: b"Akta;Gratis\nKTP;Gratis\n", "No row with headings"),
}


def _doubled() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        for name, held in members(good()).items():
            archive.writestr(name, held)
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return out.getvalue()


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_with_its_reason(what: str) -> None:
    make, reason = BAD[what]
    content = make()

    with using("en"), pytest.raises(Rejected, match=reason):
        read_file(content)


@pytest.mark.parametrize("name", ["standar.xlsx", "STANDAR.XLS"])
def test_a_text_that_is_named_like_a_workbook_is_not_taken_for_a_csv(name: str) -> None:
    content = b"Nama standar;Biaya\nAkta;0\n"

    with using("en"), pytest.raises(Rejected, match="is none"):
        read_file(content, None, name)

    assert read_file(content, None, "standar.csv").total == 1


@pytest.mark.parametrize(
    "what", ["a zip bomb", "a cell in the last row", "one long text in thousands of cells"]
)
def test_refusing_costs_little_memory(what: str) -> None:
    content = BAD[what][0]()

    tracemalloc.start()
    with pytest.raises(Rejected):
        read_file(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < MOST_BYTES


def test_the_file_that_all_these_are_made_of_is_good() -> None:
    reading = read_file(good())

    assert [one.raw["title"] for one in reading.handed()] == ["Kartu baru"]


def test_a_place_is_named_with_a_refusal() -> None:
    with pytest.raises(Rejected) as caught:
        read_file(BAD["formulas"][0]())

    assert caught.value.problems[0].path == "sheet1!C2"


def test_columns_before_the_first_cell_are_counted() -> None:
    content = workbook(
        {"Lembar1": [["", "", ""], ["", "", "Nama layanan"], ["", "", "Akta"], ["", "", "KTP"]]}
    )

    handed = list(read_file(content).handed())

    assert [(one.place, one.raw["title"]) for one in handed] == [("Lembar1!3", "Akta"), ("Lembar1!4", "KTP")]
    assert handed[0].fault_at(Problem("title", "x")).place == "Lembar1!C3"


def test_days_and_numbers_are_read_as_they_stand() -> None:
    sheets = good_sheets()
    head = sheets["Standar"][0]
    sheets["Standar"][1][head.index("Tanggal SK")] = datetime.date(2026, 1, 5)
    sheets["Standar"][1][head.index("Nomor SK")] = 12
    sheets["Standar"][1][head.index("Jumlah pelaksana")] = 6.0

    (one,) = read_file(workbook(sheets)).handed()

    assert one.raw["decree"] == {"number": "12", "date": "2026-01-05"}
    assert one.raw["staff_count"] == {"count": 6}

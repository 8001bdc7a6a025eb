"""Workbooks to test with: ours, taken apart and put together again with other cells in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from siapa.extensions import db
from siapa.publishing import spreadsheet
from siapa.records import ImportBatch, ImportEntry
from tests.publishing.cast import Cast

Sheets = dict[str, list[list[Any]]]
#: The key and the mandatory cells of a new standard, by sheet and heading.
NEW: Mapping[str, Mapping[str, Any]] = {
    "Standar": {"Kode standar": "kartu-baru", "Nama standar": "Kartu baru", "Jenis biaya": "Gratis"},
    "Persyaratan": {"Kode standar": "kartu-baru", "Persyaratan": "KTP-el", "Jenis": "Dokumen yang dibawa"},
    "Prosedur": {"Kode standar": "kartu-baru", "Langkah": "Serahkan berkas"},
    "Jangka waktu": {"Kode standar": "kartu-baru", "Paling lama": 3, "Satuan waktu": "hari kerja"},
    "Produk": {"Kode standar": "kartu-baru", "Produk": "Kartu"},
    "Pengaduan": {"Kode standar": "kartu-baru", "Saluran": "Telepon", "Nomor atau alamat": "112"},
}


def cells_of(content: bytes) -> Sheets:
    """Every sheet of a workbook as rows of cells."""
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def workbook(sheets: Sheets, **options: Any) -> bytes:
    """A workbook of these cells, without any of our formats."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, options) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if cell != "":
                        _write(page, number, place, cell, book)
    return out.getvalue()


def _write(page: Any, row: int, column: int, cell: Any, book: Any) -> None:
    if isinstance(cell, str):
        page.write_string(row, column, cell)
    elif hasattr(cell, "isoformat"):
        page.write_datetime(row, column, cell, book.add_format({"num_format": "yyyy-mm-dd"}))
    else:
        page.write(row, column, cell)


def plus(sheets: Sheets, lines: Mapping[str, Mapping[str, Any]]) -> Sheets:
    """``sheets`` with one more row each, given by headings."""
    for name, values in lines.items():
        head = [str(cell).rstrip(" *") for cell in sheets[name][0]]
        assert set(values) <= set(head), set(values) - set(head)
        sheets[name].append([values.get(heading, "") for heading in head])
    return sheets


def named(lines: Mapping[str, Mapping[str, Any]], key: str, title: str) -> dict[str, dict[str, Any]]:
    """``lines`` of another standard."""
    other = {name: {**values, "Kode standar": key} for name, values in lines.items()}
    other["Standar"]["Nama standar"] = title
    return other


def sheets_for(cast: Cast) -> Sheets:
    """The template of the agency, as cells."""
    return cells_of(spreadsheet.template(cast.own))


def previewed(cast: Cast, content: bytes | Sheets, **more: Any) -> ImportBatch:
    """The preview of a file that the author handed in."""
    held = content if isinstance(content, bytes) else workbook(content)
    name = "daftar.xlsx" if held.startswith(b"PK") else "daftar.csv"
    return spreadsheet.preview(cast.own.id, held, file_name=name, by=cast.author, **more)


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    """New, changed, same, errors."""
    return batch.new_count, batch.changed_count, batch.same_count, batch.error_count


def entries(batch: ImportBatch) -> list[ImportEntry]:
    """The entries of a batch."""
    return list(spreadsheet.entries_of(batch.id))


def changed(change: Callable[[Sheets], object], sheets: Sheets) -> Sheets:
    """``sheets`` after ``change``."""
    change(sheets)
    return sheets


def fresh() -> None:
    """Forget what the session holds, as another request would."""
    db.session.rollback()
    db.session.expire_all()

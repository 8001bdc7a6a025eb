"""An import of many standards, measured: seconds of the preview, of taking in and taking back, and memory.

    python benchmarks/importing.py [--standards 10000]

Everything happens in a process of its own, in a registry of its own, on a workbook of our
form in which every standard has all fourteen components.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import xlsxwriter

T = TypeVar("T")

#: Sheet, how many rows a standard has in it, and what stands in them behind the code.
LISTS: tuple[tuple[str, int, dict[str, object]], ...] = (
    ("Saluran layanan", 1, {"Cara": "Di loket"}),
    ("Persyaratan", 6, {"Persyaratan": "Fotokopi dokumen nomor {n} yang telah dilegalisasi oleh pejabat",
                        "Jenis": "Dokumen yang dibawa", "Jumlah salinan": 1}),
    ("Prosedur", 5, {"Langkah": "Pemohon atau petugas melakukan langkah ke-{n} menurut ketentuan",
                     "Pelaku": "Petugas", "Lama": 10, "Satuan lama": "menit"}),
    ("Jangka waktu", 1, {"Paling cepat": 1, "Paling lama": 5, "Satuan waktu": "hari kerja"}),
    ("Biaya", 1, {"Yang dibayar": "Penerbitan", "Besaran rupiah": 50000}),
    ("Produk", 1, {"Produk": "Surat keputusan", "Masa berlaku": "5 tahun"}),
    ("Pengaduan", 2, {"Saluran": "Loket pengaduan", "Nomor atau alamat": "Loket {n}"}),
    ("Dasar hukum", 3, {"Jenis peraturan": "UU", "Nomor": "{n}", "Tahun": 2009, "Tentang": "Pelayanan"}),
    ("Fasilitas", 3, {"Sarana": "Ruang tunggu nomor {n}"}),
)  # fmt: skip
TEXTS = (
    "Kompetensi pelaksana", "Pengawasan internal", "Jaminan pelayanan", "Jaminan keamanan dan keselamatan",
    "Evaluasi kinerja pelaksana",
)  # fmt: skip


def workbook(headings: dict[str, list[str]], standards: int) -> bytes:
    """A workbook of our form with so many new standards."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        for sheet, heads in headings.items():
            page = book.add_worksheet(sheet)
            page.write_row(0, 0, heads)
            row = 0
            many, values = next(((n, v) for name, n, v in LISTS if name == sheet), (1, {}))
            for number in range(standards):
                for place in range(1, many + 1):
                    row += 1
                    line = values if values else main_line(number)
                    said = {
                        key: value.format(n=place) if isinstance(value, str) else value
                        for key, value in line.items()
                    }
                    said["Kode standar"] = f"izin-{number}"
                    for column, heading in enumerate(heads):
                        if heading in said:
                            page.write(row, column, said[heading])
    return out.getvalue()


def main_line(number: int) -> dict[str, object]:
    """What stands in the first sheet of one standard."""
    texts = dict.fromkeys(TEXTS, "Dilaksanakan oleh atasan langsung dan diperiksa setiap enam bulan.")
    return {"Nama standar": f"Izin usaha nomor {number}", "Jenis biaya": "Biaya tetap",
            "Ringkasan": "Izin bagi usaha kecil.", "Jumlah pelaksana": 6, **texts}  # fmt: skip


def measured(what: str, act: Callable[[], T]) -> T:
    """What ``act`` gives back; seconds, those of the processor, and the peak of memory are printed."""
    started, worked = time.perf_counter(), time.process_time()
    given = act()
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<12}{seconds:8.1f} s   processor {worked:6.1f} s   peak {peak:6.0f} MB", flush=True)
    return given


def measure(folder: Path, file: Path) -> None:
    """Preview, take in, look again and take back ``file`` in a registry in ``folder``."""
    from siapa import create_app
    from siapa.config import Config
    from siapa.extensions import db
    from siapa.publishing import people, spreadsheet
    from siapa.publishing.permissions import Standin
    from siapa.records import Agency, Role, schema
    from siapa.records.engine import begin_writing

    app = create_app(Config.from_environment({"SIAPA_INSTANCE_DIR": str(folder),
                                              "SIAPA_SEARCH_DIR": str(folder / "index")}))  # fmt: skip
    with app.app_context():
        schema.move_to(db.engine)
        begin_writing(db)
        db.session.add(Agency(slug="dinas", name="Dinas", kind="dinas"))
        db.session.commit()
        agency_id = db.session.query(Agency.id).scalar()
        by = people.add_officer("penulis@contoh.go.id", "Penulis", Role.OPERATOR, by=Standin.OPERATOR,
                                agency_id=agency_id)  # fmt: skip
        if not file.exists():
            from siapa.publishing.spreadsheet.layout import SHEETS

            headings = {str(s.name): [str(c.heading) for c in s.columns] for s in SHEETS}
            file.write_bytes(workbook(headings, int(file.stem)))
            print(f"file        {file.stat().st_size / 1e6:8.1f} MB")
            return
        content = file.read_bytes()
        given = {"file_name": "izin.xlsx", "by": by}
        batch = measured("preview", lambda: spreadsheet.preview(agency_id, content, **given))
        assert batch.error_count == 0, next(spreadsheet.entries_of(batch.id)).problems
        measured("take in", lambda: spreadsheet.take_in(batch.id, by=by))
        again = measured("again", lambda: spreadsheet.preview(agency_id, content, **given))
        assert (again.new_count, again.changed_count) == (0, 0)
        measured("take back", lambda: spreadsheet.undo(batch.id, by=by))


def main() -> None:
    """Make the file and measure it, each in a process of its own."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--standards", type=int, default=10_000)
    asked.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.folder:
        measure(given.folder, given.folder.parent / f"{given.standards}.xlsx")
        return
    with tempfile.TemporaryDirectory() as folder:
        for step in ("making", "measuring"):
            (Path(folder) / step).mkdir()
            subprocess.run(
                [sys.executable, __file__, "--standards", str(given.standards), "--in", f"{folder}/{step}"],
                check=True,
            )


if __name__ == "__main__":
    main()

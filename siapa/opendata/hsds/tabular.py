"""The tabular form of HSDS 3.0: every record of the API as rows of CSV, with its data package, zipped.

The services are read once. While their table goes out, the rows of all other tables are put
aside in compressed temporary files, and follow from there: the first byte goes out at once, and
a registry of any size takes the memory of one part. What a service refers to stands in the
package because the service names it, so no reference leads nowhere, even when the registry
changes meanwhile.
"""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import islice
from typing import Any

import sqlalchemy as sa

from siapa.extensions import db
from siapa.opendata import package
from siapa.opendata.hsds import taxonomies
from siapa.opendata.hsds.organizations import organization
from siapa.opendata.hsds.reading import Filters, every
from siapa.opendata.hsds.services import service
from siapa.opendata.hsds.shapes import SERVICES, TABLES, Shape
from siapa.opendata.package import Standing
from siapa.records import Agency

#: Rows that are written into one piece.
PIECE = 200
#: Bytes of what was put aside that are read at once.
READ = 1 << 18
#: A zip must say a time; that of no day makes the same rows the same bytes.
_NO_DAY = (1980, 1, 1, 0, 0, 0)
_BY_PLACE = {shape.inside: shape for shape in TABLES}

Record = Mapping[str, Any]


def zipped(standing: Standing, language: str) -> Iterator[bytes]:
    """The whole registry in the language spoken now, which ``language`` names, as a zip, piece by piece."""
    sink = _Sink()
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(sink, "w"))
        waiting = {shape.name: stack.enter_context(_Waiting(shape)) for shape in TABLES}
        rows = _services(waiting, standing.public_url)
        members = [(SERVICES, _pieces(SERVICES, rows))]
        members += [(shape, waiting[shape.name].pieces()) for shape in TABLES if shape is not SERVICES]
        for shape, pieces in members:
            with archive.open(_member(shape.file), "w", force_zip64=True) as member:
                for piece in pieces:
                    member.write(piece)
                    yield sink.taken()
        archive.writestr(_member("datapackage.json"), package.written(descriptor(standing, language)))
        archive.close()
        yield sink.taken()


def descriptor(standing: Standing, language: str) -> dict[str, Any]:
    """What describes the tables (Frictionless Tabular Data Package, as HSDS 3.0 has it)."""
    told: dict[str, Any] = {
        "name": "siapa-hsds",
        "title": f"{package.TITLE} (HSDS 3.0)",
        "description": package.ABOUT,
        "profile": "tabular-data-package",
        "version": str(standing.number),
        "homepage": f"{standing.public_url}/hsds/",
        "languages": [language],
        "licenses": [
            {"name": package.LICENCE_NAME, "title": package.LICENCE_TITLE, "path": package.LICENCE_PATH}
        ],
        "resources": [
            {
                "name": shape.name,
                "path": shape.file,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": shape.schema,
            }
            for shape in TABLES
        ],
    }
    return told | ({"created": package.moment(standing.at)} if standing.at else {})


def _services(waiting: Mapping[str, _Waiting], public_url: str) -> Iterator[Record]:
    """The services; what stands in them is put aside, and after the last what no service names."""
    for held in every(Filters()):
        record = service(held, public_url)
        yield record
        _put_parts(waiting, record)
    for one in taxonomies.taxonomies():
        waiting["taxonomy"].put(one)
    for one in taxonomies.terms():
        waiting["taxonomy_term"].put(one)
    for agency in db.session.scalars(sa.select(Agency).order_by(Agency.id)):
        _put(waiting, "organization", organization(agency, public_url))


def _put(waiting: Mapping[str, _Waiting], name: str, record: Record) -> None:
    if waiting[name].put(record):
        _put_parts(waiting, record)


def _put_parts(waiting: Mapping[str, _Waiting], record: Record) -> None:
    for name, value in record.items():
        if name in _BY_PLACE and isinstance(value, list | dict):
            for part in value if isinstance(value, list) else [value]:
                _put(waiting, _BY_PLACE[name].name, part)


class _Waiting:
    """Rows of one table that wait for their turn, compressed in a file that has no name."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._met: set[str] = set()
        self._lines: list[str] = []

    def __enter__(self) -> _Waiting:
        self._file = tempfile.TemporaryFile()
        self._packed = gzip.GzipFile("", "wb", 1, self._file)
        self._writer = csv.writer(_Lines(self._lines))
        return self

    def __exit__(self, *_error: object) -> None:
        self._packed.close()
        self._file.close()

    def put(self, record: Record) -> bool:
        """Put ``record`` aside; False where it was already."""
        if self._shape.is_met_again:
            if record["id"] in self._met:
                return False
            self._met.add(record["id"])
        self._writer.writerow(self._shape.row(record))
        if len(self._lines) >= PIECE:
            self._write()
        return True

    def pieces(self) -> Iterator[bytes]:
        """The table, names first."""
        self._write()
        self._packed.close()
        self._file.seek(0)
        yield from _pieces(self._shape, ())
        with gzip.GzipFile("", "rb", fileobj=self._file) as packed:
            while piece := packed.read(READ):
                yield piece

    def _write(self) -> None:
        self._packed.write("".join(self._lines).encode())
        self._lines.clear()


def _pieces(shape: Shape, records: Iterable[Record]) -> Iterator[bytes]:
    lines: list[str] = []
    writer = csv.writer(_Lines(lines))
    writer.writerow(shape.columns)
    walk = iter(records)
    while True:
        writer.writerows(shape.row(record) for record in islice(walk, PIECE))
        if not lines:
            return
        yield "".join(lines).encode()
        lines.clear()


class _Lines:
    """Takes what a csv writer writes into a list."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


class _Sink(io.RawIOBase):
    """Takes what a zip writes, until it is taken from here; it cannot go back, so the zip is streamed."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[bytes] = []

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def write(self, piece: Any) -> int:
        """Keep ``piece`` until it is taken."""
        kept = bytes(piece)
        self._written.append(kept)
        return len(kept)

    def taken(self) -> bytes:
        """All that was written since the last time."""
        said = b"".join(self._written)
        self._written.clear()
        return said


def _member(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, _NO_DAY)
    made.compress_type = zipfile.ZIP_DEFLATED
    return made

"""Services of Open Referral (HSDS) out of a file: a tabular package (zip of CSV), JSON, or JSON lines.

A package is read within the bounds of a workbook: what it grows to is counted while it is unpacked.
Every row knows its file and place, so that a fault names its place.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from siapa.document.strict_json import parse_json
from siapa.errors import Rejected
from siapa.locales import lazy as _l
from siapa.publishing.spreadsheet.opening import (
    LARGEST_FILE,
    LARGEST_MEMBER,
    LARGEST_WHOLE,
    LONGEST_CELL,
    MOST_MEMBERS,
    MOST_ROWS,
    refusal,
)

Record = dict[str, Any]
#: Under this name a row keeps its file and place: no column can be called so.
AT = "\0at"
#: Rows of one table of parts.
MOST_PARTS = 10 * MOST_ROWS
_SERVICES, _ORGANIZATIONS = "services", "organizations"
#: Tables whose rows belong to a service, and under which name they stand in it.
_PARTS = ("cost_options", "required_documents", "contacts")
_PIECE = 1 << 20


def is_package(content: bytes) -> bool:
    """Whether ``content`` is a zip with the services of HSDS in it."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(PurePosixPath(name).name == f"{_SERVICES}.csv" for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def is_json(content: bytes) -> bool:
    """Whether ``content`` begins as JSON does."""
    return content.lstrip()[:1] in (b"{", b"[")


class Package:
    """A tabular package: its organizations, and its services with their parts."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            self._members = self._found()
            self.organizations = {row["id"]: row for row in self._rows(_ORGANIZATIONS) if row.get("id")}
            self._services = list(self._rows(_SERVICES))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            raise refusal(_l("The file is damaged. Make the package anew.")) from None
        if len(self._services) > MOST_ROWS:
            raise refusal(_l("There are more than %(most)s rows.", most=MOST_ROWS), f"{_SERVICES}.csv")

    def heads(self) -> Iterator[Record]:
        """The services without their parts, each with its organization."""
        for row in self._services:
            yield {**row, "organization": self.organizations.get(row.get("organization_id", ""), {})}

    def whole(self, heads: list[Record]) -> list[Record]:
        """``heads`` with their parts: costs, documents, contacts with telephones, attributes with terms."""
        by_id: dict[str, Record] = {one["id"]: one for one in heads if one.get("id")}
        try:
            for name in _PARTS:
                for row in self._rows(name):
                    if owner := by_id.get(row.get("service_id", "")):
                        owner.setdefault(name, []).append(row)
            contacts = {part["id"]: part for one in heads for part in one.get("contacts", ()) if "id" in part}
            for row in self._rows("phones"):
                if contact := contacts.get(row.get("contact_id", "")):
                    contact.setdefault("phones", []).append(row)
            terms = {row.get("id"): row for row in self._rows("taxonomy_terms")}
            for row in self._rows("attributes"):
                if owner := by_id.get(row.get("link_id", "")):
                    row["taxonomy_term"] = terms.get(row.get("taxonomy_term_id"), {})
                    owner.setdefault("attributes", []).append(row)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            raise refusal(_l("The file is damaged. Make the package anew.")) from None
        return heads

    def _found(self) -> Mapping[str, zipfile.ZipInfo]:
        members = self._archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise refusal(_l("The file holds more than %(most)s parts.", most=MOST_MEMBERS))
        if any(member.flag_bits & 1 for member in members):
            raise refusal(_l("The file has a password. Save it without one."))
        if sum(member.file_size for member in members) > LARGEST_WHOLE:
            raise refusal(_l("Unpacked, the file is larger than is taken. Split it into smaller ones."))
        return {PurePosixPath(one.filename).stem: one for one in members if one.filename.endswith(".csv")}

    def _rows(self, name: str) -> Iterator[Record]:
        member = self._members.get(name)
        if member is None:
            return
        file = f"{name}.csv"
        csv.field_size_limit(2 * LONGEST_CELL)
        reader = csv.DictReader(io.StringIO(_decoded(self._unpacked(member), file), newline=""))
        try:
            for number, row in enumerate(reader, 2):  # as a spreadsheet counts: names are in row 1
                if number > MOST_PARTS:
                    raise refusal(_l("There are more than %(most)s rows.", most=MOST_PARTS), file)
                kept: Record = {key: cell for key, cell in row.items() if key and cell}
                kept[AT] = (file, number)
                yield kept
        except csv.Error:
            raise refusal(
                _l("A quotation mark is not closed, or a cell is too long, from this line on."),
                f"{file}!{reader.line_num}",
            ) from None

    def _unpacked(self, member: zipfile.ZipInfo) -> bytes:
        held = bytearray()
        with self._archive.open(member) as stream:
            while piece := stream.read(_PIECE):
                held += piece
                if len(held) > LARGEST_MEMBER:
                    raise refusal(
                        _l("Unpacked, the file is larger than is taken. Split it into smaller ones.")
                    )
        return bytes(held)


class Listed:
    """Services as JSON: one, a list, a page of an API, or one a line."""

    def __init__(self, content: bytes) -> None:
        self._records = list(_records(content))
        for place, record in enumerate(self._records, 1):
            if not isinstance(record, dict):
                raise refusal(_l("This must be an object with named fields."), f"[{place}]")
            record[AT] = ("services", place)
        found = (record.get("organization") for record in self._records)
        self.organizations = {str(one.get("id")): one for one in found if isinstance(one, dict)}

    def heads(self) -> Iterator[Record]:
        """The services."""
        yield from self._records

    def whole(self, heads: list[Record]) -> list[Record]:
        """``heads``: in JSON they hold their parts already."""
        return heads


def _records(content: bytes) -> list[Any]:
    lines = [line for line in content.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].strip().endswith(b"}"):
        return [_of_line(line, number) for number, line in enumerate(lines, 1)]
    said = parse_json(content, largest=LARGEST_FILE)
    if isinstance(said, dict) and isinstance(said.get("contents"), list):
        said = said["contents"]  # a page of the API
    return said if isinstance(said, list) else [said]


def _of_line(line: bytes, number: int) -> Any:
    try:
        return parse_json(line)
    except Rejected as error:
        raise refusal(error.problems[0].message, f"{number}") from None


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        raise refusal(_l("The file is not in UTF-8. Save it as CSV UTF-8."), file) from None

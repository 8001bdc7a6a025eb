"""The manifest of a snapshot: what its tables hold, and which snapshot came before.

It is written in canonical form (RFC 8785), and its SHA-256 is the name of the snapshot.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from siapa.document.digest import canonical
from siapa.opendata.snapshots.merkle import Tree
from siapa.opendata.writing import Content

FORMAT = "siapa-snapshot-1"
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
#: What is gone, for ever: not a table of the registry, but a table of every snapshot.
TOMBSTONES = "tombstones"
_FOLDER = re.compile(r"[0-9]{8,15}")
#: Beyond the number of any change.
NUMBERS_END = 10**15


@dataclass(frozen=True, slots=True)
class Entry:
    """One table: its rows, the root over its records in hex, and its files by their form (csv, jsonl)."""

    name: str
    rows: int
    root: str
    files: dict[str, Content]

    @property
    def record(self) -> bytes:
        """What stands for the table in the tree of the tables."""
        return canonical({"name": self.name, "rows": self.rows, "root": self.root})


@dataclass(frozen=True, slots=True)
class Before:
    """The snapshot before: of which change, and the SHA-256 of its manifest in hex."""

    number: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """A snapshot as its manifest says it; ``at`` is the moment of the last change, in ISO 8601."""

    number: int
    at: str | None
    before: Before | None
    tables: tuple[Entry, ...]

    @cached_property
    def root(self) -> str:
        """The root over the tables, in hex."""
        tree = Tree()
        for entry in self.tables:
            tree.add(entry.record)
        return tree.root.hex()

    @cached_property
    def written(self) -> bytes:
        """The manifest as bytes."""
        before = self.before
        return canonical(
            {
                "format": FORMAT,
                "number": self.number,
                "at": self.at,
                "before": {"number": before.number, "digest": before.digest} if before else None,
                "root": self.root,
                "tables": [
                    {
                        "name": entry.name,
                        "rows": entry.rows,
                        "root": entry.root,
                        "files": {
                            form: {"bytes": content.bytes, "sha256": content.sha256}
                            for form, content in entry.files.items()
                        },
                    }
                    for entry in self.tables
                ],
            }
        )

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the manifest in hex: by this a snapshot is known."""
        return hashlib.sha256(self.written).hexdigest()

    def entry(self, name: str) -> Entry | None:
        """The table with this name, if the snapshot has it."""
        return next((entry for entry in self.tables if entry.name == name), None)


class Unreadable(ValueError):
    """A manifest that is none; the message says why."""


def read_manifest(written: bytes) -> Manifest:
    """The manifest in ``written``; ``Unreadable`` where it is none of ours, or not written as we do."""
    try:
        said: dict[str, Any] = json.loads(written)
        if said["format"] != FORMAT:
            raise Unreadable(f"the format is {said['format']!r}, not {FORMAT!r}")
        manifest = Manifest(
            number=said["number"],
            at=said["at"],
            before=Before(**said["before"]) if said["before"] else None,
            tables=tuple(
                Entry(
                    one["name"], one["rows"], one["root"],
                    {form: Content(**content) for form, content in one["files"].items()},
                )
                for one in said["tables"]
            ),
        )  # fmt: skip
        is_ours = manifest.written == written
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"it cannot be read ({type(error).__name__})") from None
    if not is_ours:
        raise Unreadable("it is not in canonical form, or its root is not that of its tables")
    return manifest


def folder_of(root: Path, number: int) -> Path:
    """Where the snapshot as of change ``number`` lies below ``root``."""
    return root / f"{number:08d}"


def file_name(table: str, form: str) -> str:
    """The file of a table in one form."""
    return f"{table}.{form}.gz"


def manifest_of(folder: Path) -> Manifest:
    """The manifest in ``folder``; ``Unreadable`` where there is none or it is not ours."""
    path = folder / MANIFEST
    try:
        stands = path.stat()
        return _kept(path, stands.st_ino, stands.st_mtime_ns)
    except OSError:
        raise Unreadable("there is no manifest") from None


@lru_cache(1_000)
def _kept(path: Path, _inode: int, _written_at: int) -> Manifest:
    """Read once: a manifest does not change, and who lists them all reads each."""
    return read_manifest(path.read_bytes())


def folders(root: Path) -> list[Path]:
    """The folders of the snapshots below ``root``, the oldest first."""
    if not root.is_dir():
        return []
    found = [path for path in root.iterdir() if path.is_dir() and _FOLDER.fullmatch(path.name)]
    return sorted(found, key=lambda path: int(path.name))


def snapshots(root: Path) -> list[Manifest]:
    """The manifests below ``root`` that can be read, the newest first."""
    found = []
    for folder in reversed(folders(root)):
        try:
            found.append(manifest_of(folder))
        except Unreadable:
            continue  # ``verify`` tells of it
    return found


def lines(folder: Path, table: str) -> Iterator[bytes]:
    """The records of a table in a snapshot, a line each without its end."""
    with gzip.open(folder / file_name(table, "jsonl"), "rb") as handle:
        for line in handle:
            yield line.rstrip(b"\n")

"""Whether snapshots are whole and hang together: by their files alone, without a database."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path

from siapa.opendata.snapshots.manifest import (
    MANIFEST,
    SUMS,
    Entry,
    Manifest,
    Unreadable,
    file_name,
    folders,
    manifest_of,
)
from siapa.opendata.snapshots.merkle import Tree
from siapa.opendata.writing import Content, sum_of

_PIECE = 1 << 16


def faults(path: Path) -> Iterator[str]:
    """What is wrong with the snapshot in ``path``, or with all those below it and their chain.

    Each fault is a sentence in English that names the snapshot.
    """
    if (path / MANIFEST).exists():
        yield from _told(path)
        return
    found = folders(path)
    if not found:
        yield f"{path}: there is no snapshot"
    before: Manifest | None = None
    for folder in found:
        yield from _told(folder)
        try:
            manifest = manifest_of(folder)
        except Unreadable:
            continue
        if before is not None:
            yield from _chain_faults(manifest, before)
        before = manifest


def _told(folder: Path) -> Iterator[str]:
    for fault in _folder_faults(folder):
        yield f"{folder.name}: {fault}"


def _chain_faults(manifest: Manifest, before: Manifest) -> Iterator[str]:
    said = manifest.before
    if said is None or said.number != before.number:
        yield f"{manifest.number:08d}: it does not name the snapshot before it, {before.number}"
    elif said.digest != before.digest:
        yield f"{manifest.number:08d}: {before.number}, before it, is not the one it was made after"


def _folder_faults(folder: Path) -> Iterator[str]:
    try:
        manifest = manifest_of(folder)
    except Unreadable as error:
        yield f"{MANIFEST}: {error}"
        return
    if int(folder.name) != manifest.number if folder.name.isdigit() else False:
        yield f"the folder is not that of change {manifest.number}"
    for entry in manifest.tables:
        for form, content in entry.files.items():
            yield from _file_faults(folder / file_name(entry.name, form), entry, form, content)
    yield from _sum_faults(folder)


def _file_faults(path: Path, entry: Entry, form: str, content: Content) -> Iterator[str]:
    tree, digest, size, rest = Tree(), hashlib.sha256(), 0, b""
    try:
        with gzip.open(path, "rb") as handle:
            while piece := handle.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                if form == "jsonl":
                    *whole, rest = (rest + piece).split(b"\n")
                    for line in whole:
                        tree.add(line)
    except (OSError, EOFError, zlib.error) as error:
        yield f"{path.name}: cannot be read ({error})"
        return
    if (size, digest.hexdigest()) != (content.bytes, content.sha256):
        yield f"{path.name}: its content is not the one in the manifest"
    elif form == "jsonl" and (tree.size, tree.root.hex(), rest) != (entry.rows, entry.root, b""):
        yield f"{path.name}: its records are not those of the root in the manifest"


def _sums(folder: Path) -> dict[str, str]:
    """The sums by the names of the files."""
    parted = [line.split("  ", 1) for line in (folder / SUMS).read_text().splitlines()]
    return {name: said for said, name in parted}


def _sum_faults(folder: Path) -> Iterator[str]:
    """The files as they lie there, against the list of their sums; and what is on one side only."""
    try:
        told = _sums(folder)
    except (OSError, ValueError):
        yield f"{SUMS}: cannot be read"
        return
    there = {path.name for path in folder.iterdir()} - {SUMS}
    yield from (f"{name}: is not there" for name in sorted(told.keys() - there))
    yield from (f"{name}: is not of the snapshot" for name in sorted(there - told.keys()))
    for name in sorted(told.keys() & there):
        if sum_of(folder / name) != told[name]:
            yield f"{name}: its sum is not the one in {SUMS}"

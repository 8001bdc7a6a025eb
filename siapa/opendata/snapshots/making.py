"""A snapshot of the registry, made beside those there are: whole, or not at all."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from siapa.opendata.exporting import Tells, describe, one_state
from siapa.opendata.formats import STREAMS
from siapa.opendata.package import File, Standing, moment
from siapa.opendata.snapshots.differing import Changed, changed
from siapa.opendata.snapshots.manifest import (
    MANIFEST,
    SUMS,
    TOMBSTONES,
    Before,
    Entry,
    Manifest,
    file_name,
    folder_of,
    folders,
    lines,
    manifest_of,
)
from siapa.opendata.snapshots.merkle import Tree
from siapa.opendata.table import Opens, Table
from siapa.opendata.tables import TABLES
from siapa.opendata.writing import Content, sum_of, write

#: Tables of things that last: what goes from them leaves a tombstone. Rows of others go with these.
LASTING = (
    "regions", "agencies", "locations", "counters", "categories", "life_events", "services", "standards",
    "offerings", "satisfaction", "performance",
)  # fmt: skip


def make(root: Path, public_url: str, *, tells: Tells) -> Manifest:
    """The snapshot of the registry as it is now, below ``root``; if nothing has changed, the one there is."""
    root.mkdir(parents=True, exist_ok=True)
    with _alone(root), one_state(public_url) as (opens, standing):
        target = folder_of(root, standing.number)
        if target.exists():
            return manifest_of(target)
        earlier = [folder for folder in folders(root) if int(folder.name) < standing.number]
        before = earlier[-1] if earlier else None
        being_made = root / f".{target.name}.part"
        shutil.rmtree(being_made, ignore_errors=True)
        being_made.mkdir()
        manifest = _fill(being_made, before, opens, standing, tells)
        being_made.rename(target)
        return manifest


def _fill(folder: Path, before: Path | None, opens: Opens, standing: Standing, tells: Tells) -> Manifest:
    entries, described = [], []
    for table in TABLES:
        tells(table.name)
        entry = _write_table(folder, table, opens)
        entries.append(entry)
        csv = entry.files["csv"]
        described.append(
            (table, File(file_name(table.name, "csv"), "csv", True, csv.bytes, csv.sha256, entry.rows))
        )
    entries.append(_write_tombstones(folder, before, standing.number))
    earlier = manifest_of(before) if before else None
    manifest = Manifest(
        number=standing.number,
        at=moment(standing.at) if standing.at else None,
        before=Before(earlier.number, earlier.digest) if earlier else None,
        tables=tuple(entries),
    )
    (folder / MANIFEST).write_bytes(manifest.written)
    # The hash of a resource is that of its file, which is compressed here.
    listed = [(table, _as_it_lies(folder, file)) for table, file in described]
    describe(folder, standing, listed)
    _write_sums(folder)
    return manifest


def _write_table(folder: Path, table: Table, opens: Opens) -> Entry:
    tree = Tree()
    planted = _planted(STREAMS["jsonl"](table, table.read(opens)), tree)
    files = {
        "jsonl": _write(folder, table.name, "jsonl", planted),
        "csv": _write(folder, table.name, "csv", STREAMS["csv"](table, table.read(opens))),
    }
    return Entry(table.name, tree.size, tree.root.hex(), files)


def _write(folder: Path, table: str, form: str, pieces: Iterable[bytes]) -> Content:
    return write(folder / file_name(table, form), pieces, is_compressed=True)


def _planted(pieces: Iterable[bytes], tree: Tree) -> Iterator[bytes]:
    """``pieces`` of whole lines, each of which is taken into ``tree``."""
    for piece in pieces:
        for line in piece[:-1].split(b"\n"):
            tree.add(line)
        yield piece


def _write_tombstones(folder: Path, before: Path | None, number: int) -> Entry:
    """What is gone: all that was gone before, and what this snapshot has no more."""
    gone: dict[tuple[str, str], dict[str, Any]] = {}
    if before is not None:
        for line in lines(before, TOMBSTONES):
            told = orjson.loads(line)
            gone[told["table"], told["key"]] = told
    reasons = {}
    for line in lines(folder, "withdrawals"):
        withdrawn = orjson.loads(line)
        reasons[withdrawn["standard_id"]] = (withdrawn["reason"], withdrawn["replaced_by_id"])
    for key in reasons:
        gone.setdefault(("standards", key), _tombstone("standards", key, number, reasons.get(key)))
    for one in _vanished(before, folder) if before is not None else ():
        key = str(one.key[0])
        owner = orjson.loads(one.before or b"{}").get("standard_id", key)
        gone[one.table.name, key] = _tombstone(one.table.name, key, number, reasons.get(owner))
    tree = Tree()
    written_lines = [orjson.dumps(gone[name], option=orjson.OPT_APPEND_NEWLINE) for name in sorted(gone)]
    content = _write(folder, TOMBSTONES, "jsonl", _planted(written_lines, tree))
    return Entry(TOMBSTONES, tree.size, tree.root.hex(), {"jsonl": content})


def _vanished(before: Path, folder: Path) -> Iterator[Changed]:
    """What the snapshot ``before`` has of things that last, and the one in ``folder`` has not."""
    for table in TABLES:
        if table.name in LASTING:
            yield from (one for one in changed(before, folder, table) if one.after is None)


def _tombstone(table: str, key: str, number: int, reason: tuple[str, str | None] | None) -> dict[str, Any]:
    """A line of the tombstones; ``since`` is the first snapshot that does not have it."""
    text, replaced_by = reason or (None, None)
    return {
        "table": table,
        "key": key,
        "since": number,
        "kind": "withdrawn" if reason else "gone",
        "reason": text,
        "replaced_by_id": replaced_by if table == "standards" else None,
    }


def _as_it_lies(folder: Path, file: File) -> File:
    content = (folder / file.path).stat().st_size
    return File(file.path, file.format, True, content, sum_of(folder / file.path), file.rows)


def _write_sums(folder: Path) -> None:
    """The sums of all files as they lie there, as ``sha256sum -c`` reads them."""
    names = sorted(path.name for path in folder.iterdir())
    (folder / SUMS).write_text("".join(f"{sum_of(folder / name)}  {name}\n" for name in names))


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """One at a time below ``root``, in all processes."""
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

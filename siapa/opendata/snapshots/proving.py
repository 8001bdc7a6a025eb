"""Proofs that a record is in a snapshot: small files that are checked against one digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from siapa.errors import NotFound
from siapa.locales import lazy as _l
from siapa.opendata.snapshots.manifest import (
    TOMBSTONES,
    Entry,
    Manifest,
    Unreadable,
    lines,
    manifest_of,
    read_manifest,
)
from siapa.opendata.snapshots.merkle import leaf, path, root_from
from siapa.opendata.tables import table_named

FORMAT = "siapa-proof-1"


def proof(folder: Path, table: str, key: Sequence[str]) -> dict[str, Any]:
    """What proves that the record of ``table`` with this key is in the snapshot in ``folder``.

    ``NotFound`` where there is no such table or record. The values of the key are given as text.
    """
    manifest = manifest_of(folder)
    entry = manifest.entry(table)
    if entry is None:
        raise NotFound(_l("There is no such table."))
    names = ("table", "key") if table == TOMBSTONES else table_named(table).key
    index, record = _found(folder, table, names, list(key))
    places = [one.name for one in manifest.tables]
    table_index = places.index(table)
    return {
        "format": FORMAT,
        "number": manifest.number,
        "manifest_sha256": manifest.digest,
        "root": manifest.root,
        "table": {"name": table, "rows": entry.rows, "root": entry.root},
        "record": record.decode(),
        "index": index,
        "path": _hex(path((leaf(line) for line in lines(folder, table)), index, entry.rows)),
        "tables": len(places),
        "table_index": table_index,
        "table_path": _hex(path((leaf(one.record) for one in manifest.tables), table_index, len(places))),
    }


def proof_faults(told: Mapping[str, Any], manifest: bytes | None = None) -> Iterator[str]:
    """What is wrong with a proof, by itself and against a manifest; nothing if it proves what it says."""
    try:
        table = Entry(told["table"]["name"], told["table"]["rows"], told["table"]["root"], {})
        in_table = root_from(told["record"].encode(), told["index"], table.rows, _bytes(told["path"]))
        in_all = root_from(table.record, told["table_index"], told["tables"], _bytes(told["table_path"]))
        root = told["root"]
        is_ours = told["format"] == FORMAT
    except (KeyError, TypeError, ValueError, AttributeError):
        yield "this is no proof of a record"
        return
    if not is_ours:
        yield f"the format is not {FORMAT}"
    if in_table is None or in_table.hex() != table.root:
        yield "the record is not in the table"
    if in_all is None or in_all.hex() != root:
        yield "the table is not in the snapshot"
    if manifest is not None:
        yield from _manifest_faults(told, root, manifest)


def _manifest_faults(told: Mapping[str, Any], root: str, written: bytes) -> Iterator[str]:
    try:
        manifest: Manifest = read_manifest(written)
    except Unreadable as error:
        yield f"the manifest: {error}"
        return
    if manifest.root != root or manifest.digest != told.get("manifest_sha256"):
        yield "it is a proof for another snapshot"


def _found(folder: Path, table: str, names: Sequence[str], key: list[str]) -> tuple[int, bytes]:
    for index, line in enumerate(lines(folder, table)):
        record = orjson.loads(line)
        if [str(record[name]) for name in names] == key:
            return index, line
    raise NotFound(_l("There is no record with this key in the snapshot."))


def _hex(hashes: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in hashes]


def _bytes(hashes: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in hashes]

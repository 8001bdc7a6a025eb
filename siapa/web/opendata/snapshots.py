"""Snapshots as files: ``/data/snapshots/<number>/…``, the list of them, proofs and differences.

What lies in a snapshot never changes, so it may be kept for ever.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, request, send_from_directory

from siapa.errors import NotFound
from siapa.locales import lazy as _l
from siapa.opendata import snapshots
from siapa.opendata.snapshots.manifest import NUMBERS_END, Manifest, Unreadable, folder_of
from siapa.web.caching import FOREVER
from siapa.web.downloads import NOTHING_ALLOWED
from siapa.web.opendata.files import held
from siapa.web.opendata.slots import STREAMS, Slot

snapshot_files = Blueprint("snapshots", __name__, url_prefix="/data/snapshots")


def root() -> Path:
    """Where the snapshots of this registry lie."""
    folder: Path = current_app.config["SIAPA"].instance_dir / snapshots.FOLDER
    return folder


def found(number: int) -> Path:
    """The folder of the snapshot as of change ``number``; ``NotFound``, also where it cannot be read."""
    folder = folder_of(root(), min(number, NUMBERS_END))
    try:
        snapshots.manifest_of(folder)
    except Unreadable:
        raise NotFound(_l("There is no snapshot as of this change.")) from None
    return folder


@snapshot_files.get("/index.json")
def index() -> Response:
    """The snapshots there are, the newest first."""
    listed = [_told(manifest) for manifest in snapshots.snapshots(root())]
    response = Response(orjson.dumps({"snapshots": listed}), mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


def _told(manifest: Manifest) -> dict[str, Any]:
    return {
        "number": manifest.number,
        "at": manifest.at,
        "manifest_sha256": manifest.digest,
        "root": manifest.root,
        "before": manifest.before.number if manifest.before else None,
        "rows": {entry.name: entry.rows for entry in manifest.tables},
        "url": f"{current_app.config['SIAPA'].public_url}/data/snapshots/{manifest.number}/",
    }


@snapshot_files.get("/<int:number>/<name>")
def file(number: int, name: str) -> Response:
    """One file of a snapshot."""
    folder = found(number)
    if name not in {path.name for path in folder.iterdir()}:
        raise NotFound(_l("There is no file here."))
    response = send_from_directory(folder, name, as_attachment=True, mimetype=_kind_of(name))
    response.headers["Content-Security-Policy"] = NOTHING_ALLOWED
    response.headers["Cache-Control"] = FOREVER
    return response


def _kind_of(name: str) -> str:
    kinds = {"gz": "application/gzip", "json": "application/json", "md": "text/markdown", "cff": "text/yaml"}
    return kinds.get(name.rpartition(".")[2], "text/plain")


@snapshot_files.get("/<int:number>/proof/<table>/<path:key>")
def proof(number: int, table: str, key: str) -> Response:
    """What proves that a record is in the snapshot; a key of several columns is parted by ``/``."""
    folder = found(number)
    slot = Slot(STREAMS)
    try:
        told = snapshots.proof(folder, table, key.split("/"))
    finally:
        slot.let_go()
    response = Response(orjson.dumps(told, option=orjson.OPT_INDENT_2), mimetype="application/json")
    response.headers["Cache-Control"] = FOREVER
    return response


@snapshot_files.get("/<int:older>-<int:newer>.jsonl")
def difference(older: int, newer: int) -> Response:
    """What is other in one snapshot than in another, as JSON lines."""
    folders = found(older), found(newer)
    response = Response(iter(()), mimetype="application/jsonl")
    response.headers["Content-Disposition"] = f'attachment; filename="siapa-{older}-{newer}.jsonl"'
    response.headers["Cache-Control"] = FOREVER
    if request.method == "GET":
        slot = Slot(STREAMS)
        response.response = held(slot, snapshots.difference(*folders))
        response.call_on_close(slot.let_go)
    return response


def newest() -> Manifest | None:
    """The newest snapshot there is, if any can be read."""
    for folder in reversed(snapshots.folders(root())):
        try:
            return snapshots.manifest_of(folder)
        except Unreadable:
            continue
    return None

"""A stream written into a file: whole on the disk, and summed on its way."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds before it is compressed: bytes, and their SHA-256 in hex."""

    bytes: int
    sha256: str


def write(path: Path, pieces: Iterable[bytes], *, is_compressed: bool = False) -> Content:
    """Write ``pieces`` to ``path``, whole or not at all; a compressed file carries no name and time."""
    size, digest = 0, hashlib.sha256()
    being_written = path.with_name(f".{path.name}.part")
    with being_written.open("wb") as raw:
        with ExitStack() as stack:
            target: IO[bytes] | gzip.GzipFile = raw
            if is_compressed:
                target = stack.enter_context(gzip.GzipFile("", "wb", 6, raw, mtime=0))
            for piece in pieces:
                target.write(piece)
                digest.update(piece)
                size += len(piece)
        raw.flush()
        os.fsync(raw.fileno())
    being_written.replace(path)
    return Content(size, digest.hexdigest())


def sum_of(path: Path) -> str:
    """The SHA-256 of a file as it lies there, in hex."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()

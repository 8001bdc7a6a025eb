"""The state of the index: one small file that says which parts count, and how far they have read.

    line 1   the seal: HMAC-SHA-256 of the rest with a key of this installation
    line 2   JSON: ``State``, with the size and SHA-256 of every file of every part

It is put in place by a rename, so a reader finds the old or the new. The files of a part are partly
pickles: what no sealed state names is not opened.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from siapa.records.disk import sync

CURRENT = "CURRENT"
#: Larger files that are only arrays are known by their size when they are opened; ``check`` reads them.
READ_WHOLE_BYTES = 32 << 20
#: Two states are told apart by the time of their file, which a system counts in steps.
_STEP_NS = 1_000_000
SYNCED_AT_ONCE = 4


class Damaged(Exception):
    """The index is missing, of another shape, or not what its state says."""


@dataclass(frozen=True)
class PartState:
    """A part in use: its folder, its files as [bytes, SHA-256], and what of it is dead."""

    name: str
    files: dict[str, list[int | str]]
    dead: list[int] = field(default_factory=list)
    dead_services: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """Which parts make up the index, and the change it has read up to.

    ``line`` is the digest of that change: a log that tells something else there is another log.
    """

    schema: str
    position: int
    line: str
    parts: tuple[PartState, ...]

    @property
    def names(self) -> set[str]:
        """The folders of the parts in use."""
        return {part.name for part in self.parts}


def stamp_of(folder: Path) -> tuple[int, int]:
    """What changes whenever a state is put in place; one look at the disk. (0, 0) without a state."""
    try:
        status = os.stat(f"{folder}/{CURRENT}")
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_ino


def read_state(folder: Path, *, key: bytes, schema: str) -> State:
    """The state in ``folder``. Raises ``Damaged`` when there is none of this key and shape."""
    try:
        seal, _end, body = (folder / CURRENT).read_bytes().partition(b"\n")
        if not hmac.compare_digest(seal, _seal(key, body)):
            raise Damaged("the state is not sealed by this installation")
        told = orjson.loads(body)
        state = State(**{**told, "parts": tuple(PartState(**part) for part in told["parts"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Damaged("the state cannot be read") from error
    if state.schema != schema:
        raise Damaged("the index has another shape")
    return state


def put_state(folder: Path, state: State, *, key: bytes) -> None:
    """Put ``state`` in place, durably; the caller has synced what it names, and nobody else does it now."""
    body = orjson.dumps(state)
    aside = folder / f"{CURRENT}.{os.getpid()}.tmp"
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(_seal(key, body) + b"\n" + body)
            stream.flush()
            # Set, not left to the clock: two states within one step of it would look the same.
            at = max(time.time_ns(), stamp_of(folder)[0] + _STEP_NS)
            os.utime(stream.fileno(), ns=(at, at))
            os.fsync(stream.fileno())
        os.replace(aside, folder / CURRENT)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise
    sync(folder)


def _seal(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, b"siapa-search-state:" + body, hashlib.sha256).hexdigest().encode()


def require_files(folder: Path, part: PartState, *, whole: bool = False) -> None:
    """Raise ``Damaged`` unless the files are as they were sealed; ``whole`` reads the large ones too."""
    try:
        if {file.name for file in folder.iterdir()} != set(part.files):
            raise Damaged("the files are not those of the state")
        for name, (size, digest) in part.files.items():
            file = folder / name
            is_small = file.stat().st_size <= READ_WHOLE_BYTES
            if whole or is_small or name.endswith((".toc", ".trm")):
                if told_of(file) != [size, digest]:
                    raise Damaged(f"{name} is not what was sealed")
            elif file.stat().st_size != size:
                raise Damaged(f"{name} has another size")
    except OSError as error:
        raise Damaged("a part is gone") from error


def told_of(file: Path) -> list[int | str]:
    """Size and SHA-256 of ``file``, as a state tells them."""
    with file.open("rb") as stream:
        return [file.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()]


def sync_all(folder: Path) -> None:
    """Have a folder and its files on the disk before going on.

    All at a time: the system then brings them there together, which takes a fraction.
    """
    with ThreadPoolExecutor(SYNCED_AT_ONCE) as threads:
        list(threads.map(sync, folder.iterdir()))
    sync(folder)

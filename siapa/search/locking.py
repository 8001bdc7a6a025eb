"""Locks between the processes of one host: they end with whoever holds them, however that ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from siapa.errors import Conflict
from siapa.locales import lazy as _l

_PAUSE_SECONDS = 0.01


class Busy(Conflict):
    """Another process is at it."""

    def __init__(self) -> None:
        super().__init__(_l("Another process is writing the search index. Please wait until it is done."))


@contextmanager
def locked(file: Path, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the lock ``file``.

    Raises ``Busy`` when it is not to be had in time, and ``OSError`` when it cannot be made.
    """
    deadline = time.monotonic() + wait_seconds
    while (handle := _taken(file)) is None:
        if time.monotonic() >= deadline:
            raise Busy
        time.sleep(_PAUSE_SECONDS)
    try:
        yield
    finally:
        os.close(handle)


def _taken(file: Path) -> int | None:
    """The handle that holds the lock; None when another has it."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever deletes the folder deletes its locks: one without a name keeps nobody out.
        if os.fstat(handle).st_ino == file.stat().st_ino:
            return handle
    except (BlockingIOError, FileNotFoundError):
        pass
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None

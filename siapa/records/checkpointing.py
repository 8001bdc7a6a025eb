"""The one checkpointer of the SQLite database.

SQLite before 3.51.3 can corrupt a database in WAL mode when two connections
checkpoint while a third commits between them. So no connection checkpoints by
itself, and this one does it alone: it holds a file lock against other processes and
the write lock against committers while another connection moves the pages.
"""

from __future__ import annotations

import fcntl
import sqlite3
from pathlib import Path

#: A WAL below this many bytes is left alone: about 1,000 pages.
WORTH_BYTES = 4_000_000


def checkpoint(database: Path, *, at_least_bytes: int = WORTH_BYTES, wait_seconds: float = 2.0) -> int:
    """Move the WAL of ``database`` into it; the number of pages moved, 0 when there was no need or no room.

    Another process that is at it already, or a writer that does not finish within
    ``wait_seconds``, is not disturbed: the next call comes.
    """
    wal = Path(f"{database}-wal")
    if not wal.exists() or wal.stat().st_size < at_least_bytes:
        return 0
    with open(f"{database}-checkpoint.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        holder = _open(database, wait_seconds)
        mover = _open(database, wait_seconds)
        try:
            holder.execute("BEGIN IMMEDIATE")
            _busy, _log, moved = mover.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            return max(int(moved), 0)
        except sqlite3.OperationalError:
            return 0  # a writer holds on; the next call comes
        finally:
            if holder.in_transaction:
                holder.execute("ROLLBACK")
            holder.close()
            mover.close()


def _open(database: Path, wait_seconds: float) -> sqlite3.Connection:
    connection = sqlite3.connect(database, timeout=wait_seconds, isolation_level=None)
    connection.execute("PRAGMA wal_autocheckpoint=0")
    return connection

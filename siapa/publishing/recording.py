"""Keeping what each line of the log made of the open data, in the transaction that writes the line.

What the records are is said by the room that knows the tables (``opendata.recording``), which
reads only; it is named here once, by ``records_by``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

import sqlalchemy as sa

from siapa.extensions import db
from siapa.records import Change, Counting, PublishedRecord
from siapa.records.engine import begin_writing

#: Given the number up to which records are kept (None: none are): those of the lines after it.
Reader = Callable[[sa.Connection, int | None], Iterator[Mapping[str, Any]]]

#: The row of ``Counting`` that holds the number up to which records are kept.
LOG = "record"
_PART = 1_000
_readers: list[Reader] = []


def records_by(reader: Reader) -> None:
    """Let ``reader`` say which records there are; once for a process."""
    _readers[:] = [reader]


def write_records() -> None:
    """Write the records of all lines that have none yet: this transaction's, and of releases that kept none.

    The counter of the log is locked by who has just taken numbers of it, so nobody else writes them.
    """
    for reader in _readers:
        connection = db.session.connection()
        kept_to = connection.scalar(sa.select(Counting.last_number).where(Counting.log == LOG))
        records = iter(reader(connection, kept_to))
        while part := list(islice(records, _PART)):
            connection.execute(sa.insert(PublishedRecord), part)
        last = connection.scalar(sa.select(sa.func.max(Change.number)))
        if kept_to is None:
            connection.execute(sa.insert(Counting), {"log": LOG, "last_number": last})
        else:
            connection.execute(sa.update(Counting).where(Counting.log == LOG).values(last_number=last))


def catch_up() -> bool:
    """Write what is missing, before the first change has to wait for it; whether anything was."""
    kept = {"change": 0, LOG: None}
    kept |= dict(db.session.execute(sa.select(Counting.log, Counting.last_number)).all())
    if not kept["change"] or kept[LOG] == kept["change"]:
        db.session.rollback()
        return False
    try:
        begin_writing(db)
        # Takes the lock under which records are written.
        db.session.execute(sa.update(Counting).where(Counting.log == "change").values(log="change"))
        write_records()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return True

"""Files that were handed in are kept for a while, and then forgotten; what came of them stays.

A file may hold more than a standard says (a column of notes, names of staff), and nobody
needs it once its errors are mended: the preview, its counts and its digest tell what was done.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from siapa.extensions import db
from siapa.publishing.changing import together
from siapa.records import ImportBatch, now

#: How long a file that was handed in is kept.
FILES_KEPT = timedelta(days=90)


def forget_files() -> int:
    """Empty the files that were handed in longer ago than ``FILES_KEPT``; how many there were.

    Nothing else of their batches changes. Where there is none, nothing is written.
    """
    old = sa.select(ImportBatch.id).where(
        ImportBatch.created_at < now() - FILES_KEPT, sa.func.length(ImportBatch.content) > 0
    )
    ids = list(db.session.scalars(old))
    if ids:
        with together():
            db.session.execute(sa.update(ImportBatch).where(ImportBatch.id.in_(ids)).values(content=b""))
    return len(ids)


def is_file_kept(batch: ImportBatch) -> bool:
    """Whether the file of ``batch`` is still there, without reading it."""
    size = sa.select(sa.func.length(ImportBatch.content)).where(ImportBatch.id == batch.id)
    return bool(db.session.scalar(size))

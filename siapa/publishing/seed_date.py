"""Which moment the seed data carry: that of their release, not that of the clock of who loads them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import Change, now

#: One line: the moment, in ISO 8601.
RELEASED = "released.txt"


def moment_of(directory: Path) -> datetime:
    """When the seed data were released; this moment where they do not say it, or something is newer."""
    path, present = directory / RELEASED, now()
    if not path.exists():
        return present
    try:
        moment = datetime.fromisoformat(path.read_text(encoding="utf-8").strip())
        if moment.tzinfo is None:
            raise ValueError
    except ValueError:
        wrong = _l("This must be a moment with its zone, such as 2026-01-31T00:00:00Z.")
        raise Rejected([Problem(RELEASED, wrong)]) from None
    newest = db.session.scalar(sa.select(Change.at).order_by(Change.number.desc()).limit(1))
    return present if moment > present or (newest is not None and newest > moment) else moment

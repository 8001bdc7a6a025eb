"""What was searched for and not found: words and counts, never who asked, when or from where.

Rows of this kind are no content of the registry: they are counted by the search, kept for
a limited time (``search.unanswered``), and no trail tells of them.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from siapa.extensions import Model
from siapa.records.columns import UtcDateTime, new_id, now

#: Longest query that is kept, in characters.
LONGEST_UNANSWERED = 80


class UnansweredQuery(Model):
    """How often some words found nothing on one day (in the registry's home zone)."""

    __tablename__ = "unanswered_query"
    __table_args__ = (sa.CheckConstraint("times > 0", name="asked"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    #: Plain words parted by blanks, without the place and the words of asking.
    words: Mapped[str] = mapped_column(sa.String(LONGEST_UNANSWERED), primary_key=True)
    times: Mapped[int]


class DismissedQuery(Model):
    """Words that a curator has set aside: nothing here answers them, and they are not counted again."""

    __tablename__ = "dismissed_query"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    words: Mapped[str] = mapped_column(sa.String(LONGEST_UNANSWERED), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

"""What each line of the numbered log made of the open data: the history that they have of themselves."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from siapa.extensions import Model

#: Texts are compared bytewise, on either database: so keys come in the order of the tables.
_BYTEWISE = sa.String(300).with_variant(sa.String(300, collation="C"), "postgresql")


class PublishedRecord(Model):
    """A record of a table of the open data as it became by a line of the log, or that it went.

    The rows of a number and those before it say what all that was public said then. Only
    added to, as the log is (triggers of migration 0024).
    """

    __tablename__ = "published_record"
    __table_args__ = (
        sa.Index("ix_published_record__number", "number", "table_name", "key"),
        sa.Index("ix_published_record__subject_id", "subject_id", "table_name"),
    )

    table_name: Mapped[str] = mapped_column(sa.String(30), primary_key=True)
    #: As ``opendata.Table.key_of`` writes it.
    key: Mapped[str] = mapped_column(_BYTEWISE, primary_key=True)
    #: The line of the log; the last one about the subject where a command left several.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: What the record belongs to, as the log names it: a standard, a place, an agency …
    subject_id: Mapped[str] = mapped_column(sa.String(40))
    #: One JSON object, its names in the order of the columns; NULL where the record is gone.
    #: The document of an edition is left out: it stands in the edition, and never changes.
    record: Mapped[str | None] = mapped_column(sa.Text)

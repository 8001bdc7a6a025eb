"""The one numbered log of all that became public."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from siapa.extensions import Model
from siapa.records.columns import UtcDateTime, enum_of, now


class ChangeKind(StrEnum):
    """What became public."""

    STANDARD_PUBLISHED = "standard.published"
    STANDARD_SUPERSEDED = "standard.superseded"
    STANDARD_WITHDRAWN = "standard.withdrawn"
    STANDARD_MOVED = "standard.moved"
    OFFERING_CHANGED = "offering.changed"
    LOCATION_CHANGED = "location.changed"
    AGENCY_CHANGED = "agency.changed"
    SERVICE_CHANGED = "service.changed"
    REGION_CHANGED = "region.changed"
    VOCABULARY_CHANGED = "vocabulary.changed"


class Change(Model):
    """One line of the log: numbered 1, 2, 3 … without gaps, in commit order.

    It says *that* something changed, not what: whoever follows reads the catalogue
    anew, so replaying a line twice does no harm.
    """

    __tablename__ = "change"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    kind: Mapped[ChangeKind] = mapped_column(enum_of(ChangeKind, name="kind", length=40))
    #: The id of the standard, location, agency or service; the code of a region.
    subject_id: Mapped[str] = mapped_column(sa.String(40), index=True)
    #: For a standard: the edition concerned.
    edition_number: Mapped[int | None]


class Counting(Model):
    """The last number given out per log; the row is locked while a number is taken.

    A sequence would leave gaps when a transaction fails and could show a later
    number before an earlier one; this row cannot.
    """

    __tablename__ = "counting"

    #: ``change`` or ``audit_event``
    log: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    last_number: Mapped[int]
    #: For the audit: the hash of the last event.
    last_hash: Mapped[str | None] = mapped_column(sa.String(64))

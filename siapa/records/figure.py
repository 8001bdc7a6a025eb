"""Figures of the whole registry, made from what is public and kept: derived, and made anew at any time.

No trail tells of them and no backup needs them: ``figures.refresh`` fills these tables from the others.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from siapa.extensions import Model
from siapa.records.columns import UtcDateTime, enum_of


class FigureScope(StrEnum):
    """Whose standards a row of figures is about."""

    ALL = "all"
    PROVINCE = "province"
    SERVICE = "service"


class Figure(Model):
    """What the standards in force of one province, of one service, or all of them, come to together.

    Every count is of standards. A median is NULL where no standard states the value: a blank is no zero.
    """

    __tablename__ = "figure"

    scope: Mapped[FigureScope] = mapped_column(enum_of(FigureScope, name="scope"), primary_key=True)
    #: The code of the province or of the service; empty for all, and for what is in none.
    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    standards: Mapped[int]
    #: The components given, over all standards: each has 14.
    components: Mapped[int]
    #: Standards that give all 14.
    complete: Mapped[int]
    #: Standards whose day of review has passed.
    overdue: Mapped[int]
    free: Mapped[int]
    online: Mapped[int]
    #: Standards that state an amount (free is 0), and the median of the least amount, in rupiah.
    with_fee: Mapped[int]
    fee_median: Mapped[float | None]
    #: The same of those whose least amount is more than 0.
    paid: Mapped[int]
    paid_median: Mapped[float | None]
    #: Standards that state a time, and the median of the longest time, in working days.
    with_time: Mapped[int]
    days_median: Mapped[float | None]


class MovementKind(StrEnum):
    """What comes and goes in time."""

    MALL = "mall"
    STANDARD = "standard"


class Movement(Model):
    """How many malls opened and closed in one year, or standards came into force and ended in one month."""

    __tablename__ = "movement"

    kind: Mapped[MovementKind] = mapped_column(enum_of(MovementKind, name="kind"), primary_key=True)
    #: ``2026`` or ``2026-11``; empty where the day is not known.
    period: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    #: Malls opened; editions that came into force.
    begun: Mapped[int]
    #: Malls closed for good; editions that ended.
    ended: Mapped[int]
    #: Of the editions begun, those that are the first of their standard; of malls the same as ``begun``.
    new: Mapped[int]


class FigureState(Model):
    """As of when the figures are: one row, which is also the turn of whoever makes them anew."""

    __tablename__ = "figure_state"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: The newest change that stands in the figures; NULL before they were first made.
    change_number: Mapped[int | None]
    #: The day (in the registry's home zone) as of which something is overdue.
    day: Mapped[date | None]
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: How long it took, in milliseconds.
    took_ms: Mapped[int] = mapped_column(default=0)
    #: Since when somebody is making them anew; NULL while nobody is.
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

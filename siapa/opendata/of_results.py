"""Tables of what was measured, and of the log of all that became public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from siapa.locales import lazy as _l
from siapa.opendata import words
from siapa.opendata.of_places import AGENCY, LOCATION
from siapa.opendata.table import Row, Table, by_key, column, columns_of
from siapa.records import Change, ChangeKind, Confidence, SatisfactionResult

Grade = Literal["A", "B", "C", "D"]
#: PermenPANRB 14/2017: the least index of each grade, from the best.
_GRADES: tuple[tuple[Decimal, Grade], ...] = (
    (Decimal("88.31"), "A"), (Decimal("76.61"), "B"), (Decimal("65.00"), "C"), (Decimal("25.00"), "D"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SatisfactionRow:
    """The result of a survey of satisfaction (SKM, PermenPANRB 14/2017)."""

    id: UUID = column(words.ID)
    agency_id: UUID = column(words.AGENCY)
    location_id: UUID | None = column(_l("The place; empty for the whole agency."))
    from_on: date = column(_l("The first day of the period."))
    until_on: date = column(_l("The last day of the period."))
    respondents: int = column(_l("How many people answered."))
    element_means: list[float] = column(
        _l("The means of the nine elements, from 1 to 4, in the order of the regulation.")
    )
    index: float = column(_l("The mean of the elements times 25, rounded to two decimals."))
    grade: Grade = column(_l("The grade of the index, from A to D."))
    source_address: str | None = column(words.SOURCE_ADDRESS)
    source_as_of: date | None = column(words.SOURCE_AS_OF)
    source_note: str | None = column(words.SOURCE_NOTE)
    confidence: Confidence | None = column(words.CONFIDENCE)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of the log of all that became public."""

    number: int = column(_l("1, 2, 3 and so on, without gaps, in the order of publication."))
    at: datetime = column(_l("When it became public."))
    kind: ChangeKind = column(_l("What became public."))
    subject_id: str = column(_l("What it is about: an identifier, or the code of a region."))
    edition_number: int | None = column(words.EDITION)


def index_of(element_means: list[float]) -> Decimal:
    """The index of nine means between 1 and 4, from 25.00 to 100.00: each has the weight 1/9 exactly."""
    total = sum((Decimal(str(mean)) for mean in element_means), Decimal())
    return (total / len(element_means) * 25).quantize(Decimal("0.01"), ROUND_HALF_UP)


def grade_of(index: Decimal) -> Grade:
    """The grade of an index that is rounded to two decimals."""
    return next((grade for least, grade in _GRADES if index >= least), "D")


_MEANS = SatisfactionRow.__match_args__.index("element_means")


def _graded(row: Row) -> Iterator[Row]:
    means: Any = row[_MEANS]
    index = index_of(means)
    yield (*row[: _MEANS + 1], float(index), grade_of(index), *row[_MEANS + 1 + 2 :])


TABLES = (
    Table(
        "satisfaction", _l("Satisfaction"), SatisfactionRow, ("id",),
        by_key(
            sa.select(*columns_of(SatisfactionRow, SatisfactionResult, index=sa.null(), grade=sa.null())),
            SatisfactionResult.id, _graded,
        ),
        (AGENCY, LOCATION),
    ),
    Table(
        "changes", _l("The log of changes"), ChangeRow, ("number",),
        by_key(sa.select(*columns_of(ChangeRow, Change)), Change.number),
    ),
)  # fmt: skip

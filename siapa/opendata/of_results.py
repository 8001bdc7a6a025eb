"""Tables of what was measured, and of the log of all that became public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from siapa.catalogue.live import LIVE
from siapa.catalogue.measures import Grade, grade_of, index_of, is_met, sample_needed, share_of
from siapa.locales import lazy as _l
from siapa.opendata import words
from siapa.opendata.of_places import AGENCY, LOCATION
from siapa.opendata.of_standards import STANDARD
from siapa.opendata.table import Row, Table, by_key, column, columns_of
from siapa.records import (
    Change,
    ChangeKind,
    Confidence,
    Edition,
    SatisfactionResult,
    ServicePerformance,
    SurveyWay,
)

_FROM_ON = _l("The first day of the period.")
_UNTIL_ON = _l("The last day of the period.")
_NUMBER = _l("1 for the first entry of a period; a correction has the next, and the highest holds.")
_NOTE = _l("Why the entry was corrected.")
_REPORTED_AT = _l("When it was reported.")


@dataclass(frozen=True, slots=True)
class SatisfactionRow:
    """The result of a survey of satisfaction (SKM, PermenPANRB 14/2017)."""

    id: UUID = column(words.ID)
    agency_id: UUID = column(words.AGENCY)
    location_id: UUID | None = column(_l("The place; empty for the whole agency."))
    standard_id: UUID | None = column(_l("The standard asked about; empty for all that the agency gives."))
    way: SurveyWay = column(_l("Asked by the agency, or answered by citizens from the code at the counter."))
    from_on: date = column(_FROM_ON)
    until_on: date = column(_UNTIL_ON)
    number: int = column(_NUMBER)
    respondents: int = column(_l("How many people answered."))
    population: int | None = column(_l("How many were served in the period; empty where it is not said."))
    sample_needed: int = column(
        _l("How many should have answered for so many served; 384 where that is not said.")
    )
    element_means: list[float] = column(
        _l("The means of the nine elements, from 1 to 4, in the order of the regulation.")
    )
    index: float = column(_l("The mean of the elements times 25, rounded to two decimals."))
    grade: Grade = column(_l("The grade of the index, from A to D."))
    note: str | None = column(_NOTE)
    created_at: datetime = column(_REPORTED_AT)
    source_address: str | None = column(words.SOURCE_ADDRESS)
    source_as_of: date | None = column(words.SOURCE_AS_OF)
    source_note: str | None = column(words.SOURCE_NOTE)
    confidence: Confidence | None = column(words.CONFIDENCE)


@dataclass(frozen=True, slots=True)
class PerformanceRow:
    """What was promised beside what was done, by standard and period; empty is not reported."""

    id: UUID = column(words.ID)
    standard_id: UUID = column(words.STANDARD)
    from_on: date = column(_FROM_ON)
    until_on: date = column(_UNTIL_ON)
    number: int = column(_NUMBER)
    applications: int | None = column(_l("How many applications there were."))
    within_promise: int | None = column(_l("How many of them were done within the promised time."))
    target_percent: float | None = column(_l("The share that the agency aims at."), unit="percent")
    median_days: float | None = column(_l("The median of the times taken."), unit="day")
    share_within: float | None = column(
        _l("The share done within the promise, in four decimals; empty where it does not apply.")
    )
    is_met: bool | None = column(_l("Whether the share reaches the target; empty where it does not apply."))
    note: str | None = column(_NOTE)
    created_at: datetime = column(_REPORTED_AT)
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


_SURVEY = {name: place for place, name in enumerate(SatisfactionRow.__match_args__)}
_KEPT = {name: place for place, name in enumerate(PerformanceRow.__match_args__)}


def _graded(row: Row) -> Iterator[Row]:
    index = index_of(row[_SURVEY["element_means"]])
    needed = sample_needed(row[_SURVEY["population"]])
    found = {"sample_needed": needed, "index": float(index), "grade": grade_of(index)}
    yield _with(row, _SURVEY, found)


def _held_against_the_promise(row: Row) -> Iterator[Row]:
    share = share_of(row[_KEPT["within_promise"]], row[_KEPT["applications"]])
    found = {
        "share_within": None if share is None else float(share),
        "is_met": is_met(share, row[_KEPT["target_percent"]]),
    }
    yield _with(row, _KEPT, found)


def _with(row: Row, places: dict[str, int], found: dict[str, Any]) -> Row:
    """``row`` with what follows from it put in its places."""
    whole = list(row)
    for name, value in found.items():
        whole[places[name]] = value
    return tuple(whole)


_IS_LIVE = sa.exists().where(Edition.standard_id == ServicePerformance.standard_id, LIVE)

TABLES = (
    Table(
        "satisfaction", _l("Satisfaction"), SatisfactionRow, ("id",),
        by_key(
            sa.select(
                *columns_of(
                    SatisfactionRow, SatisfactionResult, sample_needed=sa.null(), index=sa.null(),
                    grade=sa.null(),
                )
            ),
            SatisfactionResult.id, _graded,
        ),
        (AGENCY, LOCATION),
    ),
    Table(
        "performance", _l("Promise and result"), PerformanceRow, ("id",),
        by_key(
            sa.select(
                *columns_of(PerformanceRow, ServicePerformance, share_within=sa.null(), is_met=sa.null())
            ).where(_IS_LIVE),
            ServicePerformance.id, _held_against_the_promise,
        ),
        (STANDARD,),
    ),
    Table(
        "changes", _l("The log of changes"), ChangeRow, ("number",),
        by_key(sa.select(*columns_of(ChangeRow, Change)), Change.number),
    ),
)  # fmt: skip

"""What agencies report of what was measured: promises kept by standard and period, and surveys.

It is public at once, like the places of a standard. What was reported stays: a correction is
another entry of the same period, with the reason, and says who made it in the audit.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa

from siapa.errors import NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import adding
from siapa.publishing.editions import today_of
from siapa.publishing.permissions import Actor
from siapa.publishing.workflow import Action
from siapa.records import (
    ELEMENTS,
    Agency,
    Counter,
    Location,
    Offering,
    SatisfactionResult,
    ServicePerformance,
    Standard,
    SurveyWay,
)

T = TypeVar("T", SatisfactionResult, ServicePerformance)

MOST_PEOPLE = 1_000_000_000
MOST_DAYS = 3_650
#: A period is a year at most; a leap year has a day more.
LONGEST_PERIOD_DAYS = 366
LONGEST_NOTE = 500


@dataclass(frozen=True)
class Measured:
    """What was measured of a standard in one period; what is blank was not reported."""

    from_on: date
    until_on: date
    applications: int | None = None
    within_promise: int | None = None
    #: In percent.
    target_percent: float | None = None
    median_days: float | None = None
    #: Why it is corrected; wanted only then.
    note: str | None = None


@dataclass(frozen=True)
class Surveyed:
    """The result of a survey (SKM) of an agency in one period: nine means from 1 to 4, in their order."""

    from_on: date
    until_on: date
    respondents: int
    element_means: tuple[float, ...]
    #: How many were served in the period.
    population: int | None = None
    location_id: uuid.UUID | None = None
    standard_id: uuid.UUID | None = None
    way: SurveyWay = SurveyWay.AGENCY
    note: str | None = None


def set_performance(
    standard_id: uuid.UUID, measured: Measured, *, by: Actor, origin: str | None = None
) -> ServicePerformance:
    """Report a period of a standard in force; what says the same as the newest entry changes nothing.

    Raises ``Rejected`` for figures that cannot be, and for a correction without its reason.
    """
    standard = db.session.get(Standard, standard_id)
    if standard is None:
        raise NotFound(_l("There is no such entry."))
    note = _note(measured.note)
    figures = {name: value for name, value in asdict(measured).items() if name != "note"}
    period = {"standard_id": standard_id, "from_on": measured.from_on, "until_on": measured.until_on}
    held = newest(ServicePerformance, period)
    if held is not None and _says_the_same(held, figures):
        return held
    row = ServicePerformance(standard_id=standard_id, number=0, note=note, **figures)
    within = (Standard, standard_id)
    with adding(row, Action.SET_RESULT, by=by, within=within, note=note or "", origin=origin):
        held = newest(ServicePerformance, period)
        _refuse([*problems_of_measured(standard, measured), *problems_of_reason(held, note)])
        row.number = held.number + 1 if held else 1
    return row


def set_satisfaction(
    agency_id: uuid.UUID, surveyed: Surveyed, *, by: Actor, origin: str | None = None
) -> SatisfactionResult:
    """Report a survey of an agency; what says the same as the newest entry changes nothing.

    Raises ``Rejected`` for figures that cannot be, for a place where the agency is not, for a standard
    of another agency, and for a correction without its reason.
    """
    agency = db.session.get(Agency, agency_id)
    if agency is None:
        raise NotFound(_l("There is no such entry."))
    note = _note(surveyed.note)
    figures = {name: value for name, value in asdict(surveyed).items() if name != "note"}
    figures["element_means"] = [round(mean, 4) for mean in surveyed.element_means]
    unit = {name: figures[name] for name in ("location_id", "standard_id", "way", "from_on", "until_on")}
    period = {"agency_id": agency_id, **unit}
    held = newest(SatisfactionResult, period)
    if held is not None and _says_the_same(held, figures):
        return held
    row = SatisfactionResult(agency_id=agency_id, number=0, note=note, **figures)
    within = (Agency, agency_id)
    with adding(row, Action.SET_RESULT, by=by, within=within, note=note or "", origin=origin):
        held = newest(SatisfactionResult, period)
        _refuse([*problems_of_surveyed(agency, surveyed), *problems_of_reason(held, note)])
        row.number = held.number + 1 if held else 1
    return row


def newest(kind: type[T], period: dict[str, Any]) -> T | None:
    """The entry that holds for a period; None where there is none."""
    same = (getattr(kind, name).is_not_distinct_from(value) for name, value in period.items())
    return db.session.scalar(sa.select(kind).where(*same).order_by(kind.number.desc()).limit(1))


def stands_at(agency_id: uuid.UUID, location_id: uuid.UUID) -> bool:
    """Whether an agency runs a place, has a counter in it, or a standard that is had there."""
    ran = sa.select(Location.id).where(Location.id == location_id, Location.agency_id == agency_id)
    counter = sa.select(Counter.id).where(Counter.location_id == location_id, Counter.agency_id == agency_id)
    offered = (
        sa.select(Offering.id)
        .join(Standard, Standard.id == Offering.standard_id)
        .where(Offering.location_id == location_id, Standard.agency_id == agency_id)
    )
    return bool(db.session.scalar(sa.select(sa.or_(ran.exists(), counter.exists(), offered.exists()))))


def _says_the_same(held: Any, figures: dict[str, Any]) -> bool:
    return all(getattr(held, name) == value for name, value in figures.items())


def problems_of_measured(standard: Standard, said: Measured) -> Iterator[Problem]:
    """What cannot be about figures of ``standard``."""
    if standard.live is None:
        yield Problem("", _l("The standard is not in force: there is no promise to hold the result against."))
    yield from _period(said.from_on, said.until_on, today_of(standard.agency))
    for name in ("applications", "within_promise"):
        yield from _between(name, getattr(said, name), 0, MOST_PEOPLE)
    yield from _between("target_percent", said.target_percent, 0, 100)
    yield from _between("median_days", said.median_days, 0, MOST_DAYS)
    if said.applications is None and said.within_promise is not None:
        yield Problem("applications", _l("Say how many applications there were, too."))
    elif (said.within_promise or 0) > (said.applications or 0):
        wrong = _l("There cannot be more than there were applications.")
        yield Problem("within_promise", wrong, said.within_promise)
    if said.applications is None and said.median_days is None and not _note(said.note):
        yield Problem("applications", _l("Give a figure: what is blank everywhere reports nothing."))


def problems_of_surveyed(agency: Agency, said: Surveyed) -> Iterator[Problem]:
    """What cannot be about a survey of ``agency``."""
    yield from _period(said.from_on, said.until_on, today_of(agency))
    yield from _between("respondents", said.respondents, 1, MOST_PEOPLE)
    yield from _between("population", said.population, 1, MOST_PEOPLE)
    if said.population is not None and said.respondents > said.population:
        yield Problem("population", _l("More answered than were served."), said.population)
    if len(said.element_means) != ELEMENTS:
        yield Problem("element_means", _l("Give the means of all nine elements."))
    for number, mean in enumerate(said.element_means):
        yield from _between(f"element_means[{number}]", mean, 1, 4)
    if said.location_id is not None and not stands_at(agency.id, said.location_id):
        yield Problem("location", _l("The agency is not at this place."))
    if said.standard_id is not None:
        standard = db.session.get(Standard, said.standard_id)
        if standard is None or standard.agency_id != agency.id or standard.live is None:
            yield Problem("standard", _l("The agency has no such standard in force."))


def _period(from_on: date, until_on: date, today: date) -> Iterator[Problem]:
    if until_on < from_on:
        yield Problem("until_on", _l("The last day lies before the first."), until_on.isoformat())
    elif (until_on - from_on).days >= LONGEST_PERIOD_DAYS:
        yield Problem("until_on", _l("A period is a year at most."), until_on.isoformat())
    if until_on > today:
        yield Problem("until_on", _l("This day lies ahead."), until_on.isoformat())


def _between(path: str, value: float | None, low: int, high: int) -> Iterator[Problem]:
    if value is not None and not (math.isfinite(value) and low <= value <= high):
        yield Problem(path, _l("This must lie between %(low)s and %(high)s.", low=low, high=high), value)


def _note(text: str | None) -> str | None:
    return (text or "").strip() or None


def problems_of_reason(held: object, note: str | None) -> Iterator[Problem]:
    """A correction of the entry ``held`` says why."""
    if held is not None and note is None:
        wrong = _l(
            "This period is reported already. Say why it is corrected; the earlier entry stays on view."
        )
        yield Problem("note", wrong)
    if note is not None and len(note) > LONGEST_NOTE:
        yield Problem("note", _l("Write at most %(most)s characters.", most=LONGEST_NOTE))


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Rejected(problems)

"""Commands on places: malls and offices, their counters, hours and closures."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

import sqlalchemy as sa

from siapa.errors import Conflict, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import adding, changing, require_also
from siapa.publishing.editions import check_has_come
from siapa.publishing.filling import faults_of_text, fill
from siapa.publishing.permissions import Actor
from siapa.publishing.slugs import own_slug, retire, take_back
from siapa.publishing.versions import check_version
from siapa.publishing.workflow import Action
from siapa.records import (
    Agency,
    Closure,
    Counter,
    CounterStatus,
    Hours,
    Location,
    LocationKind,
    new_id,
)

OF_LOCATION = frozenset(
    {"kind", "name", "name_en", "region_code", "address", "latitude", "longitude", "coordinate_quality",
     "opened_on", "hours_note", "website", "phone", "facilities", "reported_agencies", "reported_services",
     "closed_on"}
)  # fmt: skip
OF_COUNTER = frozenset({"name", "floor", "status", "hours_note", "agency_id"})
#: A place is not open more often than this in a week; more is a mistake.
MOST_SPANS = 50
#: Nor closed more often than this in the years that are told.
MOST_CLOSURES = 400
LONGEST_REASON = 300
#: Of these it can be said that they were there; of an agreement and of what is closed it cannot.
STANDING = frozenset({CounterStatus.LISTED, CounterStatus.CONFIRMED})


@dataclass(frozen=True)
class Span:
    """One open span of a weekday, 1 = Monday … 7 = Sunday."""

    weekday: int
    opens_at: time
    closes_at: time


@dataclass(frozen=True)
class ClosedDays:
    """Days on which a place, or one counter of it, is closed."""

    from_on: date
    until_on: date
    reason: str
    reason_en: str | None = None
    counter_id: uuid.UUID | None = None


def add_location(
    kind: LocationKind,
    name: str,
    values: Mapping[str, object] | None = None,
    *,
    by: Actor,
    agency_id: uuid.UUID | None = None,
    slug: str | None = None,
    location_id: uuid.UUID | None = None,
    origin: str | None = None,
) -> Location:
    """Add a place run by an agency; one without an agency is a national admin's to add."""
    location = Location(id=location_id or new_id(), agency_id=agency_id, facilities=[])
    within = (Agency, agency_id) if agency_id else None
    with adding(location, Action.SET_LOCATION, by=by, within=within, origin=origin):
        fill(location, {"kind": kind, "name": name, **(values or {})}, OF_LOCATION)
        location.slug = own_slug(Location, slug, location.name, location.id)
    return location


def set_location(
    location_id: uuid.UUID,
    values: Mapping[str, object],
    *,
    by: Actor,
    seen: str | None = None,
    origin: str | None = None,
) -> Location:
    """Change what is said of a place; ``seen`` is the version it is changed from (``versions``).

    A place is closed from a day that has come: of what lies ahead tell its closures.
    """
    with changing(Location, location_id, Action.SET_LOCATION, by=by, origin=origin) as location:
        check_version(location, seen)
        fill(location, values, OF_LOCATION)
        if "closed_on" in values and location.closed_on is not None:
            check_has_come(location.closed_on, location, "closed_on")
    return location


def give_location(
    location_id: uuid.UUID, agency_id: uuid.UUID | None, *, by: Actor, origin: str | None = None
) -> Location:
    """Say which agency runs a place; a national admin's right, for rights follow it."""
    with changing(Location, location_id, Action.TRANSFER, by=by, origin=origin) as location:
        agency = db.session.get(Agency, agency_id) if agency_id else None
        if agency_id is not None and agency is None:
            raise Rejected([Problem("agency", _l("There is no such agency."), str(agency_id))])
        location.agency = agency
    return location


def rename_location(
    location_id: uuid.UUID, slug: str, *, by: Actor, seen: str | None = None, origin: str | None = None
) -> Location:
    """Give a place another address; the former one redirects for ever."""
    with changing(Location, location_id, Action.SET_LOCATION, by=by, origin=origin) as location:
        check_version(location, seen)
        free = own_slug(Location, slug, "", location.id)
        if free != location.slug:
            retire("location", location.slug, location.id)
            take_back("location", free, location.id)
            location.slug = free
    return location


def set_hours(
    location_id: uuid.UUID,
    spans: Sequence[Span],
    *,
    by: Actor,
    seen: str | None = None,
    origin: str | None = None,
) -> Location:
    """Say when a place is open in the week; replaces what was said."""
    check_spans(spans)
    with changing(Location, location_id, Action.SET_LOCATION, by=by, origin=origin) as location:
        check_version(location, seen)
        location.hours = _as_rows(spans)
    return location


def set_counter_hours(
    counter_id: uuid.UUID,
    spans: Sequence[Span],
    *,
    by: Actor,
    seen: str | None = None,
    origin: str | None = None,
) -> Counter:
    """Say when a counter is open in the week; with none it keeps the hours of its place."""
    check_spans(spans)
    with changing(Counter, counter_id, Action.SET_COUNTERS, by=by, origin=origin) as counter:
        check_version(counter, seen)
        counter.hours = _as_rows(spans)
    return counter


def set_closures(
    location_id: uuid.UUID,
    closures: Sequence[ClosedDays],
    *,
    by: Actor,
    seen: str | None = None,
    origin: str | None = None,
) -> Location:
    """Say on which days a place or its counters are closed; replaces what was said."""
    _check_closures(closures)
    with changing(Location, location_id, Action.SET_LOCATION, by=by, origin=origin) as location:
        check_version(location, seen)
        own = set(db.session.scalars(sa.select(Counter.id).where(Counter.location_id == location_id)))
        if any(closed.counter_id not in own | {None} for closed in closures):
            raise Rejected([Problem("closures", _l("This counter is not in this place."))])
        db.session.execute(sa.delete(Closure).where(Closure.location_id == location_id))
        db.session.add_all(Closure(location_id=location_id, **vars(closed)) for closed in closures)
    return location


def add_counter(
    location_id: uuid.UUID,
    name: str,
    values: Mapping[str, object] | None = None,
    *,
    by: Actor,
    counter_id: uuid.UUID | None = None,
    origin: str | None = None,
) -> Counter:
    """Add a counter to a place."""
    counter = Counter(id=counter_id or new_id(), location_id=location_id)
    within = (Location, location_id)
    with adding(counter, Action.SET_COUNTERS, by=by, within=within, origin=origin):
        fill(counter, {"name": name, **(values or {})}, OF_COUNTER)
    return counter


def set_counter(
    counter_id: uuid.UUID,
    values: Mapping[str, object],
    *,
    by: Actor,
    seen: str | None = None,
    origin: str | None = None,
) -> Counter:
    """Change what is said of a counter. A counter that ends is closed, not removed.

    Whose it is, only they say who run the place.
    """
    with changing(Counter, counter_id, Action.SET_COUNTERS, by=by, origin=origin) as counter:
        check_version(counter, seen)
        if values.get("agency_id", counter.agency_id) != counter.agency_id:
            require_also(counter.location)
        fill(counter, values, OF_COUNTER)
    return counter


def confirm_counter(counter_id: uuid.UUID, *, by: Actor, on: date, origin: str | None = None) -> Counter:
    """Say that a counter was there and staffed on that day, which must have come.

    Whatever a source said of it until then, it is confirmed; a closed one must be opened first.
    """
    with changing(Counter, counter_id, Action.CONFIRM, by=by, origin=origin) as counter:
        check_has_come(on, counter.location)
        if counter.status is CounterStatus.CLOSED:
            raise Conflict(_l("This counter is closed. Open it before you say that it was checked."))
        counter.status, counter.checked_on = CounterStatus.CONFIRMED, on
    return counter


def confirm_counters(
    location_id: uuid.UUID, *, by: Actor, on: date, origin: str | None = None
) -> list[Counter]:
    """Say of all counters of a place that they were there and staffed on that day; gives those it told of.

    In one transaction, and in the trail of each counter. What is closed or only agreed is passed
    over, and so is what was checked on that day or later.
    """
    with changing(Location, location_id, Action.CONFIRM, by=by, origin=origin) as location:
        check_has_come(on, location)
        due = [
            counter
            for counter in location.counters
            if counter.status in STANDING and (counter.checked_on is None or counter.checked_on < on)
        ]
        return [confirm_counter(counter.id, by=by, on=on, origin=origin) for counter in due]


def _as_rows(spans: Iterable[Span]) -> list[Hours]:
    ordered = sorted(spans, key=lambda span: (span.weekday, span.opens_at))
    return [Hours(weekday=s.weekday, opens_at=s.opens_at, closes_at=s.closes_at) for s in ordered]


def check_spans(spans: Sequence[Span]) -> None:
    """Raise ``Rejected`` for spans that no week can have: ``hours[n]`` is one of them, ``hours`` all."""
    problems = [
        Problem(
            f"hours[{place}]", _l("Give a weekday from 1 (Monday) to 7, and a closing after the opening.")
        )
        for place, span in enumerate(spans)
        if not 1 <= span.weekday <= 7 or span.opens_at >= span.closes_at
    ]
    ordered = sorted(spans, key=lambda span: (span.weekday, span.opens_at))
    if any(
        a.weekday == b.weekday and b.opens_at < a.closes_at
        for a, b in zip(ordered, ordered[1:], strict=False)
    ):
        problems.append(Problem("hours", _l("Two spans of one day overlap.")))
    if len(spans) > MOST_SPANS:
        problems.append(Problem("hours", _l("There are too many entries.")))
    if problems:
        raise Rejected(problems)


def _check_closures(closures: Sequence[ClosedDays]) -> None:
    problems = []
    if len(closures) > MOST_CLOSURES:
        problems.append(Problem("closures", _l("There are too many entries.")))
    for place, closed in enumerate(closures):
        if closed.from_on > closed.until_on:
            problems.append(Problem(f"closures[{place}].until_on", _l("The end lies before the beginning.")))
        if not closed.reason.strip() or len(closed.reason) > LONGEST_REASON:
            problems.append(Problem(f"closures[{place}].reason", _l("Say why, in at most 300 characters.")))
        problems += [
            Problem(f"closures[{place}].{name}", wrong)
            for name, text in (("reason", closed.reason[:LONGEST_REASON]), ("reason_en", closed.reason_en))
            for wrong in faults_of_text(text or "", LONGEST_REASON)
        ]
    if problems:
        raise Rejected(problems)

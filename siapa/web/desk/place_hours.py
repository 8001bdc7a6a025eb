"""Saying when a place, or one of its counters, is open in the week."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Problem, Rejected
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.publishing import Action, places, together
from siapa.publishing.permissions import require
from siapa.publishing.places import Span
from siapa.publishing.tending import counter_tended_by
from siapa.publishing.versions import version_of
from siapa.records import Counter, Location
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.place_forms import place_to_set
from siapa.web.desk.places import acted, seen_version
from siapa.web.desk.signed_in import acting
from siapa.web.desk.week import WEEKDAYS, Week, field_names, shown, spans_of, week_of, week_typed

#: Buttons that try the table out, and save nothing.
TRIES = ("copy", "look")


def counter_to_set(location_id: uuid.UUID, counter_id: uuid.UUID) -> Counter:
    """The counter, for whoever may change what is said of it; a stranger learns of none."""
    by = acting()
    counter = counter_tended_by(by, location_id, counter_id)
    require(by, Action.SET_COUNTERS, counter)
    return counter


@desk.get("/tempat/<uuid:location_id>/jam")
def place_hours(location_id: uuid.UUID) -> str:
    """The week of a place, and what cannot be said in hours."""
    place = place_to_set(location_id)
    return _page(place, None, week_of(place.hours), place.hours_note or "")


@desk.post("/tempat/<uuid:location_id>/jam")
def set_place_hours(location_id: uuid.UUID) -> ResponseReturnValue:
    """Say when it is open; public at once."""
    place_to_set(location_id)

    def save(spans: Sequence[Span], note: str, **said: Any) -> None:
        places.set_hours(location_id, spans, seen=seen_version(), **said)
        places.set_location(location_id, {"hours_note": note}, **said)

    return _set(location_id, None, save)


@desk.get("/tempat/<uuid:location_id>/loket/<uuid:counter_id>/jam")
def counter_hours(location_id: uuid.UUID, counter_id: uuid.UUID) -> str:
    """The week of a counter that keeps hours of its own."""
    counter = counter_to_set(location_id, counter_id)
    return _page(counter.location, counter, week_of(counter.hours), counter.hours_note or "")


@desk.post("/tempat/<uuid:location_id>/loket/<uuid:counter_id>/jam")
def set_counter_hours(location_id: uuid.UUID, counter_id: uuid.UUID) -> ResponseReturnValue:
    """Say when it is open; with nothing it keeps the hours of its place."""
    counter_to_set(location_id, counter_id)

    def save(spans: Sequence[Span], note: str, **said: Any) -> None:
        places.set_counter_hours(counter_id, spans, seen=seen_version(), **said)
        places.set_counter(counter_id, {"hours_note": note}, **said)

    return _set(location_id, counter_id, save)


def _set(location_id: uuid.UUID, counter_id: uuid.UUID | None, save: Any) -> ResponseReturnValue:
    """Try the table out, or save it with its note in one transaction."""
    week, note = week_typed(request.form), request.form.get("hours_note", "")

    def page(problems: tuple[Problem, ...] = (), notice: Words = "", *, is_tried: bool = False) -> str:
        counter = counter_to_set(location_id, counter_id) if counter_id else None
        place = counter.location if counter else place_to_set(location_id)
        return _page(place, counter, week, note, problems, notice, is_tried=is_tried)

    def act() -> None:
        spans = spans_of(week)
        with together():
            save(spans, note, by=acting(), origin=origin())

    if request.form.get("act") in TRIES:
        try:
            spans_of(week)
        except Rejected as refused:
            return page(refused.problems), 422
        return page(is_tried=True)
    return acted(act, desk_url("tended_place", location_id=location_id, done="saved"), page)


def _page(
    place: Location, counter: Counter | None, week: Week, note: str,
    problems: tuple[Problem, ...] = (), notice: Words = "", *, is_tried: bool = False,
) -> str:  # fmt: skip
    own = counter or place
    spans = [Span(row.weekday, row.opens_at, row.closes_at) for row in own.hours]
    return render_template(
        "desk/place_hours.html", place=place, counter=counter, week=week, weekdays=WEEKDAYS, note=note,
        problems=problems, notice=notice, is_tried=is_tried, seen=version_of(own),
        shown=shown(place, spans_of(week) if is_tried else spans),
        names={**field_names(week), "hours_note": _("What cannot be said in hours")},
    )  # fmt: skip

"""The counters of a place, and when they were last seen: for programs; the same commands as at the desk."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import Actor, places, together
from siapa.publishing.editions import today_of
from siapa.records import Counter, CounterStatus
from siapa.web.api.answering import answered
from siapa.web.api.asking import Text, choice_of
from siapa.web.api.bodies import Body, Objects, optional, required
from siapa.web.api.offering import CheckedOn, free_text
from siapa.web.api.openapi import one_of
from siapa.web.api.signing import signed
from siapa.web.api.tending import (
    MATCH,
    SLUG,
    OpenThere,
    agency_named,
    counter_record,
    place_at,
    seen,
    shown,
    week,
)
from siapa.web.api.tokens import origin
from siapa.web.api.values import CounterRecord, PlaceRecord


class CounterProfile(Body):
    """What is said of a counter. What is not named stays as it is; null takes it away."""

    name = Text("The name.", longest=200)
    agency = Text(
        "Slug of the agency whose counter it is; said by whoever runs the place.",
        pattern=SLUG,
        longest=120,
        **optional(),
    )
    floor = free_text("On which floor.", 40)
    status = choice_of(CounterStatus, "What is known of it; one that ends is closed.")
    hours_note = free_text("What cannot be said in hours.")
    weekly_hours = Objects(
        OpenThere, "All open spans of a week; none where it keeps those of its place.", most=places.MOST_SPANS
    )


class NewCounter(CounterProfile):
    """A counter that is not there yet."""

    name = Text("The name.", longest=200, **required())


@signed("/malls/<slug>/counters", one_of(CounterRecord), tag="malls", method="post", body=NewCounter,
        status=201)  # fmt: skip
def add_counter(given: dict[str, Any], by: Actor, slug: str) -> Response:
    """Add a counter to a place."""
    place, values = place_at(slug), _values(given)
    spans, name = values.pop("weekly_hours", None), values.pop("name")
    with together():
        counter = places.add_counter(place.id, name, values, by=by, origin=origin())
        if spans:
            places.set_counter_hours(counter.id, week(spans), by=by, origin=origin())
    return _shown(counter, 201)


@signed("/counters/<uuid:counter_id>", one_of(CounterRecord), tag="malls", method="put", body=CounterProfile,
        headers=MATCH, named=(412,))  # fmt: skip
def put_counter(given: dict[str, Any], by: Actor, counter_id: uuid.UUID) -> Response:
    """Say what holds of a counter; public at once."""
    values = _values(given)
    spans = values.pop("weekly_hours", None)
    with together():
        counter = places.set_counter(counter_id, values, by=by, seen=seen(), origin=origin())
        if spans is not None:
            places.set_counter_hours(counter_id, week(spans), by=by, origin=origin())
    return _shown(counter)


@signed("/malls/<slug>/confirm", one_of(PlaceRecord), tag="malls", method="post", body=CheckedOn)
def confirm_counters(given: dict[str, Any], by: Actor, slug: str) -> Response:
    """Say of all counters that are not closed that they were there on a day, all or none."""
    place = place_at(slug)
    places.confirm_counters(place.id, by=by, on=given.get("on") or today_of(place), origin=origin())
    return shown(place)


@signed("/counters/<uuid:counter_id>/confirm", one_of(CounterRecord), tag="malls", method="post",
        body=CheckedOn)  # fmt: skip
def confirm_counter(given: dict[str, Any], by: Actor, counter_id: uuid.UUID) -> Response:
    """Say of one counter that it was there on a day."""
    counter = db.session.get(Counter, counter_id)
    if counter is None:
        raise NotFound(_l("There is no such entry."))
    on = given.get("on") or today_of(counter.location)
    return _shown(places.confirm_counter(counter_id, by=by, on=on, origin=origin()))


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """What was sent, with the agency as commands know it."""
    values = dict(given)
    if "agency" in values:
        values["agency_id"] = agency_named(values.pop("agency"))
    return values


def _shown(counter: Counter, status: int = 200) -> Response:
    record = counter_record(counter)
    response = answered(record)
    response.status_code = status
    response.set_etag(record.etag)
    return response

"""Where a standard can be had, and what a mall says of itself: for programs of those who answer for it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import Response

from siapa import catalogue
from siapa.catalogue.views import MallView
from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import Actor, places, together
from siapa.publishing.drafts import hidden_from_strangers
from siapa.publishing.offerings import MOST_OFFERINGS, OfferedAt, set_offerings
from siapa.publishing.places import ClosedDays, Span
from siapa.records import Location, Offering
from siapa.web.api.answering import answered
from siapa.web.api.asking import Text
from siapa.web.api.bodies import (
    Body,
    Clock,
    Date,
    Id,
    Number,
    Objects,
    Truth,
    Weekday,
    optional,
    required,
)
from siapa.web.api.openapi import one_of
from siapa.web.api.signing import signed
from siapa.web.api.tokens import origin
from siapa.web.api.values import OfferedPlace, OfferedPlaces

LONGEST = 5_000
SHORT = 300


def _text(description: str, longest: int = LONGEST) -> Text:
    return Text(description, longest=longest, shortest=0, **optional())


class OfferedThere(Body):
    """A place where the standard can be had, and what holds only there."""

    location = Text("Slug of the mall or office.", **required())
    counter = Id("The counter there.", **optional())
    limits = _text("What holds only there, such as: renewal only.")
    limits_en = _text("The same in English.")
    booking_url = _text("Where an appointment is made.", SHORT)


class Offered(Body):
    """All places where the standard can be had."""

    offerings = Objects(OfferedThere, "What is not named any more is taken away.", most=MOST_OFFERINGS,
                        **required())  # fmt: skip


class OpenThere(Body):
    """One open span of a weekday."""

    weekday = Weekday("1 is Monday, 7 is Sunday.", **required())
    opens_at = Clock("In the place's own zone.", **required())
    closes_at = Clock("In the place's own zone.", **required())


class ClosedThere(Body):
    """Days on which the place, or one counter of it, is closed."""

    from_on = Date("The first day.", **required())
    until_on = Date("The last day.", **required())
    reason = Text("Why.", longest=SHORT, **required())
    reason_en = _text("The same in English.", SHORT)
    counter = Id("The counter that is closed; leave it out for the whole place.", **optional())


class MallFacility(Body):
    """Something that is there for visitors."""

    text = Text("What it is.", longest=SHORT, **required())
    text_en = _text("The same in English.", SHORT)
    accessible = Truth("Whether it is for people with disabilities.")


class MallProfile(Body):
    """What is said of a mall. What is not named stays as it is; null takes it away."""

    name = Text("The name.", longest=200)
    name_en = _text("The same in English.", 200)
    address = _text("Street and number.")
    latitude = Number(-90, 90, "Degrees.", **optional())
    longitude = Number(-180, 180, "Degrees.", **optional())
    website = _text("Its own site.", SHORT)
    phone = _text("An office number.", 40)
    hours_note = _text("What cannot be said in hours.")
    facilities = Objects(MallFacility, "All facilities.", most=100)
    weekly_hours = Objects(OpenThere, "All open spans of a week.", most=places.MOST_SPANS)
    closures = Objects(ClosedThere, "All days on which it is closed.", most=400)


@signed("/standards/<uuid:standard_id>/offerings", one_of(OfferedPlaces), tag="drafts", method="put",
        body=Offered)  # fmt: skip
def put_offerings(given: dict[str, Any], by: Actor, standard_id: uuid.UUID) -> Response:
    """Say where the standard can be had, as a whole; public at once where the standard is."""
    asked = given["offerings"]
    ids = _ids({one["location"] for one in asked})
    wrong = [
        Problem(f"offerings[{place}].location", _l("There is no such place."), one["location"])
        for place, one in enumerate(asked)
        if one["location"] not in ids
    ]
    if wrong:
        raise Rejected(wrong)
    offerings = [
        OfferedAt(ids[one["location"]], one.get("counter"), one.get("limits"), one.get("limits_en"),
                  one.get("booking_url"))
        for one in asked
    ]  # fmt: skip
    with hidden_from_strangers(by, standard_id):
        set_offerings(standard_id, offerings, by=by, origin=origin())
    return answered(OfferedPlaces(standard_id, _offered(standard_id)))


@signed("/malls/<slug>", one_of(MallView), tag="malls", method="put", body=MallProfile)
def put_mall(given: dict[str, Any], by: Actor, slug: str) -> Response:
    """Say what holds of a mall: name, address, hours, closures, facilities; public at once."""
    mall = catalogue.mall(slug).card.place
    _change(mall.id, given, by)
    return answered(catalogue.mall(mall.slug))


def _change(mall_id: uuid.UUID, given: Mapping[str, Any], by: Actor) -> None:
    """All of it in one transaction, or nothing."""
    asked: dict[str, Any] = {"by": by, "origin": origin()}
    profile = {name: given[name] for name in given if name not in ("weekly_hours", "closures")}
    with together():
        if profile or not given:
            places.set_location(mall_id, profile, **asked)
        if "weekly_hours" in given:
            places.set_hours(mall_id, [Span(**span) for span in given["weekly_hours"]], **asked)
        if "closures" in given:
            closures = [
                ClosedDays(one["from_on"], one["until_on"], one["reason"], one.get("reason_en"),
                           one.get("counter"))
                for one in given["closures"]
            ]  # fmt: skip
            places.set_closures(mall_id, closures, **asked)


def _ids(slugs: set[str]) -> dict[str, uuid.UUID]:
    found = sa.select(Location.slug, Location.id).where(Location.slug.in_(slugs))
    return {row.slug: row.id for row in db.session.execute(found)}


def _offered(standard_id: uuid.UUID) -> tuple[OfferedPlace, ...]:
    rows = db.session.scalars(
        sa.select(Offering).join(Location).where(Offering.standard_id == standard_id).order_by(Location.slug)
    )
    return tuple(
        OfferedPlace(row.id, row.location.slug, row.counter_id, row.limits, row.limits_en, row.booking_url,
                     row.checked_on)
        for row in rows
    )  # fmt: skip

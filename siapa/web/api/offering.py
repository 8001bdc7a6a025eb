"""Where a standard can be had: for programs of those who answer for it."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from flask import Response

from siapa.errors import NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import Actor
from siapa.publishing.drafts import hidden_from_strangers
from siapa.publishing.editions import today_of
from siapa.publishing.offerings import MOST_OFFERINGS, OfferedAt, confirm, set_offerings
from siapa.records import Location, Offering
from siapa.web.api.answering import answered
from siapa.web.api.asking import Text
from siapa.web.api.bodies import (
    Body,
    Date,
    Id,
    Objects,
    optional,
    required,
)
from siapa.web.api.openapi import one_of
from siapa.web.api.signing import signed
from siapa.web.api.tokens import origin
from siapa.web.api.values import OfferedPlace, OfferedPlaces

LONGEST = 5_000
SHORT = 300


def free_text(description: str, longest: int = LONGEST) -> Text:
    """A text that may be empty, or null, which takes away what stood there."""
    return Text(description, longest=longest, shortest=0, **optional())


class OfferedThere(Body):
    """A place where the standard can be had, and what holds only there."""

    location = Text("Slug of the mall or office.", **required())
    counter = Id("The counter there.", **optional())
    limits = free_text("What holds only there, such as: renewal only.")
    limits_en = free_text("The same in English.")
    booking_url = free_text("Where an appointment is made.", SHORT)


class Offered(Body):
    """All places where the standard can be had."""

    offerings = Objects(OfferedThere, "What is not named any more is taken away.", most=MOST_OFFERINGS,
                        **required())  # fmt: skip


class CheckedOn(Body):
    """The day on which something was seen."""

    on = Date("It must have come; today in the place's own zone if not given.", **optional())


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


@signed("/offerings/<uuid:offering_id>/confirm", one_of(OfferedPlaces), tag="malls", method="post",
        body=CheckedOn)  # fmt: skip
def confirm_offering(given: dict[str, Any], by: Actor, offering_id: uuid.UUID) -> Response:
    """Say for the place that the standard could be had there on a day."""
    offering = db.session.get(Offering, offering_id)
    if offering is None:
        raise NotFound(_l("There is no such entry."))
    on = given.get("on") or today_of(offering.location)
    standard_id = confirm(offering_id, by=by, on=on, origin=origin()).standard_id
    return answered(OfferedPlaces(standard_id, _offered(standard_id)))


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

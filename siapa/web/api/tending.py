"""What holds of a place: for programs of those who run it; the same commands as at the desk.

Which version is meant is told by ``If-Match``, with the ETag of the place's record.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Response, request, url_for

from siapa import catalogue
from siapa.catalogue.making import week_of
from siapa.catalogue.opening import opening_hours
from siapa.catalogue.views import ClosureView, MallView
from siapa.errors import NotAllowed, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import Action, Actor, may, places, together
from siapa.publishing.places import ClosedDays, Span
from siapa.publishing.versions import ChangedMeanwhile, version_of
from siapa.records import Agency, Closure, CoordinateQuality, Counter, Location, LocationKind, Region
from siapa.web import errors
from siapa.web.api import signing
from siapa.web.api.answering import answered
from siapa.web.api.asking import Text, choice_of
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
from siapa.web.api.offering import SHORT, free_text
from siapa.web.api.openapi import api, one_of
from siapa.web.api.signing import signed
from siapa.web.api.tokens import origin
from siapa.web.api.values import CounterRecord, OpenSpan, PlaceRecord

MATCH = ("If-Match",)
#: As slugs and codes of regions are written; whether there is one the database says.
SLUG, REGION = r"^[a-z0-9]+(-[a-z0-9]+)*$", r"^[0-9]{2}(\.[0-9]{2})?$"
#: What a body calls otherwise than the table does.
_COLUMNS = {"region": "region_code"}


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
    reason_en = free_text("The same in English.", SHORT)
    counter = Id("The counter that is closed; leave it out for the whole place.", **optional())


class MallFacility(Body):
    """Something that is there for visitors."""

    text = Text("What it is.", longest=SHORT, **required())
    text_en = free_text("The same in English.", SHORT)
    accessible = Truth("Whether it is for people with disabilities.")


class MallProfile(Body):
    """What is said of a mall. What is not named stays as it is; null takes it away."""

    kind = choice_of(LocationKind, "What sort of place it is.")
    name = Text("The name.", longest=200)
    name_en = free_text("The same in English.", 200)
    address = free_text("Street and number.")
    region = Text("Code of the region, such as 74.71.", pattern=REGION, **optional())
    latitude = Number(-90, 90, "Degrees.", **optional())
    longitude = Number(-180, 180, "Degrees.", **optional())
    coordinate_quality = choice_of(CoordinateQuality, "What the point stands for.", **optional())
    opened_on = Date("The day on which it opened.", **optional())
    closed_on = Date("Since when it is closed for good, a day that has come; null opens it again.",
                     **optional())  # fmt: skip
    website = free_text("Its own site.", SHORT)
    phone = free_text("An office number.", 40)
    hours_note = free_text("What cannot be said in hours.")
    facilities = Objects(MallFacility, "All facilities.", most=100)
    weekly_hours = Objects(OpenThere, "All open spans of a week.", most=places.MOST_SPANS)
    closures = Objects(ClosedThere, "All days on which it is closed.", most=places.MOST_CLOSURES)


class NewPlace(Body):
    """A place that is not there yet; the rest is said with PUT."""

    kind = choice_of(LocationKind, "What sort of place it is.", **required())
    name = Text("The name.", longest=200, **required())
    agency = Text(
        "Slug of the agency that runs it; only a national admin leaves it out.",
        pattern=SLUG,
        longest=120,
        **optional(),
    )
    slug = Text("Its name in addresses; if not given, it is made of the name.", longest=100)
    region = Text("Code of the region, such as 74.71.", pattern=REGION, **optional())
    address = free_text("Street and number.")


class NewAddress(Body):
    """Another name in addresses."""

    slug = Text("The former one leads here for ever.", longest=100, **required())


@signed("/malls", one_of(PlaceRecord), tag="malls", method="post", body=NewPlace, status=201)
def add_place(given: dict[str, Any], by: Actor) -> Response:
    """Add a mall, an office or another place to an agency."""
    values = {"region_code": _region(given.get("region")), "address": given.get("address")}
    made = places.add_location(
        LocationKind(given["kind"]), given["name"], values, by=by,
        agency_id=agency_named(given.get("agency")), slug=given.get("slug"), origin=origin(),
    )  # fmt: skip
    response = shown(made, 201)
    response.headers["Location"] = url_for("api.get_place_record", slug=made.slug)
    return response


@signed("/malls/<slug>/record", one_of(PlaceRecord), tag="malls", named=(404,))
def get_place_record(_asked: dict[str, Any], by: Actor, slug: str) -> Response:
    """A place as those have it who tend it; its ETag is what If-Match takes."""
    place = place_at(slug)
    tends = may(by, Action.SET_LOCATION, place) or may(by, Action.SET_COUNTERS, place)
    if not tends and not any(may(by, Action.SET_COUNTERS, counter) for counter in place.counters):
        raise NotAllowed(_l("You may not do this here."))
    return shown(place)


@signed("/malls/<slug>", one_of(MallView), tag="malls", method="put", body=MallProfile, headers=MATCH,
        named=(412,))  # fmt: skip
def put_mall(given: dict[str, Any], by: Actor, slug: str) -> Response:
    """Say what holds of a mall: name, address, hours, closures, facilities; public at once."""
    place = place_at(slug)
    _change(place.id, given, by)
    response = answered(catalogue.mall(place.slug))
    response.set_etag(version_of(place))
    return response


@signed("/malls/<slug>/rename", one_of(PlaceRecord), tag="malls", method="post", body=NewAddress,
        headers=MATCH, named=(412,))  # fmt: skip
def rename_mall(given: dict[str, Any], by: Actor, slug: str) -> Response:
    """Give a place another address; the former one redirects for ever."""
    place = place_at(slug)
    return shown(places.rename_location(place.id, given["slug"], by=by, seen=seen(), origin=origin()))


def place_at(slug: str) -> Location:
    """The place at its address; raises as ``catalogue.mall`` does."""
    return db.session.get_one(Location, catalogue.mall(slug).card.place.id)


def agency_named(slug: str | None) -> uuid.UUID | None:
    """The id of the agency; ``Rejected`` for a slug that none has."""
    found = db.session.scalar(sa.select(Agency.id).where(Agency.slug == slug)) if slug else None
    if slug and found is None:
        raise Rejected([Problem("agency", _l("There is no such agency."), slug)])
    return found


def seen() -> str | None:
    """The version that the request is about; None for whichever there is. A weak ETag is none."""
    if not signing.names_version() or request.if_match.star_tag:
        return None
    return next(iter(request.if_match.as_set()), "")


def shown(place: Location, status: int = 200) -> Response:
    """The record of a place as the answer."""
    response = answered(_record(place))
    response.status_code = status
    response.set_etag(version_of(place))
    return response


def week(rows: list[dict[str, Any]]) -> list[Span]:
    """Hours that were sent, as commands take them."""
    return [Span(**span) for span in rows]


def counter_record(one: Counter) -> CounterRecord:
    """A counter with the version it is in."""
    hours = tuple(OpenSpan(*row) for row in week_of(one.hours))
    return CounterRecord(
        id=one.id, etag=version_of(one), name=one.name, agency=one.agency.slug if one.agency else None,
        floor=one.floor, status=one.status, checked_on=one.checked_on, hours_note=one.hours_note,
        weekly_hours=hours,
    )  # fmt: skip


def _region(code: str | None) -> str | None:
    if code and db.session.get(Region, code) is None:
        raise Rejected([Problem("region", _l("There is no such region."), code)])
    return code or None


def _change(place_id: uuid.UUID, given: Mapping[str, Any], by: Actor) -> None:
    """All of it in one transaction, or nothing; the version is held against the first step."""
    steps: list[Callable[..., Location]] = []
    profile = {_COLUMNS.get(name, name): given[name] for name in given}
    spans, closures = profile.pop("weekly_hours", None), profile.pop("closures", None)
    if "region" in given:
        profile["region_code"] = _region(given["region"])
    if profile or not given:
        steps.append(partial(places.set_location, place_id, profile))
    if spans is not None:
        steps.append(partial(places.set_hours, place_id, week(spans)))
    if closures is not None:
        told = [
            ClosedDays(one["from_on"], one["until_on"], one["reason"], one.get("reason_en"),
                       one.get("counter"))
            for one in closures
        ]  # fmt: skip
        steps.append(partial(places.set_closures, place_id, told))
    with together():
        version = seen()
        for step in steps:
            step(by=by, seen=version, origin=origin())
            version = None


def _record(place: Location) -> PlaceRecord:
    held = sa.select(Closure).where(Closure.location_id == place.id)
    names = {counter.id: counter.name for counter in place.counters}
    closures = db.session.scalars(held.order_by(Closure.from_on, Closure.until_on, Closure.id))
    return PlaceRecord(
        id=place.id, slug=place.slug, kind=place.kind, name=place.name, name_en=place.name_en,
        agency=place.agency.slug if place.agency else None, region=place.region_code,
        address=place.address, latitude=place.latitude, longitude=place.longitude,
        coordinate_quality=place.coordinate_quality, opened_on=place.opened_on, closed_on=place.closed_on,
        phone=place.phone, website=place.website, facilities=tuple(place.facilities),
        opening_hours=opening_hours(place.hours), hours_note=place.hours_note,
        weekly_hours=tuple(OpenSpan(*row) for row in week_of(place.hours)),
        closures=tuple(
            ClosureView(one.from_on, one.until_on, one.reason, one.reason_en, one.counter_id,
                        names[one.counter_id] if one.counter_id else None)
            for one in closures
        ),
        counters=tuple(counter_record(one) for one in place.counters),
    )  # fmt: skip


@api.errorhandler(ChangedMeanwhile)  # type: ignore[untyped-decorator]
def changed_meanwhile(error: ChangedMeanwhile) -> Response:
    """412: somebody else changed the place or the counter; the ETag is that of what stands there now."""
    asked = request.view_args or {}
    counter_id = asked.get("counter_id")
    present = db.session.get(Counter, counter_id) if counter_id else place_at(asked["slug"])
    etag = version_of(present)
    response = errors.problem_json(412, str(error), present={"etag": f'"{etag}"'})
    response.set_etag(etag)
    return response

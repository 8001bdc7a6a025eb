"""What is said of a place, in short forms: its data, what is there for visitors, its address and its end."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from itertools import count

from flask import render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Problem
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action, place_facilities, places
from siapa.publishing.permissions import may, require
from siapa.publishing.place_facilities import FACILITIES, Facility
from siapa.publishing.tending import place_tended_by
from siapa.publishing.versions import version_of
from siapa.records import CoordinateQuality, Location
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk, wants_fresh
from siapa.web.desk.places import KIND_NAMES, acted, living_agencies, regions, seen_version
from siapa.web.desk.signed_in import acting
from siapa.web.desk.typed import Typed

_TEXTS = ("kind", "name", "name_en", "address", "coordinate_quality", "phone", "website")
DATA = (*_TEXTS, "region", "latitude", "longitude", "opened_on")
QUALITY_NAMES: Mapping[CoordinateQuality, Words] = {
    CoordinateQuality.BUILDING: _l("the building itself"),
    CoordinateQuality.CENTROID: _l("the middle of the region"),
}


def place_to_set(location_id: uuid.UUID) -> Location:
    """The place, for whoever may change what is said of it; a stranger learns of none."""
    by = acting()
    place = place_tended_by(by, location_id)
    require(by, Action.SET_LOCATION, place)
    return place


@desk.get("/tempat/<uuid:location_id>/data")
def place_data(location_id: uuid.UUID) -> str:
    """The form for name, kind, region, address, point and contact."""
    place = place_to_set(location_id)
    held = {name: getattr(place, name, None) for name in DATA}
    held["region"] = f"{place.region.code} {place.region.name}" if place.region else None
    return _data_page(place, {name: "" if value is None else str(value) for name, value in held.items()})


@desk.post("/tempat/<uuid:location_id>/data")
def set_place_data(location_id: uuid.UUID) -> ResponseReturnValue:
    """Change them; public at once."""
    place_to_set(location_id)
    typed = Typed(request.form)

    def act() -> None:
        values: dict[str, object] = {name: typed.text(name) for name in _TEXTS}
        values |= {name: typed.degrees(name) for name in ("latitude", "longitude")}
        values |= {"region_code": typed.region("region"), "opened_on": typed.day("opened_on")}
        if not typed.problems and (values["latitude"] is None) != (values["longitude"] is None):
            missing = "latitude" if values["latitude"] is None else "longitude"
            typed.refuse(missing, _l("A point has a latitude and a longitude."))
        typed.check()
        places.set_location(location_id, values, by=acting(), seen=seen_version(), origin=origin())

    form = {name: request.form.get(name, "") for name in DATA}
    return acted(act, desk_url("tended_place", location_id=location_id, done="saved"), lambda *wrong: (
        _data_page(place_to_set(location_id), form, *wrong)
    ))  # fmt: skip


@desk.get("/tempat/<uuid:location_id>/fasilitas")
def place_facilities_form(location_id: uuid.UUID) -> str:
    """The form for what is there for visitors."""
    place = place_to_set(location_id)
    return _facilities_page(place, *place_facilities.split(place.facilities))


@desk.post("/tempat/<uuid:location_id>/fasilitas")
def set_place_facilities(location_id: uuid.UUID) -> ResponseReturnValue:
    """Say what is there: what is not ticked any more is taken away."""
    place_to_set(location_id)
    codes, own = frozenset(request.form.getlist("facility")), _own_typed()

    def act() -> None:
        values = {
            "facilities": place_facilities.joined(codes, [one for one in own if one.text or one.text_en])
        }
        places.set_location(location_id, values, by=acting(), seen=seen_version(), origin=origin())

    return acted(act, desk_url("tended_place", location_id=location_id, done="saved"), lambda *wrong: (
        _facilities_page(place_to_set(location_id), codes, own, *wrong)
    ))  # fmt: skip


@desk.get("/tempat/<uuid:location_id>/alamat")
def place_address(location_id: uuid.UUID) -> str:
    """The forms for the address on the web, and for closing the place for good."""
    place = place_to_set(location_id)
    return _address_page(place, place.slug, place.closed_on.isoformat() if place.closed_on else "")


@desk.post("/tempat/<uuid:location_id>/alamat")
def rename_place(location_id: uuid.UUID) -> ResponseReturnValue:
    """Give it another address; the former one leads there for ever."""
    place = place_to_set(location_id)
    slug = request.form.get("slug", "").strip().lower()
    closed_on = place.closed_on.isoformat() if place.closed_on else ""
    return acted(
        lambda: places.rename_location(location_id, slug, by=acting(), seen=seen_version(), origin=origin()),
        desk_url("tended_place", location_id=location_id, done="saved"),
        lambda *wrong: _address_page(place_to_set(location_id), slug, closed_on, *wrong),
    )


@desk.post("/tempat/<uuid:location_id>/tutup")
def close_place(location_id: uuid.UUID) -> ResponseReturnValue:
    """Close it for good on a day that has come; without a day it is open again."""
    place_to_set(location_id)
    typed = Typed(request.form)

    def act() -> None:
        closed_on = typed.day("closed_on")
        typed.check()
        values = {"closed_on": closed_on}
        places.set_location(location_id, values, by=acting(), seen=seen_version(), origin=origin())

    def page(problems: tuple[Problem, ...], notice: Words) -> str:
        place = place_to_set(location_id)
        return _address_page(place, place.slug, request.form.get("closed_on", ""), problems, notice)

    return acted(act, desk_url("tended_place", location_id=location_id, done="saved"), page)


@desk.post("/tempat/<uuid:location_id>/pengelola")
@wants_fresh
def give_place(location_id: uuid.UUID) -> ResponseReturnValue:
    """Say which agency runs it: rights follow, so it is a national admin's act."""
    place = place_to_set(location_id)
    require(acting(), Action.TRANSFER, place)
    typed = Typed(request.form)

    def act() -> None:
        agency = typed.agency("agency", living_agencies())
        typed.check()
        agency_id = agency.id if agency else None
        places.give_location(location_id, agency_id, by=acting(), origin=origin())

    def page(problems: tuple[Problem, ...], notice: Words) -> str:
        present = place_to_set(location_id)
        closed_on = present.closed_on.isoformat() if present.closed_on else ""
        return _address_page(present, present.slug, closed_on, problems, notice)

    return acted(act, desk_url("tended_place", location_id=location_id, done="saved"), page)


def _own_typed() -> list[Facility]:
    """The rows for words of its own, without those that are marked to go and blank ones."""
    found: list[Facility] = []
    for number in count():
        path = f"own[{number}]"
        if f"{path}.text" not in request.form or number > place_facilities.MOST:
            return found
        text, text_en = (request.form.get(f"{path}.{name}", "").strip() for name in ("text", "text_en"))
        accessible = request.form.get(f"{path}.accessible") == "1"
        if request.form.get(f"{path}.gone") != "1" and (text or text_en):
            found.append(Facility(text, text_en or None, accessible))
    return found


def _data_page(
    place: Location, form: Mapping[str, str], problems: tuple[Problem, ...] = (), notice: Words = ""
) -> str:
    return render_template(
        "desk/place_data.html", place=place, form=form, problems=problems, notice=notice,
        seen=version_of(place), kinds=KIND_NAMES, qualities=QUALITY_NAMES, regions=regions(),
        names={
            "kind": _("Kind"), "name": _("Name"), "name_en": _("Name in English"), "region": _("Region"),
            "address": _("Address"), "latitude": _("Latitude"), "longitude": _("Longitude"),
            "coordinate_quality": _("What the point stands for"), "phone": _("Telephone"),
            "website": _("Website"), "opened_on": _("Opened on"),
        },
    )  # fmt: skip


def _facilities_page(
    place: Location, codes: frozenset[str], own: list[Facility],
    problems: tuple[Problem, ...] = (), notice: Words = "",
) -> str:  # fmt: skip
    return render_template(
        "desk/place_facilities.html", place=place, codes=codes, own=[*own, Facility("")], problems=problems,
        notice=notice, seen=version_of(place), facilities=FACILITIES, names={},
    )  # fmt: skip


def _address_page(
    place: Location, slug: str, closed_on: str, problems: tuple[Problem, ...] = (), notice: Words = ""
) -> str:
    return render_template(
        "desk/place_address.html", place=place, slug=slug, closed_on=closed_on, problems=problems,
        notice=notice, seen=version_of(place), gives=may(acting(), Action.TRANSFER, place),
        agency=request.form.get("agency", place.agency.name if place.agency else ""),
        names={"slug": _("Address on the web"), "closed_on": _("Closed for good on"), "agency": _("Run by")},
    )  # fmt: skip

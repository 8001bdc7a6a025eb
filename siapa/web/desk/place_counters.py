"""The counters of a place: added, changed, closed, and said to have been seen, each or all in one click."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Conflict, NotFound, Problem
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action, offerings, places
from siapa.publishing.editions import today_of
from siapa.publishing.permissions import may, require
from siapa.publishing.tending import counter_tended_by, place_tended_by
from siapa.publishing.versions import version_of
from siapa.records import Agency, Counter, CounterStatus, Location, Offering
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.place_hours import counter_to_set
from siapa.web.desk.places import acted, agencies_near, living_agencies, place_page, seen_version
from siapa.web.desk.signed_in import acting
from siapa.web.desk.typed import Typed
from siapa.web.labels import COUNTER_STATUS_NAMES

DATA = ("name", "agency", "floor", "status")


@desk.post("/tempat/<uuid:location_id>/periksa")
def confirm_place(location_id: uuid.UUID) -> ResponseReturnValue:
    """Say of all its open counters that they were there today."""
    by = acting()
    place = place_tended_by(by, location_id)
    places.confirm_counters(location_id, by=by, on=today_of(place), origin=origin())
    return redirect(desk_url("tended_place", location_id=location_id, done="checked"), 303)


@desk.post("/tempat/<uuid:location_id>/loket/<uuid:counter_id>/periksa")
def confirm_one_counter(location_id: uuid.UUID, counter_id: uuid.UUID) -> ResponseReturnValue:
    """Say of one counter that it was there today."""
    by = acting()
    place = counter_tended_by(by, location_id, counter_id).location
    try:
        places.confirm_counter(counter_id, by=by, on=today_of(place), origin=origin())
    except Conflict as conflict:
        return place_page(place_tended_by(by, location_id), conflict.message), 409
    back = desk_url("tended_place", location_id=location_id, done="checked")
    return redirect(f"{back}#loket-{counter_id}", 303)


@desk.get("/tempat/<uuid:location_id>/loket/baru")
def new_counter(location_id: uuid.UUID) -> str:
    """The form to add a counter."""
    form = dict.fromkeys(DATA, "") | {"status": str(CounterStatus.CONFIRMED)}
    return _page(_place_to_add_to(location_id), None, form)


@desk.post("/tempat/<uuid:location_id>/loket/baru")
def add_counter(location_id: uuid.UUID) -> ResponseReturnValue:
    """Add a counter; public at once."""
    _place_to_add_to(location_id)
    typed = Typed(request.form)

    def act() -> None:
        values = _values(typed)
        name = str(values.pop("name") or "")
        places.add_counter(location_id, name, values, by=acting(), origin=origin())

    return acted(act, desk_url("tended_place", location_id=location_id, done="added"), lambda *wrong: (
        _page(_place_to_add_to(location_id), None, _form(), *wrong)
    ))  # fmt: skip


@desk.get("/tempat/<uuid:location_id>/loket/<uuid:counter_id>")
def counter(location_id: uuid.UUID, counter_id: uuid.UUID) -> str:
    """The form for what is said of a counter."""
    one = counter_to_set(location_id, counter_id)
    held = {"name": one.name, "floor": one.floor or "", "status": str(one.status)}
    return _page(one.location, one, held | {"agency": one.agency.name if one.agency else ""})


@desk.post("/tempat/<uuid:location_id>/loket/<uuid:counter_id>")
def set_counter(location_id: uuid.UUID, counter_id: uuid.UUID) -> ResponseReturnValue:
    """Change it; one that ends is closed, and stays in the list."""
    one = counter_to_set(location_id, counter_id)
    typed, whose = Typed(request.form), one.agency

    def act() -> None:
        values = _values(typed, whose)
        places.set_counter(counter_id, values, by=acting(), seen=seen_version(), origin=origin())

    def page(problems: tuple[Problem, ...], notice: Words) -> str:
        present = counter_to_set(location_id, counter_id)
        return _page(present.location, present, _form(), problems, notice)

    return acted(act, desk_url("tended_place", location_id=location_id, done="saved"), page)


@desk.post("/tempat/<uuid:location_id>/layanan/<uuid:offering_id>/periksa")
def confirm_offered(location_id: uuid.UUID, offering_id: uuid.UUID) -> ResponseReturnValue:
    """Say for the place that a standard can be had there today."""
    by = acting()
    place = place_tended_by(by, location_id)
    offering = db.session.get(Offering, offering_id)
    if offering is None or offering.location_id != location_id:
        raise NotFound(_l("There is no such entry."))
    offerings.confirm(offering_id, by=by, on=today_of(place), origin=origin())
    return redirect(desk_url("tended_place", location_id=location_id, done="checked"), 303)


def _place_to_add_to(location_id: uuid.UUID) -> Location:
    by = acting()
    place = place_tended_by(by, location_id)
    require(by, Action.SET_COUNTERS, place)
    return place


def _values(typed: Typed, whose: Agency | None = None) -> dict[str, object]:
    """What the command takes; an agency whose name was left as it stood is the one that it was."""
    values: dict[str, object] = {name: typed.text(name) for name in ("name", "floor", "status")}
    if whose is not None and typed.text("agency") == whose.name:
        values["agency_id"] = whose.id
    else:
        agency = typed.agency("agency", living_agencies())
        values["agency_id"] = agency.id if agency else None
    typed.check()
    return values


def _form() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in DATA}


def _page(
    place: Location, one: Counter | None, form: Mapping[str, str],
    problems: tuple[Problem, ...] = (), notice: Words = "",
) -> str:  # fmt: skip
    runs_it = may(acting(), Action.SET_COUNTERS, place)
    return render_template(
        "desk/place_counter.html", place=place, counter=one, form=form, problems=problems, notice=notice,
        seen=version_of(one) if one else "", statuses=COUNTER_STATUS_NAMES, runs_it=runs_it,
        agencies=agencies_near(place) if runs_it else [],
        names={"name": _("Name"), "agency": _("Agency"), "floor": _("Floor"), "status": _("State")},
    )  # fmt: skip

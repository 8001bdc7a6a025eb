"""The places an officer tends: the list, a new one, and the page of each with all that is said of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from siapa.catalogue.making import week_of
from siapa.catalogue.opening import opening_hours
from siapa.errors import Conflict, NotAllowed, Problem, Rejected
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action, may, places, tending
from siapa.publishing.editions import today_of
from siapa.publishing.worklist import agencies_for, own_agencies
from siapa.records import (
    Agency,
    Closure,
    Counter,
    CounterStatus,
    Edition,
    Location,
    LocationKind,
    Offering,
    Officer,
    Region,
    Standard,
    State,
)
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.navigation import may_somewhere
from siapa.web.desk.signed_in import acting
from siapa.web.desk.typed import Typed
from siapa.web.site.asked import page_of

#: What is asked of a new place; the rest is said on its page.
OF_A_NEW_ONE = ("kind", "name", "agency", "region", "address")
#: More agencies than this are not offered to choose from; all can be typed.
MOST_AGENCIES = 500
KIND_NAMES: Mapping[LocationKind, Words] = {
    LocationKind.MALL: _l("Public service mall"),
    LocationKind.OFFICE: _l("Office"),
    LocationKind.MOBILE: _l("Mobile service"),
    LocationKind.ONLINE: _l("Online"),
}


@desk.get("/tempat")
def tended_places() -> str:
    """The places within reach, open ones first, by name."""
    by, words = acting(), request.args.get("q", "").replace("\x00", "").strip()[:100]
    found = tending.places_tended_by(by, words=words, page=page_of(request.args))
    return render_template(
        "desk/places.html", found=found, words=words, kinds=KIND_NAMES,
        may_add=may_somewhere(by, Action.SET_LOCATION) and _adds_anywhere(by),
    )  # fmt: skip


@desk.get("/tempat/baru")
def new_place() -> str:
    """The form to add a place."""
    by = _who_adds()
    own = own_agencies(by, Action.SET_LOCATION, most=2)
    only = own[0].name if len(own) == 1 else ""
    return _new_page(by, {**dict.fromkeys(OF_A_NEW_ONE, ""), "kind": LocationKind.OFFICE, "agency": only})


@desk.post("/tempat/baru")
def add_place() -> ResponseReturnValue:
    """Add a place; its page asks for the rest."""
    by, typed = _who_adds(), Typed(request.form)
    try:
        agency = typed.agency("agency", living_agencies(agencies_for(by, Action.SET_LOCATION)))
        values = {"region_code": typed.region("region"), "address": typed.text("address")}
        if agency is None and not typed.text("agency") and not may(by, Action.SET_LOCATION, None):
            typed.refuse("agency", _l("Choose an agency from the list."))
        typed.check()
        made = places.add_location(
            typed.text("kind") or "", typed.text("name") or "", values,  # type: ignore[arg-type]
            by=by, agency_id=agency.id if agency else None, origin=origin(),
        )  # fmt: skip
    except Rejected as refused:
        form = {name: request.form.get(name, "") for name in OF_A_NEW_ONE}
        return _new_page(by, form, refused.problems), 422
    return redirect(desk_url("tended_place", location_id=made.id, done="added"), 303)


@desk.get("/tempat/<uuid:location_id>")
def tended_place(location_id: uuid.UUID) -> str:
    """All that is said of a place, each with the way to change it."""
    return place_page(tending.place_tended_by(acting(), location_id))


def place_page(place: Location, notice: Words = "") -> str:
    """The page of a place, with what stands against what was asked."""
    by, today = acting(), today_of(place)
    closures = db.session.scalars(
        sa.select(Closure)
        .where(Closure.location_id == place.id, Closure.until_on >= today)
        .order_by(Closure.from_on, Closure.id)
    ).all()
    counters = db.session.scalars(
        sa.select(Counter)
        .where(Counter.location_id == place.id)
        .order_by(Counter.status == CounterStatus.CLOSED, Counter.name, Counter.id)
        .options(joinedload(Counter.agency))
    ).all()
    offered = _offered(place.id)
    return render_template(
        "desk/place.html", place=place, counters=counters, closures=closures, today=today, notice=notice,
        names={one.id: one.name for one in counters}, kinds=KIND_NAMES, offered=offered,
        osm=opening_hours(place.hours), closed=CounterStatus.CLOSED,
        week=week_of(place.hours),
        may_set=may(by, Action.SET_LOCATION, place), may_add=may(by, Action.SET_COUNTERS, place),
        may_confirm=may(by, Action.CONFIRM, place),
        tends={one.id for one in counters if may(by, Action.SET_COUNTERS, one)},
        confirms={one.id for one in counters if may(by, Action.CONFIRM, one)},
        confirmable={
            one.id for at in offered.values() for one, _title in at if may(by, Action.CONFIRM, one)
        },
        offers=lambda standard: may(by, Action.SET_OFFERINGS, standard),
        due=[one for one in counters if one.status in places.STANDING and one.checked_on != today],
    )  # fmt: skip


def acted(
    act: Callable[[], object], back: str, page: Callable[[tuple[Problem, ...], Words], str]
) -> ResponseReturnValue:
    """Do ``act`` and go ``back``; what is refused is said on ``page``, with all that was typed."""
    try:
        act()
    except Rejected as refused:
        return page(refused.problems, ""), 422
    except Conflict as conflict:
        return page((), conflict.message), 409
    return redirect(back, 303)


def seen_version() -> str:
    """The version that the form which was sent was made from; none is no version that there is."""
    return request.form.get("seen", "")[:80]


def regions() -> list[Region]:
    """Every region, to choose from."""
    return list(db.session.scalars(sa.select(Region).order_by(Region.code)))


def living_agencies(ids: sa.Select[uuid.UUID] | None = None) -> sa.Select[Agency]:
    """The agencies that still are; those of ``ids`` alone where they are given."""
    query = sa.select(Agency).where(Agency.succeeded_by_id.is_(None))
    return query if ids is None else query.where(Agency.id.in_(ids))


def agencies_near(place: Location) -> list[Agency]:
    """Agencies that may have a counter at a place, to choose from: those of its region and of the nation."""
    codes = [place.region_code, place.region.parent_code] if place.region else []
    near = sa.or_(Agency.region_code.in_([code for code in codes if code]), Agency.region_code.is_(None))
    query = living_agencies().where(near)
    return list(db.session.scalars(query.order_by(Agency.name, Agency.id).limit(MOST_AGENCIES)))


def _offered(location_id: uuid.UUID) -> dict[uuid.UUID | None, list[tuple[Offering, str]]]:
    """What is in force and had there, by the counter at which it is, each with its title."""
    columns: tuple[Any, ...] = (Offering, Edition.title)
    rows = db.session.execute(
        sa.select(*columns)
        .join(Edition, Edition.standard_id == Offering.standard_id)
        .where(Offering.location_id == location_id, Edition.state == State.PUBLISHED)
        .order_by(Edition.title, Offering.id)
        .options(joinedload(Offering.standard).joinedload(Standard.agency))
    )
    found: dict[uuid.UUID | None, list[tuple[Offering, str]]] = {}
    for offering, title in rows:
        found.setdefault(offering.counter_id, []).append((offering, title))
    return found


def _who_adds() -> Officer:
    by = acting()
    if not _adds_anywhere(by):
        raise NotAllowed(_l("You may not do this here."))
    return by


def _adds_anywhere(by: Officer) -> bool:
    """Whether there is an agency for which ``by`` may add a place: who manages one mall adds none."""
    return may(by, Action.SET_LOCATION, None) or bool(own_agencies(by, Action.SET_LOCATION, most=1))


def _new_page(by: Officer, form: Mapping[str, str], problems: tuple[Problem, ...] = ()) -> str:
    return render_template(
        "desk/new_place.html", form=form, problems=problems, kinds=KIND_NAMES, regions=regions(),
        agencies=own_agencies(by, Action.SET_LOCATION), is_national=may(by, Action.SET_LOCATION, None),
        names={"kind": _("Kind"), "name": _("Name"), "agency": _("Run by"), "region": _("Region"),
               "address": _("Address")},
    )  # fmt: skip

"""The days on which a place, or one of its counters, is closed: told in one form."""

from __future__ import annotations

import uuid
from datetime import date
from itertools import count

import sqlalchemy as sa
from flask import render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Problem
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import places
from siapa.publishing.editions import today_of
from siapa.publishing.places import ClosedDays
from siapa.publishing.versions import version_of
from siapa.records import Closure, Counter, CounterStatus, Location
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.place_forms import place_to_set
from siapa.web.desk.places import acted, seen_version
from siapa.web.desk.signed_in import acting
from siapa.web.desk.typed import Typed

FIELDS = ("from_on", "until_on", "counter", "reason", "reason_en")

Row = dict[str, str]


@desk.get("/tempat/<uuid:location_id>/libur")
def place_closures(location_id: uuid.UUID) -> str:
    """The days that are told from today on, and a row for more."""
    place = place_to_set(location_id)
    today = today_of(place)
    rows = [_as_row(one) for one in _told(place) if one.until_on >= today]
    return _page(place, rows, today)


@desk.post("/tempat/<uuid:location_id>/libur")
def set_place_closures(location_id: uuid.UUID) -> ResponseReturnValue:
    """Say on which days it is closed; what lies before the day of the form stays as it was."""
    place = place_to_set(location_id)
    rows = _typed()
    since, typed = Typed(request.form).day("since") or today_of(place), Typed(_renumbered(rows))

    def act() -> None:
        past = [_as_told(one) for one in _told(place) if one.until_on < since]
        asked = [_asked(number, place, typed) for number in range(len(rows))]
        typed.check()
        # Past days come last, so that a problem's number is that of its row.
        told = [*(one for one in asked if one is not None), *past]
        places.set_closures(location_id, told, by=acting(), seen=seen_version(), origin=origin())

    return acted(act, desk_url("tended_place", location_id=location_id, done="saved"), lambda *wrong: (
        _page(place_to_set(location_id), rows, since, *wrong)
    ))  # fmt: skip


def _told(place: Location) -> list[Closure]:
    held = sa.select(Closure).where(Closure.location_id == place.id)
    return list(db.session.scalars(held.order_by(Closure.from_on, Closure.until_on, Closure.id)))


def _as_row(one: Closure) -> Row:
    return {
        "from_on": one.from_on.isoformat(),
        "until_on": one.until_on.isoformat(),
        "counter": str(one.counter_id or ""),
        "reason": one.reason,
        "reason_en": one.reason_en or "",
    }


def _as_told(one: Closure) -> ClosedDays:
    return ClosedDays(one.from_on, one.until_on, one.reason, one.reason_en, one.counter_id)


def _typed() -> list[Row]:
    """The rows as they were sent, without blank ones and those that were marked to go.

    Of too many, one more than may be: the command refuses them all.
    """
    found: list[Row] = []
    for number in count():
        before = f"closures[{number}]."
        if f"{before}from_on" not in request.form or len(found) > places.MOST_CLOSURES:
            return found
        row = {name: request.form.get(before + name, "").strip() for name in FIELDS}
        if request.form.get(f"{before}gone") != "1" and any(row.values()):
            found.append(row)
    return found


def _renumbered(rows: list[Row]) -> Row:
    """The rows as a form in which they are counted anew, as the page shows them."""
    return {f"closures[{number}].{name}": row[name] for number, row in enumerate(rows) for name in FIELDS}


def _asked(number: int, place: Location, typed: Typed) -> ClosedDays | None:
    """One row as the command takes it; one day alone needs no end."""
    path = f"closures[{number}]"
    from_on, until_on = typed.day(f"{path}.from_on"), typed.day(f"{path}.until_on")
    if typed.text(f"{path}.from_on") is None:
        typed.refuse(f"{path}.from_on", _l("This must be given."))
    counter = typed.text(f"{path}.counter")
    standing = {str(one.id): one.id for one in place.counters}
    if counter is not None and counter not in standing:
        typed.refuse(f"{path}.counter", _l("This counter is not in this place."))
    if from_on is None:
        return None
    reason, reason_en = typed.text(f"{path}.reason") or "", typed.text(f"{path}.reason_en")
    return ClosedDays(from_on, until_on or from_on, reason, reason_en, standing.get(counter or ""))


def _page(
    place: Location, rows: list[Row], since: date,
    problems: tuple[Problem, ...] = (), notice: Words = "",
) -> str:  # fmt: skip
    words = {
        "from_on": _("First day"), "until_on": _("Last day"), "counter": _("What is closed"),
        "reason": _("Why"), "reason_en": _("Why (English, optional)"),
    }  # fmt: skip
    named = {row["counter"] for row in rows}
    counters: list[Counter] = [
        one for one in place.counters if one.status != CounterStatus.CLOSED or str(one.id) in named
    ]
    return render_template(
        "desk/place_closures.html", place=place, rows=[*rows, dict.fromkeys(FIELDS, "")], since=since,
        past=[one for one in _told(place) if one.until_on < since], problems=problems, notice=notice,
        seen=version_of(place), counters=counters, words=words,
        names={
            f"closures[{number}].{name}": f"{number + 1}, {said}"
            for number in range(len(rows))
            for name, said in words.items()
        },
    )  # fmt: skip

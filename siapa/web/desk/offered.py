"""Where a standard can be had: the places, what holds only there, and where one books."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import selectinload

from siapa.document.digest import digest
from siapa.errors import Conflict, Problem, Rejected
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing.drafts import hidden_from_strangers, standard_seen_by
from siapa.publishing.offerings import MOST_OFFERINGS, OfferedAt, set_offerings
from siapa.records import CounterStatus, Location, Offering, Standard
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.signed_in import acting

#: What can be said of one place.
FIELDS = ("location", "counter", "limits", "limits_en", "booking_url")


@dataclass(frozen=True)
class Row:
    """One place as the form has it, with the place itself where it is known."""

    typed: dict[str, str]
    place: Location | None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not any(self.typed[name] for name in FIELDS)


@desk.get("/standar/<uuid:standard_id>/lokasi")
def offered(standard_id: uuid.UUID) -> str:
    """The places where the standard can be had."""
    return _page(standard_seen_by(acting(), standard_id), _kept(standard_id))


@desk.post("/standar/<uuid:standard_id>/lokasi")
def set_offered(standard_id: uuid.UUID) -> ResponseReturnValue:
    """Say where it can be had; a place that is marked so is taken away."""
    by = acting()
    standard = standard_seen_by(by, standard_id)
    rows = _typed()
    if request.form.get("seen") != _seen(standard_id):
        said = _l("Somebody else changed the places meanwhile. Load the page again to see them.")
        return _page(standard, rows, notice=said), 409
    try:
        with hidden_from_strangers(by, standard_id):
            set_offerings(standard_id, _as_asked(rows), by=by, origin=origin())
    except Rejected as refused:
        return _page(standard_seen_by(by, standard_id), rows, refused.problems), 422
    except Conflict as conflict:
        return _page(standard_seen_by(by, standard_id), rows, notice=conflict.message), 409
    return redirect(desk_url("offered", standard_id=standard_id, done="saved"), 303)


def _kept(standard_id: uuid.UUID) -> list[Row]:
    query = (
        sa.select(Offering)
        .join(Location)
        .where(Offering.standard_id == standard_id)
        .order_by(Location.name, Location.id)
        .options(selectinload(Offering.location).selectinload(Location.counters))
    )
    return [Row(_texts(one), one.location) for one in db.session.scalars(query)]


def _texts(one: Offering) -> dict[str, str]:
    return {
        "location": one.location.slug,
        "counter": str(one.counter_id or ""),
        "limits": one.limits or "",
        "limits_en": one.limits_en or "",
        "booking_url": one.booking_url or "",
    }


def _seen(standard_id: uuid.UUID) -> str:
    """By which a form knows the places it was made from."""
    return digest({"rows": [row.typed for row in _kept(standard_id)]})[:32]


def _typed() -> list[Row]:
    """The rows as they were sent, without blank ones and those that were marked to go.

    Of too many, one more than may be: none is passed over in silence, the command refuses them all.
    """
    places = {one.slug: one for one in _places()}
    found: list[Row] = []
    for number in count():
        before = f"offerings[{number}]."
        if f"{before}location" not in request.form or len(found) > MOST_OFFERINGS:
            break
        typed = {name: request.form.get(before + name, "").strip() for name in FIELDS}
        typed["location"] = typed["location"].lower()
        row = Row(typed, places.get(typed["location"]))
        if request.form.get(f"{before}gone") != "1" and not row.is_blank:
            found.append(row)
    return found


def _as_asked(rows: list[Row]) -> list[OfferedAt]:
    """``rows`` as the command takes them; ``Rejected`` where a place or a counter is not known."""
    problems, asked = [], []
    for number, row in enumerate(rows):
        if row.place is None:
            wrong = _l("Choose a place from the list.")
            problems.append(Problem(f"offerings[{number}].location", wrong, row.typed["location"][:80]))
            continue
        texts: dict[str, Any] = {name: row.typed[name] or None for name in FIELDS[2:]}
        counters = [one for one in row.place.counters if str(one.id) == row.typed["counter"]]
        counter = counters[0] if counters else None
        asked.append(OfferedAt(row.place.id, counter.id if counter else None, **texts))
    if problems:
        raise Rejected(problems)
    return asked


def _places() -> list[Location]:
    """Every place that is not closed, by name."""
    query = sa.select(Location).where(Location.closed_on.is_(None)).order_by(Location.name, Location.id)
    return list(db.session.scalars(query.options(selectinload(Location.counters))))


def _page(standard: Standard, rows: list[Row], problems: tuple[Problem, ...] = (), notice: Words = "") -> str:
    names = {
        f"offerings[{number}].{field}": f"{_('Place')} {number + 1}, {words}"
        for number in range(len(rows))
        for field, words in (
            ("location", _("Place")), ("counter", _("Counter")), ("limits", _("What holds only there")),
            ("booking_url", _("Address to book a time")),
        )
    }  # fmt: skip
    newest = standard.open_edition or standard.live or standard.editions[-1]
    blank = Row(dict.fromkeys(FIELDS, ""), None)
    return render_template(
        "desk/offered.html", standard=standard, title=newest.title, rows=[*rows, blank], places=_places(),
        problems=problems, notice=notice, names=names, seen=_seen(standard.id), closed=CounterStatus.CLOSED,
    )  # fmt: skip

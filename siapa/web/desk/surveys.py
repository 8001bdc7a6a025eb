"""Satisfaction surveys (SKM) at the desk: an agency reports its nine element scores for a period."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import sqlalchemy as sa
from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa import catalogue
from siapa.document.labels import ELEMENT_NAMES
from siapa.errors import Conflict, NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing.editions import today_of
from siapa.publishing.permissions import require
from siapa.publishing.results import Surveyed, set_satisfaction
from siapa.publishing.workflow import Action
from siapa.publishing.worklist import own_agencies
from siapa.records import (
    ELEMENTS,
    Agency,
    Counter,
    Edition,
    Location,
    Offering,
    Standard,
    State,
)
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.results import period, suggested_period
from siapa.web.desk.signed_in import acting
from siapa.web.desk.typed import Typed

_MEANS = tuple(f"element_means[{number}]" for number in range(ELEMENTS))
FIELDS = ("from_on", "until_on", "respondents", "population", "location", "standard", *_MEANS, "note")


@desk.get("/skm")
def surveys() -> str:
    """The agencies for which the officer reports surveys."""
    return render_template("desk/surveys.html", agencies=own_agencies(acting(), Action.SET_RESULT))


@desk.get("/skm/<uuid:agency_id>")
def survey(agency_id: uuid.UUID) -> str:
    """What was reported of an agency, and a form for a survey."""
    agency = _agency(agency_id)
    return _page(agency, suggested_period(today_of(agency)))


@desk.post("/skm/<uuid:agency_id>")
def report_survey(agency_id: uuid.UUID) -> ResponseReturnValue:
    """Report a survey, or correct it."""
    agency = _agency(agency_id)
    given = {name: request.form.get(name, "").strip() for name in FIELDS}
    try:
        set_satisfaction(agency_id, _surveyed(agency, Typed(request.form)), by=acting(), origin=origin())
    except Rejected as refused:
        return _page(_agency(agency_id), given, refused.problems), 422
    except Conflict as conflict:
        return _page(_agency(agency_id), given, notice=conflict.message), 409
    return redirect(desk_url("survey", agency_id=agency_id, done="saved"), 303)


def _agency(agency_id: uuid.UUID) -> Agency:
    """The agency, for whoever may report of it."""
    agency = db.session.get(Agency, agency_id)
    if agency is None:
        raise NotFound(_l("There is no such agency."))
    require(acting(), Action.SET_RESULT, agency)
    return agency


def _surveyed(agency: Agency, typed: Typed) -> Surveyed:
    from_on, until_on = period(typed)
    for name in ("respondents", *_MEANS):
        if typed.text(name) is None:
            typed.refuse(name, _l("This must be given."))
    means = tuple(typed.decimal(name) or 0.0 for name in _MEANS)
    respondents, population = typed.whole("respondents"), typed.whole("population")
    place = _chosen(typed, "location", {str(one.id): one.id for one in _places(agency)})
    standard = _chosen(typed, "standard", {str(key): key for key, _title in _standards(agency)})
    typed.check()
    return Surveyed(
        from_on, until_on, respondents or 0, means, population, place, standard, note=typed.text("note")
    )


def _chosen(typed: Typed, name: str, known: Mapping[str, uuid.UUID]) -> uuid.UUID | None:
    text = typed.text(name)
    if text is not None and text not in known:
        typed.refuse(name, _l("Choose from the list."))
    return known.get(text or "")


def _places(agency: Agency) -> list[Location]:
    """Where the agency is: what it runs, where it has a counter, where its standards are had."""
    offered = (
        sa.select(Offering.location_id)
        .join(Standard, Standard.id == Offering.standard_id)
        .where(Standard.agency_id == agency.id)
    )
    counters = sa.select(Counter.location_id).where(Counter.agency_id == agency.id)
    query = sa.select(Location).where(
        sa.or_(Location.agency_id == agency.id, Location.id.in_(offered), Location.id.in_(counters))
    )
    return list(db.session.scalars(query.order_by(Location.name, Location.id)))


def _standards(agency: Agency) -> list[tuple[uuid.UUID, str]]:
    """The standards in force of the agency, by title."""
    rows = db.session.execute(
        sa.select(Edition.standard_id, Edition.title)
        .join(Standard, Standard.id == Edition.standard_id)
        .where(Standard.agency_id == agency.id, Edition.state == State.PUBLISHED)
        .order_by(Edition.title, Edition.standard_id)
    )
    return [(row[0], row[1]) for row in rows]


def _page(
    agency: Agency, given: Mapping[str, str], problems: tuple[Problem, ...] = (), notice: Words = ""
) -> str:
    names = {
        "from_on": _("First day of the period"), "until_on": _("Last day of the period"),
        "respondents": _("How many answered"), "population": _("How many were served"),
        "location": _("Place"), "standard": _("Standard"), "note": _("Why it is corrected"),
        **{name: str(words) for name, words in zip(_MEANS, ELEMENT_NAMES, strict=True)},
    }  # fmt: skip
    return render_template(
        "desk/survey.html", agency=agency, given=given, problems=problems, notice=notice, names=names,
        means=_MEANS, places=[(one.id, one.name) for one in _places(agency)], standards=_standards(agency),
        entries=catalogue.satisfaction_of(agency_id=agency.id),
    )  # fmt: skip

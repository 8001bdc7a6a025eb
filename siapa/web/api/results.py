"""What was measured: read by everybody, reported by programs of those who answer for it."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from flask import Response

from siapa import catalogue
from siapa.catalogue.results import PerformanceView, SatisfactionView
from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import Actor
from siapa.publishing.drafts import hidden_from_strangers
from siapa.publishing.results import (
    LONGEST_NOTE,
    MOST_DAYS,
    MOST_PEOPLE,
    Measured,
    Surveyed,
    set_performance,
    set_satisfaction,
)
from siapa.records import Agency
from siapa.web import caching
from siapa.web.api.answering import answered, listed
from siapa.web.api.asking import AskedList, Flag, Text
from siapa.web.api.bodies import Body, Count, Date, Id, Means, Number, optional, required
from siapa.web.api.existing import demand_existing
from siapa.web.api.openapi import one_of, page_of, reads
from siapa.web.api.signing import signed
from siapa.web.api.tokens import origin

TAG = "results"

_CURRENT = "Only what holds: without entries that were corrected."


class AskedPerformance(AskedList):
    """Filters of the list of results."""

    agency = Text("Slug of an agency.")
    current = Flag(_CURRENT, load_default=False)


class MeasuredPeriod(Body):
    """What was measured of a standard in one period; null is not reported."""

    from_on = Date("The first day of the period.", **required())
    until_on = Date("The last day of the period; it must have come.", **required())
    applications = Count(0, MOST_PEOPLE, "How many applications there were.", **optional())
    within_promise = Count(0, MOST_PEOPLE, "How many were done within the promised time.", **optional())
    target_percent = Number(0, 100, "The share aimed at; without it no result is told.", **optional())
    median_days = Number(0, MOST_DAYS, "The median of the times taken, in days.", **optional())
    note = Text("Why the period is corrected; wanted where it is reported already.", longest=LONGEST_NOTE,
                **optional())  # fmt: skip


class AskedSurveys(AskedList):
    """Filters of the list of surveys."""

    agency = Text("Slug of an agency.")
    mall = Text("Slug of a mall.")
    current = Flag(_CURRENT, load_default=False)


class SurveyedPeriod(Body):
    """The result of a survey of an agency in one period (SKM, PermenPANRB 14/2017)."""

    from_on = Date("The first day of the period.", **required())
    until_on = Date("The last day of the period; it must have come.", **required())
    respondents = Count(1, MOST_PEOPLE, "How many people answered.", **required())
    population = Count(1, MOST_PEOPLE, "How many were served in the period.", **optional())
    element_means = Means("The means of the nine elements, from 1 to 4, in the order of the regulation.",
                          **required())  # fmt: skip
    location_id = Id("The place, where people were asked at one only.", **optional())
    standard_id = Id("The standard, where people were asked about one only.", **optional())
    note = Text("Why the period is corrected; wanted where it is reported already.", longest=LONGEST_NOTE,
                **optional())  # fmt: skip


@reads("/performance", AskedPerformance, page_of(PerformanceView), tag=TAG)
def list_performance(asked: dict[str, Any]) -> Response:
    """Promise beside result: what agencies reported by standard and period, newest first."""
    page = catalogue.performances(
        agency=asked.get("agency"), is_current=asked["current"], page=asked["page"],
        per_page=asked["per_page"],
    )  # fmt: skip
    demand_existing(asked, page.total)
    caching.timeless()
    return listed(page, asked)


@reads("/standards/<uuid:standard_id>/performance", AskedList, page_of(PerformanceView), tag=TAG,
       may_be_absent=True)  # fmt: skip
def list_performance_of_standard(asked: dict[str, Any], standard_id: uuid.UUID) -> Response:
    """What was reported of one standard; a correction stands before what it corrects."""
    catalogue.standard(standard_id)
    caching.timeless()
    page = catalogue.performances(standard_id=standard_id, page=asked["page"], per_page=asked["per_page"])
    return listed(page, asked)


@signed("/standards/<uuid:standard_id>/performance", one_of(PerformanceView), tag=TAG, method="post",
        body=MeasuredPeriod)  # fmt: skip
def report_performance(given: dict[str, Any], by: Actor, standard_id: uuid.UUID) -> Response:
    """Report a period of a standard, or correct it: public at once, and nothing reported is lost."""
    with hidden_from_strangers(by, standard_id):
        row = set_performance(standard_id, Measured(**given), by=by, origin=origin())
    reported = catalogue.performance_of_standard(standard_id, most=10_000)
    return answered(next(one for one in reported if one.id == row.id))


@reads("/satisfaction", AskedSurveys, page_of(SatisfactionView), tag=TAG)
def list_surveys(asked: dict[str, Any]) -> Response:
    """Satisfaction surveys with index and grade: of agencies, at places, of standards, newest first."""
    page = catalogue.surveys(
        agency=asked.get("agency"), mall=asked.get("mall"), is_current=asked["current"],
        page=asked["page"], per_page=asked["per_page"],
    )  # fmt: skip
    demand_existing(asked, page.total)
    caching.timeless()
    return listed(page, asked)


@signed("/agencies/<slug>/satisfaction", one_of(SatisfactionView), tag=TAG, method="post",
        body=SurveyedPeriod)  # fmt: skip
def report_survey(given: dict[str, Any], by: Actor, slug: str) -> Response:
    """Report a survey of an agency, or correct it: public at once, and nothing reported is lost."""
    agency_id = db.session.scalar(sa.select(Agency.id).where(Agency.slug == slug))
    if agency_id is None:
        raise NotFound(_l("There is no such agency."))
    row = set_satisfaction(agency_id, Surveyed(**given), by=by, origin=origin())
    reported = catalogue.satisfaction_of(agency_id=agency_id, most=10_000)
    return answered(next(one for one in reported if one.id == row.id))

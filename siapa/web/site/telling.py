"""Tell us: is this right? Anybody reports what is wrong, without an account, and follows it by a code."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from siapa import catalogue
from siapa.catalogue.views import MallView, StandardView
from siapa.document.standard_document import COMPONENTS
from siapa.errors import NotAllowed, Problem, Rejected
from siapa.locales import lazy as _l
from siapa.publishing import telling
from siapa.publishing.telling import PARTS_OF_PLACE, About
from siapa.records import now
from siapa.web.filters import text_of
from siapa.web.labels import part_name
from siapa.web.limiting import Counter, Standing
from siapa.web.site.addresses import page_url
from siapa.web.site.blueprint import site

#: How often one network may tell something, ask for a report, and confirm one thing. Wide enough for
#: the visitors of a mall behind one address.
LIMITS = {"report": "10 per 10 minutes", "look": "60 per 10 minutes", "confirm": "1 per day"}
#: A part of the form that stands for a standard at one place begins so; the offering's id follows.
_AT = "at:"


@dataclass(frozen=True)
class Choice:
    """A part that can be reported."""

    value: str
    label: str


@site.record_once
def _count(state: BlueprintSetupState) -> None:
    """What counts the reports from each network."""
    assert isinstance(state.app, Flask)
    redis_url = state.app.config["SIAPA"].redis_url
    state.app.extensions["siapa_told"] = {name: Counter(rule, redis_url) for name, rule in LIMITS.items()}


@site.get("/standar/<agency_slug>/<slug>/lapor")
def tell_of_standard(agency_slug: str, slug: str) -> Response:
    """The form to report what is wrong with a standard."""
    return _form_of_standard(catalogue.standard_by_slug(agency_slug, slug))


@site.post("/standar/<agency_slug>/<slug>/lapor")
def report_standard(agency_slug: str, slug: str) -> ResponseReturnValue:
    """Keep what is reported of a standard."""
    view = catalogue.standard_by_slug(agency_slug, slug)
    _from_here()
    _limit("report")
    part, offering = _chosen(view)
    about = About(standard_id=view.card.id, offering_id=offering, edition_number=view.card.edition_number)
    try:
        return _reported(about, part)
    except Rejected as refused:
        return _form_of_standard(view, refused.problems)


@site.post("/standar/<agency_slug>/<slug>/benar")
def confirm_standard(agency_slug: str, slug: str) -> ResponseReturnValue:
    """Count that somebody finds a standard right."""
    view = catalogue.standard_by_slug(agency_slug, slug)
    _confirm(view.card.id)
    address = page_url("standard", agency_slug=view.card.agency.slug, slug=view.card.slug, thanks="1")
    return redirect(f"{address}#benar", 303)


@site.get("/mpp/<slug>/lapor")
def tell_of_mall(slug: str) -> Response:
    """The form to report what is wrong with a place."""
    return _form_of_mall(catalogue.mall(slug))


@site.post("/mpp/<slug>/lapor")
def report_mall(slug: str) -> ResponseReturnValue:
    """Keep what is reported of a place."""
    view = catalogue.mall(slug)
    _from_here()
    _limit("report")
    try:
        return _reported(About(location_id=view.card.place.id), request.form.get("part") or None)
    except Rejected as refused:
        return _form_of_mall(view, refused.problems)


@site.post("/mpp/<slug>/benar")
def confirm_mall(slug: str) -> ResponseReturnValue:
    """Count that somebody finds a place described as it is."""
    view = catalogue.mall(slug)
    _confirm(view.card.place.id)
    return redirect(f"{page_url('mall', slug=view.card.place.slug, thanks='1')}#benar", 303)


@site.get("/lapor")
def find_report() -> ResponseReturnValue:
    """Where the code of a report is typed."""
    code = "".join(sign for sign in request.args.get("code", "")[:40] if sign.isalnum() or sign == "-")
    if code:
        return redirect(page_url("report", code=code), 303)
    return render_template("site/report_find.html")


@site.get("/lapor/<code>")
def report(code: str) -> Response:
    """One report, for whoever has its code: what became of it."""
    _limit("look")
    view = catalogue.report_by_code(code)
    return _uncached(
        render_template(
            "site/report.html",
            report=view,
            is_new=request.args.get("new") == "1",
            is_late=view.is_late(now()),
        )
    )


def _reported(about: About, part: str | None) -> ResponseReturnValue:
    """Keep the report that is sent, and lead to it; ``Rejected`` as ``telling.report`` raises it."""
    row = telling.report(about, request.form.get("text", ""), part=part)
    return redirect(page_url("report", code=row.code, new="1"), 303)


def _chosen(view: StandardView) -> tuple[str | None, uuid.UUID | None]:
    """The component or the offering that the form names."""
    value = request.form.get("part", "")
    if not value.startswith(_AT):
        return value or None, None
    ids = {str(one.id): one.id for one in view.offerings}
    offering = ids.get(value.removeprefix(_AT))
    return (None, offering) if offering else (value, None)


def _form_of_standard(view: StandardView, problems: tuple[Problem, ...] = ()) -> Response:
    parts = [Choice(name, part_name(name)) for name in COMPONENTS]
    places = [Choice(f"{_AT}{one.id}", text_of(one.place, "name") or "") for one in view.offerings]
    back = page_url("standard", agency_slug=view.card.agency.slug, slug=view.card.slug)
    action = page_url("report_standard", agency_slug=view.card.agency.slug, slug=view.card.slug)
    return _form(view.card, "title", parts, places, back, action, problems)


def _form_of_mall(view: MallView, problems: tuple[Problem, ...] = ()) -> Response:
    place = view.card.place
    parts = [Choice(name, part_name(name)) for name in PARTS_OF_PLACE]
    action = page_url("report_mall", slug=place.slug)
    return _form(place, "name", parts, [], page_url("mall", slug=place.slug), action, problems)


def _form(
    subject: object, name: str, parts: list[Choice], places: list[Choice], back: str, action: str,
    problems: tuple[Problem, ...],
) -> Response:  # fmt: skip
    """The form, with all that was typed; 422 when something is wrong with it."""
    page = render_template(
        "site/tell.html", subject=subject, name=name, parts=parts, places=places, back=back, action=action,
        problems=problems, typed=request.form.get("text", "")[: telling.LONGEST_TEXT],
        chosen=request.form.get("part", request.args.get("part", "")),
        longest=telling.LONGEST_TEXT,
    )  # fmt: skip
    return _uncached(page, 422 if problems else 200)


def _uncached(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.cache_control.no_store = True
    return response


def _confirm(subject_id: uuid.UUID) -> None:
    """Count a confirmation, once a day from each network."""
    _from_here()
    if _counted("confirm", str(subject_id)).allowed:
        telling.confirm(subject_id)


def _from_here() -> None:
    """Raise 403 for a form that another site has made a visitor send; browsers tell."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise NotAllowed(_l("Send this from the page itself."))


def _limit(name: str) -> None:
    """Raise 429 when this network has asked for too much of a kind."""
    standing = _counted(name)
    if not standing.allowed:
        raise TooManyRequests(retry_after=max(1, standing.resets_at - int(time.time())))


def _counted(name: str, what: str = "") -> Standing:
    """Count one request of a kind from this network; where it stands."""
    counters: dict[str, Counter] = current_app.extensions["siapa_told"]
    return counters[name].count(f"told {name} {what} {request.remote_addr or ''}")

"""What citizens have reported about the officer's standards and places: to read, and to answer."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Conflict, NotAllowed, Problem, Rejected
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import reports as reported
from siapa.publishing.permissions import about
from siapa.records import FeedbackState, Location, Officer, now
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.signed_in import acting
from siapa.web.site.asked import page_of

#: How a report is closed, in words; and how a list names its state.
OUTCOMES: dict[FeedbackState, Words] = {
    FeedbackState.CORRECTED: _l("It was right, and is corrected"),
    FeedbackState.ANSWERED: _l("Answered, nothing had to be corrected"),
    FeedbackState.DECLINED: _l("It does not concern us, or cannot be followed"),
}


@desk.get("/laporan")
def reports() -> str:
    """The reports that wait, the most urgent first; or those that are closed."""
    by, page = _answering(), page_of(request.args)
    is_open = request.args.get("state") != "closed"
    found = reported.reports_for(by, is_open=is_open, page=page)
    rows = [(one, reported.title_of(subject)) for one, subject in found.reports]
    pages = -(-found.total // reported.REPORTS_A_PAGE)
    return render_template(
        "desk/reports.html", rows=rows, total=found.total, is_open=is_open, page=page, pages=pages,
        now=now(), outcomes=OUTCOMES,
    )  # fmt: skip


@desk.get("/laporan/<uuid:report_id>")
def report(report_id: uuid.UUID) -> str:
    """One report, and the form to answer it."""
    return _page(_answering(), report_id)


@desk.post("/laporan/<uuid:report_id>")
def answer_report(report_id: uuid.UUID) -> ResponseReturnValue:
    """Close a report with an answer."""
    by = _answering()
    report_id = reported.report_seen_by(by, report_id).id
    try:
        outcome = FeedbackState(request.form.get("outcome", ""))
    except ValueError:
        outcome = FeedbackState.OPEN  # which the command refuses, with its reason
    try:
        reported.answer(report_id, request.form.get("answer", ""), outcome, by=by, origin=origin())
    except Rejected as refused:
        return _page(by, report_id, refused.problems), 422
    except Conflict as conflict:
        return _page(by, report_id, notice=conflict.message), 409
    flash(_("The report is answered."))
    return redirect(desk_url("reports"), 303)


def _answering() -> Officer:
    """Who acts, if they answer reports anywhere; ``NotAllowed`` otherwise."""
    by = acting()
    if not reported.answers_any(by):
        raise NotAllowed(_("You may not do this here."))
    return by


def _page(by: Officer, report_id: uuid.UUID, problems: tuple[Problem, ...] = (), notice: Words = "") -> str:
    one = reported.report_seen_by(by, report_id)
    subject = about(one)
    place = subject if isinstance(subject, Location) else None
    standard_id = None if place else one.standard_id or getattr(subject, "standard_id", None)
    return render_template(
        "desk/report.html", report=one, title=reported.title_of(subject), place=place,
        standard_id=standard_id, problems=problems, notice=notice, typed=request.form, outcomes=OUTCOMES,
        now=now(),
    )  # fmt: skip

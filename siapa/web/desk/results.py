"""What was measured, as agencies report it: the result beside the promise of each standard."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa import catalogue
from siapa.errors import Conflict, Problem, Rejected
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing.drafts import hidden_from_strangers, standard_seen_by
from siapa.publishing.editions import today_of
from siapa.publishing.results import Measured, set_performance
from siapa.records import Standard
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.signed_in import acting
from siapa.web.desk.typed import Typed

FIELDS = ("from_on", "until_on", "applications", "within_promise", "target_percent", "median_days", "note")


@desk.get("/standar/<uuid:standard_id>/capaian")
def performance(standard_id: uuid.UUID) -> str:
    """What was reported of a standard, and a form for a period."""
    standard = standard_seen_by(acting(), standard_id)
    return _page(standard, suggested_period(today_of(standard.agency)))


@desk.post("/standar/<uuid:standard_id>/capaian")
def report_performance(standard_id: uuid.UUID) -> ResponseReturnValue:
    """Report a period, or correct it."""
    by = acting()
    standard_seen_by(by, standard_id)
    given = {name: request.form.get(name, "").strip() for name in FIELDS}
    try:
        measured = _measured(Typed(request.form))
        with hidden_from_strangers(by, standard_id):
            set_performance(standard_id, measured, by=by, origin=origin())
    except Rejected as refused:
        return _page(standard_seen_by(by, standard_id), given, refused.problems), 422
    except Conflict as conflict:
        return _page(standard_seen_by(by, standard_id), given, notice=conflict.message), 409
    return redirect(desk_url("performance", standard_id=standard_id, done="saved"), 303)


def suggested_period(today: date) -> dict[str, str]:
    """The last quarter that is over, as a form has it."""
    year, quarter = (today.year, (today.month - 1) // 3) if today.month > 3 else (today.year - 1, 4)
    month, last = 3 * quarter, 31 if quarter in (1, 4) else 30
    return {"from_on": f"{year}-{month - 2:02}-01", "until_on": f"{year}-{month:02}-{last}"}


def period(typed: Typed) -> tuple[date, date]:
    """The first and the last day; both are wanted. Anything where one is missing: ``check`` refuses."""
    days = []
    for name in ("from_on", "until_on"):
        day = typed.day(name)
        if typed.text(name) is None:
            typed.refuse(name, _l("This must be given."))
        days.append(day or date.min)
    return days[0], days[1]


def _measured(typed: Typed) -> Measured:
    from_on, until_on = period(typed)
    read = Measured(
        from_on, until_on, typed.whole("applications"), typed.whole("within_promise"),
        typed.decimal("target_percent"), typed.decimal("median_days"), typed.text("note"),
    )  # fmt: skip
    typed.check()
    return read


def _page(
    standard: Standard, given: Mapping[str, str], problems: tuple[Problem, ...] = (), notice: Words = ""
) -> str:
    newest = standard.open_edition or standard.live or standard.editions[-1]
    names = {
        "from_on": _("First day of the period"), "until_on": _("Last day of the period"),
        "applications": _("Applications"), "within_promise": _("Done within the promise"),
        "target_percent": _("Target in percent"), "median_days": _("Median time in days"),
        "note": _("Why it is corrected"),
    }  # fmt: skip
    return render_template(
        "desk/performance.html", standard=standard, title=newest.title, given=given, problems=problems,
        notice=notice, names=names, is_live=standard.live is not None,
        entries=catalogue.performance_of_standard(standard.id),
    )  # fmt: skip

"""What curators teach the search: queries that found nothing, and synonyms, each tried before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import LOCALES, Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action, services, unanswered
from siapa.records import LONGEST_UNANSWERED, Service, Synonym
from siapa.search.text import words
from siapa.search.trying import Trial, first_of, try_alias, try_synonym
from siapa.search.worklist import set_aside, worklist
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.curating import nationally
from siapa.web.site.asked import page_of

#: Queries on one page: each is asked anew for it.
WAITING = 30
LONGEST_TEXT = 200
SYNONYMS_A_PAGE = 50
#: The kinds of synonyms in words.
KINDS: dict[str, Words] = {
    "abbreviation": _l("Abbreviation"),
    "spelling": _l("Other spelling"),
    "colloquial": _l("Everyday word"),
    "english": _l("English"),
}


@dataclass(frozen=True)
class Shown:
    """A trial for the page: what is found now and what would be, and what to send to save it."""

    trial: Trial
    now: list[Any]
    then: list[Any]
    save: str
    back: str
    fields: dict[str, str]

    @classmethod
    def of(cls, trial: Trial, save: str, back: str, fields: dict[str, str]) -> Shown:
        """With the first results named."""
        return cls(trial, first_of(trial.before), first_of(trial.after), save, back, fields)


@desk.get("/pencarian")
def unanswered_queries() -> str:
    """The queries that were asked again and again and found nothing."""
    nationally(Action.SETTLE_QUERY)
    return _queries([])


@desk.post("/pencarian/ajarkan")
def teach_query() -> ResponseReturnValue:
    """Let a query find a service: tried first, or saved."""
    by, named = nationally(Action.SET_SERVICE), _query()
    locale = request.form.get("locale", "id")
    code = (request.form.get("other", "") or request.form.get("service", "")).strip().upper()
    service = db.session.scalar(sa.select(Service).where(Service.code == code))
    if service is None or locale not in LOCALES:
        return _queries([Problem("other", _l("There is no such service."), code)], named), 422
    if request.form.get("act") != "save":
        fields = {"words": named, "service": code, "locale": locale, "act": "save"}
        trial = try_alias(service, named, named, locale=locale)
        return _trial(Shown.of(trial, "teach_query", "unanswered_queries", fields))
    unanswered.teach(named, service.id, by=by, locale=locale, text=named, origin=origin())
    flash(_("“%(query)s” now finds %(service)s.", query=named, service=service.name))
    return redirect(desk_url("unanswered_queries"), 303)


@desk.post("/pencarian/kesampingkan")
def dismiss_query() -> ResponseReturnValue:
    """Set a query aside that nothing here answers."""
    by, named = nationally(Action.SETTLE_QUERY), _query()
    unanswered.dismiss(named, by=by, origin=origin())
    flash(_("“%(query)s” is set aside and is not counted again.", query=named))
    return redirect(desk_url("unanswered_queries"), 303)


@desk.post("/pencarian/hitung-lagi")
def take_query_up() -> ResponseReturnValue:
    """Let a query that was set aside be counted again."""
    by, named = nationally(Action.SETTLE_QUERY), _query()
    unanswered.take_up(named, by=by, origin=origin())
    flash(_("“%(query)s” is counted again.", query=named))
    return redirect(desk_url("unanswered_queries"), 303)


@desk.get("/sinonim")
def synonyms() -> str:
    """The words that stand for others in a query."""
    nationally(Action.SET_VOCABULARY)
    return _synonyms([], {})


@desk.post("/sinonim")
def put_synonym() -> ResponseReturnValue:
    """Try a synonym on a query, or save it."""
    by = nationally(Action.SET_VOCABULARY)
    given = {name: request.form.get(name, "")[:LONGEST_TEXT].strip()
             for name in ("term", "replacement", "kind", "note", "query")}  # fmt: skip
    term, replacement = (" ".join(words(given[name])) for name in ("term", "replacement"))
    problems = services.problems_of_synonym(term, replacement)
    try:
        if request.form.get("act") == "save":
            services.put_synonym(term, replacement, kind=given["kind"], note=given["note"] or None,
                                 by=by, origin=origin())  # fmt: skip
            flash(_("“%(term)s” now also finds “%(replacement)s”.", term=term, replacement=replacement))
            return redirect(desk_url("synonyms"), 303)
        if problems:
            raise Rejected(problems)
        trial = try_synonym(term, replacement, given["query"] or term)
    except Rejected as error:
        return _synonyms(list(error.problems), given), 422
    return _trial(Shown.of(trial, "put_synonym", "synonyms", {**given, "act": "save"}))


@desk.post("/sinonim/<int:synonym_id>/hapus")
def remove_synonym(synonym_id: int) -> ResponseReturnValue:
    """Let a word stand for itself again."""
    services.remove_synonym(synonym_id, by=nationally(Action.SET_VOCABULARY), origin=origin())
    flash(_("The synonym is gone. What it did stands in the audit trail."))
    return redirect(desk_url("synonyms"), 303)


def _query() -> str:
    """The words by which the worklist knows the query that was sent."""
    return " ".join(words(request.form.get("words", "")[:LONGEST_UNANSWERED]))


def _queries(problems: list[Problem], of: str = "") -> str:
    return render_template(
        "desk/unanswered.html", waiting=worklist(WAITING), aside=set_aside(), problems=problems, of=of
    )


def _synonyms(problems: list[Problem], given: dict[str, str]) -> str:
    asked = request.args.get("q", "")[:LONGEST_TEXT].strip()
    wanted = set(words(asked))
    rows = [
        row
        for row in db.session.scalars(sa.select(Synonym).order_by(Synonym.term, Synonym.replacement))
        if wanted <= {*words(row.term), *words(row.replacement)}
    ]
    page, pages = page_of(request.args), max(1, -(-len(rows) // SYNONYMS_A_PAGE))
    shown = rows[(page - 1) * SYNONYMS_A_PAGE : page * SYNONYMS_A_PAGE]
    return render_template(
        "desk/synonyms.html", rows=shown, total=len(rows), asked=asked, page=page, pages=pages, kinds=KINDS,
        problems=problems, given=given,
    )  # fmt: skip


def _trial(shown: Shown) -> str:
    return render_template("desk/trial.html", shown=shown)

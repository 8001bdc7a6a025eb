"""Standards that stand for no national service, with the services they may be for; linked many at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Conflict, NotFound, Problem, Rejected
from siapa.locales import Words, ngettext
from siapa.locales import lazy as _l
from siapa.publishing import Action, commands
from siapa.publishing.service_list import Listed, codes_of, strays
from siapa.records import Edition, Officer, Standard
from siapa.search.alike import NEAR, Alike, names
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.curating import nationally, service_with
from siapa.web.site.asked import page_of

#: Services suggested for one standard.
MOST_SUGGESTED = 4
#: From this likeness on the nearest is chosen beforehand.
SURE = 0.8


@dataclass(frozen=True)
class Stray:
    """A standard without a service, the services it may be for, and which is chosen."""

    standard: Standard
    edition: Edition
    suggested: list[Alike]
    chosen: str
    is_ticked: bool = False


@dataclass(frozen=True)
class Wanted:
    """One row of the form that was ticked."""

    standard_id: str
    code: str


@desk.get("/layanan/tanpa-layanan")
def stray_standards() -> str:
    """The standards that stand for no service."""
    nationally(Action.LINK)
    return _page(strays(page_of(request.args)), [], [])


@desk.post("/layanan/tanpa-layanan")
def link_strays() -> ResponseReturnValue:
    """Say for each ticked standard which service it is for; what cannot be is said, the others are linked."""
    by = nationally(Action.LINK)
    wanted = list(_ticked())
    problems = [problem for one in wanted if (problem := _link(one, by))]
    if not wanted:
        problems.append(Problem("", _l("Tick the standards that are to be linked.")))
    linked = len(wanted) - len(problems)
    if problems:
        page = _page(strays(page_of(request.args)), wanted, problems, max(0, linked))
        return page, 422
    flash(ngettext("%(num)s standard is linked.", "%(num)s standards are linked.", linked))
    return redirect(desk_url("stray_standards"), 303)


def _ticked() -> Iterator[Wanted]:
    """The rows that were ticked: the code that was typed, else the one that was chosen."""
    ticked = set(request.form.getlist("chosen"))
    rows = zip(
        request.form.getlist("standard"),
        request.form.getlist("service"),
        request.form.getlist("other"),
        strict=False,
    )
    for standard_id, service, other in rows:
        if standard_id in ticked:
            yield Wanted(standard_id[:36], other.strip()[:80] or service.strip()[:80])


def _link(one: Wanted, by: Officer) -> Problem | None:
    """Link one; what is wrong where it cannot be."""
    service = service_with(one.code, is_active=True)
    if service is None:
        return Problem(f"other-{one.standard_id}", _l("There is no such service."), one.code)
    said: Words
    try:
        commands.link(uuid.UUID(one.standard_id), service.id, by=by, origin=origin())
    except Conflict:
        said = _l("This agency has a standard for this service already.")
    except (NotFound, Rejected, ValueError):
        said = _l("There is no such entry.")
    else:
        return None
    return Problem(f"other-{one.standard_id}", said, one.code)


def _page(listed: Listed, wanted: list[Wanted], problems: list[Problem], linked: int = 0) -> str:
    typed = {one.standard_id: one.code for one in wanted}
    held = codes_of(standard.agency_id for standard, _edition in listed.rows)
    rows = []
    for standard, edition in listed.rows:
        said = [edition.title, *([edition.title_en] if edition.title_en else [])]
        but = held.get(standard.agency_id, set())
        suggested = names().alike(said, least=NEAR, most=MOST_SUGGESTED, but=but)
        chosen = suggested[0].service.key if suggested and suggested[0].likeness >= SURE else ""
        key = str(standard.id)
        rows.append(Stray(standard, edition, suggested, typed.get(key, chosen), key in typed))
    shown = {f"other-{row.standard.id}": row.edition.title for row in rows}
    return render_template(
        "desk/strays.html", listed=listed, rows=rows, problems=problems, names=shown, linked=linked
    )

"""Your list, your date: requirements by yes and no, a deadline by the calendar, and what changed since.

All of it stands in the address of a standard's page: ``case-…=yes|no``, ``on=`` the day on which
the papers are complete, ``seen=`` the edition that a link was made for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from siapa import catalogue
from siapa.catalogue.deadlines import CALENDAR, Deadline, deadline
from siapa.catalogue.views import StandardView
from siapa.document.difference import ComponentDifference, changed
from siapa.document.facts import facts
from siapa.document.labels import part_name
from siapa.document.standard_document import Requirement, StandardDocument, from_stored
from siapa.errors import NotFound, Problem, Rejected
from siapa.locales import current_locale
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.records import HOME_ZONE, now
from siapa.web.filters import days_of, fee_of
from siapa.web.site.asked import one_of, whole_number
from siapa.web.site.cases import Case, cases_of

#: Days for which a deadline is counted: from so long ago to so far ahead.
BACK, AHEAD = timedelta(days=3 * 365), timedelta(days=2 * 365)
#: Of one component so many entries are named, the rest is counted.
NAMED = 4
_YES, _NO = "yes", "no"


@dataclass(frozen=True)
class Question:
    """A case that some requirements belong to; ``answer``: yes, no, or None while it is open."""

    name: str
    when: str
    when_en: str | None
    answer: str | None


@dataclass(frozen=True)
class Yours:
    """What a visitor has answered and asked, and what follows."""

    questions: tuple[Question, ...]
    #: The requirements that are left.
    cases: list[Case]
    left_out: int
    today: date
    on: date | None
    deadlines: tuple[Deadline, ...]
    calendar: str
    #: The edition that the link was made for, if it is not the one in force, and what changed since.
    seen: int | None
    changes: tuple[str, ...]

    @property
    def kept_as(self) -> str:
        """What tells the ticks of this list from those of another: the cases that are left out."""
        return "".join(f"-{one.name}" for one in self.questions if one.answer == _NO)

    @property
    def is_answered(self) -> bool:
        """Whether any question has an answer."""
        return any(one.answer for one in self.questions)


def yours_of(view: StandardView, document: StandardDocument, arguments: Mapping[str, str]) -> Yours:
    """What ``arguments`` make of a standard; ``Rejected`` for answers and days that cannot be."""
    questions = tuple(_questions(document.requirements, arguments))
    refused = {one.when for one in questions if one.answer == _NO}
    left = [one for one in document.requirements if one.applies_when not in refused]
    today = now().astimezone(ZoneInfo(view.region.timezone if view.region else HOME_ZONE)).date()
    on = _day_of(arguments, today)
    counted = [deadline(limit, on, current_locale()) for limit in document.processing_time] if on else []
    seen, changes = _since(view, document, whole_number(arguments, "seen", 1, 99_999))
    return Yours(
        questions=questions,
        cases=cases_of(left),
        left_out=len(document.requirements) - len(left),
        today=today,
        on=on,
        deadlines=tuple(one for one in counted if one),
        calendar=CALENDAR,
        seen=seen,
        changes=changes,
    )


def _questions(requirements: Iterable[Requirement], arguments: Mapping[str, str]) -> Iterator[Question]:
    asked = {one.applies_when: one.applies_when_en for one in requirements if one.applies_when}
    for when, when_en in asked.items():
        name = f"case-{hashlib.sha256(when.encode()).hexdigest()[:8]}"
        yield Question(name, when, when_en, one_of(arguments, name, (_YES, _NO)))


def _day_of(arguments: Mapping[str, str], today: date) -> date | None:
    text = arguments.get("on", "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not today - BACK <= day <= today + AHEAD:
        message = _l("Give a day as year-month-day, at most two years ahead, such as 2026-01-31.")
        raise Rejected([Problem("on", message, text[:40])])
    return day


def _since(
    view: StandardView, document: StandardDocument, seen: int | None
) -> tuple[int | None, tuple[str, ...]]:
    """The edition that was seen, and what changed since in plain sentences; nothing for the present one."""
    if seen is None or seen >= view.card.edition_number:
        return None, ()
    try:
        before = from_stored(catalogue.edition(view.card.id, seen).document)
    except NotFound:
        return None, ()
    parts = changed(catalogue.compared(view.card.id, seen, view.card.edition_number))
    return seen, tuple(sentence_of(part, before, document) for part in parts)


def sentence_of(part: ComponentDifference, before: StandardDocument, after: StandardDocument) -> str:
    """What changed in one part, as a sentence."""
    name = str(part_name(part.component))
    if part.status == "added":
        return _("%(part)s: now stated.", part=name)
    if part.status == "removed":
        return _("%(part)s: no longer stated.", part=name)
    if part.component in ("fees", "processing_time"):
        say = fee_of if part.component == "fees" else days_of
        old, new = say(facts(before)), say(facts(after))
        if old != new:
            return _("%(part)s: was %(old)s, is now %(new)s.", part=name, old=old, new=new)
    told = [
        (_("new: %(what)s"), [_named(one.after) for one in part.items if one.status == "added"]),
        (_("no longer: %(what)s"), [_named(one.before) for one in part.items if one.status == "removed"]),
        (_("otherwise: %(what)s"), [_named(one.after) for one in part.items if one.status == "changed"]),
    ]
    said = [words % {"what": _listed(texts)} for words, texts in told if texts]
    return f"{name}: {'; '.join(said)}." if said else _("%(part)s: changed.", part=name)


def _named(item: object) -> str:
    """An entry of a list by its text."""
    if isinstance(item, Mapping):
        return str(
            next((item[key] for key in ("text", "name", "title", "label", "value") if item.get(key)), "…")
        )
    return str(item)


def _listed(texts: list[str]) -> str:
    shown = ", ".join(f"“{text}”" for text in texts[:NAMED])
    more = len(texts) - NAMED
    return shown if more <= 0 else _("%(shown)s and %(more)s more", shown=shown, more=more)

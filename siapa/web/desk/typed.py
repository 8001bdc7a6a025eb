"""Reading a form of the desk: plain values of the right kind, and every field that cannot be read, named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import TypeVar

import sqlalchemy as sa

from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.records import Agency, Region

T = TypeVar("T")

#: What is not longer than this is shown again in a problem.
_SHOWN = 80
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])(?:[:.]?([0-5][0-9]))?")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,15})?")
_WHOLE = re.compile(r"[0-9]{1,3}(?:[.\s][0-9]{3}){1,3}|[0-9]{1,10}")
_DECIMAL = re.compile(r"[0-9]{1,10}(?:[.,][0-9]{1,6})?")
#: A code of a region at the beginning of what was chosen: 74.71 Kota Kendari.
_CODE = re.compile(r"([0-9]{2}(?:\.[0-9]{2})?)(?:\s|$)")
#: So many agencies of one name are told apart in a sentence.
_NAMESAKES = 5


class Typed:
    """What was typed into a form. What cannot be read counts as not given, until ``check`` refuses it."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self.form = form
        self.problems: list[Problem] = []

    def text(self, name: str) -> str | None:
        """The text of a field without blanks around it; None for none."""
        return self.form.get(name, "").strip() or None

    def day(self, name: str) -> date | None:
        """A day, year-month-day."""
        wrong = _l("Give a day as year-month-day, such as 2026-01-31.")
        return self._read(name, _day, wrong)

    def clock(self, name: str) -> time | None:
        """A time of the day: 08.00, 8:00, 0800 or 8."""
        return self._read(name, _clock, _l("Give a time such as 08.00 or 15.30."))

    def degrees(self, name: str) -> float | None:
        """A latitude or longitude, with a point or a comma."""
        return self._read(name, _degrees, _l("Give degrees, such as -3.9724."))

    def whole(self, name: str) -> int | None:
        """A whole number, with or without points between the thousands."""
        return self._read(name, _whole, _l("Write a whole number."))

    def decimal(self, name: str) -> float | None:
        """A number that is not negative, with a point or a comma."""
        return self._read(name, _decimal, _l("Write a number, such as 2.5."))

    def region(self, name: str) -> str | None:
        """The code of a region that was chosen by its name, or typed."""
        return self._read(name, _region, _l("Choose a region from the list."))

    def agency(self, name: str, within: sa.Select[Agency]) -> Agency | None:
        """One of the agencies ``within``, by its whole name or its name in addresses."""
        text = self.text(name)
        if text is None:
            return None
        named = sa.or_(sa.func.lower(Agency.name) == text.lower(), Agency.slug == text.lower())
        found = db.session.scalars(within.where(named).limit(_NAMESAKES)).all() if _is_plain(text) else []
        exact = [one for one in found if one.slug == text.lower()] or found
        if len(exact) == 1:
            return exact[0]
        if exact:
            slugs = ", ".join(sorted(one.slug for one in exact))
            self.refuse(name, _l("Several agencies have this name. Write one of: %(slugs)s.", slugs=slugs))
        else:
            self.refuse(name, _l("Choose an agency from the list."))
        return None

    def refuse(self, name: str, wrong: Words) -> None:
        """Note what is wrong with a field."""
        self.problems.append(Problem(name, wrong, self.form.get(name, "")[:_SHOWN]))

    def check(self) -> None:
        """Raise ``Rejected`` with everything that could not be read."""
        if self.problems:
            raise Rejected(self.problems)

    def _read(self, name: str, read: Callable[[str], T | None], wrong: Words) -> T | None:
        text = self.text(name)
        found = read(text) if text is not None and _is_plain(text) else None
        if text is not None and found is None:
            self.refuse(name, wrong)
        return found


def _is_plain(text: str) -> bool:
    """Whether ``text`` can be asked of every database."""
    return "\x00" not in text and len(text) <= 300


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(text)
    return time(int(found[1]), int(found[2] or 0)) if found else None


def _degrees(text: str) -> float | None:
    return float(text.replace(",", ".")) if _DEGREES.fullmatch(text) else None


def _whole(text: str) -> int | None:
    return int(re.sub(r"\D", "", text)) if _WHOLE.fullmatch(text) else None


def _decimal(text: str) -> float | None:
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


def _region(text: str) -> str | None:
    code = _CODE.match(text)
    named = Region.code == code[1] if code else sa.func.lower(Region.name) == text.lower()
    return db.session.scalar(sa.select(Region.code).where(named).limit(1))

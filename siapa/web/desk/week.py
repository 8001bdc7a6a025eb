"""Opening hours as a form has them: a table of seven rows, read, copied from Monday, and shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product

from siapa.catalogue import making
from siapa.catalogue.opening import opening_hours, opening_state
from siapa.catalogue.views import OpeningState
from siapa.errors import Rejected
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import places
from siapa.publishing.places import Span
from siapa.records import HOME_ZONE, Hours, Location, now
from siapa.web.desk.typed import Typed
from siapa.web.labels import WEEKDAY_NAMES

WEEKDAYS = range(1, 8)
MONDAY, FRIDAY = 1, 5
#: There is room for so many spans in a day, and always for one more than the longest day has.
LEAST_SPANS = 2
_ENDS = ("opens_at", "closes_at")
_BLANK = ("", "")


@dataclass(frozen=True)
class Week:
    """Seven days as they were typed: of each the pairs of times, and whether it is marked as closed."""

    days: Mapping[int, list[tuple[str, str]]]
    closed: frozenset[int] = frozenset()

    @property
    def columns(self) -> int:
        """How many spans of a day the table has room for."""
        longest = max((len(spans) for spans in self.days.values()), default=0)
        return min(max(LEAST_SPANS, longest + 1), places.MOST_SPANS)

    def span(self, day: int, number: int) -> tuple[str, str]:
        """What stands at one place of the table."""
        spans = self.days.get(day, [])
        return spans[number] if number < len(spans) else _BLANK


@dataclass(frozen=True)
class Shown:
    """A week as citizens read it, and as programs do (OpenStreetMap's ``opening_hours``)."""

    rows: tuple[tuple[int, str, str], ...]
    osm: str | None
    state: OpeningState


def week_of(hours: Iterable[Hours]) -> Week:
    """The week that is stored."""
    days: dict[int, list[tuple[str, str]]] = {}
    for row in hours:
        days.setdefault(row.weekday, []).append((f"{row.opens_at:%H.%M}", f"{row.closes_at:%H.%M}"))
    return Week(days, frozenset(set(WEEKDAYS) - set(days)) if days else frozenset())


def week_typed(form: Mapping[str, str]) -> Week:
    """The week that was sent; with the button to copy, Monday's hours on the days up to Friday too."""
    days = {}
    for day in WEEKDAYS:
        spans = [_pair(form, day, number) for number in range(places.MOST_SPANS)]
        while spans and spans[-1] == _BLANK:
            spans.pop()
        days[day] = spans
    week = Week(days, frozenset(day for day in WEEKDAYS if form.get(f"hours.{day}.closed") == "1"))
    return _copied(week) if form.get("act") == "copy" else week


def spans_of(week: Week) -> list[Span]:
    """The spans that were typed; ``Rejected`` names each field that cannot be read, and what cannot be."""
    typed = Typed(dict(_fields(week)))
    spans = []
    for day, number in _filled(week):
        opens_at, closes_at = (typed.clock(_name(day, number, end)) for end in _ENDS)
        if day in week.closed:
            typed.refuse(_name(day, number, "opens_at"), _l("The day is marked as closed. Take one away."))
        for end, text in zip(_ENDS, week.span(day, number), strict=True):
            if not text:
                typed.refuse(_name(day, number, end), _l("Give both times: from when and until when."))
        if opens_at is not None and closes_at is not None:
            spans.append(Span(day, opens_at, closes_at))
    typed.check()
    with named_as_typed(week):
        places.check_spans(spans)
    return spans


@contextmanager
def named_as_typed(week: Week) -> Iterator[None]:
    """Let problems of a span name the field of the table in which it was typed."""
    try:
        yield
    except Rejected as refused:
        filled = [f"hours[{place}]" for place, _span in enumerate(_filled(week))]
        fields = {path: _name(*at, "closes_at") for path, at in zip(filled, _filled(week), strict=True)}
        raise Rejected(
            replace(one, path=fields.get(one.path, one.path)) for one in refused.problems
        ) from None


def shown(place: Location, spans: Iterable[Span]) -> Shown:
    """How a week of ``place`` will be read."""
    hours = [Hours(weekday=s.weekday, opens_at=s.opens_at, closes_at=s.closes_at) for s in spans]
    hours.sort(key=lambda row: (row.weekday, row.opens_at))
    osm = opening_hours(hours)
    zone = place.region.timezone if place.region else HOME_ZONE
    return Shown(making.week_of(hours), osm, opening_state(osm, zone, now()))


def field_names(week: Week) -> dict[str, str]:
    """The words for each field of the table."""
    ends = {"opens_at": _("opens"), "closes_at": _("closes")}
    every = product(WEEKDAYS, range(week.columns), _ENDS)
    return {"hours": _("Opening hours")} | {
        _name(day, number, end): f"{WEEKDAY_NAMES[day]}, {ends[end]} ({number + 1})"
        for day, number, end in every
    }


def _copied(week: Week) -> Week:
    working = range(MONDAY + 1, FRIDAY + 1)
    monday = week.days.get(MONDAY, [])
    days = {**week.days, **{day: list(monday) for day in working}}
    closed = week.closed - set(working)
    return Week(days, closed | set(working) if MONDAY in week.closed else closed)


def _name(day: int, number: int, end: str) -> str:
    return f"hours.{day}.{number}.{end}"


def _pair(form: Mapping[str, str], day: int, number: int) -> tuple[str, str]:
    opens_at, closes_at = (form.get(_name(day, number, end), "").strip()[:20] for end in _ENDS)
    return opens_at, closes_at


def _fields(week: Week) -> Iterator[tuple[str, str]]:
    for day, number in _filled(week):
        for end, text in zip(_ENDS, week.span(day, number), strict=True):
            yield _name(day, number, end), text


def _filled(week: Week) -> list[tuple[int, int]]:
    """Day and number of each span of which anything was typed, in the order of the table."""
    return [
        (day, number)
        for day in WEEKDAYS
        for number, pair in enumerate(week.days.get(day, []))
        if pair != _BLANK
    ]

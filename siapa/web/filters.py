"""What templates may say: texts in the right language, money, times, days, and where files lie.

Nothing here reads the database. Every filter takes one value of the catalogue or of
the document and gives text, escaped where it is markup.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask import Flask, current_app
from markupsafe import Markup, escape

from siapa import locales
from siapa.config import ROOT
from siapa.document.labels import (
    ACTOR_NAMES,
    COMPLAINT_CHANNEL_KIND_NAMES,
    ELEMENT_NAMES,
    REQUIREMENT_KIND_NAMES,
    SERVICE_CHANNEL_KIND_NAMES,
    say_duration,
    say_rupiah,
    say_time_limit,
)
from siapa.document.standard_document import COMPONENTS
from siapa.locales import LANGUAGE_NAMES, LOCALES, Words, current_locale, gettext, ngettext
from siapa.records import Confidence, CounterStatus
from siapa.web import labels
from siapa.web.site import addresses

_ASSETS = ROOT / "siapa" / "assets"


def text_of(part: Any, field: str) -> str | None:
    """``field`` of ``part`` in the current language; English falls back to the Indonesian, which binds."""
    return (_held(part, f"{field}_en") if current_locale() == "en" else None) or _held(part, field)


def said(part: Any, field: str) -> Markup:
    """Like ``text_of``, as markup that tells the language where it is not the page's own."""
    text = text_of(part, field)
    if text is None:
        return Markup("")
    return Markup('<span lang="id">{}</span>').format(text) if is_foreign(part, field) else escape(text)


def is_foreign(part: Any, field: str) -> bool:
    """Whether an English page has only the Indonesian text to show."""
    if current_locale() != "en":
        return False
    return _held(part, field) is not None and not _held(part, f"{field}_en")


def _held(part: Any, field: str) -> str | None:
    held: str | None = part.get(field) if isinstance(part, dict) else getattr(part, field, None)
    return held


def standing(offering: Any) -> str:
    """What is known of a standard at a place: sources name the counters of a mall, seldom their services."""
    counter, confidence = offering.counter, offering.source.confidence
    if counter and counter.status == CounterStatus.AGREEMENT_ONLY:
        return gettext("It is not certain that there is a counter here.")
    if confidence == Confidence.IMPLIED and counter and counter.source.is_verified:
        return gettext("A source names the counter; it does not say which services are had at it.")
    if confidence == Confidence.IMPLIED:
        return gettext("The counter and its services are inferred from a source.")
    if confidence == Confidence.SOURCED:
        return gettext("A source names this service here.")
    return counter_standing(counter) if counter else ""


def counter_standing(counter: Any) -> str:
    """The state of a counter; one that is only inferred is not said to be named in a source."""
    if counter.status == CounterStatus.LISTED and not counter.source.is_verified:
        return gettext("Inferred, see the note") if counter.source.note else gettext("Inferred")
    return str(labels.COUNTER_STATUS_NAMES.get(counter.status, counter.status))


def number(amount: float) -> str:
    """A number with the thousands of the language: 1.250 or 1,250; at most one decimal."""
    written = f"{amount:,}" if isinstance(amount, int) else f"{amount:,.1f}"
    return written if current_locale() == "en" else written.translate(str.maketrans(",.", ".,"))


def hundredths(amount: float) -> str:
    """A number with two decimals in the language: 98,75 or 98.75."""
    written = f"{amount:,.2f}"
    return written if current_locale() == "en" else written.translate(str.maketrans(",.", ".,"))


def fee_of(card: Any) -> str:
    """The fee of a standard or, over all its providers, of a service. Unknown is never free.

    What is published states its fees; without an amount they follow a tariff or a formula.
    """
    low, high = card.fee_min_idr, card.fee_max_idr
    free = gettext("Free")
    if getattr(card, "is_free", False) or (getattr(card, "free_standards", 0) and high == 0):
        return free
    if low is None:
        return gettext("By tariff, see the details")
    lowest = free if low == 0 else say_rupiah(low)
    if high is None:
        return gettext("Partly free") if low == 0 else gettext("From %(amount)s", amount=lowest)
    return lowest if low == high else f"{lowest} – {say_rupiah(high)}"


def days_of(card: Any) -> str:
    """The time of a standard, or of a service over all its providers, in working days."""
    low, high = card.days_min, card.days_max
    if high is None:
        return gettext("Time not stated")
    if high == 1:
        return gettext("Within 1 working day")  # minutes and hours are counted as one
    span = number(high) if low in (None, high) else f"{number(low)}–{number(high)}"
    return ngettext("%(span)s working day", "%(span)s working days", high, span=span)


def day(value: date | None) -> str:
    """A day in full: 4 Oktober 2022."""
    if value is None:
        return ""
    return format_date(value, "d MMMM y", locale=current_locale())


def long_day(value: date) -> str:
    """A day with its name: Selasa, 1 Desember 2026."""
    return format_date(value, "EEEE, d MMMM y", locale=current_locale())


def moment(value: datetime | None, zone: str = "Asia/Jakarta") -> str:
    """The day of a moment, as it was in ``zone``."""
    return day(value.astimezone(ZoneInfo(zone)).date()) if value else ""


def clock(value: datetime) -> str:
    """The time of day with its zone: 15.00 WIB."""
    zone = labels.ZONE_NAMES.get(str(value.tzinfo), "")
    return f"{value:%H.%M} {zone}".strip()


def time_of_day(value: datetime, zone: str = "Asia/Jakarta") -> str:
    """The time of a moment, as it was in ``zone``: 15.00 WIB."""
    return clock(value.astimezone(ZoneInfo(zone)))


def opening(state: Any) -> str:
    """Whether a place is open, and until when; unknown is said."""
    if state.is_open is None:
        return gettext("Opening hours not known")
    if state.changes_at is None:
        return gettext("Open now") if state.is_open else gettext("Closed now")
    if state.is_open:
        return gettext("Open now, closes %(time)s", time=clock(state.changes_at))
    weekday = format_datetime(state.changes_at, "EEEE", locale=current_locale())
    return gettext("Closed now, opens %(day)s %(time)s", day=weekday, time=clock(state.changes_at))


def zone_name(timezone: str) -> str:
    """WIB, WITA or WIT."""
    return labels.ZONE_NAMES.get(timezone, timezone)


def is_web_address(text: str | None) -> bool:
    """Whether ``text`` may be a link: only http and https, so that no other scheme is ever followed."""
    return bool(text) and str(text).lower().startswith(("https://", "http://"))


def host_of(address: str) -> str:
    """The host of a web address, for showing a long link shortly."""
    return address.split("://", 1)[-1].split("/", 1)[0].removeprefix("www.")


#: A longer name of a source is cut at the last part of the path that fits.
_SOURCE_NAME = 44


def source_name(address: str) -> str:
    """A source by its host and as much of its path as names it shortly, at least the first part."""
    host = host_of(address)
    parts = [part for part in address.split("://", 1)[-1].split("?")[0].split("/")[1:] if part]
    name = host
    for place, part in enumerate(parts):
        if place and len(f"{name}/{part}") > _SOURCE_NAME:
            return f"{name}/…"
        name = f"{name}/{part}"
    return name if len(name) <= 2 * _SOURCE_NAME else f"{name[: 2 * _SOURCE_NAME]}…"


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((_ASSETS / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a file of ours, with its content's digest, so that it may be kept for ever."""
    return f"{current_app.static_url_path}/{name}?v={_digest(name)}"


def _names(known: Any) -> Any:
    """A filter that says a code of ``known``; an unknown code as it is."""

    def name_of(code: Any) -> str:
        word: Words | None = known.get(code)
        return str(code if word is None else word)

    return name_of


#: By the names under which templates know them.
FILTERS: dict[str, Callable[..., Any]] = {
    "said": said,
    "text": text_of,
    "foreign": is_foreign,
    "number": number,
    "hundredths": hundredths,
    "rupiah": say_rupiah,
    "fee": fee_of,
    "days": days_of,
    "day": day,
    "long_day": long_day,
    "moment": moment,
    "time_of_day": time_of_day,
    "opening": opening,
    "zone": zone_name,
    "host": host_of,
    "source_name": source_name,
    "standing": standing,
    "counter_standing": counter_standing,
    "parameter": _names(labels.PARAMETER_NAMES),
    "time_limit": say_time_limit,
    "duration": say_duration,
    "component": labels.part_name,
    "agency_kind": labels.agency_kind_name,
    "actor": _names(ACTOR_NAMES),
    "requirement_kind": _names(REQUIREMENT_KIND_NAMES),
    "channel_kind": _names(SERVICE_CHANNEL_KIND_NAMES),
    "complaint_kind": _names(COMPLAINT_CHANNEL_KIND_NAMES),
    "confidence": _names(labels.CONFIDENCE_NAMES),
    "counter_status": _names(labels.COUNTER_STATUS_NAMES),
    "region_level": _names(labels.REGION_LEVEL_NAMES),
    "role_name": _names(labels.ROLE_NAMES),
    "state": _names(labels.STATE_NAMES),
    "grade_words": _names(labels.GRADE_NAMES),
    "element_name": lambda place: str(ELEMENT_NAMES[place]),
    "report_state": _names(labels.REPORT_STATE_NAMES),
    "weekday": _names(labels.WEEKDAY_NAMES),
    "suggestion_kind": _names(labels.SUGGESTION_KIND_NAMES),
    "facet": _names(labels.FACET_NAMES),
    "sort_name": _names(labels.SORT_NAMES),
}


def register(app: Flask) -> None:
    """Give ``app``'s templates the filters and names of this module."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.tests.update(web_address=is_web_address)
    app.jinja_env.globals.update(
        _=locales.gettext,
        ngettext=locales.ngettext,
        current_locale=current_locale,
        locales=LOCALES,
        language_names=LANGUAGE_NAMES,
        asset=asset,
        page_url=addresses.page_url,
        same_page=addresses.same_page,
        lasting_url=addresses.lasting_url,
        all_components=COMPONENTS,
    )

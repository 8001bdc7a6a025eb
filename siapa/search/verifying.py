"""The database's last word on a page of hits: what is live, what is open, and the texts to show."""

from __future__ import annotations

import threading
import uuid
import weakref
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from cachetools import LRUCache

from siapa.catalogue.closing import Days, is_among
from siapa.catalogue.live import ACTIVE, LIVE, OPEN_PLACE
from siapa.catalogue.opening import opening_hours, opening_state
from siapa.extensions import db
from siapa.locales import current_locale
from siapa.records import HOME_ZONE, Closure, Counter, Edition, Hours, Location, Offering, Region, Service
from siapa.search.documents import texts_of
from siapa.search.filtering import is_within
from siapa.search.found import Hit
from siapa.search.highlighting import highlight
from siapa.search.stems import Stems
from siapa.search.text import words

#: So many ids stand in one question to the database.
_CHUNK = 500


#: The live editions of some standards, each with the open places where it is offered.
_STILL_THERE = (
    sa.select(Edition.standard_id, Edition.number, Location.id.label("location_id"), Location.region_code)
    .select_from(Edition)
    .outerjoin(Offering, Offering.standard_id == Edition.standard_id)
    .outerjoin(Location, sa.and_(Location.id == Offering.location_id, OPEN_PLACE))
    .where(LIVE, Edition.standard_id.in_(sa.bindparam("ids", expanding=True)))
)


def still_live(hits: Sequence[Hit], region: str | None) -> tuple[list[Hit], set[str]]:
    """The hits that are live in the database, with their present places, and the ids of those that are not.

    The index may be a moment behind; what it names is never shown on its word alone.
    """
    standards = [hit.standard_id for hit in hits if hit.standard_id is not None]
    services = [hit.service_id for hit in hits if hit.standard_id is None and hit.service_id is not None]
    numbers: dict[uuid.UUID, int] = {}
    places: dict[uuid.UUID, dict[uuid.UUID, str | None]] = {}
    if standards:
        for row in db.session.execute(_STILL_THERE, {"ids": standards}):
            numbers[row.standard_id] = row.number
            if row.location_id is not None:
                places.setdefault(row.standard_id, {})[row.location_id] = row.region_code
    active: set[uuid.UUID] = set()
    if services:
        active = set(db.session.scalars(sa.select(Service.id).where(ACTIVE, Service.id.in_(services))))
    kept: list[Hit] = []
    fallen: set[str] = set()
    for hit in hits:
        if hit.standard_id is None:
            if hit.service_id in active:
                kept.append(hit)
            else:
                fallen.add(str(hit.service_id))
            continue
        here = places.get(hit.standard_id, {})
        ids = tuple(one for one in hit.location_ids if one in here)
        left_the_place = (
            region is not None
            and bool(hit.location_ids)
            and not any(is_within(here[one], region) for one in ids)
        )
        if hit.standard_id in numbers and not left_the_place:
            kept.append(replace(hit, edition=numbers[hit.standard_id], location_ids=ids))
        else:
            fallen.add(str(hit.standard_id))
    return kept, fallen


def illuminated(hits: Iterable[Hit], marks: Collection[tuple[str, ...]], stems: Stems) -> tuple[Hit, ...]:
    """The hits, each with the stretch of its text that answers the query."""
    hits = list(hits)
    locale = current_locale()
    standards = [hit for hit in hits if hit.standard_id is not None]
    services = [hit.service_id for hit in hits if hit.standard_id is None]
    texts: dict[uuid.UUID | None, Sequence[str]] = {}
    kept = _kept_texts()
    unread = []
    for hit in standards:
        held = kept.get((hit.standard_id, hit.edition, locale))
        if held is None:
            unread.append(hit.standard_id)
        else:
            texts[hit.standard_id] = held
    if unread:
        live = sa.select(Edition.standard_id, Edition.number, Edition.document).where(LIVE)
        for row in db.session.execute(live.where(Edition.standard_id.in_(unread))):
            texts[row.standard_id] = _texts(row.document)
            kept[row.standard_id, row.number, locale] = texts[row.standard_id]
    if services:
        columns = (Service.id, Service.summary, Service.summary_en, Service.outline)
        for one in db.session.execute(sa.select(*columns).where(Service.id.in_(services))):
            summaries = {"summary": one.summary, "summary_en": one.summary_en}
            texts[one.id] = _texts({**(one.outline or {}), **summaries})
    lit = []
    for hit in hits:
        runs = highlight(texts.get(hit.standard_id or hit.service_id, ()), marks, stems)
        lit.append(replace(hit, highlight=runs))
    return tuple(lit)


class _Texts(LRUCache[tuple[Any, ...], Sequence[str]]):
    """The texts of editions that were found, by standard, number and locale: an edition never changes."""

    def __init__(self) -> None:
        super().__init__(2_000)
        self._lock = threading.Lock()

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        """What is kept; threads take turns, as looking changes the order."""
        with self._lock:
            return super().get(key, default)

    def __setitem__(self, key: tuple[Any, ...], value: Sequence[str]) -> None:
        with self._lock:
            super().__setitem__(key, value)


_texts_by_database: weakref.WeakKeyDictionary[sa.Engine, _Texts] = weakref.WeakKeyDictionary()


def _kept_texts() -> _Texts:
    return _texts_by_database.setdefault(db.engine, _Texts())


def _texts(content: dict[str, Any]) -> list[str]:
    """What a highlight may be cut from: the summary in the language spoken, then the components."""
    summary = content.get("summary_en") if current_locale() == "en" else None
    return [summary or content.get("summary") or "", *texts_of(content)]


def lines_of(ids: Collection[uuid.UUID]) -> Iterator[tuple[uuid.UUID, list[str]]]:
    """Each live standard with its texts as lines of plain words."""
    wanted = sorted(ids)
    columns: Sequence[Any] = (Edition.standard_id, Edition.title, Edition.title_en, Edition.document)
    for start in range(0, len(wanted), _CHUNK):
        query = sa.select(*columns).where(LIVE, Edition.standard_id.in_(wanted[start : start + _CHUNK]))
        for row in db.session.execute(query):
            content = row.document
            texts = [row.title, row.title_en or "", *content.get("keywords", ()), *_texts(content),
                     content.get("summary_en", ""), content.get("audience", "")]  # fmt: skip
            yield row.standard_id, [_line(text) for text in texts]


@lru_cache(maxsize=20_000)
def _line(text: str) -> str:
    """``text`` in plain words. Kept, as providers copy each other's sentences."""
    return " ".join(words(text))


def openings() -> dict[str, bool]:
    """The ids of all places and counters that have told their hours, each with whether it is open now.

    A counter that is closed today stands here too, whether or not it has hours of its own.
    """
    at = datetime.now(UTC)
    region = Location.region_code
    columns: Sequence[Any] = (Location.id, Region.timezone)
    zones: dict[uuid.UUID, str] = {}
    for place, zone in db.session.execute(sa.select(*columns).outerjoin(Region, Region.code == region)):
        zones[place] = zone or HOME_ZONE
    place_of: dict[uuid.UUID, uuid.UUID] = {}
    for counter, place in db.session.execute(sa.select(Counter.id, Counter.location_id)):
        zones[counter], place_of[counter] = zones.get(place, HOME_ZONE), place
    closed = _closed_about(at)
    opened = {}
    for owner, text in _hours().items():
        days = [*closed.get(owner, ()), *closed.get(place_of.get(owner, owner), ())]
        state = opening_state(text, zones.get(owner, HOME_ZONE), at, days)
        opened[str(owner)] = state.is_open is True
    for owner, days in closed.items():
        if owner in place_of and is_among(at.astimezone(ZoneInfo(zones[owner])).date(), days):
            opened[str(owner)] = False
    return opened


def _closed_about(at: datetime) -> dict[uuid.UUID, list[Days]]:
    """The closed days of places and counters in which ``at`` lies in any zone, by the one that is closed."""
    about = (
        Closure.from_on <= at.date() + timedelta(days=1),
        Closure.until_on >= at.date() - timedelta(days=1),
    )
    found: dict[uuid.UUID, list[Days]] = {}
    for row in db.session.scalars(sa.select(Closure).where(*about)):
        found.setdefault(row.counter_id or row.location_id, []).append(Days(row.from_on, row.until_on))
    return found


def hours_are_known() -> bool:
    """Whether any place has told its hours: without them nothing can be said to be open."""
    return db.session.scalar(sa.select(sa.exists().select_from(Hours))) is True


def _hours() -> dict[uuid.UUID, str]:
    """The hours of counters and places as the catalogue writes them, by id."""
    rows: dict[uuid.UUID, list[Hours]] = {}
    for row in db.session.scalars(sa.select(Hours)):
        owner = row.counter_id or row.location_id
        if owner is not None:
            rows.setdefault(owner, []).append(row)
    return {owner: text for owner, held in rows.items() if (text := opening_hours(held)) is not None}

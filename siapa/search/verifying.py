"""The database's last word on a page of hits: what is live, what is open, and the texts to show."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from siapa.catalogue.live import ACTIVE, LIVE
from siapa.catalogue.opening import opening_hours, opening_state
from siapa.extensions import db
from siapa.locales import current_locale
from siapa.records import HOME_ZONE, Edition, Hours, Location, Offering, Region, Service
from siapa.search.documents import live_offerings, texts_of
from siapa.search.filtering import is_within
from siapa.search.found import Hit
from siapa.search.highlighting import highlight
from siapa.search.stems import Stems

#: So many ids stand in one question to the database.
_CHUNK = 500


def still_live(hits: Sequence[Hit], region: str | None) -> tuple[list[Hit], set[str]]:
    """The hits that are live in the database, with their present places, and the ids of those that are not.

    The index may be a moment behind; what it names is never shown on its word alone.
    """
    standards = [hit.standard_id for hit in hits if hit.standard_id is not None]
    services = [hit.service_id for hit in hits if hit.standard_id is None and hit.service_id is not None]
    numbers: dict[uuid.UUID, int] = {}
    places: dict[uuid.UUID, dict[uuid.UUID, str | None]] = {}
    if standards:
        live = sa.select(Edition.standard_id, Edition.number).where(LIVE, Edition.standard_id.in_(standards))
        numbers = {row.standard_id: row.number for row in db.session.execute(live)}
        columns: Sequence[Any] = (Offering.standard_id, Location.id, Location.region_code)
        for row in db.session.execute(live_offerings(*columns).where(Offering.standard_id.in_(standards))):
            places.setdefault(row[0], {})[row[1]] = row[2]
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
    standards = [hit.standard_id for hit in hits if hit.standard_id is not None]
    services = [hit.service_id for hit in hits if hit.standard_id is None]
    texts: dict[uuid.UUID | None, list[str]] = {}
    if standards:
        live = sa.select(Edition.standard_id, Edition.document).where(LIVE)
        for row in db.session.execute(live.where(Edition.standard_id.in_(standards))):
            texts[row.standard_id] = _texts(row.document)
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


def _texts(content: dict[str, Any]) -> list[str]:
    """What a highlight may be cut from: the summary in the language spoken, then the components."""
    summary = content.get("summary_en") if current_locale() == "en" else None
    return [summary or content.get("summary") or "", *texts_of(content)]


def open_standards(ids: Sequence[str], region: str | None, mall: str | None) -> set[str]:
    """Which of the standards are offered at a place (in ``region``, at ``mall``) that is open at this moment.

    A counter's own hours come before those of its place; a place of unknown hours is not said to be open.
    """
    at = datetime.now(UTC)
    found: set[str] = set()
    for start in range(0, len(ids), _CHUNK):
        chunk = [uuid.UUID(one) for one in ids[start : start + _CHUNK]]
        columns: Sequence[Any] = (
            Offering.standard_id, Offering.counter_id, Location.id, Location.slug, Location.region_code,
            Region.timezone,
        )  # fmt: skip
        query = live_offerings(*columns).outerjoin(Region, Region.code == Location.region_code)
        rows = db.session.execute(query.where(Offering.standard_id.in_(chunk))).all()
        hours = _hours({row.counter_id for row in rows} - {None}, {row.id for row in rows})
        for row in rows:
            if (region and not is_within(row.region_code, region)) or (mall and row.slug != mall):
                continue
            text = hours.get(row.counter_id) or hours.get(row.id)
            if opening_state(text, row.timezone or HOME_ZONE, at).is_open:
                found.add(str(row.standard_id))
    return found


def hours_are_known() -> bool:
    """Whether any place has told its hours: without them nothing can be said to be open."""
    return db.session.scalar(sa.select(sa.exists().select_from(Hours))) is True


def _hours(counters: set[uuid.UUID], places: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The hours of counters and places as the catalogue writes them, by id."""
    rows: dict[uuid.UUID, list[Hours]] = {}
    owned = Hours.counter_id.in_(counters) | Hours.location_id.in_(places)
    for row in db.session.scalars(sa.select(Hours).where(owned)):
        owner = row.counter_id or row.location_id
        if owner is not None:
            rows.setdefault(owner, []).append(row)
    return {owner: text for owner, held in rows.items() if (text := opening_hours(held)) is not None}

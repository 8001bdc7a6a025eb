"""A standard as the registry showed it at an earlier moment: ``?known_at=`` of a page and of the API.

It is put together from the records that were kept then (``history``): the edition, the
agency by the name it had, the places by theirs. Only whether a place is open is told by the
calendar of today, of which no history is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from siapa.catalogue.standards import offering_view, view_with
from siapa.catalogue.views import OfferingView, StandardView
from siapa.errors import Gone, NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.opendata.history import records_at, standing_at
from siapa.opendata.recording import KEPT
from siapa.records import (
    HOME_ZONE,
    Agency,
    Counter,
    Edition,
    Hours,
    Location,
    Offering,
    PublishedRecord,
    Region,
    Service,
    Standard,
    State,
)

T = TypeVar("T")
Record = dict[str, Any]


def standard_known(standard_id: UUID, moment: datetime, *, as_of: date | None = None) -> StandardView:
    """The standard as it was published at ``moment``; with ``as_of`` what was then known to hold on that day.

    Raises ``NotFound`` where there was none; its ``gone`` tells of one that was withdrawn by then.
    """
    then = _Then(standing_at(db.session.connection(), moment, "").number, moment)
    return then.standard(str(standard_id), as_of)


class _Then:
    """The registry as of a change, for who looks at it at ``moment``."""

    def __init__(self, number: int, moment: datetime) -> None:
        self._number = number
        self._moment = moment

    def standard(self, standard_id: str, day: date | None) -> StandardView:
        """The standard as it stood; raises as ``standard_known``."""
        editions = self._of(standard_id, "editions")
        if not editions:
            raise NotFound(_l("This service standard was not published at that moment."))
        stood = next(iter(self._of(standard_id, "standards")), None)
        if stood is None and day is None:
            raise self._gone(standard_id, editions)
        around = stood or self._of(standard_id, "withdrawals")[0]
        agency = self._agency(around["agency_id"])
        record = editions[-1] if day is None else self._in_force(editions, agency, day)
        if day is None:
            record = next(one for one in editions if one["state"] == State.PUBLISHED)
        row = self._standard(around, standard_id, agency)
        edition = db.session.scalars(
            sa.select(Edition).where(
                Edition.standard_id == UUID(standard_id), Edition.number == record["number"]
            )
        ).one()
        view = view_with(row, edition, self._offerings(standard_id), editions[-1]["number"])
        ended_at = record["ended_at"] and datetime.fromisoformat(record["ended_at"])
        return replace(view, state=State(record["state"]), ended_at=ended_at)

    def _in_force(self, editions: list[Record], agency: Agency, day: date) -> Record:
        zone = ZoneInfo(agency.region.timezone if agency.region else HOME_ZONE)
        end = datetime.combine(day, time.min, zone) + timedelta(days=1)
        for one in reversed(editions):
            ended_at = one["ended_at"] and datetime.fromisoformat(one["ended_at"])
            if datetime.fromisoformat(one["published_at"]) < end and (ended_at is None or ended_at >= end):
                return one
        raise NotFound(_l("This service standard was not in force on that day."))

    def _gone(self, standard_id: str, editions: list[Record]) -> NotFound:
        withdrawn = self._of(standard_id, "withdrawals")[0]
        at = withdrawn["withdrawn_at"] and datetime.fromisoformat(withdrawn["withdrawn_at"])
        successor = withdrawn["replaced_by_id"] and self._of(withdrawn["replaced_by_id"], "standards")
        address = _address(successor[0]) if successor else None
        gone = Gone(editions[-1]["title"], withdrawn["reason"] or "", at, address)
        return NotFound(_l("This service standard was withdrawn."), gone=gone)

    def _standard(self, around: Record, standard_id: str, agency: Agency) -> Standard:
        slug = _address(around)[1] if "path" in around else _present_slug(standard_id)
        service_id = around.get("service_id")
        service = self._one("services", service_id, Service) if service_id else None
        return Standard(id=UUID(standard_id), slug=slug, agency=agency, service=service)

    def _agency(self, agency_id: str) -> Agency:
        agency = self._one("agencies", agency_id, Agency)
        agency.region = self._region(agency.region_code)
        return agency

    def _region(self, code: str | None) -> Region | None:
        return self._one("regions", code, Region) if code else None

    def _offerings(self, standard_id: str) -> tuple[OfferingView, ...]:
        rows = [self._offering(one) for one in self._of(standard_id, "offerings")]
        rows.sort(key=lambda row: (row.location.region_code or "", row.location.name))
        return tuple(offering_view(row, self._moment) for row in rows)

    def _offering(self, record: Record) -> Offering:
        location = self._one("locations", record["location_id"], Location)
        location.region = self._region(location.region_code)
        hours = self._of(record["location_id"], "hours")
        location.hours = [_row("hours", one, Hours) for one in hours if one["counter_id"] is None]
        offering = _row("offerings", record, Offering)
        offering.location, offering.counter = location, None
        if record["counter_id"] is not None:
            counter = self._one("counters", record["counter_id"], Counter)
            counter.agency = self._agency(str(counter.agency_id)) if counter.agency_id else None
            mine = (one for one in hours if one["counter_id"] == record["counter_id"])
            counter.hours = [_row("hours", one, Hours) for one in mine]
            offering.counter = counter
        return offering

    def _of(self, subject_id: str, table: str) -> list[Record]:
        """The records of a table that belonged to a subject."""
        connection = db.session.connection()
        return list(records_at(connection, table, self._number, PublishedRecord.subject_id == subject_id))

    def _one(self, table: str, key: str, kind: type[T]) -> T:
        connection = db.session.connection()
        (record,) = records_at(connection, table, self._number, PublishedRecord.key == key)
        return _row(table, record, kind)


def _row(table: str, record: Mapping[str, Any], kind: type[T]) -> T:
    """``record`` as a row that belongs to no session: only to be read."""
    shown = KEPT[table].table
    values = shown.values_of(record)
    columns = sa.inspect(kind).columns
    return kind(
        **{
            name: column.type.enum_class(values[name])
            if isinstance(column.type, sa.Enum) and column.type.enum_class and values[name] is not None
            else values[name]
            for name, column in columns.items()
            if name in values
        }
    )


def _address(record: Record) -> tuple[str, str, str]:
    """Where a standard stood, as ``Gone`` names it: slug of the agency, its own, and its title."""
    agency_slug, slug = record["path"].split("/")[-2:]
    return agency_slug, slug, record["title"]


def _present_slug(standard_id: str) -> str:
    """Addresses of what is not in force are not in the tables; they stay as they were."""
    return db.session.scalars(sa.select(Standard.slug).where(Standard.id == UUID(standard_id))).one()

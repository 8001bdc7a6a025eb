"""Writing the made world into the registry: services, agencies, places and counters, in one transaction.

Row by row as ``services``, ``agencies`` and ``places`` would write them, and with the
acts that these would leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from siapa.document.digest import digest
from siapa.extensions import db
from siapa.publishing.audit import Act, Became
from siapa.publishing.changing import Bulk
from siapa.publishing.generating.marks import COMPILER_ID, ORIGIN, SOURCE
from siapa.publishing.generating.services import MadeService
from siapa.publishing.generating.telling import Row, snapshot_of
from siapa.publishing.generating.world import MadeAgency, MadeCounter, MadePlace, World
from siapa.publishing.slugs import slug_of
from siapa.publishing.snapshots import kind_of
from siapa.publishing.workflow import Action
from siapa.records import (
    Agency,
    ChangeKind,
    CoordinateQuality,
    Counter,
    CounterStatus,
    Hours,
    Location,
    Service,
    ServiceAlias,
    ServiceStatus,
    service_life_event,
)

#: When all this is said to have been added.
FOUNDED = datetime(2023, 1, 1, tzinfo=UTC)
_TIMES: Row = {"created_at": FOUNDED, "modified_at": FOUNDED}


class Founding:
    """Writes rows with their acts into the transaction that ``bulk`` stands for."""

    def __init__(self, bulk: Bulk, at: datetime) -> None:
        self._bulk = bulk
        self._at = at
        #: By table, in the order in which they are to be written.
        self._rows: dict[sa.Table, list[Row]] = {}

    def found(self, world: World, services: Sequence[MadeService]) -> None:
        """Everything that standards stand on; what is named is there before it is named."""
        for service in services:
            self._service(service)
        for agency in world.agencies:
            self._agency(agency)
        for place in world.places:
            self._place(place)
        for counter in world.counters:
            self._counter(counter)
        for table, rows in self._rows.items():
            db.session.execute(sa.insert(table), rows)

    def _service(self, made: MadeService) -> None:
        row = {
            "id": made.id, "code": made.code, "slug": slug_of(made.name), "name": made.name,
            "name_en": made.name_en, "summary": made.summary, "summary_en": made.summary_en,
            "agency_kind": made.agency_kind, "national_agency": None, "category_code": made.category,
            "outline": None, "sourced_components": [], "status": ServiceStatus.ACTIVE,
            "replaced_by_id": None, **_TIMES, **SOURCE,
        }  # fmt: skip
        said = {
            ServiceAlias.__tablename__: [
                {"service_id": made.id, "locale": locale, "text": text} for locale, text in made.aliases
            ]
        }
        leads = {service_life_event.name: [{"service_id": made.id, "life_event_code": made.life_event}]}
        became = ChangeKind.SERVICE_CHANGED, str(made.id)
        self._put(Service, row, Action.SET_SERVICE, became, ({}, said, {**said, **leads}))

    def _agency(self, made: MadeAgency) -> None:
        row = {
            "id": made.id, "slug": made.slug, "name": made.name, "name_en": made.name_en,
            "short_name": None, "kind": made.kind, "parent_id": made.parent_id,
            "region_code": made.region.code, "address": None, "website": None, "phone": None, "email": None,
            "succeeded_by_id": None, "single_officer": False, **_TIMES, **SOURCE,
        }  # fmt: skip
        self._put(Agency, row, Action.ADD_AGENCY, (ChangeKind.AGENCY_CHANGED, str(made.id)))

    def _place(self, made: MadePlace) -> None:
        row = {
            "id": made.id, "kind": made.kind, "slug": made.slug, "name": made.name, "name_en": made.name_en,
            "agency_id": made.agency_id, "region_code": made.region_code, "address": made.address,
            "latitude": made.latitude, "longitude": made.longitude,
            "coordinate_quality": CoordinateQuality.CENTROID, "opened_on": None, "hours_note": None,
            "website": None, "phone": None, "facilities": [], "reported_agencies": None,
            "reported_services": None, "closed_on": None, **_TIMES, **SOURCE,
        }  # fmt: skip
        open_ = [
            {
                "location_id": made.id,
                "counter_id": None,
                "weekday": day,
                "opens_at": opens,
                "closes_at": closes,
            }
            for day, opens, closes in made.hours
        ]
        became = ChangeKind.LOCATION_CHANGED, str(made.id)
        self._put(Location, row, Action.SET_LOCATION, became, ({}, {Hours.__tablename__: open_}))

    def _counter(self, made: MadeCounter) -> None:
        row = {
            "id": made.id, "location_id": made.location_id, "agency_id": made.agency.id,
            "name": made.agency.name, "floor": made.floor, "status": CounterStatus.LISTED,
            "checked_on": None, "hours_note": None, **SOURCE,
        }  # fmt: skip
        self._put(Counter, row, Action.SET_COUNTERS, (ChangeKind.LOCATION_CHANGED, str(made.location_id)))

    def _put(
        self,
        kind: type[Any],
        row: Row,
        action: Action,
        became: tuple[ChangeKind, str],
        stages: Sequence[dict[str, list[Row]]] = ({},),
    ) -> None:
        """Keep ``row`` with the parts of the last of ``stages``; each stage was an act."""
        self._keep(sa.inspect(kind).local_table, [row])
        for name, parts in stages[-1].items():
            self._keep(db.metadata.tables[name], parts)
        before = None
        for parts_then in stages:
            after = digest(snapshot_of(kind, row, parts_then))
            self._bulk.acts.append(
                Act(
                    at=self._at,
                    officer_id=COMPILER_ID,
                    action=action.value,
                    subject_kind=kind_of(kind),
                    subject_id=str(row["id"]),
                    before_digest=before,
                    after_digest=after,
                    origin=ORIGIN,
                )  # fmt: skip
            )
            self._bulk.changes.append(Became(self._at, *became))
            before = after

    def _keep(self, table: sa.Table, rows: list[Row]) -> None:
        self._rows.setdefault(table, []).extend(rows)

"""Tables of the national services: subjects, services, what people call them, what brings people to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from siapa.locales import lazy as _l
from siapa.opendata import words
from siapa.opendata.table import ForeignKey, Table, all_at_once, by_key, by_owner, column, columns_of
from siapa.records import (
    Category,
    Confidence,
    LifeEvent,
    Service,
    ServiceAlias,
    ServiceStatus,
    service_life_event,
)


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A subject under which services are browsed."""

    code: str = column(words.CODE)
    name: str = column(words.NAME)
    name_en: str = column(words.NAME_EN)
    position: int = column(words.POSITION)


@dataclass(frozen=True, slots=True)
class LifeEventRow:
    """What happens to a person and brings them to a counter."""

    code: str = column(words.CODE)
    name: str = column(words.NAME)
    name_en: str = column(words.NAME_EN)
    description: str | None = column(words.TEXT)
    description_en: str | None = column(words.TEXT_EN)
    position: int = column(words.POSITION)


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A national entry, whoever gives the service; retired ones stay in the list."""

    id: UUID = column(words.ID)
    code: str = column(words.CODE)
    slug: str = column(words.SLUG)
    name: str = column(words.NAME)
    name_en: str = column(words.NAME_EN)
    summary: str | None = column(_l("What it is, in Indonesian."))
    summary_en: str | None = column(_l("What it is, in English."))
    agency_kind: str = column(_l("The kind of agency that gives it."))
    national_agency: str | None = column(_l("The national body in charge, as the source names it."))
    category_code: str = column(_l("The subject."))
    status: ServiceStatus = column(_l("Whether the entry is in use."))
    replaced_by_id: UUID | None = column(_l("The service that took its place."))
    source_address: str | None = column(words.SOURCE_ADDRESS)
    source_as_of: date | None = column(words.SOURCE_AS_OF)
    source_note: str | None = column(words.SOURCE_NOTE)
    confidence: Confidence | None = column(words.CONFIDENCE)
    modified_at: datetime = column(words.MODIFIED_AT)


@dataclass(frozen=True, slots=True)
class AliasRow:
    """What people type when they mean a service."""

    service_id: UUID = column(_l("The national service."))
    locale: str = column(_l("The language: id or en."))
    text: str = column(_l("What people type."))


@dataclass(frozen=True, slots=True)
class ServiceLifeEventRow:
    """Which life event brings people to which service."""

    service_id: UUID = column(_l("The national service."))
    life_event_code: str = column(_l("The life event, by its code."))


SERVICE = ForeignKey(("service_id",), "services", ("id",))

TABLES = (
    Table(
        "categories", _l("Subjects of services"), CategoryRow, ("code",),
        all_at_once(sa.select(*columns_of(CategoryRow, Category)), order=lambda row: row[0]),
    ),
    Table(
        "life_events", _l("Life events"), LifeEventRow, ("code",),
        all_at_once(sa.select(*columns_of(LifeEventRow, LifeEvent)), order=lambda row: row[0]),
    ),
    Table(
        "services", _l("National services"), ServiceRow, ("id",),
        by_key(sa.select(*columns_of(ServiceRow, Service)), Service.id),
        (
            ForeignKey(("category_code",), "categories", ("code",)),
            ForeignKey(("replaced_by_id",), "services", ("id",)),
        ),
    ),
    Table(
        "service_aliases", _l("What people call the services"), AliasRow, ("service_id", "locale", "text"),
        by_owner(
            sa.select(*columns_of(AliasRow, ServiceAlias)), ServiceAlias.service_id, Service.id,
            order=lambda row: row,
        ),
        (SERVICE,),
    ),
    Table(
        "service_life_events", _l("Life events of services"), ServiceLifeEventRow,
        ("service_id", "life_event_code"),
        by_owner(
            sa.select(*columns_of(ServiceLifeEventRow, service_life_event.c)),
            service_life_event.c.service_id, Service.id, order=lambda row: row,
        ),
        (SERVICE, ForeignKey(("life_event_code",), "life_events", ("code",))),
    ),
)  # fmt: skip

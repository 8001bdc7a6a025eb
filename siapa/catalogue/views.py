"""What the catalogue hands out: frozen values, in both languages, with their sources.

A door picks the language (``name`` or ``name_en``); nothing here is a database row,
so a template or serialiser can never reach further than it was given.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from siapa.records import Confidence, CounterStatus, LocationKind, RegionLevel, State, SuccessionKind


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. ``confidence`` None: the agency itself said so."""

    addresses: tuple[str, ...]
    as_of: date | None
    note: str | None
    confidence: Confidence | None

    @property
    def is_verified(self) -> bool:
        """Whether a source or the agency itself stands behind it."""
        return self.confidence in (None, Confidence.SOURCED)


@dataclass(frozen=True, slots=True)
class RegionRef:
    """A region by its Kemendagri code."""

    code: str
    name: str
    name_en: str
    level: RegionLevel
    parent_code: str | None
    timezone: str


@dataclass(frozen=True, slots=True)
class AgencyRef:
    """An agency as it is named beside something else."""

    id: uuid.UUID
    slug: str
    name: str
    name_en: str | None
    short_name: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class ServiceRef:
    """A national service as it is named beside something else."""

    id: uuid.UUID
    code: str
    slug: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """A location as it is named beside something else."""

    id: uuid.UUID
    kind: LocationKind
    slug: str
    name: str
    name_en: str | None
    region: RegionRef | None
    latitude: float | None
    longitude: float | None
    is_centroid: bool


@dataclass(frozen=True, slots=True)
class OpeningState:
    """Whether a place is open at a moment. ``hours`` None: not known, and then so is the rest."""

    #: OpenStreetMap opening_hours syntax, made by us.
    hours: str | None
    is_open: bool | None
    #: The next opening or closing, in the place's own time zone.
    changes_at: datetime | None


@dataclass(frozen=True, slots=True)
class CounterView:
    """A counter in a mall."""

    id: uuid.UUID
    name: str
    floor: str | None
    status: CounterStatus
    checked_on: date | None
    agency: AgencyRef | None
    hours_note: str | None
    opening: OpeningState
    source: Source
    #: Of its own (weekday 1-7, opens, closes); none where it keeps those of its place.
    hours: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class OfferingView:
    """A standard at a place, seen from the standard."""

    id: uuid.UUID
    place: PlaceRef
    counter: CounterView | None
    limits: str | None
    limits_en: str | None
    booking_url: str | None
    checked_on: date | None
    opening: OpeningState
    source: Source


@dataclass(frozen=True, slots=True)
class StandardCard:
    """A live standard in a list."""

    id: uuid.UUID
    slug: str
    title: str
    title_en: str | None
    summary: str | None
    summary_en: str | None
    agency: AgencyRef
    service: ServiceRef | None
    edition_number: int
    digest: str
    is_free: bool
    fee_min_idr: int | None
    fee_max_idr: int | None
    #: Working days.
    days_min: int | None
    days_max: int | None
    has_online: bool
    components_given: int
    published_at: datetime
    effective_from: date | None
    review_due_on: date | None
    confidence: Confidence | None
    places: tuple[PlaceRef, ...]

    def is_stale(self, today: date) -> bool:
        """Whether the agency should have looked at it again by ``today``."""
        return self.review_due_on is not None and self.review_due_on < today


@dataclass(frozen=True, slots=True)
class StandardView:
    """A standard as it stands, or stood, with its whole document."""

    card: StandardCard
    state: State
    #: ``document.StandardDocument`` as JSON.
    document: dict[str, Any]
    #: Components not given, in the order of the law.
    missing: tuple[str, ...]
    sourced_components: tuple[str, ...]
    offerings: tuple[OfferingView, ...]
    source: Source
    ended_at: datetime | None
    #: The number of the newest edition that was ever public.
    newest_edition: int
    region: RegionRef | None


@dataclass(frozen=True, slots=True)
class AgencyThen:
    """An agency by the name it had at some time, and the address at which its page stands now."""

    slug: str
    name: str
    name_en: str | None


@dataclass(frozen=True, slots=True)
class AgencyEvent:
    """A merger, a split or a renaming that has happened: who was before, and who came of it."""

    kind: SuccessionKind
    takes_effect_on: date
    #: The legal act that says so.
    note: str
    before: tuple[AgencyThen, ...]
    after: tuple[AgencyThen, ...]


@dataclass(frozen=True, slots=True)
class EditionCard:
    """One public edition in the history of a standard."""

    number: int
    state: State
    title: str
    title_en: str | None
    digest: str
    components_given: int
    effective_from: date | None
    published_at: datetime
    ended_at: datetime | None
    withdrawal_reason: str | None
    #: Under which name it was published, where the agency is another by now, or called otherwise.
    published_under: AgencyThen | None


@dataclass(frozen=True, slots=True)
class DecreeFile:
    """The decree that set an edition, as a file kept under its digest (SHA-256, in hex)."""

    number: str
    file_name: str
    digest: str


@dataclass(frozen=True, slots=True)
class CategoryRef:
    """A subject under which services are browsed; also used for life events."""

    code: str
    name: str
    name_en: str
    description: str | None = None
    description_en: str | None = None
    services: int = 0


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """A national service in a list, with what its providers promise in sum."""

    id: uuid.UUID
    code: str
    slug: str
    name: str
    name_en: str
    summary: str | None
    summary_en: str | None
    category: CategoryRef
    agency_kind: str
    national_agency: str | None
    standards: int
    places: int
    fee_min_idr: int | None
    fee_max_idr: int | None
    days_min: int | None
    days_max: int | None
    #: How many of the standards are free.
    free_standards: int


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A national service with its outline and who offers it."""

    card: ServiceCard
    aliases: tuple[str, ...]
    aliases_en: tuple[str, ...]
    life_events: tuple[CategoryRef, ...]
    #: The typical content, a document as JSON; None where none is kept.
    outline: dict[str, Any] | None
    sourced_components: tuple[str, ...]
    source: Source
    standards: tuple[StandardCard, ...]


@dataclass(frozen=True, slots=True)
class AgencyCard:
    """An agency in a list."""

    id: uuid.UUID
    slug: str
    name: str
    name_en: str | None
    short_name: str | None
    kind: str
    region: RegionRef | None
    parent: AgencyRef | None
    standards: int
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class AgencyView:
    """An agency with what stands below it and what it promises."""

    card: AgencyCard
    address: str | None
    website: str | None
    phone: str | None
    email: str | None
    succeeded_by: AgencyRef | None
    #: What has happened to it, the newest first.
    events: tuple[AgencyEvent, ...]
    #: From the top of the tree down to the parent.
    ancestors: tuple[AgencyRef, ...]
    units: tuple[AgencyCard, ...]
    standards: tuple[StandardCard, ...]
    counters: tuple[tuple[PlaceRef, CounterView], ...]
    source: Source


@dataclass(frozen=True, slots=True)
class MallCard:
    """A mall, or another location, in a list."""

    place: PlaceRef
    province: RegionRef | None
    address: str | None
    opened_on: date | None
    counters: int
    services: int
    reported_agencies: int | None
    reported_services: int | None
    opening: OpeningState
    hours_note: str | None
    distance_km: float | None
    confidence: Confidence | None
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class MallsOfProvince:
    """How many malls a province has, and the middle of them, degrees; None when no point is known."""

    province: RegionRef
    malls: int
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class MallOffering:
    """A standard at a place, seen from the place."""

    standard: StandardCard
    counter_id: uuid.UUID | None
    limits: str | None
    limits_en: str | None
    booking_url: str | None


@dataclass(frozen=True, slots=True)
class ClosureView:
    """Days on which a place is closed, or one of its counters alone."""

    from_on: date
    until_on: date
    reason: str
    reason_en: str | None
    #: Null for the whole place.
    counter: uuid.UUID | None
    counter_name: str | None


@dataclass(frozen=True, slots=True)
class MallView:
    """A mall with its counters and what is had there."""

    card: MallCard
    agency: AgencyRef | None
    website: str | None
    phone: str | None
    facilities: tuple[dict[str, Any], ...]
    counters: tuple[CounterView, ...]
    offerings: tuple[MallOffering, ...]
    closures: tuple[ClosureView, ...]
    #: Rows (weekday 1-7, opens, closes) as text, for the table of hours.
    hours: tuple[tuple[int, str, str], ...]
    source: Source
    #: Since when the place is closed for good.
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class RegionView:
    """A region with what lies in it."""

    region: RegionRef
    parent: RegionRef | None
    latitude: float
    longitude: float
    seat: str | None
    aliases: tuple[str, ...]
    regions: tuple[RegionRef, ...]
    malls: tuple[MallCard, ...]
    agencies: tuple[AgencyCard, ...]
    #: How many live standards are offered at places in the region.
    standards: int
    source: Source

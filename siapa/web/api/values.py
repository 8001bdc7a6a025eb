"""Small values that only the API hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypedDict
from uuid import UUID

from siapa.catalogue.views import AgencyRef, ClosureView, CounterView, PlaceRef, ServiceCard, StandardCard
from siapa.document.completeness import Completeness
from siapa.document.difference import ComponentDifference
from siapa.document.standard_document import StandardDocument
from siapa.opendata.telling import ChangedRecord
from siapa.records import CoordinateQuality, CounterStatus, LocationKind, State
from siapa.web.api.written import Written


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """One open span of a weekday: 1 is Monday, times as HH.MM in the place's own zone."""

    weekday: int
    opens_at: str
    closes_at: str


@dataclass(frozen=True, slots=True)
class CounterRecord:
    """A counter as those have it who tend it."""

    id: UUID
    #: What If-Match takes.
    etag: str
    name: str
    #: Slug of the agency whose counter it is.
    agency: str | None
    floor: str | None
    status: CounterStatus
    checked_on: date | None
    hours_note: str | None
    weekly_hours: tuple[OpenSpan, ...]


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A place as those have it who tend it."""

    id: UUID
    slug: str
    kind: LocationKind
    name: str
    name_en: str | None
    #: Slug of the agency that runs it.
    agency: str | None
    #: Code of the region.
    region: str | None
    address: str | None
    latitude: float | None
    longitude: float | None
    coordinate_quality: CoordinateQuality | None
    opened_on: date | None
    closed_on: date | None
    phone: str | None
    website: str | None
    facilities: tuple[dict[str, Any], ...]
    #: As OpenStreetMap writes them, made from the weekly hours.
    opening_hours: str | None
    hours_note: str | None
    weekly_hours: tuple[OpenSpan, ...]
    closures: tuple[ClosureView, ...]
    counters: tuple[CounterRecord, ...]


@dataclass(frozen=True, slots=True)
class CounterAt:
    """A counter with the place it stands in."""

    place: PlaceRef
    counter: CounterView


@dataclass(frozen=True, slots=True)
class AskedRegion:
    """A region as it was understood from a query."""

    code: str
    name: str
    name_en: str
    level: str


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """What was asked, and how it was understood."""

    as_asked: str
    #: The words that were searched for, the place taken out.
    understood: str
    corrected: str | None
    region: AskedRegion | None
    region_text: str
    region_alternatives: tuple[AskedRegion, ...]
    is_partial: bool
    is_grouped: bool
    #: Something was typed, but no word and no filter: nothing is answered.
    is_empty_question: bool
    #: Only what is open at this moment, by filter or in words.
    is_open_now: bool
    #: Malls, agencies and regions that the words name.
    places: tuple[SuggestedName, ...]


class FacetCount(TypedDict):
    """A value the results may be narrowed to, and how many would be left."""

    value: str
    label: str
    count: int


class HighlightRun(TypedDict):
    """A stretch of text, and whether it answers the query."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class NearestPlace:
    """The nearest place that has a service which is not had where it was asked for.

    reason, by what it is the nearest: position, the way from the point given with near; region, the way
    from the middle of the asked region, or from the asked mall; province, no way is known but it is in
    the same province; elsewhere, neither.
    """

    standard: Written[StandardCard]
    place: Written[PlaceRef]
    distance_km: float | None
    reason: Literal["position", "region", "province", "elsewhere"]


@dataclass(frozen=True, slots=True)
class ExplainedWord:
    """A word of the query: how much it counts, and how well the service and the standard answer it."""

    word: str
    weight: float
    service: float
    standard: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a result came to its score; null what does not apply, as where nothing was asked in words.

    worth: what of the words is answered, each by its weight; likeness (0..1): how alike the words and a
    name are; coverage (0..1): the share of the words that is answered. order: what put the standard in
    its place among those that give the same service, the first that differs decides and the lower comes
    first.
    """

    words: tuple[ExplainedWord, ...]
    worth: float | None
    likeness: float | None
    coverage: float | None
    score: float | None
    order: dict[str, float]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A service with the standard that fits best; standard is null where no agency has published one."""

    service: Written[ServiceCard] | None
    standard: Written[StandardCard] | None
    agency: Written[AgencyRef] | None
    offerings: tuple[Written[PlaceRef], ...]
    distance_km: float | None
    score: float
    highlight: tuple[HighlightRun, ...]
    #: How many standards and places stand behind a result grouped by service.
    standard_count: int
    place_count: int
    #: Standards of the service outside the asked region.
    available_elsewhere: int
    #: Where the service is had, when it is not had in the asked place.
    nearest: NearestPlace | None
    #: Only with explain.
    explanation: Explanation | None


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The answer to a search."""

    query: AskedQuery
    total: int
    page: int
    per_page: int
    pages: int
    next: str | None
    facets: dict[str, tuple[FacetCount, ...]]
    results: tuple[SearchResult, ...]
    similar: tuple[SuggestedName, ...]


@dataclass(frozen=True, slots=True)
class SuggestedName:
    """A completion."""

    kind: str
    key: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Up to eight completions of what is typed."""

    q: str
    suggestions: tuple[SuggestedName, ...]


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """One line of the log of all that became public."""

    number: int
    at: datetime
    kind: str
    subject: str
    edition_number: int | None
    url: str | None
    #: What it made of the tables of the open data; null unless asked for with records=true.
    records: tuple[ChangedRecord, ...] | None


@dataclass(frozen=True, slots=True)
class ChangeLog:
    """The lines after a number, oldest first; ask for the following ones with since=next."""

    changes: tuple[LoggedChange, ...]
    next: int
    #: The newest number there is; all is read when next equals it.
    last: int


@dataclass(frozen=True, slots=True)
class ComparedEditions:
    """What changed between two editions of a standard, part by part."""

    older: int
    newer: int
    differences: tuple[ComponentDifference, ...]


@dataclass(frozen=True, slots=True)
class WorkingEdition:
    """An edition as the officers of its agency see it, on its way to the public or there."""

    standard: UUID
    agency: str
    slug: str
    #: The code of the national service.
    service: str | None
    number: int
    state: State
    version: int
    digest: str
    effective_from: date | None
    review_due_on: date | None
    published_at: datetime | None
    remarks: dict[str, str]
    completeness: Completeness
    document: Written[StandardDocument]


@dataclass(frozen=True, slots=True)
class OfferedPlace:
    """A place where a standard can be had, as its agency says."""

    id: UUID
    location: str
    counter: UUID | None
    limits: str | None
    limits_en: str | None
    booking_url: str | None
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class OfferedPlaces:
    """All places where a standard can be had."""

    standard: UUID
    offerings: tuple[OfferedPlace, ...]

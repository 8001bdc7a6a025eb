"""What the search gives back: ids with their reasons, never texts of the registry but the highlight."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from siapa.search.places import Place


@dataclass(frozen=True)
class Suggestion:
    """Something by its name: ``kind`` is service, agency, mall or region; ``slug`` only for a service."""

    kind: str
    key: str
    label: str
    label_en: str
    slug: str | None = None


@dataclass(frozen=True)
class Run:
    """A stretch of a text, and whether it answers the query."""

    text: str
    is_match: bool = False


@dataclass(frozen=True)
class Nearest:
    """The nearest place that has what the asked place lacks, by one of the standards that are had there.

    ``reason``, by what it is the nearest: ``position`` (the way from where the citizen is), ``region``
    (the way from the middle of the asked region, or from the asked mall), ``province`` (no way is known,
    but it is in the same province), ``elsewhere`` (neither).
    """

    standard_id: uuid.UUID
    location_id: uuid.UUID
    distance_km: float | None
    reason: str


@dataclass(frozen=True)
class Hit:
    """One result: a standard, or a national service that nobody in the asked place has published.

    ``standards`` and ``places`` count what stands behind a result grouped by service;
    ``available_elsewhere`` the standards of this service outside the asked place.
    ``location_ids`` are the places where it is offered, those in the asked place and the
    nearest first; ``distance_km`` the way to the nearest of them.
    """

    service_id: uuid.UUID | None
    service_code: str | None
    standard_id: uuid.UUID | None
    edition: int | None = None
    location_ids: tuple[uuid.UUID, ...] = ()
    distance_km: float | None = None
    score: float = 0.0
    standards: int = 0
    places: int = 0
    available_elsewhere: int = 0
    nearest: Nearest | None = None
    #: The parts of its score, when they were asked for.
    explanation: dict[str, Any] | None = None
    highlight: tuple[Run, ...] = ()


@dataclass(frozen=True)
class FacetValue:
    """A value a result may be narrowed to, and how many results would be left."""

    value: str
    label: str
    label_en: str
    count: int


@dataclass(frozen=True)
class Found:
    """The answer to a query.

    ``understood``: the words searched for, the place taken out; ``corrected``: the query
    with its spelling mended, None when nothing was. ``region`` is the place asked for, by
    filter or in words (``region_text``); ``region_alternatives`` others of that name.
    ``is_partial``: no result has all the words, so these have most of them.
    ``is_grouped``: one result a service. ``total`` counts all results. ``places``: the
    malls, agencies and regions the query names, at most three, the likeliest first.
    ``is_empty_question``: something was typed, but no word and no filter, so nothing is
    answered. ``is_open_now``: only what is open at this moment, by filter or in words.
    """

    understood: str
    corrected: str | None
    region: Place | None
    region_text: str
    region_alternatives: tuple[Place, ...]
    is_partial: bool
    is_grouped: bool
    total: int
    page: int
    per_page: int
    results: tuple[Hit, ...]
    facets: dict[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    places: tuple[Suggestion, ...] = ()
    is_empty_question: bool = False
    is_open_now: bool = False

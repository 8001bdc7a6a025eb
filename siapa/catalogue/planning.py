"""One trip for several services: the pure part, which reads no database.

The documents of the chosen services become one list in which each thing stands once, their
fees one sum, their times one span; what a service gives and another asks for says which comes
first. Malls are ranked by how many of the services one visit covers, then by how far they are.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from siapa.catalogue.papers import Reading, Reason, reading_of
from siapa.catalogue.views import ServiceRef
from siapa.document.facts import Facts
from siapa.document.standard_document import Requirement, RequirementKind, StandardDocument

#: A mall further away is no place for one visit: it comes after all that are nearer. Kilometres.
FAR_KM = 100.0
#: In the order in which a checklist shows them.
_KINDS: tuple[RequirementKind, ...] = ("document", "condition", "attendance")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A chosen service with the document that tells what it asks for; None where there is none."""

    service: ServiceRef
    document: StandardDocument | None


@dataclass(frozen=True, slots=True)
class NeededBy:
    """A service that asks for a thing, and in which case; ``applies_when`` None: always."""

    service: ServiceRef
    applies_when: str | None
    applies_when_en: str | None
    original: bool | None
    copies: int | None


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to bring, fulfil or attend, whoever of the chosen services asks for it."""

    key: str
    text: str
    text_en: str | None
    kind: RequirementKind
    #: Whether anybody asks for the original; null where nobody says.
    original: bool | None
    #: Copies of all services together, each keeps its own; null where nobody says how many.
    copies: int | None
    form_url: str | None
    needed_by: tuple[NeededBy, ...]
    #: The chosen service that gives it before any other needs it: it is not brought but got on the way.
    given_by: ServiceRef | None = None

    @property
    def is_always(self) -> bool:
        """Whether some service asks for it in every case."""
        return any(one.applies_when is None for one in self.needed_by)


@dataclass(frozen=True, slots=True)
class Precedence:
    """What is arranged before what, and why: a reviewed reason, or the thing that passes between them."""

    first: ServiceRef
    then: ServiceRef
    reason: str | None
    reason_en: str | None
    #: What the first gives and the second asks for.
    thing: str | None
    thing_en: str | None


@dataclass(frozen=True, slots=True)
class FeeSum:
    """All fees together, in whole rupiah; without an upper end where some fee has none.

    ``unknown``: services whose fee follows a tariff or is not stated, and stands in no sum.
    """

    fee_min_idr: int
    fee_max_idr: int | None
    unknown: tuple[ServiceRef, ...]


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Working days until all is done, what must wait for another counted after it."""

    days_max: int | None
    unknown: tuple[ServiceRef, ...]


@dataclass(slots=True)
class _Gathered:
    """A line of the checklist while it is being made."""

    requirement: Requirement
    text: str
    text_en: str | None
    needs: list[NeededBy] = field(default_factory=list)


def checklist(
    wanted: Iterable[Wanted], placed: Mapping[uuid.UUID, int] = MappingProxyType({})
) -> tuple[ChecklistItem, ...]:
    """Everything that the chosen services ask for, each thing once, in order of appearance.

    Documents first, then what must be fulfilled, then who or what must be there. ``placed`` says
    in which step each service is arranged (``steps``); without it nothing is got on the way.
    """
    services = tuple(wanted)
    lines: dict[tuple[RequirementKind, str], _Gathered] = {}
    for one in services:
        for requirement in one.document.requirements if one.document else ():
            _gather(lines, one.service, requirement)
    makers = _makers(services)
    items = [_item(kind, key, line, makers.get(key, ()), placed) for (kind, key), line in lines.items()]
    return tuple(sorted(items, key=lambda item: _KINDS.index(item.kind)))


def _gather(
    lines: dict[tuple[RequirementKind, str], _Gathered], service: ServiceRef, requirement: Requirement
) -> None:
    read = reading_of(requirement.text)
    original = read.original if requirement.original is None else requirement.original
    copies = read.copies if requirement.copies is None else requirement.copies
    need = NeededBy(service, requirement.applies_when, requirement.applies_when_en, original, copies)
    for key, text, text_en in _names(read, requirement):
        line = lines.setdefault((requirement.kind, key), _Gathered(requirement, text, text_en))
        line.needs.append(need)


def _names(read: Reading, requirement: Requirement) -> list[tuple[str, str, str | None]]:
    """For each thing in a requirement its key and its name in both languages."""
    if not read.papers:
        return [(read.plain, requirement.text, requirement.text_en)]
    return [(paper.code, paper.name, paper.name_en) for paper in read.papers]


def _item(
    kind: RequirementKind,
    key: str,
    line: _Gathered,
    makers: Iterable[ServiceRef],
    placed: Mapping[uuid.UUID, int],
) -> ChecklistItem:
    needs = tuple(line.needs)
    first_used = min(placed.get(need.service.id, 0) for need in needs)
    given = next((maker for maker in makers if placed.get(maker.id, first_used) < first_used), None)
    said = [need.original for need in needs if need.original is not None]
    return ChecklistItem(
        key=key,
        text=line.text,
        text_en=line.text_en,
        kind=kind,
        original=any(said) if said else None,
        copies=_copies(needs),
        form_url=line.requirement.form_url,
        needed_by=needs,
        given_by=given,
    )


def _copies(needs: Iterable[NeededBy]) -> int | None:
    """Each service keeps its own copies; several cases of one service need those of the largest."""
    most: dict[uuid.UUID, int] = {}
    for need in needs:
        if need.copies is not None:
            most[need.service.id] = max(need.copies, most.get(need.service.id, 0))
    return sum(most.values()) if most else None


def _makers(wanted: Iterable[Wanted]) -> dict[str, tuple[ServiceRef, ...]]:
    """For each thing the chosen services whose product it is."""
    made: dict[str, tuple[ServiceRef, ...]] = {}
    for one in wanted:
        for product in one.document.products if one.document else ():
            for key in reading_of(product.name).keys:
                made[key] = (*made.get(key, ()), one.service)
    return made


def precedences(
    wanted: Sequence[Wanted], reviewed: Mapping[tuple[str, str], Reason]
) -> tuple[Precedence, ...]:
    """Which of the chosen services comes before which; a reviewed pair stands above what documents say."""
    found: dict[tuple[str, str], Precedence] = {}
    for first in wanted:
        for then in wanted:
            reason = reviewed.get((first.service.code, then.service.code))
            if reason:
                pair = (first.service.code, then.service.code)
                found[pair] = Precedence(
                    first.service, then.service, reason.reason, reason.reason_en, None, None
                )
    for item in checklist(wanted):
        makers = _makers(wanted).get(item.key, ())
        for need in item.needed_by:
            for maker in makers:
                pair = (maker.code, need.service.code)
                if maker.id == need.service.id or pair in found or (pair[1], pair[0]) in found:
                    continue
                found[pair] = Precedence(maker, need.service, None, None, item.text, item.text_en)
    return tuple(found.values())


def steps(services: Sequence[ServiceRef], before: Iterable[Precedence]) -> dict[uuid.UUID, int]:
    """For each service the step in which it is arranged, from 1: after all that come before it.

    Where documents ask for each other in a ring, the one that was chosen first begins.
    """
    waits: dict[uuid.UUID, set[uuid.UUID]] = {one.id: set() for one in services}
    for pair in before:
        waits[pair.then.id].add(pair.first.id)
    placed: dict[uuid.UUID, int] = {}
    while len(placed) < len(services):
        left = [one.id for one in services if one.id not in placed]
        ready = [one for one in left if waits[one] <= placed.keys()] or left[:1]
        for one in ready:
            placed[one] = 1 + max((placed[other] for other in waits[one] if other in placed), default=0)
    return placed


def fee_sum(told: Sequence[tuple[ServiceRef, Facts | None]]) -> FeeSum:
    """The fees of all services together, from what their documents state."""
    low, high, unknown = 0, 0, []
    is_open = False
    for service, facts in told:
        if facts is None or facts.fee_min_idr is None:
            unknown.append(service)
            continue
        low += facts.fee_min_idr
        is_open = is_open or facts.fee_max_idr is None
        high += facts.fee_max_idr or 0
    return FeeSum(low, None if is_open else high, tuple(unknown))


def time_span(told: Sequence[tuple[ServiceRef, Facts | None]], placed: Mapping[uuid.UUID, int]) -> TimeSpan:
    """Working days until all is done at the latest: services of one step run side by side."""
    longest: dict[int, int] = {}
    unknown = []
    for service, facts in told:
        if facts is None or facts.days_max is None:
            unknown.append(service)
            continue
        step = placed[service.id]
        longest[step] = max(longest.get(step, 0), facts.days_max)
    return TimeSpan(sum(longest.values()) if longest else None, tuple(unknown))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mall as far as its rank depends on it. ``certain`` and ``uncertain`` count services."""

    id: uuid.UUID
    name: str
    region_code: str
    certain: int
    uncertain: int
    distance_km: float | None
    is_in_region: bool = False

    @property
    def is_far(self) -> bool:
        """Whether it is too far for one visit, as far as that is known."""
        return not self.is_in_region and self.distance_km is not None and self.distance_km > FAR_KM


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best mall first: within reach, most services surely covered, then perhaps, then the nearest."""

    def rank(one: Candidate) -> tuple[bool, int, int, bool, float, str, str]:
        away = one.distance_km
        return (
            one.is_far, -one.certain, -one.uncertain, away is None, away or 0.0, one.region_code, one.name,
        )  # fmt: skip

    return sorted(candidates, key=rank)

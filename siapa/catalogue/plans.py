"""One trip for several services: which malls cover how many of them, what to bring, what it costs.

What is read once (which mall covers which service) is kept; the sums and the order are made by
``planning``. A service that the chosen mall lacks is planned by its standard at the next best
mall, else by the national outline, and says so.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from siapa.catalogue import making
from siapa.catalogue.cards import cards
from siapa.catalogue.covering import Covered, covered_by
from siapa.catalogue.distance import distance_km
from siapa.catalogue.keeping import Look, look
from siapa.catalogue.live import ACTIVE, LIVE
from siapa.catalogue.malls import Point, mall_cards
from siapa.catalogue.papers import reviewed_order
from siapa.catalogue.planning import (
    Candidate,
    ChecklistItem,
    FeeSum,
    Precedence,
    TimeSpan,
    Wanted,
    checklist,
    fee_sum,
    precedences,
    ranked,
    steps,
    time_span,
)
from siapa.catalogue.refs import places, service_refs
from siapa.catalogue.views import CounterView, MallCard, PlaceRef, ServiceRef, StandardCard
from siapa.document.facts import Facts, facts
from siapa.document.standard_document import StandardDocument, from_stored
from siapa.errors import NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import (
    HOME_ZONE,
    Closure,
    Counter,
    Edition,
    Hours,
    Location,
    Region,
    Service,
    now,
)

#: Services in one plan; more is no one trip.
MOST_SERVICES = 12
#: Malls that a plan shows.
MALLS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class PlannedMall:
    """A mall with what of the wanted one visit covers."""

    mall: MallCard
    covers: tuple[ServiceRef, ...]
    #: Only an agreement is known of the counter: ask before you set out.
    uncertain: tuple[ServiceRef, ...]
    lacks: tuple[ServiceRef, ...]
    #: More than 100 km away: it comes after the nearer ones.
    is_far: bool


@dataclass(frozen=True, slots=True)
class PlannedService:
    """One of the wanted services: where and by which standard it is planned, and when its turn is."""

    service: ServiceRef
    #: From 1; services of one step need not wait for each other.
    step: int
    #: The standard that is followed; null where none is public and only the national outline tells.
    standard: StandardCard | None
    #: Whether the chosen mall has it.
    is_here: bool
    is_certain: bool
    #: The place where it is planned; null where no mall has it.
    place: PlaceRef | None
    counter: CounterView | None
    limits: str | None
    limits_en: str | None
    booking_url: str | None
    fee_min_idr: int | None
    fee_max_idr: int | None
    is_free: bool
    days_min: int | None
    days_max: int | None


@dataclass(frozen=True, slots=True)
class OpenDays:
    """Neighbouring weekdays with the same hours: 1 is Monday, times as HH.MM in the place's own zone."""

    from_weekday: int
    until_weekday: int
    opens_at: str
    closes_at: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One trip for several services."""

    #: The day for which closures were looked at, in the registry's home zone.
    on: date
    services: tuple[PlannedService, ...]
    #: The best malls first; how many there are that have any of the services says mall_count.
    malls: tuple[PlannedMall, ...]
    mall_count: int
    #: The mall for which everything else is told; null where no mall has any of the services.
    chosen: PlannedMall | None
    #: When the chosen mall is open in a usual week; empty where that is not known.
    week: tuple[OpenDays, ...]
    checklist: tuple[ChecklistItem, ...]
    order: tuple[Precedence, ...]
    fees: FeeSum
    time: TimeSpan


@dataclass(frozen=True, slots=True)
class _Sight:
    """What a plan is made from: for each mall what covers each service there."""

    services: tuple[ServiceRef, ...]
    at: Mapping[uuid.UUID, Mapping[uuid.UUID, Covered]]
    order: tuple[Candidate, ...]


def plan(
    codes: Sequence[str],
    *,
    near: Point | None = None,
    region: str | None = None,
    mall: str | None = None,
    on: date | None = None,
    at: datetime | None = None,
) -> Plan:
    """The plan for the services with ``codes``, at ``mall`` (a slug) or at the best one.

    ``near`` (degrees) or the middle of ``region`` says from where distances count; ``on`` is the
    day of the visit (today by default). Raises ``Rejected`` for unknown codes, none or too many,
    ``NotFound`` for a mall that has none of the services.
    """
    moment = at or now()
    day = on or moment.astimezone(ZoneInfo(HOME_ZONE)).date()
    seen = look()
    services = _chosen(seen, codes)
    sight = _sight(seen, services, near or _middle(region), region, day)
    best = [one.id for one in sight.order]
    shown = best[:MALLS_SHOWN]
    asked = _asked_mall(seen, best, mall) if mall else (best[0] if best else None)
    if asked is not None and asked not in shown:
        shown = [*shown[: MALLS_SHOWN - 1], asked]
    far = {one.id for one in sight.order if one.is_far}
    known = mall_cards(shown, near=near or _middle(region), at=moment)
    malls = {one: _planned_mall(sight, one, known[one], one in far) for one in shown if one in known}
    followed = {one.id: _followed(sight, one.id, asked) for one in services}
    documents = _documents(services, followed)
    wanted = [Wanted(one, documents.get(one.id)) for one in services]
    before = precedences(wanted, reviewed_order())
    placed = steps(services, before)
    told = [(one.service, facts(one.document) if one.document else None) for one in wanted]
    planned = _planned(seen, sight, asked, followed, placed, {one.id: fact for one, fact in told}, moment)
    return Plan(
        on=day,
        services=planned,
        malls=tuple(malls.values()),
        mall_count=len(best),
        chosen=malls.get(asked) if asked else None,
        week=_week(asked) if asked else (),
        checklist=checklist(wanted, placed),
        order=tuple(pair for pair in before if placed[pair.first.id] < placed[pair.then.id]),
        fees=fee_sum(told),
        time=time_span(told, placed),
    )


def _chosen(seen: Look, codes: Sequence[str]) -> tuple[ServiceRef, ...]:
    wanted = list(dict.fromkeys(codes))
    if not 1 <= len(wanted) <= MOST_SERVICES:
        raise Rejected([Problem("services", _l("Choose 1 to %(most)s services.", most=MOST_SERVICES))])
    columns: tuple[Any, ...] = (Service.code, Service.id)
    rows = db.session.execute(sa.select(*columns).where(ACTIVE, Service.code.in_(wanted)))
    ids = {code: one for code, one in rows}  # noqa: C416  (a Result is no pair list)
    unknown = [code for code in wanted if code not in ids]
    if unknown:
        message = _l("There is no service with this code.")
        raise Rejected(Problem("services", message, code[:40]) for code in unknown)
    refs = service_refs(seen, ids.values())
    return tuple(refs[ids[code]].value for code in wanted)


def _middle(region: str | None) -> Point | None:
    """The middle of a region; ``Rejected`` when there is none with this code."""
    if region is None:
        return None
    columns: tuple[Any, ...] = (Region.latitude, Region.longitude)
    found = db.session.execute(sa.select(*columns).where(Region.code == region)).one_or_none()
    if found is None:
        raise Rejected([Problem("region", _l("There is no region with this code."), region[:40])])
    return found[0], found[1]


def _sight(
    seen: Look, services: tuple[ServiceRef, ...], near: Point | None, region: str | None, day: date
) -> _Sight:
    """Which malls cover what on ``day``, the best first."""
    closed_places, closed_counters = _closed_on(day)
    at: dict[uuid.UUID, dict[uuid.UUID, Covered]] = {}
    for service, malls in covered_by(seen, [one.id for one in services]).items():
        for each in malls:
            if each.location_id not in closed_places and each.counter_id not in closed_counters:
                at.setdefault(each.location_id, {})[service] = each
    known = places(seen, at)
    candidates = []
    for one, covered in at.items():
        ref = known[one].value.ref
        certain = sum(each.is_certain for each in covered.values())
        code = ref.region.code if ref.region else ""
        away = None
        if near is not None and ref.latitude is not None and ref.longitude is not None:
            away = distance_km(*near, ref.latitude, ref.longitude)
        is_within = region is not None and (code == region or code.startswith(f"{region}."))
        candidates.append(Candidate(one, ref.name, code, certain, len(covered) - certain, away, is_within))
    return _Sight(services, at, tuple(ranked(candidates)))


def _closed_on(day: date) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """The places and the counters that are closed on ``day``."""
    columns: tuple[Any, ...] = (Closure.location_id, Closure.counter_id)
    rows = db.session.execute(
        sa.select(*columns).where(Closure.from_on <= day, Closure.until_on >= day)
    ).all()
    return {place for place, counter in rows if counter is None}, {one for _, one in rows if one is not None}


def _asked_mall(seen: Look, best: Iterable[uuid.UUID], slug: str) -> uuid.UUID:
    ids = list(best)
    for one, kept in places(seen, ids).items():
        if kept.value.ref.slug == slug:
            return one
    raise NotFound(_l("This place has none of the chosen services."))


def _planned_mall(sight: _Sight, one: uuid.UUID, card: MallCard, is_far: bool) -> PlannedMall:
    covered = sight.at[one]
    return PlannedMall(
        mall=card,
        covers=tuple(s for s in sight.services if s.id in covered and covered[s.id].is_certain),
        uncertain=tuple(s for s in sight.services if s.id in covered and not covered[s.id].is_certain),
        lacks=tuple(s for s in sight.services if s.id not in covered),
        is_far=is_far,
    )


def _followed(sight: _Sight, service: uuid.UUID, mall: uuid.UUID | None) -> Covered | None:
    """The offering by which a service is planned: at the mall, else at the next best that has it."""
    if mall is not None and service in sight.at[mall]:
        return sight.at[mall][service]
    return next((sight.at[one.id][service] for one in sight.order if service in sight.at[one.id]), None)


def _documents(
    services: Iterable[ServiceRef], followed: Mapping[uuid.UUID, Covered | None]
) -> dict[uuid.UUID, StandardDocument]:
    """The document of each service: of its standard, else the national outline."""
    by_standard = {one.standard_id: service for service, one in followed.items() if one}
    columns: tuple[Any, ...] = (Edition.standard_id, Edition.document)
    rows = db.session.execute(sa.select(*columns).where(LIVE, Edition.standard_id.in_(by_standard)))
    found = {by_standard[standard]: from_stored(document) for standard, document in rows}
    left = [one for one in services if one.id not in found]
    if left:
        outlined: tuple[Any, ...] = (Service.id, Service.name, Service.outline)
        for one, name, outline in db.session.execute(
            sa.select(*outlined).where(Service.id.in_([service.id for service in left]))
        ):
            if outline:
                found[one] = from_stored({"title": name, **outline})
    return found


def _planned(
    seen: Look,
    sight: _Sight,
    mall: uuid.UUID | None,
    followed: Mapping[uuid.UUID, Covered | None],
    placed: Mapping[uuid.UUID, int],
    told: Mapping[uuid.UUID, Facts | None],
    at: datetime,
) -> tuple[PlannedService, ...]:
    """The services in the order of their steps."""
    used = [one for one in followed.values() if one]
    known = cards(one.standard_id for one in used)
    where = places(seen, (one.location_id for one in used))
    counters = _counters([one.counter_id for one in used if one.counter_id], at)
    found = []
    for service in sorted(sight.services, key=lambda one: placed[one.id]):
        one, fact = followed[service.id], told[service.id]
        found.append(
            PlannedService(
                service=service,
                step=placed[service.id],
                standard=known.get(one.standard_id) if one else None,
                is_here=one is not None and one.location_id == mall,
                is_certain=one is not None and one.is_certain,
                place=where[one.location_id].value.ref if one else None,
                counter=counters.get(one.counter_id) if one and one.counter_id else None,
                limits=one.limits if one else None,
                limits_en=one.limits_en if one else None,
                booking_url=one.booking_url if one else None,
                fee_min_idr=fact.fee_min_idr if fact else None,
                fee_max_idr=fact.fee_max_idr if fact else None,
                is_free=bool(fact and fact.is_free),
                days_min=fact.days_min if fact else None,
                days_max=fact.days_max if fact else None,
            )
        )
    return tuple(found)


def _week(place: uuid.UUID) -> tuple[OpenDays, ...]:
    rows = db.session.scalars(
        sa.select(Hours).where(Hours.location_id == place).order_by(Hours.weekday, Hours.opens_at)
    )
    runs: list[OpenDays] = []
    for weekday, opens_at, closes_at in making.week_of(rows):
        same = next((run for run in runs if (run.opens_at, run.closes_at) == (opens_at, closes_at)), None)
        if same is not None and same.until_weekday == weekday - 1:
            runs[runs.index(same)] = replace(same, until_weekday=weekday)
        else:
            runs.append(OpenDays(weekday, weekday, opens_at, closes_at))
    return tuple(runs)


def _counters(ids: list[uuid.UUID], at: datetime) -> dict[uuid.UUID, CounterView]:
    if not ids:
        return {}
    rows = db.session.scalars(
        sa.select(Counter)
        .where(Counter.id.in_(ids))
        .options(
            joinedload(Counter.agency),
            selectinload(Counter.hours),
            joinedload(Counter.location).joinedload(Location.region),
            joinedload(Counter.location).selectinload(Location.hours),
        )
    )
    return {row.id: making.counter_view(row, row.location, at) for row in rows}

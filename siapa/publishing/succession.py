"""What is asked when agencies merge, split or get another name, and what it would touch.

A ``Plan`` is a plain value that can be kept until its day. ``preview`` looks at the registry as it
is now and changes nothing; ``succeeding`` does it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from siapa.document.digest import digest
from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.agencies import PLACE, PROFILE
from siapa.publishing.filling import fill
from siapa.publishing.permissions import with_parents
from siapa.publishing.reports import title_of
from siapa.publishing.slugs import own_slug
from siapa.records import Agency, Counter, Location, Membership, Standard, SuccessionKind, Token

#: What hangs on an agency and goes along, in the order in which it is given.
KINDS: dict[str, type[Any]] = {
    "standard": Standard, "agency": Agency, "membership": Membership, "location": Location,
    "counter": Counter, "token": Token,
}  # fmt: skip
MOST_SOURCES = 20


@dataclass(frozen=True)
class Target:
    """Who gets what: an agency that is there (``agency_id``), or one that is founded by the event."""

    agency_id: uuid.UUID | None = None
    name: str = ""
    name_en: str | None = None
    kind: str = ""
    region_code: str | None = None
    parent_id: uuid.UUID | None = None
    slug: str | None = None

    @property
    def profile(self) -> dict[str, object]:
        """What is said of one that is founded, as ``filling`` takes it."""
        return {name: getattr(self, name) for name in ("name", "name_en", "kind", "region_code")}


@dataclass(frozen=True)
class Plan:
    """One event: the agencies it begins with, those it leads to, and what is not as usual.

    Everything goes to the first target unless ``given`` says so (``kind:id`` to the place of another).
    An agency that is a target too goes on; the others end. ``keeps`` says which of several standards
    for one service stays, by the id of the service. For a renaming, ``names`` holds what is new.
    """

    kind: SuccessionKind
    sources: tuple[uuid.UUID, ...]
    targets: tuple[Target, ...]
    given: Mapping[str, int] = field(default_factory=dict)
    keeps: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str | None] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The plan as it is kept."""
        targets = [{name: _plain(value) for name, value in asdict(one).items()} for one in self.targets]
        return {
            "kind": self.kind.value, "sources": [str(one) for one in self.sources], "targets": targets,
            "given": dict(self.given), "keeps": dict(self.keeps), "names": dict(self.names),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Plan:
        """What ``as_json`` was made of."""
        targets = tuple(Target(**_with_ids(one)) for one in kept["targets"])
        sources = tuple(uuid.UUID(one) for one in kept["sources"])
        return cls(
            SuccessionKind(kept["kind"]), sources, targets, kept["given"], kept["keeps"], kept["names"]
        )

    def ends(self, agency_id: uuid.UUID) -> bool:
        """Whether the agency, one of ``sources``, is no more afterwards."""
        return agency_id not in {one.agency_id for one in self.targets}


@dataclass(frozen=True)
class Item:
    """One thing that would go to another agency: from whom, and to the how-manieth target."""

    kind: str
    id: uuid.UUID
    name: str
    from_id: uuid.UUID
    target: int

    @property
    def key(self) -> str:
        """By which a plan names it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Clash:
    """Several standards for one service that would stand in one agency: just one can.

    The one that stays is ``winner``. Of the others, one in force is withdrawn where it stands and leads
    to the winner; one that is not goes along without the link to the service.
    """

    service_id: uuid.UUID
    service: str
    standards: tuple[Standard, ...]
    winner: Standard

    @property
    def losers(self) -> tuple[Standard, ...]:
        """The others."""
        return tuple(one for one in self.standards if one is not self.winner)


@dataclass(frozen=True)
class Preview:
    """What an event would do to the registry as it stands now."""

    plan: Plan
    sources: tuple[Agency, ...]
    #: The agencies that are there already, by the place of the target.
    present: Mapping[int, Agency]
    items: tuple[Item, ...]
    clashes: tuple[Clash, ...]

    def counts(self) -> dict[str, int]:
        """How many things of each kind would go to another agency."""
        return {kind: sum(one.kind == kind for one in self.items) for kind in KINDS}

    @property
    def seen(self) -> str:
        """By which a form knows what was shown; which standard is kept may be chosen afterwards."""
        asked = {**self.plan.as_json(), "keeps": {}}
        return digest({"plan": asked, "items": [[one.key, one.name, one.target] for one in self.items]})[:32]


def preview(plan: Plan) -> Preview:
    """What ``plan`` would do now; raises ``Rejected`` with every reason why it cannot be done."""
    sources = _sources(plan)
    present = _present(plan, sources)
    if plan.kind is SuccessionKind.RENAMING:
        return Preview(plan, sources, present, (), ())
    items = tuple(_items(plan, sources))
    return Preview(plan, sources, present, items, tuple(_clashes(plan, items)))


def _sources(plan: Plan) -> tuple[Agency, ...]:
    found = [db.session.get(Agency, one) for one in plan.sources]
    problems = []
    if not 1 <= len(set(plan.sources)) == len(plan.sources) <= MOST_SOURCES:
        problems.append(Problem("sources", _l("Name each agency once, at most %(most)s.", most=MOST_SOURCES)))
    for one in found:
        if one is None or one.succeeded_by_id is not None:
            wrong = _l("There is no such agency, or it has ended.")
            problems.append(Problem("sources", wrong, one.slug if one else None))
    if problems:
        raise Rejected(problems)
    return tuple(one for one in found if one is not None)


def _present(plan: Plan, sources: tuple[Agency, ...]) -> dict[int, Agency]:
    """The targets that are there; ``Rejected`` for those that cannot be one."""
    ending = {one.id for one in sources if plan.ends(one.id)}
    present: dict[int, Agency] = {}
    problems = []
    for place, target in enumerate(plan.targets):
        path = f"into[{place}].target"
        above = target.agency_id or target.parent_id
        agency = db.session.get(Agency, above) if above else None
        if above and (agency is None or agency.succeeded_by_id is not None):
            problems.append(Problem(path, _l("There is no such agency, or it has ended.")))
        elif ending & set(with_parents(agency)):
            problems.append(Problem(path, _l("This stands below an agency that ends. Move it first.")))
        elif target.agency_id and agency:
            present[place] = agency
        else:
            problems += _faults_of(target.profile, target.slug, f"into[{place}]")
    if len({one.id for one in present.values()}) < len(present):
        problems.append(Problem("into[1].target", _l("Name another agency than the first.")))
    if plan.kind is SuccessionKind.MERGER and not ending:
        problems.append(Problem("sources", _l("No agency would end by this.")))
    if plan.kind is SuccessionKind.RENAMING:
        names = {name: value for name, value in plan.names.items() if name != "slug" and value is not None}
        problems += _faults_of(names, plan.names.get("slug"), "", sources[0].id)
        if not any(plan.names.values()):
            problems.append(Problem("name", _l("Say what it is called from then on.")))
    if problems:
        raise Rejected(problems)
    return present


def _faults_of(
    values: Mapping[str, object], slug: str | None, place: str, agency_id: uuid.UUID | None = None
) -> list[Problem]:
    """What is wrong with the words for an agency, before its day comes; their paths begin with ``place``."""
    problems: list[Problem] = []
    checks: tuple[Callable[[], object], ...] = (
        lambda: fill(Agency(), values, PROFILE | PLACE),
        lambda: own_slug(Agency, slug, "x", agency_id) if slug else None,
    )
    for check in checks:
        try:
            check()
        except Rejected as refused:
            problems += (
                Problem(f"{place}.{one.path}".strip("."), one.message, one.value) for one in refused.problems
            )
    return problems


def _items(plan: Plan, sources: tuple[Agency, ...]) -> Iterator[Item]:
    """Everything that does not stay where it is."""
    for source in sources:
        for kind, row, name in _hanging(source):
            target = plan.given.get(f"{kind}:{row.id}", 0)
            target = target if 0 <= target < len(plan.targets) else 0
            goes_to = plan.targets[target].agency_id
            if goes_to != source.id and not (kind == "agency" and goes_to == row.id):
                yield Item(kind, row.id, name, source.id, target)


def hanging(agency: Agency) -> list[tuple[str, str]]:
    """Everything that hangs on ``agency``: the key by which a plan names it, and its name."""
    return [(f"{kind}:{row.id}", name) for kind, row, name in _hanging(agency)]


def _hanging(agency: Agency) -> Iterator[tuple[str, Any, str]]:
    standards = sa.select(Standard).where(Standard.agency_id == agency.id).order_by(Standard.slug)
    for standard in db.session.scalars(standards.options(selectinload(Standard.editions))):
        yield "standard", standard, title_of(standard) if standard.editions else standard.slug
    for unit in db.session.scalars(_of(Agency, Agency.parent_id, agency).order_by(Agency.name, Agency.id)):
        yield "agency", unit, unit.name
    held = _of(Membership, Membership.agency_id, agency).options(joinedload(Membership.officer))
    for role in db.session.scalars(held.order_by(Membership.since, Membership.id)):
        yield "membership", role, f"{role.officer.name} ({role.role.value})"
    for place in db.session.scalars(_of(Location, Location.agency_id, agency).order_by(Location.name)):
        yield "location", place, place.name
    counters = _of(Counter, Counter.agency_id, agency).options(joinedload(Counter.location))
    for counter in db.session.scalars(counters.order_by(Counter.name, Counter.id)):
        yield "counter", counter, f"{counter.name}, {counter.location.name}"
    living = _of(Token, Token.agency_id, agency).where(Token.revoked_at.is_(None))
    for token in db.session.scalars(living.order_by(Token.name, Token.id)):
        yield "token", token, token.name


def _of(kind: type[Any], column: Any, agency: Agency) -> sa.Select[Any]:
    return sa.select(kind).where(column == agency.id)


def _clashes(plan: Plan, items: tuple[Item, ...]) -> Iterator[Clash]:
    """The services for which a target would have several standards."""
    given: dict[tuple[int, uuid.UUID], list[Standard]] = {}
    for item in items:
        standard = db.session.get(Standard, item.id) if item.kind == "standard" else None
        if standard is not None and standard.service_id is not None:
            given.setdefault((item.target, standard.service_id), []).append(standard)
    for (place, service_id), standards in given.items():
        owner_id = plan.targets[place].agency_id
        own = sa.select(Standard).where(Standard.agency_id == owner_id, Standard.service_id == service_id)
        everyone = [*(db.session.scalars(own) if owner_id else ()), *standards]
        if len(everyone) > 1:
            assert standards[0].service is not None, "asked for"
            kept = _winner(everyone, plan.keeps.get(str(service_id)))
            yield Clash(service_id, standards[0].service.name, tuple(everyone), kept)


def _winner(standards: list[Standard], wanted: str | None) -> Standard:
    """The one asked for; else the first in force, the target's own before all. One in force beats none."""
    in_force = [one for one in standards if one.live is not None] or standards
    return next((one for one in in_force if str(one.id) == wanted), in_force[0])


def _with_ids(kept: Mapping[str, Any]) -> dict[str, Any]:
    """A kept target with its ids as what they are."""
    ids = {name: uuid.UUID(kept[name]) for name in ("agency_id", "parent_id") if kept[name]}
    return {**kept, **ids}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, uuid.UUID) else value

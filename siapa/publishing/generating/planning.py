"""What a load of made-up data follows from: its seed, and the regions and services in the registry."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from siapa.extensions import db
from siapa.publishing.audit import Act
from siapa.publishing.generating.chance import made_id, number_in
from siapa.publishing.generating.marks import COMPILER_ID, ORIGIN
from siapa.publishing.generating.services import SERVICES, Kind, MadeService, made_services
from siapa.publishing.generating.world import Ground, World, make_world
from siapa.records import AuditEvent, Region, Service, ServiceStatus, Standard

#: Raise when the same seed would make other rows: a load that was begun before cannot go on.
GENERATOR = 1
#: The act that says with what a load was begun.
GENERATE = "generate"
SOME = 20


@dataclass(frozen=True)
class Beginning:
    """What two loads must have in common for one to go on with the other."""

    seed: int
    generator: int
    #: Digest of the regions and services that everything hangs on.
    ground: str

    def act(self, at: datetime) -> Act:
        """How the audit keeps it."""
        note = json.dumps(asdict(self))
        return Act(at, COMPILER_ID, GENERATE, "registry", "", note=note, origin=ORIGIN)


@dataclass(frozen=True)
class Plan:
    """Everything that the standards of a seed are made of."""

    beginning: Beginning
    world: World
    #: The services of the registry, then the made ones.
    kinds: tuple[Kind, ...]
    made_services: tuple[MadeService, ...]

    @property
    def seed(self) -> int:
        """The seed it was made of."""
        return self.beginning.seed


def make_plan(seed: int) -> Plan:
    """The plan of ``seed`` over what the registry holds."""
    regions, known = _regions(), _known_services()
    made = tuple(made_services(max(0, SERVICES - len(known))))
    kinds = (*known, *(Kind(one.id, one.code, one.name, one.name_en, one.category) for one in made))
    said = json.dumps([[astuple(region) for region in regions], [astuple(kind)[1:] for kind in kinds]])
    beginning = Beginning(seed, GENERATOR, sha256(said.encode()).hexdigest())
    return Plan(beginning, make_world(seed, regions), kinds, made)


def beginning() -> Beginning | None:
    """With what the made-up data in the registry were begun; None when there are none."""
    note = db.session.scalar(
        sa.select(AuditEvent.note).where(AuditEvent.action == GENERATE).order_by(AuditEvent.number)
    )
    return None if note is None else Beginning(**json.loads(note))


def standards_there(seed: int) -> int:
    """How many standards of ``seed`` there are: their ids count them, and batches leave no gaps."""
    # Made ids lie below every id made of time; one made of a name may fall among them by chance.
    beyond = uuid.UUID(int=1 << 112)
    last = sa.select(Standard.id).where(Standard.id < beyond).order_by(Standard.id.desc())
    for found in db.session.scalars(last.limit(SOME)):
        number = number_in(found)
        if found == made_id("standard", seed, number):
            return number + 1
    return 0


def _regions() -> Sequence[Ground]:
    columns = (Region.code, Region.name, Region.name_en, Region.level, Region.latitude, Region.longitude)
    return [Ground(*row) for row in db.session.execute(sa.select(*columns).order_by(Region.code))]


def _known_services() -> Sequence[Kind]:
    columns = (Service.id, Service.code, Service.name, Service.name_en, Service.category_code)
    query = sa.select(*columns).where(
        Service.status == ServiceStatus.ACTIVE, Service.code.not_like("CONTOH-%")
    )
    return [Kind(*row) for row in db.session.execute(query.order_by(Service.code))]
